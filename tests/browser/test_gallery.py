"""The macros, with a browser's eyes."""

import pytest
from playwright.async_api import Browser, BrowserContext

from shared.identity import Role
from tests.browser.looking import faults, look, sign_in
from tests.keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
SEND = "Lưu và tiếp tục"


async def opened(chromium: Browser, url: str, keys: Keys, *, script: bool = True) -> BrowserContext:
    context = await chromium.new_context(base_url=url, java_script_enabled=script)
    await sign_in(context, url, keys.token(Role.DRAFTER, Role.RESEARCHER))
    return context


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium: Browser, gallery_url: str, keys: Keys, language: str
) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        seen = await look(context)
        await seen.page.goto(f"/?lang={language}")
        assert await faults(seen.page) == []
        assert seen.complaints == []


async def test_a_refused_form_is_as_sound_as_a_fresh_one(chromium: Browser, gallery_url: str, keys: Keys) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        seen = await look(context)
        await seen.page.goto("/")
        await seen.page.get_by_role("button", name=SEND).click()
        await seen.page.wait_for_selector(".summary")
        assert (await seen.page.title()).startswith("Lỗi: ")
        assert await faults(seen.page) == []


async def test_the_error_summary_has_the_focus_and_leads_to_the_field(
    chromium: Browser, gallery_url: str, keys: Keys
) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        page = await context.new_page()
        await page.goto("/")
        await page.get_by_role("button", name=SEND).click()
        await page.wait_for_selector(".summary:focus")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "title"
        described = await page.get_attribute("#title", "aria-describedby")
        assert described == "title-hint title-err"
        await page.click(".summary a >> nth=2")
        assert await page.evaluate("document.activeElement.id") == "affected.0.count"


async def test_the_enter_key_does_not_remove_a_row(chromium: Browser, gallery_url: str, keys: Keys) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        page = await context.new_page()
        await page.goto("/")
        async with page.expect_request(lambda request: request.method == "POST") as sent:
            await page.press("#title", "Enter")
        assert "act=next" in str((await sent.value).post_data)


async def test_the_first_tab_leads_past_the_header(chromium: Browser, gallery_url: str, keys: Keys) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        page = await context.new_page()
        await page.goto("/")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "noi-dung"


async def test_an_unread_count_comes_after_the_page(chromium: Browser, gallery_url: str, keys: Keys) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        page = await context.new_page()
        await page.goto("/")
        await page.wait_for_selector(".badge:has-text('3')")


async def test_a_printed_page_holds_the_text_alone(chromium: Browser, gallery_url: str, keys: Keys) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        page = await context.new_page()
        await page.goto("/")
        await page.emulate_media(media="print")
        assert not await page.is_visible("header.top")
        assert await page.is_visible("h1")


async def test_in_forced_colours_axe_finds_nothing(chromium: Browser, gallery_url: str, keys: Keys) -> None:
    async with await opened(chromium, gallery_url, keys) as context:
        page = await context.new_page()
        await page.emulate_media(forced_colors="active")
        await page.goto("/")
        assert await faults(page) == []


async def test_the_eyes_are_open(chromium: Browser) -> None:
    """A control: a page with these faults must not pass."""
    async with await chromium.new_context() as context:
        page = await context.new_page()
        await page.set_content("<main><input><p style='width: 500px'>…</p></main>")
        found = await faults(page)
    assert any("label" in one for one in found)
    assert any("320: <p" in one for one in found)
