"""Help, and the accessibility statement."""

from collections import defaultdict
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from shared.refusals import Refusal, Text
from shared.web.application import page_router
from shared.web.i18n import language_of
from shared.web.pages import render

router = page_router()
STANDS_FOR: Mapping[str, Text] = {
    "command": Text("tên bước", "a step"),
    "current": Text("N", "N"),
    "least": Text("N", "N"),
    "limit_kb": Text("N", "N"),
    "most": Text("N", "N"),
    "name": Text("Đơn vị", "The agency"),
    "of": Text("kia", "the other one"),
    "person_id": Text("mã người dùng", "their code"),
    "state": Text("trạng thái hiện tại", "in its present state"),
    "successor": Text("tên đơn vị", "its name"),
    "trace": Text("ghi trong thông báo", "in the message"),
    "unit_id": Text("mã đơn vị", "its code"),
}
"""What a refusal's fact is called where nothing was refused; one that has no word here is left open."""


@router.get("/tro-giup")
async def help_page(request: Request) -> Response:
    """Lists every refusal by its code: the `type` of a problem+json answer leads here."""
    language = language_of(request)
    facts = defaultdict(lambda: "…", {name: word.read(language) for name, word in STANDS_FOR.items()})
    refusals = sorted(_all(Refusal), key=lambda one: one.code())
    return render(request, "help.html", refusals=refusals, facts=facts, active="")


@router.get("/tiep-can")
async def accessibility(request: Request) -> Response:
    return render(request, "accessibility.html", active="")


def _all(kind: type[Refusal]) -> list[type[Refusal]]:
    return [found for one in kind.__subclasses__() for found in (one, *_all(one))]
