"""What one batch does, without a broker: bugs are isolated, what is done stays done, quarantine gives back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from pymongo.errors import ConnectionFailure

from shared.events.envelope import Event
from shared.events.registry import registry
from shared.messaging import quarantine
from shared.messaging.effect import UnknownHere
from shared.messaging.inbox import Events, Inbox
from shared.messaging.quarantine import StoredRecord
from shared.mongo import Session
from tests.shared.messaging.world import Found, World, record

pytestmark = [pytest.mark.mongo]


def run_of(subject: str, last: int) -> list[StoredRecord]:
    return [record(subject, sequence) for sequence in range(1, last + 1)]


class Buggy:
    """Fails each batch with one of these events in it; once, an outage comes on top."""

    def __init__(self, world: World, *bugs: str) -> None:
        self.world, self.bugs, self.committed = world, bugs, Counter[str]()
        self.outage: list[Exception] = []

    async def __call__(self, events: Events, session: Session) -> Iterable[Event[Any]]:
        told = await self.world.effect(events, session)
        if any(event.id in self.bugs for event in events):
            raise RuntimeError("bug")
        if self.outage and len(self.world.batches) == 5:
            raise self.outage.pop()
        return told

    def after(self, events: Events) -> None:
        self.committed.update(event.id for event in events)


async def test_bugs_are_isolated_and_nothing_that_was_done_is_done_again(world: World) -> None:
    handler = Buggy(world, "k3/33", "k7/17")
    handler.outage.append(ConnectionFailure("in the middle of the bisection"))
    inbox = world.inbox(handler=handler, after=handler.after)
    await inbox.settle([record(f"k{key}", sequence) for sequence in range(1, 41) for key in range(10)])
    view = await world.view()
    for key in range(10):
        bugs = {"k3": 33, "k7": 17}.get(f"k{key}")
        assert view[f"k{key}"] == [n for n in range(1, 41) if n != bugs]
    assert set(handler.committed.values()) == {1}
    assert {row.id for row in await quarantine.latest(world.database)} == {"test|/intake|k3/33", "test|/intake|k7/17"}


async def test_a_row_replayed_is_applied_once_and_gone(world: World) -> None:
    await world.inbox(handler=Buggy(world, "k/2")).settle(run_of("k", 3))
    told, inbox = list[str](), world.inbox(after=lambda events: told.extend(e.id for e in events))
    assert [await inbox.replay("test|/intake|k/2"), await inbox.replay("test|/intake|k/2")] == [True, False]
    assert await world.view() == {"k": [1, 3, 2]}
    assert told == ["k/2"]
    assert await quarantine.latest(world.database) == []
    await inbox.settle(run_of("k", 3))
    assert await world.view() == {"k": [1, 3, 2]}


async def test_a_row_that_is_still_refused_stays(world: World) -> None:
    inbox = world.inbox(handler=Buggy(world, "k/2"))
    await inbox.settle(run_of("k", 2))
    with pytest.raises(RuntimeError, match="bug"):
        await inbox.replay("test|/intake|k/2")
    assert len(await quarantine.latest(world.database)) == 1
    assert await world.view() == {"k": [1]}


async def test_a_row_of_another_inbox_is_not_touched(world: World) -> None:
    await world.inbox(handler=Buggy(world, "k/1")).settle(run_of("k", 1))
    assert not await world.inbox(group="tes").replay("test|/intake|k/1")
    assert len(await quarantine.latest(world.database)) == 1


async def test_replay_runs_prepare_first(world: World) -> None:
    order = list[str]()

    async def prepare(events: Events) -> None:
        order.append("prepare")

    async def handler(events: Events, session: Session) -> Sequence[Event[Any]]:
        order.append("handler")
        return []

    await world.inbox(handler=Buggy(world, "k/1")).settle(run_of("k", 1))
    assert await world.inbox(handler=handler, prepare=prepare).replay("test|/intake|k/1")
    assert order == ["prepare", "handler"]


async def test_a_row_whose_type_is_not_known_any_more_stays(world: World) -> None:
    await world.inbox(handler=Buggy(world, "k/1")).settle(run_of("k", 1))
    with pytest.raises(UnknownHere):
        await world.inbox(registry=registry(Found)).replay("test|/intake|k/1")
    assert len(await quarantine.latest(world.database)) == 1


async def test_what_an_upgrade_can_read_is_replayed_after_it(world: World) -> None:
    """A newer version of a known type waits in quarantine for the code that knows it."""
    await world.inbox(registry=registry(Found)).settle([record("k", 1, ce_type="vn.debai.test.found.v2")])
    assert [row.reason for row in await quarantine.latest(world.database)] == ["NewerVersion: vn.debai.test.found.v2"]
    upgraded = {"vn.debai.test.found.v2": Found}
    assert await world.inbox(registry=upgraded).replay("test|/intake|k/1")
    assert await world.view() == {"k": [1]}


async def test_an_event_of_the_handler_that_is_too_large_is_a_bug_of_that_record(world: World) -> None:
    async def handler(events: Events, session: Session) -> Iterable[Event[Any]]:
        told: list[Event[Any]] = list(await world.effect(events, session))
        if any(event.id == "k/2" for event in events):
            told.append(world.huge())
        return told

    await world.inbox(handler=handler).settle(run_of("k", 3))
    assert await world.view() == {"k": [1, 3]}
    assert [row.id for row in await quarantine.latest(world.database)] == ["test|/intake|k/2"]


async def test_what_cannot_be_read_keeps_its_bytes_and_shows_no_payload(world: World) -> None:
    personal = "Nguyễn Văn An".encode()
    broken = record("k", 1, value=b'{"n": "' + personal + b'"}')
    strange = record("l", 1, ce_subject=b"\xff" + personal)
    await world.inbox().settle([broken, strange])
    rows = await quarantine.latest(world.database)
    assert len(rows) == 2
    assert not any("Nguy" in row.reason or "\\xe1" in row.reason for row in rows)
    stored = await quarantine.find(world.database, "test|/intake|k/1")
    assert stored and stored.value == broken.value


async def test_strangers_who_use_one_id_twice_hide_nothing(world: World) -> None:
    first = record("k", 1, ce_id="same", value=b"{")
    second = record("l", 1, ce_id="same", value=b"{")
    third, fourth = record("m", "x", offset=7, ce_id="same"), record("m", "x", offset=8, ce_id="same")
    await world.inbox().settle([first, second, third, fourth])
    assert await world.database.quarantine.count_documents({}) == 4


async def test_an_unknown_type_is_a_step_and_not_a_gap(world: World) -> None:
    inbox: Inbox = world.inbox()
    await inbox.settle([record("k", 1), record("k", 2, ce_type="vn.debai.test.unheard_of.v1"), record("k", 3)])
    assert await world.view() == {"k": [1, 3]}
    assert [row["n"] async for row in world.database.inbox.find()] == [3]
