"""Problems in MongoDB. The only file of this room that knows the store."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from services.intake.problems.alike import Candidate
from services.intake.problems.authorize import Scope
from services.intake.problems.coached import text_of
from services.intake.problems.problem import Problem
from services.intake.problems.record import Record
from shared.events.envelope import Event
from shared.events.problem import Statement
from shared.folding import folded
from shared.messaging.outbox import emit
from shared.mongo import Database, Document, Session
from shared.refusals import FieldError, InvalidInput, Text, VersionMismatch

PROBLEM: TypeAdapter[Problem] = TypeAdapter(Problem)
DATES = ("created_at", "updated_at", "submitted_at", "published_at", "closes_at")
"""Kept as dates, for they are sorted and compared; the rest is stored as its JSON."""
PAGE = 20
PAGE_MAX = 100
CANDIDATES = 200
"""Texts that are compared with one; with 50, a seventh of what is alike is not among them."""
CURSOR = Text("Dùng giá trị `next` của trang trước", "Use the `next` of the page before")


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty ones do not filter. `states`: any of them; `text`: every word, marks or not."""

    states: tuple[str, ...] = ()
    field: str = ""
    unit_id: str = ""
    place: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """By a date, then by id."""

    by: str = "published_at"
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    items: tuple[Problem, ...]
    next: str | None


class ProblemRepository:
    def __init__(self, database: Database) -> None:
        self._database, self._problems = database, database.problems

    async def prepare(self) -> None:
        await self._problems.create_indexes(
            [
                IndexModel([("ref", ASCENDING)], unique=True),
                IndexModel([("state", ASCENDING), ("submitted_at", ASCENDING)]),
                IndexModel([("agency.unit_id", ASCENDING), ("updated_at", DESCENDING)]),
                IndexModel([("published_at", DESCENDING), ("_id", DESCENDING)]),
                IndexModel([("words", "text")], default_language="none"),
            ]
        )

    async def add(self, problem: Problem, event: Event[Any], *, session: Session) -> None:
        try:
            await self._problems.insert_one(_document(problem), session=session)
        except DuplicateKeyError:  # its page was opened twice, or it is someone else's
            raise VersionMismatch(current=problem.version) from None
        await emit(self._database, [event], session=session)

    async def save(self, problem: Problem, event: Event[Any], *, session: Session) -> None:
        """In the session that read it: a writer in between makes this transaction conflict and run again."""
        await self._problems.replace_one({"_id": problem.id}, _document(problem), session=session)
        await emit(self._database, [event], session=session)

    async def correct(self, problem: Problem, *, session: Session) -> None:
        """For what is no step of its life and tells nobody: what a coordinator says of the coach's verdicts."""
        await self._problems.replace_one({"_id": problem.id}, _document(problem), session=session)

    async def get(self, problem_id: str, seen: Scope, *, session: Session | None = None) -> Problem | None:
        found = await self._problems.find_one({"_id": problem_id, **_visible(seen)}, session=session)
        return _problem(found) if found else None

    async def page(self, seen: Scope, filters: Filters, order: Order, *, limit: int = PAGE, cursor: str = "") -> Page:
        """Raises InvalidInput for a cursor that is none of ours."""
        conditions = [_visible(seen), _filtered(filters), _after(cursor, order), {order.by: {"$ne": None}}]
        direction = DESCENDING if order.newest_first else ASCENDING
        found = self._problems.find({"$and": [c for c in conditions if c]}).sort(
            [(order.by, direction), ("_id", direction)]
        )
        rows = await found.limit(limit + 1).to_list(None)
        items = tuple(map(_problem, rows[:limit]))
        return Page(items, _cursor(items[-1], order) if len(rows) > limit else None)

    async def sent(self, seen: Scope, unit_id: str = "") -> tuple[Problem, ...]:
        """All that the coach has judged and that DOST has, the latest first; of every unit where none is named. A city sends some
        fifty a year."""
        judged: Document = {"submitted_at": {"$ne": None}, "judgements.1": {"$exists": True}}
        found = self._problems.find({"$and": [_visible(seen), _filtered(Filters(unit_id=unit_id)), judged]})
        return tuple([_problem(one) async for one in found.sort([("submitted_at", DESCENDING), ("_id", DESCENDING)])])

    async def named(self, names: Sequence[str], seen: Scope, *, session: Session | None = None) -> list[Problem]:
        """Those of these ids and references that are to be seen."""
        either = {"$or": [{"_id": {"$in": list(names)}}, {"ref": {"$in": list(names)}}]}
        found = self._problems.find({"$and": [_visible(seen), either]}, session=session)
        return [_problem(document) async for document in found]

    async def like(self, words: Sequence[str], seen: Scope, *, besides: str) -> list[Candidate]:
        """Problems that say any of these words, those that say most of them first; no more of them than is compared."""
        score = {"score": {"$meta": "textScore"}}
        conditions = [_visible(seen), {"$text": {"$search": " ".join(words)}}, {"_id": {"$ne": besides}}]
        shown = {"record.title": 1, "record.statement": 1, **score}
        found = self._problems.find({"$and": conditions}, shown).sort([*score.items(), ("_id", ASCENDING)])
        return [_candidate(document) async for document in found.limit(CANDIDATES)]

    async def history(self, problem_id: str) -> list[Document]:
        """Every step from the log, oldest first: what happened, when, in which role; no person, no text."""
        shown = {
            "_id": 0,
            "topic": 1,
            "type": 1,
            "time": 1,
            "data.from_state": 1,
            "data.to_state": 1,
            "data.actor_role": 1,
            "sequence": 1,
        }
        return await self._database.events.find({"subject": problem_id}, shown).sort("sequence", 1).to_list(None)


