"""The form while one types: advice after the pause, saving, similar problems, and where they stand on the screen."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.house import House
from tests.browser.looking import faults, look
from tests.browser.test_pages import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
TROUBLE = "không biết sạp nào bỏ trống trong ngày nên thu phí sót"
PATIENCE_MS = 20_000
EXPECTED = ("Failed to load resource", "Failed to fetch")
"""What a browser says of a saving that is refused, or cut off."""


@asynccontextmanager
async def writing(chromium: Browser, home: House, path: str = "/bai-toan/moi") -> AsyncIterator[Page]:
    """A drafter's page; whatever the browser complains of fails the test."""
    async with await browser_of(chromium, home, "drafter") as context:
        seen = await look(context)
        await seen.page.set_viewport_size({"width": 1366, "height": 641})
        await seen.page.goto(path.format_map(home.problems), wait_until="load")
        yield seen.page
        assert [one for one in seen.complaints if not any(told in one for told in EXPECTED)] == []


async def type_trouble(page: Page) -> None:
    await page.fill("[name=title]", "Ban quản lý chợ không biết sạp nào bỏ trống")
    await page.fill("[name='statement.who']", "Ban quản lý 3 chợ")
    await page.locator("[name='statement.trouble']").press_sequentially(TROUBLE)


async def top_and_bottom(part: Locator) -> tuple[float, float]:
    """On the screen."""
    box = await part.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


