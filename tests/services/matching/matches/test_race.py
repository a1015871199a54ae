"""The race that must not lose a match: a problem at one replica, a profile at another; each order, forced."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from services.matching.engine.index import LexicalEngine
from services.matching.matches.acts import Acts
from services.matching.matches.event_handlers import ProblemHandlers, open_problem
from services.matching.matches.match import match_id
from services.matching.matches.matcher import Limits, Matcher
from services.matching.matches.similar import Neighbours
from services.matching.matches.timers import Meetings
from services.matching.matches.worker import NAME, Follower
from services.matching.profiles.profile import Profile
from shared.events.envelope import Event
from shared.messaging.health import TROUBLES
from shared.messaging.outbox import emit
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from tests.services.matching.samples import HOSPITAL, MARKET, NOW, pilot_started, profile, published, withdrawn
from tests.shared.messaging.conftest import ServerFault
from tests.waiting import until

pytestmark = pytest.mark.mongo
REBUILT = "debai_matching_rebuild_seconds"
SHUTTING_DOWN, UNAUTHORIZED = 11600, 13


class Replica:
    """One process's part of matching; its follower runs when the test lets it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.matcher = Matcher(LexicalEngine(), Limits(0.06, 50, 50))
        self.acts, self.neighbours = Acts(database, self.matcher), Neighbours(LexicalEngine())
        self.follower = Follower(database, self.matcher, self.neighbours)
        self.handlers = ProblemHandlers(self.acts.matches, self.matcher, self.follower.passed)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        task = asyncio.ensure_future(self.follower.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def save_profile(self, person: str) -> None:
        await self.acts.change_profile(person, lambda known: replace(profile(person), version=known.version), version=0)

    async def handle(self, *events: Event[Any]) -> None:
        """The batch's transaction."""

        async def body(session: Session) -> None:
            await emit(self.database, await self.handlers.handle(events, session), session=session)

        await transact(self.database, body, 30)


@pytest.fixture
def replicas(store: Database) -> tuple[Replica, Replica]:
    return Replica(store), Replica(store)


async def pairs(store: Database) -> list[tuple[str, str]]:
    refs = {p["_id"]: p.get("ref") async for p in store.open_problems.find()}
    return [(refs[m["problem_id"]], m["researcher_id"]) async for m in store.matches.find()]


async def told(store: Database) -> int:
    return await store.events.count_documents({"type": "vn.debai.match.found.v1"})


async def test_a_profile_committed_before_the_problem_is_waited_for(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    await there.save_profile("cho")
    preparing = asyncio.ensure_future(here.handlers.prepare([published(MARKET)]))

    async def stored() -> bool:
        return await store.open_problems.find_one() is not None

    await until(stored)
    assert not preparing.done()
    async with here.following():
        await preparing
    await here.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]
    assert await told(store) == 1


async def test_without_the_waiting_the_match_is_lost(replicas: tuple[Replica, Replica], store: Database) -> None:
    """The control: it shows that the test above can fail."""
    here, there = replicas
    await there.save_profile("cho")
    await here.acts.matches.upsert_problems([open_problem(published(MARKET))])
    await here.handle(published(MARKET))
    assert await pairs(store) == []


async def test_a_profile_saved_after_the_problem_finds_it_itself(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    async with here.following():
        await here.handlers.prepare([published(MARKET)])
        await there.save_profile("cho")
        assert await pairs(store) == [("DB-000001", "cho")]
        await here.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]
    assert await told(store) == 1


async def test_both_looking_at_once_store_and_tell_the_pair_once(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    async with here.following(), there.following():
        await here.handlers.prepare([published(MARKET)])
        await asyncio.gather(here.handle(published(MARKET)), there.save_profile("cho"))
    assert await pairs(store) == [("DB-000001", "cho")]
    assert await told(store) == 1


async def test_a_crash_between_the_two_commits_is_made_good_by_the_redelivery(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    await there.save_profile("cho")
    async with here.following():
        await here.handlers.prepare([published(MARKET)])
    again = Replica(store)
    async with again.following():
        await again.handlers.prepare([published(MARKET)])
        await again.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]


async def test_a_redelivered_publication_does_not_open_what_was_withdrawn(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    async with here.following():
        await here.handlers.prepare([published(MARKET)])
        await here.handle(withdrawn())
        await here.handlers.prepare([published(MARKET)])
    await there.save_profile("cho")
    assert await pairs(store) == []
    assert (await store.open_problems.find_one() or {})["open"] is False


async def test_a_withdrawn_problem_is_soon_shown_as_closed_to_those_who_write(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas

    async def shown(replica: Replica, *, is_open: bool) -> bool:
        return [one.open for one in replica.neighbours.nearest(MARKET)] == [is_open]

    async with here.following():
        await here.handlers.prepare([published(MARKET)])
        await until(lambda: shown(here, is_open=True))
        await here.handle(withdrawn())
        await until(lambda: shown(here, is_open=False))
    async with there.following():  # from the database
        await until(lambda: shown(there, is_open=False))


async def test_a_piloted_problem_is_offered_to_nobody_and_is_soon_shown_with_its_solution(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas

    async def shown(replica: Replica, *, in_use: bool) -> bool:
        return [(one.open, one.in_use) for one in replica.neighbours.nearest(MARKET)] == [(not in_use, in_use)]

    async with here.following():
        await here.handlers.prepare([published(MARKET)])
        await until(lambda: shown(here, in_use=False))
        await here.handle(pilot_started())
        await until(lambda: shown(here, in_use=True))
    await there.save_profile("cho")
    assert await pairs(store) == []
    async with there.following():  # from the database
        await until(lambda: shown(there, in_use=True))


async def test_a_pilot_that_was_stopped_has_no_solution_in_use_whichever_is_heard_first(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, _ = replicas
    async with here.following():
        await here.handlers.prepare([published(MARKET)])
        for event in (pilot_started(version=10), withdrawn(version=11), pilot_started(version=10)):
            await here.handle(event)
    kept = await store.open_problems.find_one() or {}
    assert (kept["open"], kept["state"], kept["version"]) == (False, "withdrawn", 11)


async def test_of_a_problem_published_and_piloted_in_one_batch_nobody_hears(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    await there.save_profile("cho")
    async with here.following():
        await here.handlers.prepare([published(MARKET), pilot_started()])
    await here.handle(published(MARKET), pilot_started())
    assert await told(store) == 0


async def test_a_publication_that_comes_after_the_pilot_opens_nothing(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    await there.save_profile("cho")
    async with here.following():
        await here.handle(pilot_started())
        await here.handlers.prepare([published(MARKET)])
    await here.handle(published(MARKET))
    assert await told(store) == 0
    assert await here.acts.matches.open_problems(NOW) == []


async def test_the_memory_is_rebuilt_from_the_database(replicas: tuple[Replica, Replica], store: Database) -> None:
    here, there = replicas
    await there.save_profile("cho")
    assert here.follower.missing == {"index": "not built yet"}
    async with here.following():
        await until(lambda: _ready(here))
        await here.handlers.prepare([published(MARKET)])
    await here.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]


async def test_what_is_committed_while_the_memory_is_built_is_not_missed(
    replicas: tuple[Replica, Replica], store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last profile is read and before the stream's first change: a profile, then a problem."""
    here, there = replicas
    gate, take_all = asyncio.Event(), here.follower._take_all

    async def all_then_more() -> AsyncIterator[Profile]:
        async for one in there.acts.profiles.all():
            yield one
        await there.save_profile("cho")
        await there.acts.matches.upsert_problems([open_problem(published(MARKET))])

    async def gated(place: Mapping[str, Any]) -> None:
        await gate.wait()
        await take_all(place)

    async def arrive() -> None:
        await here.handlers.prepare([published(MARKET)])
        await here.handle(published(MARKET))

    monkeypatch.setattr(here.follower, "_profiles", SimpleNamespace(all=all_then_more))
    monkeypatch.setattr(here.follower, "_take_all", gated)
    async with here.following():
        await until(lambda: _ready(here))
        arriving = asyncio.ensure_future(arrive())
        await asyncio.wait({arriving}, timeout=1)  # whoever does not wait for the stream looks now, and loses
        gate.set()
        await arriving
    assert await pairs(store) == [("DB-000001", "cho")]


async def test_a_follower_that_was_stopped_goes_on_where_it_was(
    replicas: tuple[Replica, Replica], store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = replicas
    async with here.following():
        await here.handlers.prepare([published(HOSPITAL, number=2)])
    monkeypatch.setattr(here.follower, "_profiles", None)  # a rebuild would fail
    await there.save_profile("cho")
    async with here.following():
        await here.handlers.prepare([published(MARKET)])
    await here.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]


async def test_a_follower_whose_place_is_lost_builds_anew(
    replicas: tuple[Replica, Replica], store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place that this database's stream does not hold: as one that has left the oplog."""
    here, there = replicas
    async with here.following():
        await until(lambda: _ready(here))
    async with store.client[f"{store.name}_other"].watch() as stream:
        await store.client[f"{store.name}_other"].profiles.insert_one({})
        monkeypatch.setattr(here.follower, "_place", {"resume_after": (await stream.next())["_id"]})
    await store.client.drop_database(f"{store.name}_other")
    await there.save_profile("cho")
    rebuilt = REGISTRY.get_sample_value(REBUILT)
    async with here.following():
        await here.handlers.prepare([published(MARKET)])
    assert REGISTRY.get_sample_value(REBUILT) != rebuilt
    await here.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]


async def test_a_door_that_died_before_it_looked_is_made_up_for(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    async with here.following():
        await here.handlers.prepare([published(MARKET)])

    async def body(session: Session) -> None:
        await there.acts.profiles.save(profile("cho"), session=session)

    await transact(store, body)
    for _ in range(2):
        await Meetings(here.acts).make_up(NOW + timedelta(hours=1))
    assert await pairs(store) == [("DB-000001", "cho")]
    assert await told(store) == 1
    assert await here.acts.profiles.unmet(before=NOW + timedelta(hours=1)) == []


async def test_a_door_that_looked_leaves_nothing_to_make_up_for(replicas: tuple[Replica, Replica]) -> None:
    await replicas[0].save_profile("cho")
    assert await replicas[0].acts.profiles.unmet(before=NOW + timedelta(hours=1)) == []


async def test_an_outage_between_the_two_commits_leaves_the_looking_to_the_timer(
    replicas: tuple[Replica, Replica], store: Database, server_fault: ServerFault
) -> None:
    here, there = replicas
    await here.acts.matches.upsert_problems([open_problem(published(MARKET))])
    await server_fault.arm(1000, "find", errorCode=SHUTTING_DOWN, namespace=f"{store.name}.open_problems")
    await there.save_profile("cho")
    await server_fault.disarm()
    assert await pairs(store) == []
    await Meetings(here.acts).make_up(NOW + timedelta(hours=1))
    assert await pairs(store) == [("DB-000001", "cho")]


async def test_a_follower_says_when_its_stream_is_cut_and_when_it_is_well_again(
    replicas: tuple[Replica, Replica], store: Database, server_fault: ServerFault
) -> None:
    here, there = replicas
    async with here.following():
        await until(lambda: _ready(here))
        await server_fault.arm(1000, "getMore", "aggregate", errorCode=UNAUTHORIZED)
        await until(lambda: _troubled(True))
        await server_fault.disarm()
        await there.save_profile("cho")
        await here.handlers.prepare([published(MARKET)])
        await until(lambda: _troubled(False))
    await here.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]


async def test_of_a_problem_published_and_withdrawn_in_one_batch_nobody_hears(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    await there.save_profile("cho")
    async with here.following():
        await here.handlers.prepare([published(MARKET), withdrawn()])
    await here.handle(published(MARKET), withdrawn())
    assert await told(store) == 0


async def test_a_publication_replayed_after_the_withdrawal_opens_nothing(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    """As from the quarantine, with a version that this replica never saw pass."""
    here, there = replicas
    await there.save_profile("cho")
    async with here.following():
        await here.handle(withdrawn())
        await here.handlers.prepare([published(MARKET)])
    await here.handle(published(MARKET))
    assert await told(store) == 0
    assert await here.acts.matches.open_problems(NOW) == []


async def test_a_problem_published_again_is_open_again_and_doubles_nothing(
    replicas: tuple[Replica, Replica], store: Database
) -> None:
    here, there = replicas
    await there.save_profile("cho")
    async with here.following():
        for events in ([published(MARKET)], [withdrawn()], [published(MARKET, version=11)]):
            await here.handlers.prepare(events)
            await here.handle(*events)
    assert await pairs(store) == [("DB-000001", "cho")]
    assert len(await here.acts.matches.open_problems(NOW)) == 1


async def test_a_match_tells_the_trace_of_its_problem(replicas: tuple[Replica, Replica], store: Database) -> None:
    here, there = replicas
    await there.save_profile("cho")
    async with here.following():
        await here.handlers.prepare([published(MARKET, number=7)])
    await here.handle(published(MARKET, number=7))
    event = await store.events.find_one() or {}
    assert event["traceparent"] == published(MARKET, number=7).traceparent
    assert (event["sequence"], event["subject"]) == (1, match_id(published(MARKET, number=7).subject, "cho"))


async def _ready(replica: Replica) -> bool:
    return not replica.follower.missing


async def _troubled(wanted: bool) -> bool:
    return (NAME in TROUBLES) is wanted
