"""How clear problems were from first draft to sending: for the unit itself, and for DOST by unit."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.intake.coach.criteria import Group, rubric
from services.intake.problems.acts import Room
from services.intake.problems.clarity import ENOUGH, FIRST_YEAR, LAST_YEAR
from shared.web.application import page_router
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
ADDRESS = "/don-vi/do-ro"
YEARS = {str(year): year for year in range(FIRST_YEAR, LAST_YEAR + 1)}
"""As the address names them; what is none asks for all years."""


@router.get(ADDRESS)
async def clarity(request: Request, actor: Person, room: Room) -> Response:
    unit, year = request.query_params.get("don-vi", ""), YEARS.get(request.query_params.get("nam", ""))
    told = await room.clarity(unit, year, actor)
    units = await room.units.all() if told.city else []
    return render(
        request,
        "clarity.html",
        told=told,
        chosen={"unit": unit, "year": str(year or "")},
        unit_name=next((one.name for one in units if one.id == unit), ""),
        of_unit=lambda unit_id: f"{ADDRESS}?{urlencode({'don-vi': unit_id, 'nam': year or ''})}",
        units=units,
        rubric=rubric(),
        of=len(Group),
        enough=ENOUGH,
        active="/dieu-phoi" if told.city else "/cua-toi",
    )
