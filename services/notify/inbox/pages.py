"""The inbox on the page."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.notify.delivery.rendering import render as words_of
from services.notify.inbox.acts import Acts
from services.notify.inbox.item import Item
from shared.web.application import page_router
from shared.web.forms import first, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person, Visitor

router = page_router()


def acts(request: Request) -> Acts:
    found: Acts = request.app.state.acts
    return found


Room = Annotated[Acts, Depends(acts)]


@router.get("/hop-thu")
async def show(request: Request, actor: Person, room: Room) -> Response:
    page = await room.items.page(actor.person_id, after=request.query_params.get("cursor", ""))
    shown = [(item, words_of(item.kind, item.facts, language_of(request))) for item in page.items]
    unread = await room.items.unread(actor.person_id)
    return render(request, "inbox.html", shown=shown, next=page.next, unread=unread, active="/hop-thu")


@router.get("/hop-thu/chua-doc")
async def unread_count(actor: Visitor, room: Room) -> Response:
    """A fragment for the menu; empty when nothing is unread."""
    number = await room.items.unread(actor.person_id) if actor.signed_in else 0
    return HTMLResponse(str(number) if number else "", headers={"cache-control": "no-store"})


@router.post("/hop-thu/doc-het")
async def read_all(request: Request, actor: Person, room: Room) -> Response:
    await read_form(request)
    await room.mark(actor.person_id, None, read=True)
    return RedirectResponse("/hop-thu", 303)


@router.post("/hop-thu/{item_id}/mo")
async def open_item(item_id: str, request: Request, actor: Person, room: Room) -> Response:
    """Marks it read and goes to what it tells of."""
    item = await _marked(item_id, request, actor.person_id, room, read=True)
    return RedirectResponse(item.link, 303)


@router.post("/hop-thu/{item_id}/danh-dau")
async def mark(item_id: str, request: Request, actor: Person, room: Room) -> Response:
    """Read ↔ unread."""
    form = await read_form(request)
    await room.one(actor.person_id, item_id)
    await room.mark(actor.person_id, [item_id], read=first(form, "read") == "1")
    return RedirectResponse("/hop-thu", 303)


async def _marked(item_id: str, request: Request, person_id: str, room: Acts, *, read: bool) -> Item:
    await read_form(request)
    item = await room.one(person_id, item_id)
    await room.mark(person_id, [item_id], read=read)
    return item
