"""Opens a page as a person would, and notes what a person would stumble over."""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, ConsoleMessage, Page

SIZES = ((1366, 768), (390, 844), (320, 700))
AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@dataclass(slots=True)
class Seen:
    page: Page
    complaints: list[str] = field(default_factory=list)
    """What the browser wrote to its console: refusals of the content security policy among them."""


async def look(context: BrowserContext) -> Seen:
    seen = Seen(await context.new_page())

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.complaints.append(message.text)

    seen.page.on("console", note)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return seen


async def sign_in(context: BrowserContext, url: str, token: str) -> None:
    await context.add_cookies([{"name": "debai_session", "value": token, "url": url}])


async def faults(page: Page) -> list[str]:
    """What axe finds and what sticks out, at every size."""
    found: list[str] = []
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width}: {await page.evaluate(WIDEST)} sticks out")
        results = await AXE.run(page, options=RULES)
        found += [f"{width}: {_told(violation)}" for violation in results.response["violations"]]
    return found


WIDEST = """[...document.body.querySelectorAll('*')].sort((a, b) => b.getBoundingClientRect().right
- a.getBoundingClientRect().right)[0].outerHTML.slice(0, 200)"""


def _told(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {violation['nodes'][0]['html'][:200]}"