async def test_advice_comes_while_one_types_and_the_typing_goes_on(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await type_trouble(page)
        await expect(page.locator("#coach .crit li")).to_have_count(6, timeout=PATIENCE_MS)
        await expect(page.locator("#reading .said li")).not_to_have_count(0)
        focused = await page.evaluate("document.activeElement.name")
        assert focused == "statement.trouble"
        await page.keyboard.type(", thất thu 6%")
        assert await page.input_value("[name='statement.trouble']") == f"{TROUBLE}, thất thu 6%"


async def test_a_reload_finds_what_was_saved_and_what_was_unfolded_stays_so(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await type_trouble(page)
        await expect(page.locator("#coach .crit li")).to_have_count(6, timeout=PATIENCE_MS)
        await page.locator("#coach summary").click()
        before = await page.locator("#coach dl").inner_text()
        await page.locator("[name='statement.consequence']").press_sequentially("Thất thu 400 triệu đồng mỗi năm.")
        await expect(page.locator("#coach dl")).not_to_have_text(before, timeout=PATIENCE_MS, use_inner_text=True)
        await expect(page.locator("#coach details")).to_have_attribute("open", "")
        await expect(page).to_have_url(re.compile("/sua$"), timeout=PATIENCE_MS)
        await page.reload()
        assert await page.input_value("[name='statement.who']") == "Ban quản lý 3 chợ"


async def test_the_advice_stays_in_sight_while_one_fills_in_the_numbers(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await type_trouble(page)
        await expect(page.locator("#coach .crit li")).to_have_count(6, timeout=PATIENCE_MS)
        await page.locator("[name='tried.0.what']").scroll_into_view_if_needed()
        top, _ = await top_and_bottom(page.locator("#coach-title"))
        assert 0 <= top < 641


async def test_similar_problems_appear_and_the_panel_fits_beside_the_form(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await type_trouble(page)
        first = page.locator("#similar li").first
        await expect(first).to_be_attached(timeout=PATIENCE_MS)
        await page.evaluate("scrollTo(0, document.querySelector('#coach').offsetTop - 8)")
        await expect(first).to_be_in_viewport()
        await expect(page.locator("#coach .crit")).to_be_in_viewport()


async def test_what_is_typed_is_saved_and_still_there_after_a_reload(chromium: Browser, home: House) -> None:
    async with writing(chromium, home, "/bai-toan/{draft}/sua") as page:
        await page.fill("[name='statement.cause']", "Sổ giấy, kiểm đếm hai lần mỗi tuần")
        await expect(page.locator("#saved")).to_contain_text("Đã lưu lúc", timeout=PATIENCE_MS)
        await page.reload()
        assert await page.input_value("[name='statement.cause']") == "Sổ giấy, kiểm đếm hai lần mỗi tuần"


async def test_a_row_that_is_being_written_waits_and_comes_along_when_it_is_whole(
    chromium: Browser, home: House
) -> None:
    async with writing(chromium, home) as page:
        saved = page.locator("#saved")
        await page.fill("[name=title]", "Một đề bài có dòng viết dở")
        await page.fill("[name='target.0.metric']", "sạp bỏ trống")
        await expect(saved).to_contain_text("dòng đang viết dở", timeout=PATIENCE_MS)
        assert await saved.locator("[role=alert]").count() == 0
        await page.fill("[name='target.0.value']", "12,5")
        await page.fill("[name='target.0.unit']", "%")
        await expect(saved.locator("p")).to_have_text(re.compile(r"Đã lưu lúc \d\d:\d\d"), timeout=PATIENCE_MS)
        await expect(saved).not_to_contain_text("dòng đang viết dở", timeout=PATIENCE_MS)
        assert await page.input_value("[name='target.0.metric']") == "sạp bỏ trống"


async def test_a_saving_that_fails_is_told_and_the_text_stays(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await page.route("**/tu-luu/1", lambda route: route.abort())
        await page.fill("[name=title]", "Một đề bài chưa lưu được")
        await expect(page.locator("#saved [role=alert]")).to_contain_text("Chưa lưu được", timeout=PATIENCE_MS)
        assert await page.input_value("[name=title]") == "Một đề bài chưa lưu được"


async def test_a_refused_saving_is_told_in_the_refusals_words(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await page.fill("[name='statement.cause']", "TỐI MẬT: hồ sơ của đơn vị")
        await expect(page.locator("#saved [role=alert]")).to_contain_text("dấu chỉ độ mật", timeout=PATIENCE_MS)
        assert await page.locator("#similar li").count() == 0


async def test_on_a_phone_a_bar_says_how_clear_it_is(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await page.set_viewport_size({"width": 390, "height": 844})
        await type_trouble(page)
        await expect(page.locator("#jump")).to_be_in_viewport(timeout=PATIENCE_MS)
        await expect(page.locator("#jump b")).to_have_text("2/6", timeout=PATIENCE_MS)


async def test_on_a_phone_a_failed_saving_is_told_in_sight_and_beside_what_is_typed(
    chromium: Browser, home: House
) -> None:
    async with writing(chromium, home) as page:
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.route("**/tu-luu/1", lambda route: route.abort())
        field, told = page.locator("[name='statement.consequence']"), page.locator("#saved [role=alert]")
        await field.press_sequentially("thất thu phí")
        before = await top_and_bottom(field)
        await expect(told).to_be_in_viewport(ratio=1, timeout=PATIENCE_MS)
        assert await top_and_bottom(field) == before
        assert (await top_and_bottom(told))[1] <= before[0]


async def test_what_is_typed_comes_out_from_under_the_telling(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await page.set_viewport_size({"width": 390, "height": 844})
        field, told = page.locator("[name='statement.cause']"), page.locator("#saved [role=alert]")
        await field.fill("TỐI MẬT: hồ sơ của đơn vị")
        await expect(told).to_be_in_viewport(ratio=1, timeout=PATIENCE_MS)
        await field.evaluate("one => scrollTo(0, scrollY + one.getBoundingClientRect().top)")
        assert (await top_and_bottom(field))[0] < 1
        await field.press("End")
        await page.keyboard.type(" nữa")
        assert (await top_and_bottom(field))[0] >= (await top_and_bottom(told))[1]


async def test_the_panel_is_sound_when_it_is_full(chromium: Browser, home: House) -> None:
    async with writing(chromium, home) as page:
        await type_trouble(page)
        await expect(page.locator("#similar li").first).to_be_attached(timeout=PATIENCE_MS)
        await expect(page.locator("#coach .crit li")).to_have_count(6)
        assert await faults(page) == []
