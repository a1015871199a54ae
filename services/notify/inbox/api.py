"""One's own inbox, by API."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import Request

from services.notify.delivery.rendering import render
from services.notify.inbox.acts import Acts
from services.notify.inbox.item import Item
from services.notify.inbox.repository import PAGE
from shared.tracing import trace_id
from shared.web.application import api_router
from shared.web.i18n import language_of
from shared.web.session import Person

router = api_router("notify")


def acts(request: Request) -> Acts:
    found: Acts = request.app.state.acts
    return found


Room = Annotated[Acts, Depends(acts)]


@router.get("/inbox")
async def read_inbox(
    actor: Person,
    room: Room,
    request: Request,
    unread: bool = False,
    limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
    cursor: str = "",
) -> dict[str, Any]:
    """Unread items first, then the newest. `?lang=en` for English words."""
    page = await room.items.page(actor.person_id, unread=unread, limit=limit, after=cursor)
    language = language_of(request)
    return {"items": [view(item, language) for item in page.items], "next": page.next}


@router.get("/inbox/unread-count")
async def count_unread(actor: Person, room: Room) -> dict[str, int]:
    return {"unread": await room.items.unread(actor.person_id)}


@router.post("/inbox/read-all", status_code=204)
async def read_all(actor: Person, room: Room) -> None:
    await room.mark(actor.person_id, None, read=True)


@router.post("/inbox/{item_id}/read", status_code=204)
async def mark_read(item_id: str, actor: Person, room: Room) -> None:
    await room.one(actor.person_id, item_id)
    await room.mark(actor.person_id, [item_id], read=True)


@router.post("/inbox/{item_id}/unread", status_code=204)
async def mark_unread(item_id: str, actor: Person, room: Room) -> None:
    await room.one(actor.person_id, item_id)
    await room.mark(actor.person_id, [item_id], read=False)


def view(item: Item, language: str) -> dict[str, Any]:
    words = render(item.kind, item.facts, language)
    fields = asdict(item)
    trace = trace_id(fields.pop("traceparent"))
    return {**fields, "title": words.subject, "text": words.body, "why": words.why, "trace": trace}
