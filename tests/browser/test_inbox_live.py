"""The inbox in a real browser: it fills while it is open, and works at 320 px and without script."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from shared.mongo import Database
from shared.service import Service
from shared.web.session import SESSION_COOKIE
from tests.keys import Keys
from tests.services.notify.conftest import mails, notify, settings, store
from tests.services.notify.inbox.shelf import put
from tests.services.notify.samples import item
from tests.serving import serving

__all__ = ["mails", "notify", "settings", "store"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]


@pytest.fixture
async def address(notify: Service) -> AsyncIterator[str]:
    watching = asyncio.create_task(notify.http.state.hub.run())
    async with serving(notify.http) as address:
        notify.http.state.public_url = address
        yield address
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def open_page(chromium: Browser, address: str, keys: Keys, path: str, **chosen: object) -> Page:
    context = await chromium.new_context(base_url=address, **chosen)  # type: ignore[arg-type]  # playwright's own options
    session = {"name": SESSION_COOKIE, "value": keys.token(person="p1"), "url": address}
    await context.add_cookies([session])  # type: ignore[list-item]  # a TypedDict
    page = await context.new_page()
    await page.goto(path)
    return page


async def test_an_open_inbox_fills_and_keeps_the_focus(
    chromium: Browser, address: str, keys: Keys, store: Database
) -> None:
    await put(store, item(number=1))
    page = await open_page(chromium, address, keys, "/hop-thu")
    await page.get_by_role("link", name="Cách nhận tin").focus()
    await put(store, item(number=2))
    await expect(page.get_by_role("heading", name="BT-2026-0002")).to_be_visible(timeout=20_000)
    await expect(page.get_by_role("link", name="Cách nhận tin")).to_be_focused()


async def test_opening_an_item_works_without_script(
    chromium: Browser, address: str, keys: Keys, store: Database
) -> None:
    await put(store, item())
    page = await open_page(chromium, address, keys, "/hop-thu", java_script_enabled=False)
    await page.get_by_role("button", name="Đánh dấu đã đọc", exact=True).click()
    await expect(page.get_by_role("button", name="Đánh dấu chưa đọc")).to_be_visible()
    await page.get_by_role("button", name="Đề bài BT-2026-0001 đã được duyệt").click()
    assert page.url == f"{address}/bai-toan/problem-1"


@pytest.mark.parametrize("path", ["/hop-thu", "/hop-thu/cai-dat", "/hop-thu/cai-dat?da-luu"])
async def test_the_pages_fit_a_small_phone_and_axe_finds_nothing(
    chromium: Browser, address: str, keys: Keys, store: Database, path: str
) -> None:
    await put(store, item(number=1), item(number=2, read=True))
    page = await open_page(chromium, address, keys, path, viewport={"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    found = await Axe().run(page)
    assert found.response["violations"] == []
