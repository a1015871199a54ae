"""Help, and the accessibility statement."""

from starlette.requests import Request
from starlette.responses import Response

from shared.refusals import Refusal
from shared.web.application import page_router
from shared.web.pages import render

router = page_router()


@router.get("/tro-giup")
async def help_page(request: Request) -> Response:
    """Lists every refusal by its code: the `type` of a problem+json answer leads here."""
    return render(request, "help.html", refusals=sorted(_all(Refusal), key=lambda one: one.code()), active="")


@router.get("/tiep-can")
async def accessibility(request: Request) -> Response:
    return render(request, "accessibility.html", active="")


def _all(kind: type[Refusal]) -> list[type[Refusal]]:
    return [found for one in kind.__subclasses__() for found in (one, *_all(one))]
