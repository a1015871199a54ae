"""Renders pages and fragments in the reader's language."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared import display
from shared.web import i18n
from shared.web.assets import asset
from shared.web.navigation import menu
from shared.web.session import actor_of, csrf_token, remember_csrf

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """`folders` are the rooms' template folders; `english` holds one `en.po` for the service."""

    def __init__(self, *folders: Path, english: Path) -> None:
        self.english = i18n.load_english(english)
        self._environment = Environment(
            loader=FileSystemLoader([TEMPLATES, *folders]),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["asset"] = asset
        self._environment.filters |= {"ngay": display.show_date, "gio": display.show_time, "khoang": display.show_span}

    def render(self, request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """`active` in the context names the menu entry that the page belongs to."""
        text = self._environment.get_template(name).render(**self._common(request), **context)
        response = HTMLResponse(text, status_code=status)
        response.headers["cache-control"] = "no-store"
        remember_csrf(request, response)
        if request.query_params.get("lang") in i18n.LANGUAGES:
            response.set_cookie(i18n.COOKIE, request.query_params["lang"], max_age=31_536_000, samesite="lax")
        return response

    def _common(self, request: Request) -> dict[str, Any]:
        language, actor = i18n.language_of(request), actor_of(request)
        return {
            "lang": language,
            "_": i18n.translator(language, self.english),
            "num": partial(display.show_number, language=language),
            "left": partial(display.show_left, now=datetime.now(UTC), language=language),
            "actor": actor,
            "nav": menu(actor),
            "csrf": csrf_token(request),
            "path": request.url.path,
            "other_language": request.url.include_query_params(lang="vi" if language == "en" else "en").query,
        }


def render(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """What every page door calls."""
    pages: Pages = request.app.state.pages
    return pages.render(request, name, status=status, **context)
