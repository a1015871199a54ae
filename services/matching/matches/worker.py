"""The follower: one change stream over profiles and open problems, which is one total order, keeps this replica's memory.

The race that must not lose a match: a problem arrives at one replica while a profile is saved at another. Whoever commits
second sees the other: the problem's handler looks only after its follower has passed the problem itself, so every profile
committed before is in the index; the profile's door reads the open problems after its own commit.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import structlog
from pymongo.errors import OperationFailure

from services.matching.matches.counters import PROFILES, REBUILD_SECONDS
from services.matching.matches.matcher import Matcher
from services.matching.matches.repository import MatchRepository, problem_of
from services.matching.matches.similar import Neighbours
from services.matching.profiles.repository import ProfileRepository, profile_of
from shared.messaging.health import well
from shared.messaging.outages import forever
from shared.mongo import Database

log = structlog.get_logger()

NAME = "follower"
PASSED_S = 20.0
PLACE_LOST = frozenset({136, 260, 280, 286})
"""CappedPositionLost, InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost (MongoDB's error_codes.yml)."""
FOLLOWED = {
    "ns.coll": {"$in": ["profiles", "open_problems"]},
    "operationType": {"$in": ["insert", "replace", "update"]},
}
PIPELINE: list[Mapping[str, Any]] = [{"$match": FOLLOWED}]
"""Without a lookup of the present document: that may be newer than the change, and would be passed too early."""


class Follower:
    def __init__(self, database: Database, matcher: Matcher, neighbours: Neighbours) -> None:
        self._database, self._matcher, self._neighbours = database, matcher, neighbours
        self._profiles, self._matches = ProfileRepository(database), MatchRepository(database)
        self._seen: dict[str, int] = {}
        self._moved = asyncio.Event()
        self._place: dict[str, Any] | None = None
        self.missing: dict[str, str] = {"index": "not built yet"}
        """For /readyz: empty when the memory holds everything."""

    async def run(self) -> None:
        await forever(NAME, self._follow)

    async def _follow(self) -> float:
        """Goes on where it was; builds anew at the start, and when that place is no longer in the oplog."""
        place = self._place or await self._rebuild()
        try:
            await self._take_all(place)
        except OperationFailure as error:
            if error.code not in PLACE_LOST:
                raise
            log.warning("place_in_the_stream_lost", code=error.code)
            self._place, self.missing = None, {"index": "the change stream's place is lost"}
        return 0

    async def _rebuild(self) -> Mapping[str, Any]:
        """Gives the place before everything that was read: nothing is committed in between unseen. The problems are read
        before the profiles: every profile committed before one of them is then among the profiles."""
        self.missing, began = {"index": "being rebuilt"}, time.perf_counter()
        now = await self._database.command("ping")
        problems = await self._matches.versions()
        self._neighbours.load(await self._matches.published())
        self._matcher.load([profile async for profile in self._profiles.all()])
        self._place, self.missing = {"start_at_operation_time": now["operationTime"]}, {}
        for problem_id, version in problems.items():
            self._pass(problem_id, version)
        seconds = time.perf_counter() - began
        REBUILD_SECONDS.set(seconds)
        PROFILES.set(self._matcher.size)
        log.info("index_rebuilt", profiles=self._matcher.size, problems=len(problems), seconds=round(seconds, 3))
        return self._place

    async def _take_all(self, place: Mapping[str, Any]) -> None:
        stream: Any = self._database.watch(PIPELINE, **place)  # motor's types take `alive` for a method
        async with stream:
            while stream.alive:
                change = await stream.try_next()
                well(NAME)
                if change is not None:
                    self._take(change)
                self._place = {"resume_after": stream.resume_token}

    def _take(self, change: Mapping[str, Any]) -> None:
        if change["ns"]["coll"] == "open_problems":
            self._note(change)
            self._pass(change["documentKey"]["_id"], _version(change))
        elif change["operationType"] != "update":  # that is a mark for the timer alone
            self._matcher.put(profile_of(change["fullDocument"]))
            PROFILES.set(self._matcher.size)

    def _note(self, change: Mapping[str, Any]) -> None:
        """An update is a closing; one that comes before the problem itself leaves no text behind."""
        document = change.get("fullDocument")
        if document is None:
            state = change["updateDescription"]["updatedFields"].get("state", "")
            self._neighbours.close(change["documentKey"]["_id"], state)
        elif "title" in document:
            self._neighbours.put(problem_of(document))

    def _pass(self, problem_id: str, version: int) -> None:
        self._seen[problem_id] = max(version, self._seen.get(problem_id, 0))
        self._moved.set()
        self._moved = asyncio.Event()

    async def passed(self, problem_id: str, version: int) -> None:
        """Raises TimeoutError, an outage like any other, when the stream does not move."""
        async with asyncio.timeout(PASSED_S):
            while self._seen.get(problem_id, 0) < version or self.missing:
                await self._moved.wait()


def _version(change: Mapping[str, Any]) -> int:
    changed: Mapping[str, Any] = change.get("fullDocument") or change["updateDescription"]["updatedFields"]
    return int(changed.get("version", 0))
