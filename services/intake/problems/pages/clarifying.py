"""The page on which the agency answers the reviewers' questions, each beside what its field says now."""

from collections.abc import Mapping

from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from services.intake.problems.acts import Acts, Command, Room
from services.intake.problems.pages.asking import allowed, parsed, seen
from services.intake.problems.problem import Problem
from services.intake.problems.record_words import LABELS
from shared.fields import labels
from shared.identity import Actor
from shared.refusals import Refusal
from shared.web.application import page_router
from shared.web.forms import Form, first, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
COMMAND = "answer_clarification"


@router.get("/bai-toan/{problem_id}/lam-ro")
async def questions(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    problem = await allowed(problem_id, COMMAND, actor, room)
    return _page(request, problem, typed={question.id: question.answer for question in problem.questions})


@router.post("/bai-toan/{problem_id}/lam-ro")
async def answer(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    """Saves every answer that was changed, one step each; what was typed stays, whatever is wrong with it."""
    problem = await allowed(problem_id, COMMAND, actor, room)
    sent = await read_form(request)
    typed = {question.id: first(sent, f"answer-{question.id}") for question in problem.questions}
    try:
        await _save(problem, sent, typed, actor=actor, room=room)
    except Refusal as refusal:
        return _page(request, await seen(problem_id, actor, room), typed=typed, refusal=refusal)
    return RedirectResponse(f"/bai-toan/{problem_id}?da-luu", 303)


async def _save(problem: Problem, sent: Form, typed: Mapping[str, str], *, actor: Actor, room: Acts) -> None:
    version: object = first(sent, "version")
    for question in problem.questions:
        text = typed[question.id]
        if text and text != question.answer:
            asked = parsed(COMMAND, {"version": version, "question_id": question.id, "answer": text})
            done = await room.take(Command(problem.id, COMMAND, asked.version, asked.given()), actor)
            version = done.version


def _page(request: Request, problem: Problem, *, typed: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    return render(
        request,
        "clarify.html",
        status=refusal.status if refusal else 200,
        problem=problem,
        typed=typed,
        refusal=refusal,
        errors=[e.text.read(language_of(request)) for e in refusal.errors] if refusal else [],
        labels=LABELS,
        field_labels=labels(),
        active="/cua-toi",
    )
