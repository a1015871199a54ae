"""What everyone may read: the catalogue, and a problem's own page."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.intake.coach.criteria import rubric
from services.intake.problems import lifecycle
from services.intake.problems.acts import Acts, Room
from services.intake.problems.advice import VERDICTS
from services.intake.problems.authorize import DOST, allows, insider, may_overrule, scope
from services.intake.problems.history import lines
from services.intake.problems.problem import Problem, judged_now
from services.intake.problems.record_words import LABELS
from services.intake.problems.repository import Filters, Order
from services.intake.problems.steps_shown import ROLES, STEPS, Shown
from shared.fields import fields, labels
from shared.identity import Actor
from shared.refusals import NotFound
from shared.web.application import page_router
from shared.web.pages import render
from shared.web.session import Visitor

router = page_router()
FILTERS = ("q", "linh-vuc", "don-vi", "giai-doan")
STAGES = tuple("12345")


@router.get("/")
async def catalogue(request: Request, actor: Visitor, room: Room) -> Response:
    chosen = {name: request.query_params.get(name, "") for name in FILTERS}
    filters = Filters(_states_of(chosen["giai-doan"]), chosen["linh-vuc"], chosen["don-vi"], "", chosen["q"])
    cursor = request.query_params.get("cursor", "")
    page = await room.problems.page(scope(actor), filters, Order("published_at"), cursor=cursor)
    return render(
        request,
        "catalogue.html",
        problems=page.items,
        next=_address(chosen, page.next) if page.next else "",
        first=_address(chosen, "") if cursor else "",
        chosen=chosen,
        fields=fields(),
        units=await room.units.all(),
        stages=lifecycle.STAGES,
        states=lifecycle.states(),
        active="/",
    )


def _states_of(stage: str) -> tuple[str, ...]:
    """Empty, which filters nothing, for what is no stage."""
    return tuple(s.code for s in lifecycle.states().values() if s.step == int(stage)) if stage in STAGES else ()


def _address(chosen: dict[str, str], cursor: str) -> str:
    kept = {name: value for name, value in {**chosen, "cursor": cursor}.items() if value}
    return f"/?{urlencode(kept)}"


@router.get("/bai-toan/{problem_id}")
async def problem_page(problem_id: str, request: Request, actor: Visitor, room: Room) -> Response:
    problem = await room.problems.get(problem_id, scope(actor))
    if problem is None:
        raise NotFound
    done = STEPS.get(request.query_params.get("xong", ""))
    saved = "da-luu" in request.query_params
    return render(request, "problem.html", done=done, saved=saved, **await shown(problem, actor, room), active="/")


async def shown(problem: Problem, actor: Actor, room: Acts) -> dict[str, Any]:
    """What the page of a problem shows to this person."""
    inside = insider(actor, problem)
    history = await room.problems.history(problem.id)
    return {
        "problem": problem,
        "state": lifecycle.states()[problem.state],
        "states": lifecycle.states(),
        "stages": lifecycle.STAGES,
        "history": lines(one for one in history if inside or one["topic"])[::-1],
        "inside": inside,
        "adopted_from": await _adopted_from(problem, actor, room),
        "labels": LABELS,
        "field_labels": labels(),
        "roles": ROLES,
        "steps": possible_steps(problem, actor),
        "criteria": rubric().criteria,
        "verdicts": VERDICTS,
        "all_verdicts": actor.has(*DOST),
        "may_overrule": may_overrule(actor) and judged_now(problem) is not None,
        "may_adopt": allows(actor, "adopt_existing", problem),
        "may_edit": allows(actor, "edit", problem),
        "may_answer": bool(problem.questions) and allows(actor, "answer_clarification", problem),
    }


async def _adopted_from(problem: Problem, actor: Actor, room: Acts) -> Problem | None:
    """None where this person does not see it."""
    of = problem.adoption.of if problem.adoption else ""
    return await room.problems.get(of, scope(actor)) if of else None


def possible_steps(problem: Problem, actor: Actor) -> list[Shown]:
    """The steps that have a page of their own, in the table's order."""
    return [step for step in STEPS.values() if allows(actor, step.command, problem)]
