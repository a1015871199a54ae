"""From the last key to the coach's advice: a real browser on the form's real page."""

import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright

from bench.measure import Row, percentile
from deploy import browser

SENTENCES, PATIENCE_MS = 40, 20_000
PAUSE_MS = 600.0
"""How long the page waits for another key (`hx-trigger` of the form)."""
SHOWN = "said => document.querySelector('#reading').innerText.includes(said)"


async def measure(url: str, token: str) -> list[Row]:
    """No row where there is no browser."""
    path = browser.find()
    if path is None:
        return []
    async with _form(path, url, token) as page:
        taken = [await _advice(page, f"không biết sạp nào trống, lần {n}") for n in range(1, SENTENCES + 1)]
    meaning = "from the last key to the new sentence read by the coach, 95 of 100 (aim: 1000 ms)"
    bounds = (("the page's pause", PAUSE_MS), ("its median", statistics.median(taken)))
    return [Row("last key → advice, p95", percentile(taken, 95), "ms", meaning, bounds)]


@asynccontextmanager
async def _form(path: str, url: str, token: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = await chromium.new_context(base_url=url, locale="vi-VN")
        await context.add_cookies([{"name": "debai_session", "value": token, "url": url}])
        page = await context.new_page()
        await page.goto("/bai-toan/moi")
        await page.fill("[name=title]", "Ban quản lý chợ thu sót phí")
        yield page
        await chromium.close()


async def _advice(page: Page, trouble: str) -> float:
    """Milliseconds."""
    field = page.locator("[name='statement.trouble']")
    await field.fill(trouble[:-1])
    await field.press(trouble[-1])
    began = time.perf_counter()
    await page.wait_for_function(SHOWN, arg=trouble, timeout=PATIENCE_MS)
    return (time.perf_counter() - began) * 1000
