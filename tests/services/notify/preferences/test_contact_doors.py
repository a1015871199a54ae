"""Where one can be told: by API and on the page."""

from typing import Any

import pytest

from shared.identity import Role
from shared.mongo import Database
from shared.web.session import SESSION_COOKIE
from tests.services.notify.conftest import Browser
from tests.serving import CSRF

FORM = {"csrf": CSRF}
API, PAGE = "/notify/v1/contact", "/hop-thu/cai-dat"
WRONG = ["mai", "mai@vien", "a@b.vn, c@d.vn", "a@b.vn\nBcc: c@d.vn", "<a@b.vn>", "mai @vien.vn", f"{'a' * 250}@b.vn"]


async def test_who_has_said_nothing_is_told_in_the_inbox_in_vietnamese(browser: Browser) -> None:
    contact = (await browser().get(API)).json()
    assert (contact["mail"], contact["language"]) == ("", "vi")


async def test_unit_and_roles_are_those_of_the_session(store: Database, browser: Browser) -> None:
    web = browser("p1", Role.DRAFTER, Role.APPROVER, unit="unit-1")
    saved = (await web.put(API, json={"mail": "mai@vien.vn", "language": "en"})).json()
    assert saved == (await web.get(API)).json()
    assert saved["unit_id"] == "unit-1" and sorted(saved["roles"]) == ["approver", "drafter"]
    assert await store.contacts.count_documents({"unit_id": "unit-1", "roles": "approver"}) == 1


async def test_an_address_can_be_taken_back(browser: Browser) -> None:
    web = browser()
    await web.put(API, json={"mail": "mai@vien.vn"})
    assert (await web.put(API, json={"mail": ""})).json()["mail"] == ""


async def test_everyone_has_their_own(browser: Browser) -> None:
    await browser("p1").put(API, json={"mail": "mai@vien.vn"})
    assert (await browser("p2").get(API)).json()["mail"] == ""


@pytest.mark.parametrize("mail", WRONG)
async def test_what_is_no_single_address_is_refused(store: Database, browser: Browser, mail: str) -> None:
    answer = await browser().put(API, json={"mail": mail})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "mail"
    assert await store.contacts.count_documents({}) == 0


@pytest.mark.parametrize("body", [{"language": "fr"}, {"roles": ["ops"]}, {"unit_id": "u"}, [], "x"])
async def test_what_the_form_does_not_have_is_refused(browser: Browser, body: Any) -> None:
    assert (await browser().put(API, json=body)).status_code == 422


async def test_who_is_not_signed_in_has_no_contact(browser: Browser) -> None:
    web = browser()
    web.cookies.delete(SESSION_COOKIE)
    assert (await web.get(API)).status_code == 401
    assert (await web.get(PAGE)).status_code == 303


async def test_the_page_saves_and_says_so(browser: Browser) -> None:
    web = browser()
    answer = await web.post(PAGE, data=FORM | {"mail": " mai@vien.vn ", "language": "en"})
    assert answer.status_code == 303
    after = (await web.get(answer.headers["location"])).text
    assert "Đã lưu cách nhận tin." in after and 'value="mai@vien.vn"' in after
    assert (await web.get(API)).json()["language"] == "en"


async def test_a_wrong_form_is_shown_again_with_what_was_typed_and_all_that_is_wrong(browser: Browser) -> None:
    answer = await browser().post(PAGE, data=FORM | {"mail": "mai@", "language": "fr"})
    assert answer.status_code == 422
    assert "<title>Lỗi: Cách nhận tin" in answer.text and 'value="mai@"' in answer.text
    assert answer.text.count("Ghi địa chỉ thư dạng ten@coquan.vn, hoặc để trống") == 2
    assert answer.text.count("Chọn ngôn ngữ của thư") == 2
