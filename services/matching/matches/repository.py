"""Matches, and our copy of the problems that are open."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from services.matching.matches.match import Match, OpenProblem
from shared.events.match import Reason
from shared.mongo import Database, Document, Session

PROBLEM: TypeAdapter[OpenProblem] = TypeAdapter(OpenProblem)


@dataclass(frozen=True, slots=True)
class Found:
    """A stored match, as its researcher sees it."""

    id: str
    problem_id: str
    problem_ref: str
    title: str
    agency_name: str
    score: float
    reasons: tuple[Reason, ...]
    closes_at: datetime
    found_at: datetime
    open: bool
    illustrative: bool


FOUND: TypeAdapter[Found] = TypeAdapter(Found)


class MatchRepository:
    def __init__(self, database: Database) -> None:
        self._matches, self._problems = database.matches, database.open_problems

    async def prepare(self) -> None:
        await self._matches.create_index([("researcher_id", 1), ("score", DESCENDING), ("_id", 1)])
        await self._matches.create_index([("problem_id", 1)])

    async def upsert_problem(self, problem: OpenProblem) -> None:
        """Idempotent; a newer version wins. Its own commit: see the race rule of the follower."""
        older = {"_id": problem.id, "version": {"$lt": problem.version}}
        try:
            await self._problems.replace_one(older, _document(problem), upsert=True)
        except DuplicateKeyError:
            return  # this version or a newer one is there

    async def close_problem(self, problem_id: str, version: int, *, session: Session) -> None:
        which = {"_id": problem_id, "version": {"$lt": version}}
        await self._problems.update_one(which, {"$set": {"open": False, "version": version}}, session=session)
        await self._matches.update_many({"problem_id": problem_id}, {"$set": {"open": False}}, session=session)

    async def open_problems(self) -> list[OpenProblem]:
        return [problem_of(document) async for document in self._problems.find({"open": True})]

    async def all_problems(self) -> AsyncIterator[OpenProblem]:
        async for document in self._problems.find():
            yield problem_of(document)

    async def add_new(self, matches: Iterable[Match], *, now: datetime, session: Session) -> list[Match]:
        """Stores the pairs not met before, and gives those."""
        wanted = {match.id: match for match in matches}
        known = await self._matches.distinct("_id", {"_id": {"$in": list(wanted)}}, session=session)
        new = [match for match in wanted.values() if match.id not in known]
        if new:
            await self._matches.insert_many([_match_document(match, now) for match in new], session=session)
        return new

    async def of_researcher(self, researcher_id: str, *, limit: int = 100) -> list[Found]:
        """Best first; closed ones last."""
        found = self._matches.find({"researcher_id": researcher_id})
        rows = await found.sort([("open", DESCENDING), ("score", DESCENDING), ("_id", 1)]).limit(limit).to_list(None)
        return [FOUND.validate_python({"id": row["_id"], **row}) for row in rows]


def _document(problem: OpenProblem) -> Document:
    fields = asdict(problem)
    return {"_id": fields.pop("id"), **fields}


def problem_of(document: Mapping[str, Any]) -> OpenProblem:
    return PROBLEM.validate_python({"id": document["_id"], **document})


def _match_document(match: Match, now: datetime) -> Document:
    problem = match.problem
    return {
        "_id": match.id,
        "problem_id": problem.id,
        "problem_ref": problem.ref,
        "researcher_id": match.researcher_id,
        "title": problem.title,
        "agency_name": problem.agency_name,
        "score": match.score,
        "reasons": [reason.model_dump(mode="json") for reason in match.reasons],
        "closes_at": problem.closes_at,
        "found_at": now,
        "open": True,
        "illustrative": problem.illustrative,
    }
