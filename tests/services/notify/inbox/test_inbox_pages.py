"""The inbox on the page, without script."""

import pytest
from httpx import AsyncClient

from services.notify.inbox.repository import PAGE
from shared.mongo import Database
from shared.web.session import SESSION_COOKIE
from tests.services.notify.conftest import Browser
from tests.services.notify.inbox.shelf import put
from tests.services.notify.samples import item, match_found
from tests.serving import CSRF

FORM = {"csrf": CSRF}


async def page(web: AsyncClient, path: str = "/hop-thu") -> str:
    answer = await web.get(path)
    assert answer.status_code == 200
    return answer.text


async def test_an_empty_inbox_says_what_will_come(browser: Browser) -> None:
    text = await page(browser())
    assert "Chưa có tin nào" in text
    assert "Đánh dấu đã đọc tất cả" not in text


async def test_an_item_shows_its_words_its_reason_and_its_state(store: Database, browser: Browser) -> None:
    await put(store, item())
    text = await page(browser())
    assert "Đề bài BT-2026-0001 đã được duyệt" in text
    assert "Vì sao: Anh/chị soạn hoặc duyệt đề bài của đơn vị này." in text
    assert "Chưa đọc" in text and f'action="/hop-thu/{item().id}/mo"' in text


async def test_what_a_title_holds_is_shown_and_not_run(store: Database, browser: Browser) -> None:
    data = match_found().data.model_dump(mode="json") | {"ref": "BT-1", "title": "<script>alert(1)</script>"}
    await put(store, item())
    await store.items.update_one({}, {"$set": {"kind": "problem.matched", "facts": data}})
    text = await page(browser())
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text
    assert "Dữ liệu minh họa" in text


async def test_opening_marks_it_read_and_leads_to_the_problem(store: Database, browser: Browser) -> None:
    await put(store, item())
    web = browser()
    answer = await web.post(f"/hop-thu/{item().id}/mo", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/bai-toan/problem-1")
    assert await page(web, "/hop-thu/chua-doc") == ""


async def test_marking_unread_again(store: Database, browser: Browser) -> None:
    await put(store, item(read=True))
    web = browser()
    answer = await web.post(f"/hop-thu/{item().id}/danh-dau", data=FORM | {"read": "0"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/hop-thu")
    assert await page(web, "/hop-thu/chua-doc") == "1"


async def test_marking_all_read(store: Database, browser: Browser) -> None:
    await put(store, item(number=1), item(number=2))
    web = browser()
    assert await page(web, "/hop-thu/chua-doc") == "2"
    assert (await web.post("/hop-thu/doc-het", data=FORM)).status_code == 303
    assert await page(web, "/hop-thu/chua-doc") == ""


@pytest.mark.parametrize("act", ["mo", "danh-dau"])
async def test_anothers_item_is_not_found(store: Database, browser: Browser, act: str) -> None:
    await put(store, item("p1"))
    answer = await browser("p2").post(f"/hop-thu/{item('p1').id}/{act}", data=FORM | {"read": "1"})
    assert answer.status_code == 404
    assert await page(browser("p1"), "/hop-thu/chua-doc") == "1"


@pytest.mark.parametrize("path", ["doc-het", "any/mo", "any/danh-dau", "cai-dat"])
async def test_a_form_of_another_site_is_refused(browser: Browser, path: str) -> None:
    assert (await browser().post(f"/hop-thu/{path}", data={"csrf": "other"})).status_code == 403


async def test_a_long_inbox_has_pages_of_which_only_the_first_is_live(store: Database, browser: Browser) -> None:
    await put(store, *(item(number=n) for n in range(PAGE + 1)))
    web = browser()
    first = await page(web)
    assert first.count('class="card item') == PAGE and "data-stream=" in first
    next_page = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = await page(web, next_page)
    assert second.count('class="card item') == 1 and "data-stream=" not in second


async def test_the_fragment_is_the_list_of_the_page(store: Database, browser: Browser) -> None:
    await put(store, item())
    web = browser()
    fragment = await page(web, "/hop-thu/danh-sach")
    assert "<html" not in fragment
    assert fragment.strip() in await page(web)


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page(browser: Browser) -> None:
    web = browser()
    web.cookies.delete(SESSION_COOKIE)
    assert (await web.get("/hop-thu")).status_code == 303
    assert await page(web, "/hop-thu/chua-doc") == ""


async def test_the_page_speaks_english(store: Database, browser: Browser) -> None:
    await put(store, item())
    text = await page(browser(), "/hop-thu?lang=en")
    assert "Problem BT-2026-0001 is approved" in text and "Mark as read" in text
