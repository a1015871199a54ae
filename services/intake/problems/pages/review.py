"""DOST's pages: the queue, and a problem in review."""

from starlette.requests import Request
from starlette.responses import Response

from services.intake.problems import lifecycle
from services.intake.problems.acts import Room
from services.intake.problems.authorize import DOST, scope
from services.intake.problems.pages.alike_shown import alike_shown
from services.intake.problems.pages.catalogue import shown
from services.intake.problems.repository import Filters, Order
from shared.identity import Actor
from shared.refusals import NotAllowed, NotFound
from shared.web.application import page_router
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
QUEUES = (("submitted",), ("under_review",), ("approved",), ("returned",))
"""In the order of the work: what waits for us first, what waits for the agency last."""


@router.get("/dieu-phoi")
async def queue(request: Request, actor: Person, room: Room) -> Response:
    """The longest wait first."""
    _check(actor)
    oldest_first = Order("submitted_at", newest_first=False)
    queues = [
        (states[0], (await room.problems.page(scope(actor), Filters(states), oldest_first, limit=100)).items)
        for states in QUEUES
    ]
    return render(request, "queue.html", queues=queues, states=lifecycle.states(), active="/dieu-phoi")


@router.get("/dieu-phoi/{problem_id}")
async def review(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    _check(actor)
    problem = await room.problems.get(problem_id, scope(actor))
    if problem is None:
        raise NotFound
    saved = "da-luu" in request.query_params
    parts = await shown(problem, actor, room) | await alike_shown(problem, actor, room)
    return render(request, "problem.html", done=None, saved=saved, **parts, active="/dieu-phoi")


def _check(actor: Actor) -> None:
    if not actor.has(*DOST):
        raise NotAllowed
