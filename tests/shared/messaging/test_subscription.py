"""From the broker to the effect: each event once, in order, whatever happens to processes, offsets and the database."""

import asyncio
import random
from collections.abc import Iterable
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pymongo.errors import ConnectionFailure

from shared.events.envelope import Event
from shared.messaging.health import TROUBLES
from shared.messaging.inbox import Events
from shared.mongo import Session
from tests.shared.messaging.world import Posted, World
from tests.waiting import until

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]


def counted(group: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("debai_events_total", {"group": group, "outcome": outcome}) or 0


async def test_a_transaction_that_runs_again_counts_and_tells_once(world: World, server_fault: Any) -> None:
    handled, told = list[int](), list[int]()

    async def handler(events: Events, session: Session) -> Iterable[Event[Any]]:
        handled.extend(event.sequence for event in events)
        return await world.effect(events, session)

    await send_run(world, "k", 10)
    labels = ["TransientTransactionError"]
    await server_fault.arm(2, "commitTransaction", errorCode=251, errorLabels=labels)
    group = world.prefix
    async with world.consuming(handler, group=group, after=lambda events: told.extend(e.sequence for e in events)):
        await world.sees("k", 10)
        await world.is_drained(group)
    assert len(handled) > 10
    assert told == list(range(1, 11))
    assert await world.view() == {"k": told}
    assert counted(group, "applied") == 10


async def send_run(world: World, subject: str, last: int, first: int = 1) -> None:
    async with world.producer() as producer:
        for sequence in range(first, last + 1):
            await producer.send(subject, sequence)


async def test_a_commit_whose_answer_is_lost_is_one_commit(world: World, server_fault: Any) -> None:
    await send_run(world, "k", 10)
    await server_fault.arm(3, "commitTransaction", closeConnection=True)
    async with world.consuming():
        await world.sees("k", 10)
        await world.is_drained()
    assert await world.view() == {"k": list(range(1, 11))}


@pytest.mark.parametrize(
    "code",
    [50, 24, 11602, 189, 14031, 13],
    ids=["too slow", "locked", "interrupted", "stepping down", "disk full", "unauthorized"],
)
async def test_an_outage_of_the_database_quarantines_nothing(world: World, server_fault: Any, code: int) -> None:
    await send_run(world, "k", 5)
    await server_fault.arm(2, "insert", "update", errorCode=code)
    async with world.consuming() as running:
        await world.sees("k", 5)
        await world.is_drained()
        assert not running.task.done()
    assert await world.database.quarantine.count_documents({}) == 0
    assert await world.view() == {"k": [1, 2, 3, 4, 5]}


async def test_an_outage_is_told_and_then_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()
    monkeypatch.setattr("shared.messaging.inbox.trouble", lambda name, reason: said.append(name))
    outage = [ConnectionFailure("outage")]

    async def handler(events: Events, session: Session) -> Iterable[Event[Any]]:
        if outage:
            TROUBLES["inbox test"] = "as told"
            raise outage.pop()
        return await world.effect(events, session)

    await send_run(world, "k", 1)
    async with world.consuming(handler):
        await world.sees("k", 1)
        await world.is_drained()
    assert said == ["inbox test"]
    assert TROUBLES == {}


async def test_an_outage_longer_than_all_tries_is_a_rewind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.messaging.inbox.BACKOFF_S", (0.01, 0.01))
    left = [4]

    async def handler(events: Events, session: Session) -> Iterable[Event[Any]]:
        left[0] -= 1
        if left[0] >= 0:
            raise ConnectionFailure("outage")
        return await world.effect(events, session)

    await send_run(world, "k", 5)
    async with world.consuming(handler) as running:
        await world.sees("k", 5)
        await world.is_drained()
        assert running.inbox.fault is None
    assert await world.view() == {"k": [1, 2, 3, 4, 5]}


SHORT_POLL: dict[str, Any] = {"max_poll_interval_ms": 2000, "session_timeout_ms": 6000}


class Halt:
    """Stops whoever passes first, until told to go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, *_: object) -> None:
        if not self.reached.is_set():
            self.reached.set()
            await self.go_on.wait()


async def test_a_member_that_lost_its_partitions_before_its_transaction_comes_too_late(world: World) -> None:
    """Its batch outlives max_poll_interval; the next member gets the partitions and applies the same events."""
    halt, group = Halt(), world.prefix
    await send_run(world, "k", 10)
    async with world.consuming(group=group, prepare=halt, **SHORT_POLL):
        await asyncio.wait_for(halt.reached.wait(), 20)
        async with world.consuming(group=group, **SHORT_POLL):
            await world.sees("k", 10)
            halt.go_on.set()
            await send_run(world, "k", 12, 11)
            await world.sees("k", 12)
            await until(lambda: _stale(group, 10))
    assert await world.view() == {"k": list(range(1, 13))}


async def _stale(group: str, number: int) -> bool:
    return counted(group, "stale") == number


async def test_a_member_that_lost_its_partitions_within_its_transaction_holds_the_next_one_up(world: World) -> None:
    halt, second, group = Halt(), Halt(), world.prefix

    async def slowly(events: Events, session: Session) -> Iterable[Event[Any]]:
        await halt()
        return await world.effect(events, session)

    second.go_on.set()
    await send_run(world, "k", 10)
    async with world.consuming(slowly, group=group, **SHORT_POLL):
        await asyncio.wait_for(halt.reached.wait(), 20)
        async with world.consuming(group=group, prepare=second, **SHORT_POLL):
            await asyncio.wait_for(second.reached.wait(), 20)
            halt.go_on.set()
            await until(lambda: _stale(group, 10))
            await world.is_drained(group)
    assert await world.view() == {"k": list(range(1, 11))}


async def test_work_in_flight_is_finished_at_a_stop(world: World) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def handler(events: Events, session: Session) -> Iterable[Event[Any]]:
        told = await world.effect(events, session)
        begun.set()
        await go_on.wait()
        return told

    await send_run(world, "k", 10)
    async with world.consuming(handler) as running:
        await asyncio.wait_for(begun.wait(), 20)
        running.task.cancel()
        go_on.set()
    assert await world.view() == {"k": list(range(1, 11))}
    assert await world.lag() == 0


async def test_work_that_outlives_the_grace_is_undone_and_done_by_the_next(world: World) -> None:
    begun = asyncio.Event()

    async def endless(events: Events, session: Session) -> Iterable[Event[Any]]:
        await world.effect(events, session)
        begun.set()
        await asyncio.Event().wait()
        return []

    await send_run(world, "k", 10)
    async with world.consuming(endless, graceful_s=0.2):
        await asyncio.wait_for(begun.wait(), 20)
    assert await world.view() == {}
    assert await world.lag() == 10
    async with world.consuming():
        await world.sees("k", 10)
    assert await world.view() == {"k": list(range(1, 11))}


async def test_events_sent_again_change_nothing(world: World) -> None:
    group, keys = world.prefix, [f"k{n}" for n in range(5)]
    for key in keys:
        await send_run(world, key, 10)
    async with world.consuming(group=group, workers=2):
        for key in keys:
            await world.sees(key, 10)
        records = await world.records()
        random.shuffle(records)
        async with world.producer() as producer:
            for record in records:
                await producer.again(record)
        await world.is_drained(group)
    assert await world.view() == {key: list(range(1, 11)) for key in keys}
    assert await world.database.events.count_documents({}) == 50
    assert counted(group, "stale") >= 50  # a consumer that joins late makes Kafka deliver some a third time


async def test_lost_offsets_change_nothing(world: World) -> None:
    await send_run(world, "k", 20)
    async with world.consuming():
        await world.sees("k", 20)
    async with world.consuming(group="other") as running:
        running.inbox._effect._group = "test"
        await world.is_drained("other")
    assert len((await world.view())["k"]) == 20


async def test_without_an_inbox_the_same_repetition_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: shows that these tests can fail."""

    async def nothing_is_known(*_: object, **__: object) -> dict[str, int]:
        return {}

    async def nothing_is_kept(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr("shared.messaging.sequences.load", nothing_is_known)
    monkeypatch.setattr("shared.messaging.sequences.save", nothing_is_kept)

    async def handler(events: Events, session: Session) -> Iterable[Event[Any]]:
        await world.effect(events, session)
        return []

    await send_run(world, "k", 3)
    await send_run(world, "k", 3)
    async with world.consuming(handler, max_records=1):
        await world.sees("k", 6)
    assert (await world.view())["k"] == [1, 2, 3, 1, 2, 3]


async def test_the_sequence_is_enforced_and_a_skipped_step_is_counted(world: World) -> None:
    group = world.prefix
    async with world.producer() as producer:
        for sequence in (1, 2, 5, 3, 5, 6):
            await producer.send("k", sequence)
        await producer.send("u", 1)
        await producer.send("u", 2, ce_type="vn.debai.test.unheard_of.v1")
        await producer.send("u", 3)
    async with world.consuming(group=group):
        await world.is_drained(group)
    assert await world.view() == {"k": [1, 2, 5, 6], "u": [1, 3]}
    assert [counted(group, name) for name in ("applied", "stale", "gap", "unknown")] == [6, 2, 1, 1]


async def test_a_handlers_events_carry_their_causes_trace(world: World) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with world.producer() as producer:
        await producer.send("k", 1, traceparent=trace)
        await producer.send("l", 1)
    async with world.consuming():
        await world.sees("k", 1)
        await world.sees("l", 1)
    found = {row["subject"]: row["traceparent"] async for row in world.database.events.find()}
    assert found == {"f-k": trace, "f-l": ""}


async def test_prepare_is_committed_before_the_batch_and_may_see_known_events(world: World) -> None:
    prepared = list[int]()

    async def prepare(events: Events) -> None:
        prepared.extend(event.sequence for event in events)
        assert all(isinstance(event.data, Posted) for event in events)

    await send_run(world, "k", 3)
    async with world.consuming(prepare=prepare, max_records=1):
        await world.sees("k", 3)
    assert prepared == [1, 2, 3]
