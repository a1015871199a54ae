"""Takes a problem along its path by API."""

from datetime import timedelta
from typing import Any

from httpx import AsyncClient, Response
from pydantic import TypeAdapter

from services.intake.problems.adoption import Adoption
from shared.identity import Actor
from tests.services.intake.builders import ACTORS, ADOPTION, DRAFTER, RECORD_BODY, in_days
from tests.services.intake.conftest import Desk

Body = dict[str, Any]
ADOPTING: TypeAdapter[Adoption] = TypeAdapter(Adoption)
PATH = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "under_review": ("submit", "start_review"),
    "approved": ("submit", "start_review", "approve"),
    "open": ("submit", "start_review", "approve", "publish"),
    "piloting": ("submit", "start_review", "approve", "publish", "adopt_existing"),
    "declined": ("submit", "decline"),
    "withdrawn": ("discard",),
}
SIGNED = {"no_secrets": True, "no_personal_data": True}
DIFFERENT: Body = {"likeness": "different", "shown": []}
REASON = {"reason": "Vấn đề rõ, đo được, có người nhận kết quả."}


def adoption(**changed: Any) -> Body:
    """A pilot that begins in a week; `changed` replaces a whole part."""
    starts, ends = (in_days(days).date().isoformat() for days in (7, 187))
    whole = ADOPTING.dump_python(ADOPTION, mode="json", exclude={"of"})
    return {**whole, "plan": {**whole["plan"], "starts": starts, "ends": ends}, **changed}


def body(command: str) -> Body:
    """What the command needs beside the version."""
    bodies: dict[str, Body] = {
        "submit": SIGNED,
        "resubmit": SIGNED,
        "discard": REASON,
        "withdraw": REASON,
        "decline": REASON,
        "start_review": {"duplicates": DIFFERENT},
        "approve": REASON,
        "return": {
            "questions": [{"field": "baseline", "text": "Con số 6% lấy từ đâu?"}],
            "answer_due": in_days(10).date().isoformat(),
        },
        "answer_clarification": {"question_id": "q3-1", "answer": "Sổ thu phí năm 2021."},
        "adopt_existing": adoption(),
        "publish": {"closes_at": (in_days(30) + timedelta(hours=1)).isoformat(), "terms": "shared"},
    }
    return bodies.get(command, {})


async def take(
    program: Desk, problem: Body, command: str, *, actor: Actor | None = None, key: str = "", **given: Any
) -> Response:
    desk = program(actor or ACTORS[command])
    headers = {"Idempotency-Key": key} if key else {}
    sent = {"version": problem["version"], **body(command), **given}
    return await desk.post(f"/problems/{problem['id']}/{command}", json=sent, headers=headers)


async def post(desk: AsyncClient, **given: Any) -> Body:
    answer = await desk.post("/problems", json=RECORD_BODY | given)
    assert answer.status_code == 201, answer.text
    posted: Body = answer.json()
    return posted


async def walk(program: Desk, state: str, **given: Any) -> Body:
    """A problem in that state, as its agency and DOST made it; `given` replaces parts of the record."""
    problem = await post(program(DRAFTER), **given)
    for command in PATH[state]:
        answer = await take(program, problem, command)
        assert answer.status_code == 200, answer.text
        problem = answer.json()
    return problem
