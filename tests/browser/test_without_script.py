"""The path of a problem by forms and links alone, in a browser whose script is switched off."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
TITLE = "Rạch Xuyên Tâm bốc mùi sau mỗi trận mưa"


async def signed_in(chromium: Browser, home: House, name: str) -> tuple[BrowserContext, Page]:
    """By the sign-in page, as a person would."""
    context = await chromium.new_context(base_url=home.url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/dang-nhap")
    await page.get_by_role("button", name=name).click()
    return context, page


async def test_a_problem_is_posted_sent_returned_and_answered(chromium: Browser, home: House) -> None:
    drafter, page = await signed_in(chromium, home, "Soạn đề bài · Sở Công Thương")
    address = await post(page)
    await send(chromium, home, address)
    await send_back(chromium, home, address)
    await answer(page, address)
    await drafter.close()


async def post(page: Page) -> str:
    """Through the three pages; the check tells what is missing and nothing is lost. Gives the new problem's address."""
    await page.goto("/bai-toan/moi")
    await page.fill("[name=title]", TITLE)
    await page.get_by_role("button", name="Lưu và tiếp tục").click()
    await page.get_by_role("button", name="Lưu và kiểm tra").click()
    assert await page.locator(".summary li").count() > 3
    await page.locator(".summary a").first.click()
    assert await page.input_value("[name=title]") == TITLE
    await fill(page, WORDS)
    await page.check("[name=never_tried]")
    await page.get_by_role("button", name="Xem góp ý").click()
    assert "điểm đã rõ" in (await page.locator("#coach").inner_text())
    await page.get_by_role("button", name="Lưu và tiếp tục").click()
    await fill(page, AROUND)
    await page.select_option("[name=field_codes] >> nth=0", index=1)
    await page.check("[name=no_data]")
    await page.get_by_role("button", name="Lưu và kiểm tra").click()
    assert await page.locator(".summary").count() == 0
    await page.goto("/cua-toi")
    await page.get_by_role("link", name=TITLE).click()
    return page.url


async def fill(page: Page, words: dict[str, str]) -> None:
    for name, text in words.items():
        await page.fill(f"[name='{name}']", text)


WORDS = {
    "statement.who": "Người dân hai bên rạch",
    "statement.trouble": "không mở cửa sổ được sau mưa",
    "statement.cause": "bùn đáy bị khuấy lên, trạm bơm chạy theo giờ cố định",
    "statement.consequence": "310 lượt phản ánh năm 2025",
    "affected.0.group": "hộ dân",
    "affected.0.count": "5200",
    "baseline.0.metric": "lượt phản ánh mùi",
    "baseline.0.value": "310",
    "baseline.0.unit": "lượt/năm",
    "target.0.metric": "lượt phản ánh mùi",
    "target.0.value": "60",
    "target.0.unit": "lượt/năm",
}
AROUND = {
    "place": "Phường Bình Thạnh",
    "owner": "Trưởng phòng Hạ tầng",
    "needed_by": "2027-12-31",
    "must_not": "không đóng trạm bơm trong mùa mưa",
    "expected_output": "Hai bên rạch mở cửa sổ được sau mưa",
    "adopters": "UBND Phường Bình Thạnh",
}


async def send(chromium: Browser, home: House, address: str) -> None:
    """The agency's approver must tick both statements first."""
    context, page = await signed_in(chromium, home, "Lãnh đạo đơn vị · Sở Công Thương")
    await page.goto(address)
    await page.get_by_role("link", name="Gửi đề bài").click()
    await page.get_by_role("button", name="Gửi đề bài").click()
    assert (await page.title()).startswith("Lỗi: ")
    await page.check("[name=no_secrets]")
    await page.check("[name=no_personal_data]")
    await page.get_by_role("button", name="Gửi đề bài").click()
    assert await page.locator(".tag", has_text="Đã gửi").count() == 1
    await context.close()


async def send_back(chromium: Browser, home: House, address: str) -> None:
    context, page = await signed_in(chromium, home, "Điều phối")
    await page.goto(address)
    await page.get_by_role("link", name="Trả lại để làm rõ").click()
    await page.fill("[name=question_text]", "Số liệu 310 lượt lấy từ đâu?")
    await page.fill("[name=answer_due]", "2027-01-15")
    await page.get_by_role("button", name="Trả lại để làm rõ").click()
    assert await page.locator(".notice").count() == 1
    await context.close()


async def answer(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_role("link", name="Trả lời câu hỏi").click()
    await page.fill("textarea", "Tổng đài 1022, năm 2025.")
    await page.get_by_role("button", name="Lưu câu trả lời").click()
    await page.goto(address)
    assert await page.get_by_text("Tổng đài 1022, năm 2025.").count() == 1


async def test_a_researcher_searches_opens_and_leaves(chromium: Browser, home: House) -> None:
    context, page = await signed_in(chromium, home, "ThS. Thái Hữu Lộc")
    await page.goto("/")
    await page.fill("[name=q]", "sap cho")
    await page.get_by_role("button", name="Tìm").click()
    await page.locator(".list h2 a").first.click()
    assert page.url.endswith(home.problems["open"])
    await page.goto("/hop-thu")
    assert await page.locator(".item.unread").count() == 1
    await page.get_by_role("button", name="Đăng xuất").click()
    await page.goto("/hop-thu")
    assert "/dang-nhap" in page.url
    await context.close()
