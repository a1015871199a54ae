"""Overrules by API, for DOST."""

from typing import Annotated

from fastapi import Header

from services.intake.overrules.acts import Room
from services.intake.overrules.overrule import Overrule
from services.intake.overrules.request_models import OverruleIn
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("intake")
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=100)]


@router.post("/problems/{problem_id}/overrules", status_code=201)
async def overrule(problem_id: str, given: OverruleIn, actor: Person, room: Room, key: Key = "") -> Overrule:
    """Coordinator: the coach's last verdict on a criterion was wrong. It stands until it is taken back, also where the same text is
    sent again: what is overruled blocks no longer. `Idempotency-Key` makes repeating it safe."""
    return await room.overrule(problem_id, given.objection(), actor, key=key)


@router.get("/problems/{problem_id}/overrules")
async def read_many(problem_id: str, actor: Person, room: Room) -> list[Overrule]:
    """DOST: all of a problem's, the oldest first, also those that were taken back."""
    return await room.of_problem(problem_id, actor)


@router.delete("/problems/{problem_id}/overrules/{overrule_id}")
async def withdraw(problem_id: str, overrule_id: str, actor: Person, room: Room) -> Overrule:
    """Coordinator: takes it back; the coach's own verdict stands again. It is kept, with who took it back and when."""
    return await room.withdraw(problem_id, overrule_id, actor)
