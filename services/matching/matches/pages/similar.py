"""Beside intake's form: problems like the one that is being written. A fragment for the page, a page of its own without script."""

from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from services.matching.matches.similar import Neighbours
from shared.web.application import built, page_router
from shared.web.forms import first, read_form
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
READ = ("title", "statement.who", "statement.trouble", "statement.cause", "statement.consequence")
TEXT_MAX = 8000

Nearby = Annotated[Neighbours, built("neighbours")]


@router.post("/ket-noi/tuong-tu")
async def similar(request: Request, _: Person, neighbours: Nearby) -> Response:
    sent = await read_form(request)
    text = "\n".join(part for name in READ if (part := first(sent, name)))[:TEXT_MAX]
    beside = bool(request.headers.get("hx-request"))
    template, found = "similar_list.html" if beside else "similar.html", neighbours.nearest(text) if text else []
    return render(request, template, found=found, beside_form=beside, active="")
