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

from services.matching.matches.matcher import Matcher
from services.matching.matches.repository import MatchRepository, problem_of
from services.matching.profiles.repository import ProfileRepository, profile_of
from shared.messaging.outages import forever
from shared.mongo import Database

log = structlog.get_logger()

PASSED_S = 20.0
FOLLOWED = ("profiles", "open_problems")
PIPELINE: list[Mapping[str, Any]] = [
    {"$match": {"ns.coll": {"$in": list(FOLLOWED)}, "operationType": {"$in": ["insert", "replace", "update"]}}}
]


class Follower:
    def __init__(self, database: Database, matcher: Matcher) -> None:
        self._database, self._matcher = database, matcher
        self._profiles, self._matches = ProfileRepository(database), MatchRepository(database)
        self._seen: dict[str, int] = {}
        self._moved = asyncio.Event()
        self.missing: dict[str, str] = {"index": "not built yet"}
        """For /readyz: empty when the memory holds everything."""

    async def run(self) -> None:
        await forever("follower", self._follow)

    async def _follow(self) -> float:
        """The stream is opened before the collections are read: nothing is committed in between unseen."""
        async with self._database.watch(PIPELINE, full_document="updateLookup") as stream:
            await self._rebuild()
            async for change in stream:
                self._take(change)
        return 0

    async def _rebuild(self) -> None:
        self.missing, began = {"index": "being rebuilt"}, time.perf_counter()
        profiles = [profile async for profile in self._profiles.all()]
        for profile in profiles:
            self._matcher.put(profile)
        async for problem in self._matches.all_problems():
            self._pass(problem.id, problem.version)
        self.missing = {}
        log.info("index_rebuilt", profiles=len(profiles), seconds=round(time.perf_counter() - began, 3))

    def _take(self, change: Mapping[str, Any]) -> None:
        document = change.get("fullDocument")
        if document is None:  # deleted since: nothing here ever is, but by an operator
            return
        if change["ns"]["coll"] == "profiles":
            self._matcher.put(profile_of(document))
        else:
            problem = problem_of(document)
            self._pass(problem.id, problem.version)

    def _pass(self, problem_id: str, version: int) -> None:
        self._seen[problem_id] = max(version, self._seen.get(problem_id, 0))
        self._moved.set()
        self._moved = asyncio.Event()

    async def passed(self, problem_id: str, version: int) -> None:
        """Raises TimeoutError, an outage like any other, when the stream does not move."""
        async with asyncio.timeout(PASSED_S):
            while self._seen.get(problem_id, 0) < version or self.missing:
                await self._moved.wait()
