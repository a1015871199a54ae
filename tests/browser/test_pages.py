"""Every page of the three services: sound at every size, in both languages, and small."""

import gzip
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, BrowserContext, Response

from services.intake.problems.steps_shown import STEPS
from tests.browser.house import House
from tests.browser.looking import faults, look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SLUGS = {shown.command: slug for slug, shown in STEPS.items()}
PUBLIC = (
    "/",
    "/?q=khong-co-gi-khop",
    "/bai-toan/{open}",
    "/dang-nhap",
    "/tro-giup",
    "/tiep-can",
    "/intake/docs",
    "/matching/docs",
    "/notify/docs",
)
COORDINATOR = (
    "/don-vi/do-ro",
    "/don-vi/do-ro?don-vi=so-cong-thuong",
    "/dieu-phoi",
    "/dieu-phoi/{submitted}",
    "/dieu-phoi/{submitted}/do-ro/solution",
    "/dieu-phoi/{under_review}",
    "/dieu-phoi/{approved}",
)
RESEARCHER = (
    "/",
    "/ket-noi",
    "/ket-noi/ho-so",
    "/ket-noi/theo-doi",
    "/hop-thu",
    "/hop-thu/cai-dat",
    "/bai-toan/{open}",
)
DRAFTER = (
    "/cua-toi",
    "/don-vi/do-ro",
    "/bai-toan/moi",
    "/bai-toan/{draft}",
    "/bai-toan/{draft}/sua",
    "/bai-toan/{draft}/boi-canh",
    "/bai-toan/{draft}/kiem-tra",
    "/bai-toan/{returned}",
    "/bai-toan/{returned}/lam-ro",
    "/bai-toan/{returned}/sua",
)
OPERATOR = ("/intake/van-hanh", "/matching/van-hanh", "/notify/van-hanh")
STEP_PAGES = (
    ("approver", "draft", "submit"),
    ("drafter", "draft", "discard"),
    ("approver", "submitted", "withdraw"),
    ("drafter", "submitted", "recall"),
    ("dieu-phoi", "submitted", "return"),
    ("dieu-phoi", "submitted", "start_review"),
    ("dieu-phoi", "submitted", "decline"),
    ("lanh-dao", "under_review", "approve"),
    ("dieu-phoi", "approved", "publish"),
    ("dieu-phoi", "approved", "adopt_existing"),
)
PAGES = (
    *(("", path) for path in PUBLIC),
    *(("drafter", path) for path in DRAFTER),
    *(("dieu-phoi", path) for path in COORDINATOR),
    *(("nc.cho", path) for path in RESEARCHER),
    *(("van-hanh", path) for path in OPERATOR),
    *((person, f"/bai-toan/{{{state}}}/{SLUGS[command]}") for person, state, command in STEP_PAGES),
)
"""Who, and where; anonymous where nobody is named."""


async def browser_of(chromium: Browser, home: House, person: str, *, script: bool = True) -> BrowserContext:
    context = await chromium.new_context(base_url=home.url, java_script_enabled=script, locale="vi-VN")
    if person:
        known = {"drafter": home.drafter, "approver": home.approver}
        session = await home.office.ask(
            "", "POST", "/intake/v1/sessions", json={"person_id": known.get(person, person)}
        )
        await sign_in(context, home.url, session["token"])
    return context


@pytest.mark.parametrize(("person", "path"), PAGES)
async def test_a_page_is_sound_in_both_languages_at_every_size(
    chromium: Browser, home: House, person: str, path: str
) -> None:
    async with await browser_of(chromium, home, person) as context:
        for language in ("vi", "en"):
            seen = await look(context)
            place = path.format_map(home.problems)
            answer = await seen.page.goto(f"{place}{'&' if '?' in place else '?'}lang={language}", wait_until="load")
            assert answer is not None and answer.status == 200
            assert await seen.page.get_attribute("html", "lang") == language
            assert await faults(seen.page) == []
            assert seen.complaints == []
            await seen.page.close()


@pytest.mark.parametrize("path", ["/khong-co", "/bai-toan/khong-co"])
async def test_an_address_that_is_not_there_has_a_sound_page(chromium: Browser, home: House, path: str) -> None:
    async with await browser_of(chromium, home, "") as context:
        page = await context.new_page()
        answer = await page.goto(path)
        assert answer is not None and answer.status == 404
        assert await faults(page) == []


@dataclass(slots=True)
class Load:
    """What one page's first visit takes over the wire, in bytes."""

    requests: int = 0
    text: int = 0
    fonts: int = 0

    async def add(self, answer: Response) -> None:
        body = await answer.body()
        self.requests += 1
        if answer.url.endswith(".woff2"):
            self.fonts += len(body)
        else:
            self.text += len(gzip.compress(body, 6))


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("", "/"),
        ("", "/bai-toan/{open}"),
        ("drafter", "/bai-toan/moi"),
        ("dieu-phoi", "/dieu-phoi"),
        ("nc.cho", "/hop-thu"),
    ],
)
async def test_a_first_visit_is_small(chromium: Browser, home: House, person: str, path: str) -> None:
    async with await browser_of(chromium, home, person) as context:
        page = await context.new_page()
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # playwright looks into the function
        await page.goto(path.format_map(home.problems), wait_until="load")
        await page.evaluate("document.fonts.ready.then(() => true)")
        load = Load()
        for answer in answers:
            if "/stream" not in answer.url:
                await load.add(answer)
    assert load.text <= 40 * 1024
    assert load.fonts <= 70 * 1024
    assert load.requests <= 10


async def test_the_page_does_not_move_while_its_font_loads(chromium: Browser, home: House) -> None:
    async with await browser_of(chromium, home, "") as context:
        page = await context.new_page()
        await page.goto("/", wait_until="load")
        shift = await page.evaluate(
            """new Promise(done => new PerformanceObserver(list => done(list.getEntries().reduce((sum, e) => sum + e.value, 0)))
            .observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"""
        )
    assert shift <= 0.05
