"""Problems by API. Every command carries the version it has seen; `Idempotency-Key` makes repeating it safe."""

from typing import Annotated, Any

from fastapi import Header, Query
from pydantic import ValidationError

from services.intake.problems.acts import Acts, Command, Room
from services.intake.problems.authorize import insider, scope
from services.intake.problems.lifecycle import rows_of, step
from services.intake.problems.problem import Problem
from services.intake.problems.repository import PAGE, PAGE_MAX, PROBLEM, Filters, Order
from services.intake.problems.request_models import COMMANDS, RecordIn, SaveIn, Versioned
from shared.identity import Actor
from shared.refusals import InvalidInput, NotFound
from shared.web.application import api_router
from shared.web.field_errors import field_errors
from shared.web.session import Person, Visitor

router = api_router("intake")

INSIDE = ("drafted_by", "submitted_by", "questions", "reason", "channel", "answer_due", "returned_version")
"""Fields that only the agency itself and DOST read."""


Key = Annotated[str, Header(alias="Idempotency-Key", max_length=100)]


@router.post("/problems", status_code=201)
async def create(given: RecordIn, actor: Person, room: Room, key: Key = "") -> dict[str, Any]:
    """A draft of your own unit. It may be incomplete; submitting says what is missing."""
    return view(await room.post(given.record(), actor, key=key), actor)


@router.get("/problems")
async def read_many(
    actor: Visitor,
    room: Room,
    state: Annotated[list[str], Query()] = [],  # noqa: B006  # FastAPI copies it
    field: str = "",
    unit: str = "",
    place: str = "",
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE,
    cursor: str = "",
) -> dict[str, Any]:
    """What you may see, the latest change first; `next` is the cursor of the next page."""
    filters = Filters(tuple(state), field, unit, place, q)
    page = await room.problems.page(scope(actor), filters, Order("updated_at"), limit=limit, cursor=cursor)
    return {"items": [view(problem, actor) for problem in page.items], "next": page.next}


@router.get("/problems/{problem_id}")
async def read(problem_id: str, actor: Visitor, room: Room) -> dict[str, Any]:
    return view(await _seen(problem_id, actor, room), actor)


@router.get("/problems/{problem_id}/history")
async def read_history(problem_id: str, actor: Visitor, room: Room) -> list[dict[str, Any]]:
    """Every step; drafts and answers, which stay inside, are for the agency and DOST alone."""
    problem = await _seen(problem_id, actor, room)
    steps = await room.problems.history(problem_id)
    return steps if insider(actor, problem) else [s for s in steps if s["topic"]]


@router.put("/problems/{problem_id}")
async def save(problem_id: str, given: SaveIn, actor: Person, room: Room, key: Key = "") -> dict[str, Any]:
    """Replaces the whole record of a draft or of a returned problem."""
    command = Command(problem_id, "edit", given.version, given.given(), key)
    return view(await room.take(command, actor), actor)


@router.post("/problems/{problem_id}/{command}")
async def take(
    problem_id: str, command: str, given: dict[str, Any], actor: Person, room: Room, key: Key = ""
) -> dict[str, Any]:
    """Takes a step of the lifecycle: submit, recall, discard, withdraw, return, answer_clarification, resubmit, start_review,
    decline, approve, publish. The body of each: `/intake/v1/commands`."""
    asked = _parsed(command, given)
    done = await room.take(Command(problem_id, command, asked.version, asked.given(), key), actor)
    return view(done, actor)


@router.get("/commands")
async def commands() -> dict[str, Any]:
    """JSON Schema of each command's body."""
    return {name: model.model_json_schema() for name, model in COMMANDS.items()}


def _parsed(command: str, given: dict[str, Any]) -> Versioned:
    model = COMMANDS.get(command)
    if model is None:
        step(command, rows_of(command)[0].frm)  # raises UnknownCommand or StepNotOffered
        raise NotFound
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error.errors())) from None


async def _seen(problem_id: str, actor: Actor, room: Acts) -> Problem:
    problem = await room.problems.get(problem_id, scope(actor))
    if problem is None:
        raise NotFound
    return problem


def view(problem: Problem, actor: Actor) -> dict[str, Any]:
    fields: dict[str, Any] = PROBLEM.dump_python(problem, mode="json")
    hidden = () if insider(actor, problem) else INSIDE
    return {name: value for name, value in fields.items() if name not in hidden}