def _document(problem: Problem) -> Document:
    fields: Document = PROBLEM.dump_python(problem, mode="json")
    dates = {name: getattr(problem, name) for name in DATES}
    return {"_id": fields.pop("id"), **fields, **dates, "words": _words(problem)}


def _words(problem: Problem) -> str:
    record = problem.record
    parts = [problem.ref, record.title, *record.statement.model_dump().values(), problem.agency.name]
    return folded(" ".join([*parts, *(place.name for place in record.place)]))


def _problem(document: Mapping[str, Any]) -> Problem:
    return PROBLEM.validate_python({"id": document["_id"], **document})


def _candidate(document: Mapping[str, Any]) -> Candidate:
    record = document["record"]
    return Candidate(document["_id"], text_of(Record(record["title"], Statement(**record["statement"]))))


def _visible(seen: Scope) -> Document:
    allowed: list[Document] = [{"published_at": {"$ne": None}, "record.visibility": {"$in": sorted(seen.published)}}]
    if seen.unit_id is not None:
        allowed.append({"agency.unit_id": seen.unit_id})
    if seen.sent:
        allowed.append({"submitted_at": {"$ne": None}})
    return {"$or": allowed}


def _filtered(filters: Filters) -> Document:
    chosen: Document = {}
    if filters.states:
        chosen["state"] = {"$in": list(filters.states)}
    if filters.field:
        chosen["record.field_codes"] = {"$regex": f"^{filters.field}"} if filters.field.isdigit() else filters.field
    if filters.unit_id:
        chosen["agency.unit_id"] = filters.unit_id
    if filters.place:
        chosen["record.place.name"] = filters.place
    if words := folded(filters.text).replace('"', " ").split():
        chosen["$text"] = {"$search": " ".join(f'"{word}"' for word in words)}
    return chosen


def _cursor(last: Problem, order: Order) -> str:
    at: datetime = getattr(last, order.by)
    return base64.urlsafe_b64encode(f"{at.isoformat()}~{last.id}".encode()).decode()


def _after(cursor: str, order: Order) -> Document:
    if not cursor:
        return {}
    try:
        at, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition("~")
        when = datetime.fromisoformat(at)
    except ValueError:
        raise InvalidInput(errors=(FieldError("cursor", "unknown", CURSOR),)) from None
    beyond = "$lt" if order.newest_first else "$gt"
    return {"$or": [{order.by: {beyond: when}}, {order.by: when, "_id": {beyond: last}}]}
