"""One's own inbox, by API."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from shared.mongo import Database
from shared.web.session import SESSION_COOKIE
from tests.services.notify.conftest import Browser
from tests.services.notify.inbox.shelf import put
from tests.services.notify.samples import NOW, item

DAY = timedelta(days=1)


async def refs(web: AsyncClient, query: str = "") -> list[str]:
    answer = (await web.get(f"/notify/v1/inbox{query}")).json()
    return [one["facts"]["ref"][-1] for one in answer["items"]]


async def test_an_item_says_what_and_why_in_the_readers_language(store: Database, browser: Browser) -> None:
    await put(store, item())
    web = browser()
    (vi,) = (await web.get("/notify/v1/inbox")).json()["items"]
    (en,) = (await web.get("/notify/v1/inbox?lang=en")).json()["items"]
    assert vi["title"] == "Đề bài BT-2026-0001 đã được duyệt" and en["title"] == "Problem BT-2026-0001 is approved"
    assert vi["why"] and vi["link"] == "/bai-toan/problem-1" and vi["read_at"] is None
    assert vi["trace"] == "0af7651916cd43dd8448eb211c80319c"


async def test_unread_comes_first_then_the_newest(store: Database, browser: Browser) -> None:
    await put(
        store,
        item(number=1, read=True, at=NOW + 3 * DAY),
        item(number=2, at=NOW),
        item(number=3, at=NOW + DAY),
        item(number=4, read=True, at=NOW),
    )
    assert await refs(browser()) == ["3", "2", "1", "4"]
    assert await refs(browser(), "?unread=true") == ["3", "2"]


async def test_pages_hold_every_item_once(store: Database, browser: Browser) -> None:
    await put(store, *(item(number=n, read=n % 3 == 0, at=NOW + DAY * (n // 2)) for n in range(1, 12)))
    web, seen, cursor = browser(), list[str](), ""
    while cursor is not None:
        page: dict[str, Any] = (await web.get(f"/notify/v1/inbox?limit=2&cursor={cursor}")).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    whole = (await web.get("/notify/v1/inbox")).json()["items"]
    assert seen == [one["id"] for one in whole]
    assert len(set(seen)) == 11


async def test_marking_read_and_unread(store: Database, browser: Browser) -> None:
    await put(store, item(number=1), item(number=2))
    web = browser()
    assert (await web.post(f"/notify/v1/inbox/{item().id}/read")).status_code == 204
    assert (await web.get("/notify/v1/inbox/unread-count")).json() == {"unread": 1}
    assert (await web.post(f"/notify/v1/inbox/{item().id}/unread")).status_code == 204
    assert (await web.get("/notify/v1/inbox/unread-count")).json() == {"unread": 2}
    assert (await web.post("/notify/v1/inbox/read-all")).status_code == 204
    assert (await web.get("/notify/v1/inbox/unread-count")).json() == {"unread": 0}


async def test_reading_twice_keeps_it_read(store: Database, browser: Browser) -> None:
    await put(store, item())
    web = browser()
    for _ in range(2):
        assert (await web.post(f"/notify/v1/inbox/{item().id}/read")).status_code == 204
    assert await refs(web, "?unread=true") == []


@pytest.mark.parametrize("act", ["read", "unread"])
async def test_anothers_item_is_not_found_and_stays_as_it_is(store: Database, browser: Browser, act: str) -> None:
    await put(store, item("p1", read=act == "unread"))
    before = await store.items.find_one()
    answer = await browser("p2").post(f"/notify/v1/inbox/{item('p1').id}/{act}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await store.items.find_one() == before


async def test_nobody_sees_or_counts_anothers_items(store: Database, browser: Browser) -> None:
    await put(store, item("p1"))
    web = browser("p2")
    assert await refs(web) == []
    assert (await web.get("/notify/v1/inbox/unread-count")).json() == {"unread": 0}
    assert (await web.get(f"/notify/v1/inbox?cursor={item('p1').id}")).status_code == 404
    await web.post("/notify/v1/inbox/read-all")
    assert await refs(browser("p1"), "?unread=true") == ["1"]


@pytest.mark.parametrize("path", ["/notify/v1/inbox", "/notify/v1/inbox/unread-count", "/notify/v1/inbox/stream"])
async def test_who_is_not_signed_in_has_no_inbox(browser: Browser, path: str) -> None:
    web = browser()
    web.cookies.delete(SESSION_COOKIE)
    assert (await web.get(path)).status_code == 401


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "unread=perhaps", f"cursor={'a' * 65}"])
async def test_a_wrong_question_is_refused(browser: Browser, query: str) -> None:
    answer = await browser().get(f"/notify/v1/inbox?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
