"""From the outbox to the broker: everything, in order, past what the broker refuses."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from shared.messaging.health import TROUBLES
from shared.messaging.outbox import LANES, emit, lane_of
from shared.messaging.relay import Relay
from shared.messaging.topics import HEADER_BYTES, provision, value_sizes
from shared.messaging.transaction import transact
from shared.mongo import Client, Session
from tests.shared.messaging.world import World, first_occurrences, posted
from tests.waiting import until

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]


async def test_what_was_committed_is_sent_once_in_order_and_then_deleted(world: World) -> None:
    for sequence in range(1, 6):
        for key in ("a", "b", "c"):
            await world.write(key, sequence)
    async with world.relaying():
        await world.outbox_is_empty()
    records = await world.records()
    assert len(records) == 15
    assert first_occurrences(records) == {key: [1, 2, 3, 4, 5] for key in ("a", "b", "c")}


async def test_what_was_not_committed_is_never_sent(world: World) -> None:
    async def body(session: Session) -> None:
        await emit(world.database, [posted("a", 1)], session=session)
        raise LookupError

    with pytest.raises(LookupError):
        await transact(world.database, body, 30)
    await world.write("b", 1)
    async with world.relaying():
        await world.outbox_is_empty()
    assert first_occurrences(await world.records()) == {"b": [1]}


async def test_big_transactions_are_split_and_keep_their_order(world: World) -> None:
    """6 MB: more than a pack holds, and still well within a fifth of the embedded engine's cache (256 MB), where the rows, their
    log and the oplog lie unwritten until the commit; beyond it MongoDB rolls it back (TransactionTooLargeForCache)."""

    async def body(session: Session) -> None:
        await emit(world.database, [posted("k", n, text="y" * 100_000) for n in range(1, 61)], session=session)

    await transact(world.database, body, 30)
    assert await world.database.outbox.count_documents({}) > 1
    async with world.relaying():
        await world.outbox_is_empty()
    assert first_occurrences(await world.records()) == {"k": list(range(1, 61))}


async def test_a_snapshot_shows_no_key_without_its_beginning_and_a_plain_cursor_does(world: World) -> None:
    assert await _read_while_writing(world, snapshot=False) == [2]
    assert await _read_while_writing(world, snapshot=True) in ([], [1], [1, 2])


async def _read_while_writing(world: World, *, snapshot: bool) -> Sequence[int]:
    """Reads in two fetches; between them K's first event is committed and its second written."""
    outbox, lane = world.database.outbox, lane_of("K")
    await outbox.delete_many({})
    await world.database.events.delete_many({})
    async with await world.database.client.start_session() as writing:
        writing.start_transaction()
        await world.database.problems.update_one({"_id": "K"}, {"$set": {"v": 1}}, upsert=True, session=writing)
        await emit(world.database, [posted("K", 1)], session=writing)
        await world.fill_lane(lane, 300)
        async with await world.database.client.start_session(snapshot=snapshot) as reading:
            found = outbox.find({"lane": lane}, session=reading, batch_size=101).sort("at", 1)
            first = await found.to_list(101)
            await writing.commit_transaction()
            await world.write("K", 2)
            rows = first + await found.to_list(None)
    return [event["sequence"] for row in rows for event in row["events"] if event["subject"] == "K"]


class Finds(CommandListener):
    """Notes with which read concern the rows still to be sent were read."""

    def __init__(self) -> None:
        self.levels = set[str | None]()

    def started(self, event: CommandStartedEvent) -> None:
        wanted = event.command.get("filter", {})
        if event.command_name == "find" and "lane" in wanted and wanted.get("stuck") != {"$exists": True}:
            self.levels.add(event.command.get("readConcern", {}).get("level"))

    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    def failed(self, event: CommandFailedEvent) -> None: ...


async def test_a_relay_reads_what_it_sends_from_a_snapshot(world: World, mongo_url: str) -> None:
    finds = Finds()
    client: Client = AsyncIOMotorClient(mongo_url, event_listeners=[finds], tz_aware=True)
    await world.write("a", 1)
    async with World(client[world.database.name], world.bootstrap, world.prefix).relaying():
        await world.outbox_is_empty()
    client.close()
    assert finds.levels == {"snapshot"}


async def test_order_of_rows_is_order_of_commits_under_conflict(world: World) -> None:
    async def act(key: str) -> None:
        async def body(session: Session) -> None:
            change = {"$inc": {"v": 1}}
            found = await world.database.problems.find_one_and_update(
                {"_id": key}, change, upsert=True, return_document=True, session=session
            )
            await asyncio.sleep(0.002)
            await emit(world.database, [posted(key, found["v"])], session=session)

        await transact(world.database, body, 30)

    for key in "abcd":
        await world.database.problems.insert_one({"_id": key, "v": 0})
    await asyncio.gather(*(act("abcd"[n % 4]) for n in range(80)))
    seen: dict[str, list[int]] = {}
    async for row in world.database.outbox.find().sort("at", 1):
        for event in row["events"]:
            seen.setdefault(event["subject"], []).append(event["sequence"])
    assert seen == {key: list(range(1, 21)) for key in "abcd"}


async def test_a_lease_that_runs_out_in_flight_costs_doubles_never_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sequence in range(1, 41):
        for number in range(8):
            await world.write(f"k{number}", sequence)
    stalled = world.relay(lease_s=1)
    stall = Stall(70)
    async with world.running(stalled):
        await until(lambda: stall.hold(stalled, monkeypatch))
        await asyncio.wait_for(stall.reached.wait(), 20)
        stop_claiming(stalled, monkeypatch)
        async with world.relaying(lease_s=1):
            for number in range(8):
                await world.write(f"k{number}", 41)
            await world.outbox_is_empty()
            stall.go_on.set()
            await until(lambda: world.count_records(329))
    records = await world.records()
    assert first_occurrences(records) == {f"k{number}": list(range(1, 42)) for number in range(8)}
    assert len(records) > 8 * 41


