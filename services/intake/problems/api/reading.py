"""Reading problems by API."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from services.intake.problems.acts import Acts, Alike, Room
from services.intake.problems.alike import Band
from services.intake.problems.authorize import DOST, insider, scope
from services.intake.problems.problem import Problem
from services.intake.problems.record import PRIVATE
from services.intake.problems.repository import PAGE, PAGE_MAX, PROBLEM, Filters, Order, Page
from shared.events.problem import Agency
from shared.identity import Actor
from shared.refusals import NotAllowed, NotFound
from shared.web.application import api_router
from shared.web.session import MAY_SIGN_IN, Person, Visitor

router = api_router("intake")

INSIDE: Mapping[str, Any] = {
    "drafted_by": True,
    "submitted_by": True,
    "questions": True,
    "reason": True,
    "channel": True,
    "answer_due": True,
    "returned_version": True,
    "judgements": True,
    "first_draft": True,
    "page": True,
    "duplicates": True,
    "adoption": {"of": True, "consent": {"document": True}, "plan": {"data_agreement": True}},
    "record": PRIVATE,
}
"""What only the agency itself and DOST read: whole fields, and some of the record."""
DOST_ALONE: Mapping[str, Any] = {"duplicates": True, "adoption": {"of": True}}
"""They name problems that the agency may not see."""


class AlikeOut(BaseModel):
    """`band`: high, middle or low. `words`: what both say, without words that are in every text; it may be empty."""

    id: str
    ref: str
    title: str
    state: str
    agency: Agency
    score: float
    band: Band
    words: tuple[str, ...]


@router.get("/problems", responses={200: {"model": Page}}, openapi_extra=MAY_SIGN_IN)
async def read_many(
    actor: Visitor,
    room: Room,
    state: Annotated[list[str], Query()] = [],  # noqa: B006  # FastAPI copies it
    field: Annotated[str, Query(max_length=20)] = "",
    unit: Annotated[str, Query(max_length=60)] = "",
    place: Annotated[str, Query(max_length=200)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> dict[str, Any]:
    """What you may see, the latest change first; whoever sends a token sees what is theirs, too. `next` is the cursor of the next
    page. `state` may be repeated; `field` takes a field and its branches; `q` searches title, statement, agency and place, every
    word, with marks or without."""
    filters = Filters(tuple(state), field, unit, place, q)
    page = await room.problems.page(scope(actor), filters, Order("updated_at"), limit=limit, cursor=cursor)
    return {"items": [view(problem, actor) for problem in page.items], "next": page.next}


@router.get("/problems/{problem_id}", responses={200: {"model": Problem}}, openapi_extra=MAY_SIGN_IN)
async def read(problem_id: str, actor: Visitor, room: Room) -> dict[str, Any]:
    """The record and where it stands. Questions, reasons and people are for its agency and DOST alone, who send a token."""
    return view(await _seen(problem_id, actor, room), actor)


@router.get("/problems/{problem_id}/history", openapi_extra=MAY_SIGN_IN)
async def read_history(problem_id: str, actor: Visitor, room: Room) -> list[dict[str, Any]]:
    """Every step; drafts and answers, which stay inside, are for the agency and DOST alone, who send a token."""
    problem = await _seen(problem_id, actor, room)
    steps = await room.problems.history(problem_id)
    return steps if insider(actor, problem) else [s for s in steps if s["topic"]]


@router.get("/problems/{problem_id}/alike")
async def read_alike(problem_id: str, actor: Person, room: Room) -> list[AlikeOut]:
    """Up to five problems that are most like it, of those that you see, published or not; the nearest first. For its agency and
    DOST alone."""
    problem = await _seen(problem_id, actor, room)
    if not insider(actor, problem):
        raise NotAllowed
    return [alike_out(one) for one in await room.alike(problem, actor)]


def alike_out(one: Alike) -> AlikeOut:
    problem, near = one
    return AlikeOut(
        id=problem.id,
        ref=problem.ref,
        title=problem.record.title,
        state=problem.state,
        agency=problem.agency,
        score=near.score,
        band=near.band,
        words=near.words,
    )


async def _seen(problem_id: str, actor: Actor, room: Acts) -> Problem:
    problem = await room.problems.get(problem_id, scope(actor))
    if problem is None:
        raise NotFound
    return problem


def view(problem: Problem, actor: Actor) -> dict[str, Any]:
    inside = DOST_ALONE if not actor.has(*DOST) else None
    hidden = inside if insider(actor, problem) else INSIDE
    shown: dict[str, Any] = PROBLEM.dump_python(problem, mode="json", exclude=hidden)
    return shown
