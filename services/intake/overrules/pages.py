"""The page on which a coordinator corrects one verdict of the coach; the problem's page shows what was corrected."""

from collections.abc import Mapping
from typing import Any

from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from services.intake.coach.criteria import Criterion, rubric
from services.intake.coach.roles import SAYS
from services.intake.overrules.acts import Room
from services.intake.overrules.objection import SPEAKS_OF, WANTED, Objection
from services.intake.overrules.overrule import last_given, open_judgement
from services.intake.overrules.request_models import OverruleIn
from services.intake.problems.acts import Room as Problems
from services.intake.problems.advice import VERDICTS, Advice
from services.intake.problems.authorize import authorize_overrule
from services.intake.problems.problem import Problem
from services.intake.problems.reasons import REASON_MIN
from shared.refusals import InvalidInput, NotFound, Refusal
from shared.web.application import page_router
from shared.web.field_errors import field_errors, sentences
from shared.web.forms import Form, first, press_key, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
ADDRESS = "/dieu-phoi/{problem_id}/do-ro/{name}"
SHOWN = 110
"""Characters of a sentence in the list to choose from."""
NOTHING_SENT: Form = {}


@router.get(ADDRESS)
async def ask(problem_id: str, name: str, request: Request, actor: Person, room: Room, problems: Problems) -> Response:
    problem = await room.problem(problem_id, actor)
    authorize_overrule(actor)
    criterion = _criterion(name)
    open_judgement(problem, criterion)
    return _page(request, problem, criterion, await problems.advise(problem.record))


@router.post(ADDRESS)
async def save(problem_id: str, name: str, request: Request, actor: Person, room: Room, problems: Problems) -> Response:
    """What was typed stays, whatever is wrong with it; a chosen sentence as long as the text is the same."""
    criterion, sent = _criterion(name), await read_form(request)
    try:
        await room.overrule(problem_id, _objection(criterion, sent), actor, key=press_key(request, sent))
    except Refusal as refusal:
        problem = await room.problem(problem_id, actor)
        authorize_overrule(actor)
        return _page(request, problem, criterion, await problems.advise(problem.record), sent=sent, refusal=refusal)
    return RedirectResponse(f"/dieu-phoi/{problem_id}?da-luu", 303)


@router.post("/dieu-phoi/{problem_id}/do-ro/rut/{overrule_id}")
async def withdraw(problem_id: str, overrule_id: str, request: Request, actor: Person, room: Room) -> Response:
    await read_form(request)
    await room.withdraw(problem_id, overrule_id, actor)
    return RedirectResponse(f"/dieu-phoi/{problem_id}?da-luu", 303)


def _criterion(name: str) -> Criterion:
    try:
        return Criterion(name)
    except ValueError:
        raise NotFound from None


def _objection(criterion: Criterion, sent: Form) -> Objection:
    body = {name: first(sent, name) for name in ("version", "wanted", "reason", "sentence") if first(sent, name)}
    try:
        return OverruleIn.model_validate(body | {"criterion": criterion, "roles": sent.get("roles", [])}).objection()
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error.errors())) from None


def _page(
    request: Request,
    problem: Problem,
    criterion: Criterion,
    advice: Advice,
    *,
    sent: Form = NOTHING_SENT,
    refusal: Refusal | None = None,
) -> Response:
    """`opened`: what is said again after it was taken back is another press of the button. Raises TextNotJudged where the coach
    never said anything."""
    given, language = last_given(problem, criterion), language_of(request)
    return render(
        request,
        "overrule.html",
        status=refusal.status if refusal else 200,
        problem=problem,
        criterion=criterion,
        words=rubric().criteria[criterion],
        given=given,
        verdicts=VERDICTS,
        advice=advice,
        **_choices(criterion, given, advice, language),
        typed=_typed(sent, advice),
        errors=sentences(refusal.errors, language) if refusal else {},
        refusal=refusal,
        least=REASON_MIN,
        opened=first(sent, "opened") or str(uuid7()),
        active="/dieu-phoi",
    )


def _choices(criterion: Criterion, given: str, advice: Advice, language: str) -> dict[str, Any]:
    """Sentences and what they do are asked for where the criterion looks at one."""
    told = [one.text if len(one.text) <= SHOWN else f"{one.text[:SHOWN]}…" for one in advice.sentences]
    return {
        "wanted": [(one, VERDICTS[one].read(language)) for one in WANTED if one != given],
        "sentences": list(enumerate(told)),
        "roles": [(role, text.read(language)) for role, text in SAYS.items()] if criterion in SPEAKS_OF else [],
    }


def _typed(sent: Form, advice: Advice) -> Mapping[str, Any]:
    """Sentences are chosen by their number: in another text it is another sentence."""
    kept = {name: first(sent, name) for name in ("wanted", "reason")}
    if first(sent, "text") != advice.key:
        return {**kept, "sentence": "", "roles": []}
    return {**kept, "sentence": first(sent, "sentence"), "roles": sent.get("roles", [])}
