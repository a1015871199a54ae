"""The sign-in page of local mode."""

from collections.abc import Iterable
from typing import Annotated

from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from services.intake.people.person import Person, safe_next
from services.intake.people.repository import LocalPeople
from shared.identity import Role
from shared.web.application import built, page_router
from shared.web.forms import first, read_form
from shared.web.pages import render
from shared.web.session import sign_in, sign_out

router = page_router()

GROUPS = (
    ("Đơn vị đặt hàng", (Role.DRAFTER, Role.APPROVER)),
    ("Sở Khoa học và Công nghệ", (Role.COORDINATOR, Role.DEPT_LEADER)),
    ("Nhà khoa học", (Role.RESEARCHER,)),
    ("Vận hành", (Role.OPS,)),
)


People = Annotated[LocalPeople, built("people")]


@router.get("/dang-nhap")
async def choose(request: Request, people: People) -> Response:
    wanted = safe_next(request.query_params.get("next", "/"))
    return render(request, "sign_in.html", groups=_groups(people.all), next=wanted, active="")


@router.post("/dang-nhap")
async def enter(request: Request, people: People) -> Response:
    form = await read_form(request)
    response = RedirectResponse(safe_next(first(form, "next")), 303)
    secure = str(request.app.state.public_url).startswith("https:")
    sign_in(response, people.token(first(form, "person_id")), secure=secure)
    return response


@router.post("/dang-xuat")
async def leave(request: Request) -> Response:
    await read_form(request)
    response = RedirectResponse("/", 303)
    sign_out(response)
    return response


def _groups(people: Iterable[Person]) -> list[tuple[str, list[Person]]]:
    everyone = list(people)
    return [(label, [p for p in everyone if not p.roles.isdisjoint(roles)]) for label, roles in GROUPS]
