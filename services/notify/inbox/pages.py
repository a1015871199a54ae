"""The inbox on the page."""

from typing import Any

from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.notify.delivery.rendering import render as words_of
from services.notify.inbox.repository import ItemRepository
from shared.messaging.transaction import transact
from shared.mongo import Session
from shared.web.application import page_router
from shared.web.forms import first, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person, Visitor

router = page_router()

PLACE = "/hop-thu"


@router.get("/hop-thu")
async def show(request: Request, actor: Person) -> Response:
    """`place` is taken before the list is read: what comes after it reaches the open page by the stream."""
    place = request.app.state.hub.place
    return render(request, "inbox.html", place=place, active=PLACE, **await _list(request, actor.person_id))


@router.get("/hop-thu/danh-sach")
async def show_list(request: Request, actor: Person) -> Response:
    """The list alone, for a page that is open when something comes."""
    return render(request, "inbox_list.html", **await _list(request, actor.person_id))


@router.get("/hop-thu/chua-doc")
async def unread_count(request: Request, actor: Visitor) -> Response:
    """A fragment for the menu; empty when nothing is unread."""
    number = await _items(request).unread(actor.person_id) if actor.signed_in else 0
    return HTMLResponse(str(number) if number else "", headers={"cache-control": "no-store"})


@router.post("/hop-thu/doc-het")
async def read_all(request: Request, actor: Person) -> Response:
    await read_form(request)

    async def body(session: Session) -> None:
        await _items(request).mark_all_read(actor.person_id, session=session)

    await transact(request.app.state.database, body)
    return RedirectResponse(PLACE, 303)


@router.post("/hop-thu/{item_id}/mo")
async def open_item(item_id: str, request: Request, actor: Person) -> Response:
    """Marks it read and goes to what it tells of."""
    await read_form(request)
    item = await _items(request).get(actor.person_id, item_id)
    await _mark(request, actor.person_id, item_id, read=True)
    return RedirectResponse(item.link, 303)


@router.post("/hop-thu/{item_id}/danh-dau")
async def mark(item_id: str, request: Request, actor: Person) -> Response:
    """`read`: 1 or 0."""
    form = await read_form(request)
    await _mark(request, actor.person_id, item_id, read=first(form, "read") == "1")
    return RedirectResponse(PLACE, 303)


def _items(request: Request) -> ItemRepository:
    return ItemRepository(request.app.state.database)


async def _list(request: Request, person_id: str) -> dict[str, Any]:
    cursor = request.query_params.get("cursor", "")
    page = await _items(request).page(person_id, after=cursor)
    shown = [(item, words_of(item.kind, item.facts, language_of(request))) for item in page.items]
    return {"shown": shown, "next": page.next, "cursor": cursor, "unread": await _items(request).unread(person_id)}


async def _mark(request: Request, person_id: str, item_id: str, *, read: bool) -> None:
    async def body(session: Session) -> None:
        await _items(request).mark(person_id, item_id, read=read, session=session)

    await transact(request.app.state.database, body)
