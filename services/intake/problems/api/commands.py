"""Posting problems and moving them on, by API. Every command carries the version that its sender has seen, and answers with the
problem after it; `Idempotency-Key` makes repeating it safe."""

from typing import Annotated, Any

from fastapi import Header

from services.intake.problems.acts import Acts, Command, Room
from services.intake.problems.api.reading import view
from services.intake.problems.command_models import (
    AdoptIn,
    AnswerIn,
    DeclineIn,
    PublishIn,
    ReasonIn,
    ReturnIn,
    SaveIn,
    StartReviewIn,
    SubmitIn,
    Versioned,
)
from services.intake.problems.lifecycle import rows_of, step
from services.intake.problems.problem import Given, Problem
from services.intake.problems.request_models import RecordIn
from shared.identity import Actor
from shared.refusals import NotFound
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("intake")

Key = Annotated[str, Header(alias="Idempotency-Key", max_length=100)]
Answer = dict[str, Any]
AFTER: dict[int | str, dict[str, Any]] = {200: {"model": Problem}}


@router.post("/problems", status_code=201, responses={201: {"model": Problem}})
async def create(given: RecordIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """A draft of your own unit. It may be incomplete; submitting says what is missing."""
    return view(await room.post(Given(record=given.record()), actor, key=key), actor)


@router.put("/problems/{problem_id}", responses=AFTER)
async def save(problem_id: str, given: SaveIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Replaces the whole record of a draft or of a returned problem."""
    return await _take("edit", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/submit", responses=AFTER)
async def submit(problem_id: str, given: SubmitIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Approver: hands a complete draft to DOST."""
    return await _take("submit", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/recall", responses=AFTER)
async def recall(problem_id: str, given: Versioned, actor: Person, room: Room, key: Key = "") -> Answer:
    """Drafter or approver: back to a draft, before the review."""
    return await _take("recall", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/discard", responses=AFTER)
async def discard(problem_id: str, given: ReasonIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Drafter or approver: puts a draft away."""
    return await _take("discard", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/withdraw", responses=AFTER)
async def withdraw(problem_id: str, given: ReasonIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Approver: takes a problem back that was sent."""
    return await _take("withdraw", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/return", responses=AFTER)
async def ask_back(problem_id: str, given: ReturnIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Coordinator: questions to the agency, each tied to a field of the record."""
    return await _take("return", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/answer_clarification", responses=AFTER)
async def answer(problem_id: str, given: AnswerIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Drafter or approver: answers one question."""
    return await _take("answer_clarification", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/resubmit", responses=AFTER)
async def resubmit(problem_id: str, given: SubmitIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Approver: back to DOST, every question answered."""
    return await _take("resubmit", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/start_review", responses=AFTER)
async def start_review(problem_id: str, given: StartReviewIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Coordinator: from now on the agency cannot edit. Needs your decision on the problems that are like it: a duplicate is not
    put to review, but returned or declined."""
    return await _take("start_review", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/decline", responses=AFTER)
async def decline(problem_id: str, given: DeclineIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Coordinator, or after the review the department's leader: with a reason, and the right place if it is out of remit."""
    return await _take("decline", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/approve", responses=AFTER)
async def approve(problem_id: str, given: ReasonIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Department's leader, who is not the one that submitted."""
    return await _take("approve", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/publish", responses=AFTER)
async def publish(problem_id: str, given: PublishIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Coordinator: opens the call. The contact is the problem's own unit when none is given."""
    return await _take("publish", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/adopt_existing", responses=AFTER)
async def adopt_existing(problem_id: str, given: AdoptIn, actor: Person, room: Room, key: Key = "") -> Answer:
    """Coordinator: this exists, and is piloted here. Needs the solution, its owner's consent and the plan of the pilot; a problem
    whose solution it is must have it in use. Of a problem that is open, the call ends."""
    return await _take("adopt_existing", problem_id, given, room=room, actor=actor, key=key)


@router.post("/problems/{problem_id}/{command}", include_in_schema=False)
async def refuse(problem_id: str, command: str, actor: Person) -> None:
    """The table's other steps, which this release does not offer, and what is no step at all."""
    step(command, rows_of(command)[0].frm)
    raise NotFound


async def _take(name: str, problem_id: str, given: Versioned, *, room: Acts, actor: Actor, key: str) -> Answer:
    return view(await room.take(Command(problem_id, name, given.version, given.given(), key), actor), actor)
