"""The agency's own page: what waits for it, then the rest."""

from starlette.requests import Request
from starlette.responses import Response

from services.intake.problems import lifecycle
from services.intake.problems.acts import Room
from services.intake.problems.authorize import AGENCY, scope
from services.intake.problems.repository import Filters, Order
from shared.refusals import NotAllowed
from shared.web.application import page_router
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
WAITS_FOR_US = ("returned", "draft")


@router.get("/cua-toi")
async def ours(request: Request, actor: Person, room: Room) -> Response:
    """What waits for the unit first, then the rest by the latest change."""
    if not actor.has(*AGENCY) or actor.unit_id is None:
        raise NotAllowed
    cursor = request.query_params.get("cursor", "")
    page = await room.problems.page(scope(actor), Filters(unit_id=actor.unit_id), Order("updated_at"), cursor=cursor)
    waiting = [problem for problem in page.items if problem.state in WAITS_FOR_US]
    others = [problem for problem in page.items if problem.state not in WAITS_FOR_US]
    next_page = f"/cua-toi?cursor={page.next}" if page.next else ""
    return render(
        request,
        "ours.html",
        waiting=waiting,
        others=others,
        next=next_page,
        states=lifecycle.states(),
        active="/cua-toi",
    )
