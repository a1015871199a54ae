"""Matches, and our copy of the problems that were published."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from pymongo import DESCENDING, ReplaceOne
from pymongo.errors import BulkWriteError

from services.matching.matches.match import OPEN, Found, Match, OpenProblem
from shared.mongo import Database, Document, Session
from shared.refusals import FieldError, InvalidInput, Text

PAGE = 50
ORDER = {"open": DESCENDING, "score": DESCENDING, "_id": 1}
CURSOR = Text("Dùng giá trị `next` của trang trước", "Use the `next` of the page before")
DUPLICATE_KEY = 11000

PROBLEM: TypeAdapter[OpenProblem] = TypeAdapter(OpenProblem)
FOUND: TypeAdapter[Found] = TypeAdapter(Found)


class Page(NamedTuple):
    items: tuple[Found, ...]
    next: str | None


class MatchRepository:
    """Whether a match is open is its problem's to say: it is looked up there, and nowhere written twice."""

    def __init__(self, database: Database) -> None:
        self._matches, self._problems = database.matches, database.open_problems

    async def prepare(self) -> None:
        await self._matches.create_index([("researcher_id", 1)])
        await self._problems.create_index([("open", 1), ("closes_at", 1)])

    async def upsert_problems(self, problems: Iterable[OpenProblem]) -> None:
        """Idempotent; a newer version wins. Their own commit: see the race rule of the follower."""
        writes = [ReplaceOne(_older(problem), _document(problem), upsert=True) for problem in problems]
        try:
            await self._problems.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if any(part["code"] != DUPLICATE_KEY for part in error.details["writeErrors"]):
                raise  # a duplicate: this version or a newer one is there

    async def close_problem(self, problem_id: str, version: int, state: str, *, session: Session) -> None:
        """`state`: the one it went into. Also of a problem that was never here: should an older version of it come later, it stays
        closed."""
        newer = {"$gt": [version, {"$ifNull": ["$version", 0]}]}
        changed = {"open": False, "state": state}
        closed: Document = {name: {"$cond": [newer, value, f"${name}"]} for name, value in changed.items()}
        closed["version"] = {"$max": [version, "$version"]}
        await self._problems.update_one({"_id": problem_id}, [{"$set": closed}], upsert=True, session=session)

    async def still_open(self, problem_ids: Iterable[str], *, session: Session) -> frozenset[str]:
        asked = {"_id": {"$in": list(problem_ids)}, "open": True}
        return frozenset(await self._problems.distinct("_id", asked, session=session))

    async def open_problems(self, now: datetime) -> list[OpenProblem]:
        found = self._problems.find({"open": True, "closes_at": {"$gt": now}})
        return [problem_of(document) async for document in found]

    async def agencies(self) -> list[tuple[str, str]]:
        """(id, name) of every agency unit that has published here, by name."""
        grouped = {"_id": "$agency_id", "name": {"$last": "$agency_name"}}
        steps: list[Document] = [
            {"$match": {"agency_id": {"$exists": True}}},
            {"$group": grouped},
            {"$sort": {"name": 1}},
        ]
        return [(row["_id"], row["name"]) async for row in self._problems.aggregate(steps)]

    async def published(self) -> list[tuple[OpenProblem, str]]:
        """All that were ever here, and the state of each. One that was closed before it came has no text."""
        found = self._problems.find({"title": {"$exists": True}})
        return [(problem_of(document), _state(document)) async for document in found]

    async def versions(self) -> dict[str, int]:
        return {row["_id"]: row["version"] async for row in self._problems.find({}, {"version": 1})}

    async def add_new(self, matches: Iterable[Match], *, now: datetime, session: Session) -> list[Match]:
        """Stores the pairs not met before, and gives those."""
        wanted = {match.id: match for match in matches}
        asked = self._matches.find({"_id": {"$in": list(wanted)}}, {"_id": 1}, session=session)
        known = {row["_id"] async for row in asked}
        new = [match for match in wanted.values() if match.id not in known]
        if new:
            await self._matches.insert_many([_match_document(match, now) for match in new], session=session)
        return new

    async def page(self, researcher_id: str, *, now: datetime, limit: int = PAGE, cursor: str = "") -> Page:
        """Open ones first, then the best. Raises InvalidInput for a cursor that is none of ours."""
        steps = [*_with_problem(researcher_id, now), *_after(cursor), {"$sort": ORDER}, {"$limit": limit + 1}]
        rows = [row async for row in self._matches.aggregate(steps)]
        items = tuple(FOUND.validate_python({"id": row["_id"], **row}) for row in rows[:limit])
        return Page(items, _cursor(items[-1]) if len(rows) > limit else None)


def problem_of(document: Mapping[str, Any]) -> OpenProblem:
    return PROBLEM.validate_python({"id": document["_id"], **document})


def _state(document: Mapping[str, Any]) -> str:
    """Empty for one that was closed before states were kept."""
    return OPEN if document["open"] else document.get("state", "")


def _older(problem: OpenProblem) -> Document:
    return {"_id": problem.id, "version": {"$lt": problem.version}}


def _document(problem: OpenProblem) -> Document:
    fields = asdict(problem)
    return {"_id": fields.pop("id"), "open": True, **fields}


def _match_document(match: Match, now: datetime) -> Document:
    return {
        "_id": match.id,
        "problem_id": match.problem.id,
        "researcher_id": match.researcher_id,
        "score": match.score,
        "reasons": [reason.model_dump(mode="json") for reason in match.reasons],
        "found_at": now,
    }


def _with_problem(researcher_id: str, now: datetime) -> list[Mapping[str, Any]]:
    """The steps of an aggregation."""
    shown = {name: f"$problem.{name}" for name in ("title", "agency_name", "closes_at", "illustrative")}
    is_open = {"$and": ["$problem.open", {"$gt": ["$problem.closes_at", now]}]}
    problem = {"from": "open_problems", "localField": "problem_id", "foreignField": "_id", "as": "problem"}
    return [
        {"$match": {"researcher_id": researcher_id}},
        {"$lookup": problem},
        {"$unwind": "$problem"},
        {"$set": {**shown, "problem_ref": "$problem.ref", "open": is_open}},
        {"$unset": "problem"},
    ]


def _cursor(last: Found) -> str:
    return base64.urlsafe_b64encode(f"{int(last.open)}~{last.score!r}~{last.id}".encode()).decode()


def _after(cursor: str) -> list[Mapping[str, Any]]:
    if not cursor:
        return []
    try:
        is_open, score, last = base64.urlsafe_b64decode(cursor.encode()).decode().split("~")
        place = {"open": is_open == "1", "score": float(score), "_id": last}
    except ValueError:
        raise InvalidInput(errors=(FieldError("cursor", "unknown", CURSOR),)) from None
    later = {"open": {"$lt": place["open"]}}
    worse = {"open": place["open"], "score": {"$lt": place["score"]}}
    equal = {"open": place["open"], "score": place["score"], "_id": {"$gt": place["_id"]}}
    return [{"$match": {"$or": [later, worse, equal]}}]
