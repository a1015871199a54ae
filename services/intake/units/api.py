"""The register of agency units, by API. Anyone reads it; operations keeps it."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.requests import Request

from services.intake.units.repository import UnitRepository
from services.intake.units.unit import Unit, check_days
from shared.folding import composed
from shared.identity import Role
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.refusals import NotAllowed, NotFound
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("intake")


class UnitIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=3, max_length=120), AfterValidator(composed)]
    valid_from: date
    valid_to: date | None = None
    successor_id: str | None = Field(default=None, max_length=60)


async def units(request: Request) -> UnitRepository:
    return UnitRepository(request.app.state.database)


Units = Annotated[UnitRepository, Depends(units)]
UnitId = Annotated[str, Path(pattern="^[a-z0-9-]{2,60}$")]


@router.get("/units")
async def list_units(units: Units) -> list[Unit]:
    return await units.all()


@router.get("/units/{unit_id}")
async def read_unit(unit_id: str, units: Units) -> Unit:
    unit = await units.get(unit_id)
    if unit is None:
        raise NotFound
    return unit


@router.put("/units/{unit_id}")
async def save_unit(unit_id: UnitId, given: UnitIn, actor: Person, units: Units, request: Request) -> Unit:
    if not actor.has(Role.OPS):
        raise NotAllowed
    unit = Unit(unit_id, given.name, given.valid_from, given.valid_to, given.successor_id)
    check_days(unit)

    async def body(session: Session) -> None:
        await units.put(unit, session=session)

    database: Database = request.app.state.database
    await transact(database, body)
    return unit
