"""How clear problems were from first draft to sending: for the unit itself, and for DOST by unit."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.intake.coach.criteria import Group, rubric
from services.intake.problems.acts import Room
from services.intake.problems.clarity import ENOUGH
from shared.web.application import page_router
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
ADDRESS = "/don-vi/do-ro"


@router.get(ADDRESS)
async def clarity(request: Request, actor: Person, room: Room) -> Response:
    unit, year = (request.query_params.get(name, "") for name in ("don-vi", "nam"))
    told = await room.clarity(unit, int(year) if year.isdecimal() else None, actor)
    units = await room.units.all() if told.city else []
    return render(
        request,
        "clarity.html",
        told=told,
        chosen={"unit": unit, "year": year},
        unit_name=next((one.name for one in units if one.id == unit), ""),
        of_unit=lambda unit_id: f"{ADDRESS}?{urlencode({'don-vi': unit_id, 'nam': year})}",
        units=units,
        rubric=rubric(),
        of=len(Group),
        enough=ENOUGH,
        active="/dieu-phoi" if told.city else "/cua-toi",
    )
