"""kill -9 of real processes at named places: nothing lost, nothing doubled, order kept. CHAOS_HITS raises the number of kills."""

import os
import signal

import pytest

from tests.chaos.conftest import Nodes
from tests.shared.messaging.world import World, first_occurrences
from tests.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

HITS = int(os.environ.get("CHAOS_HITS", "3"))
KEYS = [f"k{n}" for n in range(5)]


async def write(world: World, first: int, last: int) -> None:
    for sequence in range(first, last + 1):
        for key in KEYS:
            await world.write(key, sequence)


async def all_seen(world: World, last: int) -> None:
    for key in KEYS:
        await world.sees(key, last)


def once_each(last: int) -> dict[str, list[int]]:
    return {key: list(range(1, last + 1)) for key in KEYS}


async def test_a_relay_killed_between_send_and_delete_repeats_and_the_inbox_drops_it(
    world: World, nodes: Nodes
) -> None:
    await nodes.start("consumer")
    await write(world, 1, 3)
    for hit in range(HITS):
        await nodes.dies("relay", "relay.sent_not_marked")
        await write(world, 4 + hit, 4 + hit)
    await nodes.start("relay")
    await all_seen(world, 3 + HITS)
    await world.outbox_is_empty()
    await world.is_drained()
    records = await world.records()
    assert first_occurrences(records) == once_each(3 + HITS)
    assert len(records) > len(KEYS) * (3 + HITS)
    assert await world.view() == once_each(3 + HITS)


@pytest.mark.parametrize("failpoint", ["consumer.before_tx", "consumer.done_not_committed"])
async def test_a_consumer_killed_around_its_transaction_applies_each_event_once(
    world: World, nodes: Nodes, failpoint: str
) -> None:
    await nodes.start("relay")
    await write(world, 1, 3)
    for hit in range(HITS):
        await nodes.dies("consumer", failpoint)
        await write(world, 4 + hit, 4 + hit)
    await nodes.start("consumer")
    await all_seen(world, 3 + HITS)
    await world.is_drained()
    assert await world.view() == once_each(3 + HITS)
    assert await world.database.events.count_documents({"source": "/matching"}) == len(KEYS) * (3 + HITS)
    assert await world.database.quarantine.count_documents({}) == 0


async def test_without_the_inbox_the_same_kills_double_effects(world: World, nodes: Nodes) -> None:
    """The control: shows that the tests above can fail. The relay dies when it has sent the rows of some lanes, so it is the
    keys of those that come twice."""
    await nodes.start("careless")
    await write(world, 1, 3)
    await nodes.dies("relay", "relay.sent_not_marked")
    await world.is_drained()  # one batch would be free of doubles by itself
    sent = set(await world.view())
    await nodes.start("relay")
    await world.outbox_is_empty()
    await world.is_drained()
    seen = await world.view()
    assert sent
    assert {key for key in seen if len(seen[key]) > len(set(seen[key]))} >= sent


async def test_relays_stopped_past_their_lease_and_killed_lose_no_lane(world: World, nodes: Nodes) -> None:
    """A stopped process wakes up and still believes that it owns its lanes."""
    first, second = await nodes.start("relay"), await nodes.start("relay")

    async def owners(number: int) -> bool:
        found = await world.database.lanes.distinct("owner", {"_id": {"$type": "int"}, "owner": {"$ne": None}})
        free = await world.database.lanes.count_documents({"_id": {"$type": "int"}, "owner": None})
        return len(found) == number and free == 0

    await until(lambda: owners(2))
    await write(world, 1, 10)
    first.send_signal(signal.SIGSTOP)
    await write(world, 11, 20)
    await until(lambda: owners(1))
    await write(world, 21, 25)
    first.send_signal(signal.SIGCONT)
    await until(lambda: owners(2))
    second.kill()
    await write(world, 26, 30)
    await world.outbox_is_empty()
    await until(lambda: owners(1))
    assert first_occurrences(await world.records()) == once_each(30)
