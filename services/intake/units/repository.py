"""The register of agency units."""

from typing import Any

from pydantic import TypeAdapter

from services.intake.units.unit import Unit
from shared.mongo import Database, Document, Session

UNIT: TypeAdapter[Unit] = TypeAdapter(Unit)


class UnitRepository:
    def __init__(self, database: Database) -> None:
        self._units = database.units

    async def get(self, unit_id: str | None, *, session: Session | None = None) -> Unit | None:
        found = await self._units.find_one({"_id": unit_id}, session=session)
        return _unit(found) if found else None

    async def lineage(self, unit_id: str | None, *, session: Session | None = None) -> tuple[Unit, ...]:
        """The unit, then whoever took over from it, in order; a ring of successors is walked once."""
        found: dict[str, Unit] = {}
        while unit_id not in found and (unit := await self.get(unit_id, session=session)):
            found[unit.id] = unit
            unit_id = unit.successor_id
        return tuple(found.values())

    async def put(self, unit: Unit, *, session: Session) -> None:
        await self._units.replace_one({"_id": unit.id}, _document(unit), upsert=True, session=session)

    async def all(self) -> list[Unit]:
        return [_unit(document) async for document in self._units.find().sort("name", 1)]


def _document(unit: Unit) -> Document:
    fields: dict[str, Any] = UNIT.dump_python(unit, mode="json")
    return {"_id": fields.pop("id"), **fields}


def _unit(document: Document) -> Unit:
    return UNIT.validate_python({"id": document["_id"], **document})