class Stall:
    """Holds a relay's producer at its n-th record."""

    def __init__(self, at: int) -> None:
        self.at, self.reached, self.go_on = at, asyncio.Event(), asyncio.Event()

    async def hold(self, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> bool:
        producer = relay._sender._producer
        if producer is None:
            return False
        send = producer.send

        async def slow(*given: Any, **named: Any) -> Any:
            self.at -= 1
            if self.at <= 0:
                self.reached.set()
                await self.go_on.wait()
            return await send(*given, **named)

        monkeypatch.setattr(producer, "send", slow)
        return True


def stop_claiming(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing() -> None:
        return None

    monkeypatch.setattr(relay._lanes, "claim", nothing)


async def test_relays_share_the_lanes_and_pick_up_those_of_a_dead_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    relays = [world.relay(lease_s=1) for _ in range(3)]
    async with world.running(relays[0]), world.running(relays[1]):
        await until(lambda: held(*relays[:2], shares=([8, 8],)))
        async with world.running(relays[2]):
            await until(lambda: held(*relays, shares=([4, 6, 6], [5, 5, 6])))
            stop_claiming(relays[0], monkeypatch)
            await until(lambda: held(*relays[1:], shares=([8, 8],)))
    lanes = [row async for row in world.database.lanes.find()]
    assert len(lanes) == LANES


async def held(*relays: Relay, shares: Sequence[Sequence[int]]) -> bool:
    return sorted(len(relay.lanes) for relay in relays) in shares


async def test_a_relay_that_stops_in_order_frees_its_lanes_at_once(world: World) -> None:
    async with world.relaying(lease_s=600) as first:
        await until(lambda: held(first, shares=([LANES],)))
    async with world.relaying(lease_s=600) as second:
        await until(lambda: held(second, shares=([LANES],)), 5)


async def test_an_unknown_topic_delays_no_other_row_and_is_sent_when_it_is_there(world: World) -> None:
    await _delete_topic(world, "problem-events")
    await world.write("a", 1)
    await world.tell_found("m", 1)
    await world.write("a", 2)
    async with world.relaying(lease_s=1):
        await until(lambda: world.count_records(1, "match-events"))
        await until(lambda: stuck(world, 2))
        await until(_says_no_topic)
        await provision(world.bootstrap, prefix=world.prefix)
        await world.outbox_is_empty()
    assert first_occurrences(await world.records()) == {"a": [1, 2]}


async def _says_no_topic() -> bool:
    return "no topic problem-events" in TROUBLES.get("outbox", "")


async def stuck(world: World, number: int) -> bool:
    return await world.database.outbox.count_documents({"stuck": {"$exists": True}}) == number


async def _delete_topic(world: World, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=world.bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([world.prefix + name])
        await until(lambda: _is_gone(admin, world.prefix + name))
    finally:
        await admin.close()


async def _is_gone(admin: Any, topic: str) -> bool:
    return topic not in await admin.list_topics()


async def test_too_large_a_row_delays_its_own_key_alone(world: World) -> None:
    await _limit_topic(world, 300_000)
    await world.write("big", 1, text="x" * 400_000)
    await world.write("big", 2)
    await world.write("small", 1)
    async with world.relaying(lease_s=1):
        await until(lambda: world.count_records(1))
        await until(lambda: stuck(world, 2))
        await _limit_topic(world, 1_048_576)
        await world.outbox_is_empty()
    assert first_occurrences(await world.records()) == {"small": [1], "big": [1, 2]}


async def _limit_topic(world: World, size: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=world.bootstrap)
    await admin.start()
    try:
        configs = {"max.message.bytes": str(size)}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, world.topic, configs=configs)])
    finally:
        await admin.close()
    await until(lambda: _takes(world, size))


async def _takes(world: World, size: int) -> bool:
    """The controller has changed it a moment before the broker knows."""
    return (await value_sizes(world.bootstrap, world.prefix))["problem-events"] == size - HEADER_BYTES


async def test_a_limit_that_shrinks_while_the_relay_runs_is_found_out(world: World) -> None:
    async with world.relaying(lease_s=1):
        await world.write("small", 1)
        await until(lambda: world.count_records(1))
        await _limit_topic(world, 300_000)
        await world.write("big", 1, text="x" * 400_000)
        await until(lambda: stuck(world, 1))
        await world.write("small", 2)
        await until(lambda: world.count_records(2))
    assert first_occurrences(await world.records()) == {"small": [1, 2]}


async def test_a_bug_ends_the_relay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    relay = world.relay()

    async def broken(_: object) -> int:
        raise KeyError("bug")

    monkeypatch.setattr(relay._carriers[0], "carry", broken)
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(relay.run(), 20)
    assert caught.group_contains(KeyError)


async def test_a_database_that_fails_for_a_while_is_waited_for(world: World, server_fault: Any) -> None:
    await world.write("a", 1)
    await server_fault.arm(6, "delete", "update", "aggregate", closeConnection=True)
    async with world.relaying():
        await world.outbox_is_empty()
        await until(_no_trouble)
    assert first_occurrences(await world.records()) == {"a": [1]}


async def _no_trouble() -> bool:
    return not TROUBLES


async def test_topics_of_another_size_are_no_concern_of_the_relay(world: World) -> None:
    """Many systems may share one broker: only topics with our prefix are looked at."""
    admin = AIOKafkaAdminClient(bootstrap_servers=world.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"{world.prefix[:-1]}x", 1, 1)])
    await admin.close()
    await world.write("a", 1)
    async with world.relaying():
        await world.outbox_is_empty()
