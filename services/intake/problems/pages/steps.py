"""A page for each step of a problem's life: what follows from it, what it needs, and the button."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from services.intake.problems.acts import Acts, Command, Room
from services.intake.problems.authorize import authorize
from services.intake.problems.command_models import COMMANDS, NAME_MAX
from services.intake.problems.field_names import NAMED_WITHIN
from services.intake.problems.lifecycle import rows_of
from services.intake.problems.pages import adopting
from services.intake.problems.pages.alike_shown import WORDS, alike_shown
from services.intake.problems.pages.asking import allowed, parsed, seen
from services.intake.problems.problem import Problem, Terms
from services.intake.problems.record_words import LABELS
from services.intake.problems.steps_shown import STEPS, Shown
from shared.display import ZONE
from shared.identity import Actor
from shared.refusals import NotAllowed, NotFound, Refusal
from shared.web.application import page_router
from shared.web.forms import Form, first, press_key, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
QUESTIONS_MAX = 20
BLANK_QUESTION = {"field": "", "text": ""}


@router.get("/bai-toan/{problem_id}/{slug}")
async def ask(problem_id: str, slug: str, request: Request, actor: Person, room: Room) -> Response:
    step = _step(slug)
    problem = await allowed(problem_id, step.command, actor, room)
    sent = {"rows": [BLANK_QUESTION], "duplicates.of": request.query_params.get("trung", "")[:NAME_MAX]}
    if "adoption" in step.asks:
        found = await room.solution(request.query_params.get("tu", "")[:NAME_MAX], actor)
        sent |= adopting.offered(problem, found, datetime.now(ZONE).date())
    alike = await _alike(step, problem, actor=actor, room=room)
    return _page(request, step, problem, sent=sent, errors={}, alike=alike)


@router.post("/bai-toan/{problem_id}/{slug}")
async def take(problem_id: str, slug: str, request: Request, actor: Person, room: Room) -> Response:
    """What was typed stays, whatever is wrong with it; who may not take the step is shown nothing of its form."""
    step = _step(slug)
    problem = await seen(problem_id, actor, room)
    sent = await read_form(request)
    authorize(actor, rows_of(step.command), problem)
    values = _values(sent)
    if "questions" in step.asks and first(sent, "act") == "add:questions":
        return _page(request, step, problem, sent={**values, "rows": [*values["rows"], BLANK_QUESTION]}, errors={})
    try:
        asked = parsed(step.command, _body(step.command, values))
        command = Command(problem_id, step.command, asked.version, asked.given(), press_key(request, sent))
        await room.take(command, actor)
    except NotAllowed:
        raise
    except Refusal as refusal:
        language = language_of(request)
        errors = {_on_screen(e.field, values): e.text.read(language) for e in refusal.errors}
        alike = await _alike(step, problem, actor=actor, room=room)
        return _page(request, step, problem, sent=values, errors=errors, refusal=refusal, alike=alike)
    return RedirectResponse(f"/bai-toan/{problem_id}?xong={slug}", 303)


def _step(slug: str) -> Shown:
    if slug not in STEPS:
        raise NotFound
    return STEPS[slug]


async def _alike(step: Shown, problem: Problem, *, actor: Actor, room: Acts) -> dict[str, Any]:
    return await alike_shown(problem, actor, room) if "duplicates" in step.asks else WORDS


def _page(  # one page's parts
    request: Request,
    step: Shown,
    problem: Problem,
    *,
    sent: Mapping[str, Any],
    errors: Mapping[str, str],
    refusal: Refusal | None = None,
    alike: Mapping[str, Any] = WORDS,
) -> Response:
    return render(
        request,
        "step.html",
        status=refusal.status if refusal else 200,
        step=step,
        problem=problem,
        sent=sent,
        errors=errors,
        refusal=refusal,
        labels=LABELS,
        cells=NAMED_WITHIN,
        terms=Terms,
        active="",
        **alike,
    )


def _values(sent: Form) -> dict[str, Any]:
    rows = zip(sent.get("question_field", []), sent.get("question_text", []), strict=False)
    values: dict[str, Any] = {name: given[0] for name, given in sent.items() if given}
    return {
        **values,
        "shown": sent.get("duplicates.shown", []),
        "rows": [{"field": f, "text": t} for f, t in rows][:QUESTIONS_MAX] or [BLANK_QUESTION],
    }


def _body(command: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The request model's body for what the page of this command asks."""
    known = COMMANDS[command].model_fields
    body = {name: value for name, value in values.items() if name in known and value != ""}
    if "questions" in known:
        body["questions"] = [row for row in values["rows"] if row["text"]]
    if "duplicates" in known:
        body["duplicates"] = _decision(command, values)
    if "plan" in known:
        body |= adopting.body(values)
    if "closes_at" in body:
        body["closes_at"] = _end_of_day(body["closes_at"])
    return body


def _decision(command: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whoever declines a problem and names another one says that they are the same."""
    of = values.get("duplicates.of", "")
    likeness = values.get("duplicates.likeness", "same" if command == "decline" and of else "")
    reason = values.get("duplicates.reason", values.get("reason", ""))
    return {"likeness": likeness, "shown": values["shown"], "of": of, "reason": reason} if likeness else None


def _end_of_day(day: str) -> str:
    """A closing date means until 17:00 of that day, the end of office hours in the city; other text is left to be refused."""
    try:
        closing = datetime.combine(datetime.fromisoformat(day).date(), time(17), ZONE)
    except ValueError:
        return day
    return closing.astimezone(UTC).isoformat()


def _on_screen(field: str, values: Mapping[str, Any]) -> str:
    """`questions.0.text` → the row's field on the page."""
    if field.startswith("plan.measures."):
        return adopting.on_screen(field, values)
    if field.startswith("duplicates.shown"):
        return "duplicates.likeness"
    group, _, rest = field.partition(".")
    number, _, name = rest.partition(".")
    return f"question_{name}-{number}" if group == "questions" and number.isdigit() else field
