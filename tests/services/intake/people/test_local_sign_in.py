"""Local sign-in: anyone as anyone, in local mode alone."""

from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError

from services.intake.main import make_app
from services.intake.people.person import safe_next
from services.intake.settings import Settings
from shared.identity import ANONYMOUS
from shared.service import Service
from shared.settings import Mode
from shared.web.session import SESSION_COOKIE
from tests.services.intake.builders import MARKET
from tests.services.intake.conftest import Desk
from tests.serving import CSRF, PUBLIC


async def test_the_page_lists_the_people_by_what_they_do(browser: Desk) -> None:
    text = (await browser(ANONYMOUS).get("/dang-nhap")).text
    assert text.index("Đơn vị đặt hàng") < text.index("Trần Thị Mai") < text.index("Vận hành")
    assert "Nhà khoa học</h2>" not in text


async def test_signing_in_and_out(browser: Desk) -> None:
    web = browser(ANONYMOUS)
    entered = await web.post("/dang-nhap", data={"csrf": CSRF, "person_id": "mai", "next": "/cua-toi"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/cua-toi")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert "Trần Thị Mai" in (await web.get("/cua-toi")).text
    left = await web.post("/dang-xuat", data={"csrf": CSRF})
    assert left.status_code == 303
    assert (await web.get("/cua-toi")).headers["location"] == "/dang-nhap?next=/cua-toi"


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:alert(1)", "evil"]
)
def test_after_signing_in_nobody_is_led_elsewhere(wanted: str) -> None:
    assert safe_next(wanted) == "/"


async def test_an_address_with_line_ends_stays_here(browser: Desk) -> None:
    form = {"csrf": CSRF, "person_id": "mai", "next": "/\t/evil.example\r\nSet-Cookie: x=1"}
    answer = await browser(ANONYMOUS).post("/dang-nhap", data=form)
    assert answer.headers["location"].startswith("/%09/") and "x" not in answer.cookies


@pytest.mark.parametrize("address", ["/dang-nhap", "/dang-xuat"])
async def test_a_form_of_another_site_is_refused(browser: Desk, address: str) -> None:
    answer = await browser(ANONYMOUS).post(address, data={"csrf": "other", "person_id": "mai"})
    assert answer.status_code == 403
    assert SESSION_COOKIE not in answer.cookies


async def test_an_unknown_person_is_not_signed_in(browser: Desk) -> None:
    answer = await browser(ANONYMOUS).post("/dang-nhap", data={"csrf": CSRF, "person_id": "nobody"})
    assert answer.status_code == 422 and "nobody" in answer.text


async def test_a_program_gets_a_token_that_acts_for_the_person(program: Desk) -> None:
    desk = program(ANONYMOUS)
    answer = await desk.post("/sessions", json={"person_id": "mai"})
    desk.headers["authorization"] = f"Bearer {answer.json()['token']}"
    posted = await desk.post("/problems", json={})
    assert (answer.status_code, posted.status_code) == (201, 201)
    assert posted.json()["agency"]["unit_id"] == MARKET.id


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"person_id": "nobody"}, 422, "unknown_person"),
        ({"person_id": "mai", "roles": ["ops"]}, 422, "invalid_input"),
        ({}, 422, "invalid_input"),
    ],
)
async def test_a_program_without_a_known_person_gets_none(
    program: Desk, body: dict[str, object], status: int, code: str
) -> None:
    answer = await program(ANONYMOUS).post("/sessions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("given", ["session_private_key_file", "demo_people_file"])
def test_production_refuses_to_start_with_local_sign_in(settings: Settings, given: str) -> None:
    bare = settings.model_dump() | {"session_private_key_file": None, "demo_people_file": None}
    assert Settings(**bare | {"mode": Mode.PRODUCTION}).demo_people_file is None
    with pytest.raises(ValidationError, match="MODE=local"):
        Settings(**bare | {"mode": Mode.PRODUCTION, given: Path("some-file")})


@pytest.fixture
def provider(settings: Settings) -> Service:
    """Intake where an identity provider signs people in."""
    return make_app(settings.model_copy(update={"session_private_key_file": None, "demo_people_file": None}))


async def test_without_its_files_local_sign_in_is_off(provider: Service) -> None:
    async with AsyncClient(transport=ASGITransport(provider.http), base_url=PUBLIC) as client:
        assert "Đăng nhập cục bộ đang tắt" in (await client.get("/dang-nhap")).text
        answer = await client.post("/intake/v1/sessions", json={"person_id": "mai"})
        assert (answer.status_code, answer.json()["code"]) == (404, "local_sign_in_off")
    provider.client.close()
