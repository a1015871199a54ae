"""Reads the forms of a page and presses their buttons, as a browser without script does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx import AsyncClient, Response

Fields = dict[str, list[str]]


@dataclass
class PageForm:
    action: str
    method: str
    fields: Fields = field(default_factory=dict)

    def add(self, name: str | None, value: str) -> None:
        if name:
            self.fields.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    """Keeps what a browser would send: no unticked boxes, the chosen option or the first one."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._inside = False
        self._area: str | None = None
        self._text = ""
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(given.get("action", ""), given.get("method", "get")))
            self._inside = True
        elif self._inside:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if tag == "input" and ticked:
            self.forms[-1].add(given.get("name"), given.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = given["name"], ""
        elif tag == "select":
            self._select, self._options = given["name"], []
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._area:
            self.forms[-1].add(self._area, self._text.removeprefix("\n"))
            self._area = None
        elif tag == "select" and self._select:
            chosen = next((value for value, selected in self._options if selected), self._options[0][0])
            self.forms[-1].add(self._select, chosen)


def forms_of(page: str) -> list[PageForm]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


async def open_page(web: AsyncClient, address: str) -> Response:
    answer = await web.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer


async def press(web: AsyncClient, page: Response, act: str = "", /, **typed: str | list[str]) -> Response:
    """Fills in the main form of the page and presses its button; `act` is the button's value where there are several."""
    form = next(one for one in forms_of(page.text) if one.method == "post" and one.action not in ELSEWHERE)
    changed = {name.replace("__", "."): [value] if isinstance(value, str) else value for name, value in typed.items()}
    if act:
        changed["act"] = [act]
    return await web.post(form.action or page.request.url.path, data=form.fields | changed)


async def follow(web: AsyncClient, answer: Response) -> Response:
    assert answer.status_code == 303, answer.text
    return await open_page(web, answer.headers["location"])


ELSEWHERE = ("/dang-xuat", "/dang-nhap")
"""The forms in the head of every page."""
