"""Who is asking, and whether the form is our own."""

import pytest
from httpx import AsyncClient

from shared.identity import Role
from shared.web.session import CSRF_COOKIE, SESSION_COOKIE
from tests.keys import Keys, make_keys


async def with_form(web: AsyncClient) -> str:
    """Opens the page; its CSRF cookie is then in the jar. Gives the form's token."""
    page = await web.get("/trang")
    assert f'value="{page.cookies[CSRF_COOKIE]}"' in page.text
    return page.cookies[CSRF_COOKIE]


async def test_our_own_form_is_taken_in_one_spelling(web: AsyncClient) -> None:
    answer = await web.post("/trang", data={"csrf": await with_form(web), "text": "ngập\r\nhẻm"})
    assert answer.status_code == 200
    assert "ngập\\nhẻm" in answer.text


@pytest.mark.parametrize("sent", ["", "other", None])
async def test_a_form_without_its_token_is_refused(web: AsyncClient, sent: str | None) -> None:
    await with_form(web)
    answer = await web.post("/trang", data={"text": "x"} if sent is None else {"csrf": sent})
    assert answer.status_code == 403


async def test_a_form_of_a_browser_without_the_cookie_is_refused(web: AsyncClient) -> None:
    assert (await web.post("/trang", data={"csrf": ""})).status_code == 403
    assert (await web.post("/trang", data={"csrf": "-"})).status_code == 403


async def test_the_token_of_a_browser_stays_the_same(web: AsyncClient) -> None:
    token = await with_form(web)
    again = await web.get("/trang")
    assert f'value="{token}"' in again.text
    assert "set-cookie" not in again.headers


async def test_a_signed_in_script_must_repeat_the_cookie(web: AsyncClient, keys: Keys) -> None:
    token = await with_form(web)
    web.cookies.set(SESSION_COOKIE, keys.token(Role.DRAFTER))
    note = {"title": "abc", "count": 1}
    assert (await web.post("/thu/v1/notes", json=note)).status_code == 403
    assert (await web.post("/thu/v1/notes", json=note, headers={"x-csrf": token})).status_code == 200


async def test_a_program_sends_a_bearer_token_and_nothing_more(web: AsyncClient, keys: Keys) -> None:
    headers = {"authorization": f"Bearer {keys.token(Role.DRAFTER, name='Máy')}"}
    assert (await web.get("/thu/v1/mine", headers=headers)).json() == {"name": "Máy"}
    assert (await web.post("/thu/v1/notes", json={"title": "abc", "count": 1}, headers=headers)).status_code == 200


async def test_a_cookie_signs_in(web: AsyncClient, keys: Keys) -> None:
    web.cookies.set(SESSION_COOKIE, keys.token(Role.DRAFTER))
    assert "Trần Thị Mai" in (await web.get("/cua-toi")).text


async def test_a_token_signed_by_someone_else_is_nobodys(web: AsyncClient) -> None:
    headers = {"authorization": f"Bearer {make_keys().token(Role.OPS)}"}
    assert (await web.get("/thu/v1/mine", headers=headers)).status_code == 401


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page(web: AsyncClient) -> None:
    answer = await web.get("/cua-toi")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/dang-nhap?next=/cua-toi"


@pytest.mark.parametrize(("origin", "secure"), [("http://debai.test", False), ("https://debai.test", True)])
async def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    web: AsyncClient, origin: str, secure: bool
) -> None:
    cookie = (await web.get(f"{origin}/vao")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert ("secure" in cookie) is secure


async def test_the_menu_shows_what_the_role_needs(web: AsyncClient, keys: Keys) -> None:
    nobody = await web.get("/trang")
    web.cookies.set(SESSION_COOKIE, keys.token(Role.RESEARCHER))
    researcher = await web.get("/trang")
    assert 'href="/ket-noi"' not in nobody.text and 'href="/hop-thu"' not in nobody.text
    assert 'href="/ket-noi"' in researcher.text and 'href="/hop-thu"' in researcher.text
    assert 'href="/dieu-phoi"' not in researcher.text


async def test_the_language_is_remembered(web: AsyncClient) -> None:
    assert "Thử" in (await web.get("/trang")).text
    assert "Trial" in (await web.get("/trang?lang=en")).text
    assert "Trial" in (await web.get("/trang")).text
    assert "Thử" in (await web.get("/trang?lang=vi")).text


async def test_the_other_language_keeps_the_rest_of_the_address(web: AsyncClient) -> None:
    page = await web.get("/trang?q=ng%E1%BA%ADp&lang=en")
    assert 'href="?q=ng%E1%BA%ADp&amp;lang=vi"' in page.text
