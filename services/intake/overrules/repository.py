"""Overrules in MongoDB. The only file of this room that knows the store."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pymongo import ASCENDING, IndexModel

from services.intake.overrules.overrule import Overrule
from shared.mongo import Database, Document, Session

OVERRULE: TypeAdapter[Overrule] = TypeAdapter(Overrule)
OLDEST_FIRST = [("at", ASCENDING), ("_id", ASCENDING)]


class OverruleRepository:
    def __init__(self, database: Database) -> None:
        self._overrules = database.overrules

    async def prepare(self) -> None:
        await self._overrules.create_indexes([IndexModel([("problem_id", ASCENDING), *OLDEST_FIRST])])

    async def save(self, overrule: Overrule, *, session: Session) -> None:
        await self._overrules.replace_one({"_id": overrule.id}, _document(overrule), upsert=True, session=session)

    async def get(self, problem_id: str, overrule_id: str, *, session: Session) -> Overrule | None:
        found = await self._overrules.find_one({"_id": overrule_id, "problem_id": problem_id}, session=session)
        return _overrule(found) if found else None

    async def of_problem(self, problem_id: str) -> list[Overrule]:
        """All of them, also those that were taken back."""
        found = self._overrules.find({"problem_id": problem_id}).sort(OLDEST_FIRST)
        return [_overrule(one) async for one in found]

    async def standing(self) -> list[Overrule]:
        """Of every problem: what the coach can learn from."""
        found = self._overrules.find({"withdrawn_at": None}).sort(OLDEST_FIRST)
        return [_overrule(one) async for one in found]


def _document(overrule: Overrule) -> Document:
    fields: Document = OVERRULE.dump_python(overrule, mode="json")
    return {"_id": fields.pop("id"), **fields, "at": overrule.at, "withdrawn_at": overrule.withdrawn_at}


def _overrule(document: Mapping[str, Any]) -> Overrule:
    return OVERRULE.validate_python({"id": document["_id"], **document})
