"""The problems that fit, each with why."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from services.matching.matches.acts import Room
from services.matching.profiles.profile import authorize
from shared.fields import labels
from shared.web.application import page_router
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
PLACE = "/ket-noi"


@router.get(PLACE)
async def matches(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    cursor = request.query_params.get("cursor", "")
    page = await room.matches.page(actor.person_id, now=datetime.now(UTC), cursor=cursor)
    return render(
        request,
        "matches.html",
        found=page.items,
        next=f"{PLACE}?cursor={page.next}" if page.next else "",
        first=PLACE if cursor else "",
        has_profile=(await room.profiles.get(actor.person_id)).version > 0,
        labels=labels(),
        active=PLACE,
    )
