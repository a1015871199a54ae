"""The race that must not lose a match: a problem at one replica, a profile at another; each order, forced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from services.matching.engine.index import LexicalEngine
from services.matching.matches.acts import Acts
from services.matching.matches.event_handlers import ProblemHandlers
from services.matching.matches.matcher import Limits, Matcher
from services.matching.matches.worker import Follower
from shared.events.envelope import Event
from shared.messaging.outbox import emit
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from tests.services.matching.samples import MARKET, profile, published, withdrawn
from tests.waiting import until

pytestmark = pytest.mark.mongo


class Replica:
    """One process's part of matching; its follower runs when the test lets it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.matcher = Matcher(LexicalEngine(), Limits(0.06, 50))
        self.acts, self.follower = Acts(database, self.matcher), Follower(database, self.matcher)
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
        await self.acts.save_profile(replace(profile(person), version=0), version=0)

    async def handle(self, event: Event[Any]) -> None:
        """The batch's transaction."""

        async def body(session: Session) -> None:
            await emit(self.database, await self.handlers.handle([event], session), session=session)

        await transact(self.database, body, 30)


@pytest.fixture
def replicas(store: Database) -> tuple[Replica, Replica]:
    return Replica(store), Replica(store)


async def pairs(store: Database) -> list[tuple[str, str]]:
    return [(m["problem_ref"], m["researcher_id"]) async for m in store.matches.find()]


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


async def test_the_memory_is_rebuilt_from_the_database(replicas: tuple[Replica, Replica], store: Database) -> None:
    here, there = replicas
    await there.save_profile("cho")
    assert here.follower.missing == {"index": "not built yet"}
    async with here.following():
        await until(lambda: _ready(here))
        await here.handlers.prepare([published(MARKET)])
    await here.handle(published(MARKET))
    assert await pairs(store) == [("DB-000001", "cho")]


async def _ready(replica: Replica) -> bool:
    return not replica.follower.missing
