"""One's own inbox, by API."""

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request

from services.notify.delivery.rendering import render
from services.notify.inbox.item import Item
from services.notify.inbox.repository import PAGE, ItemRepository
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.tracing import trace_id
from shared.web.application import api_router, built
from shared.web.i18n import language_of
from shared.web.session import Person

router = api_router("notify")


Store = Annotated[Database, built("database")]


@router.get("/inbox")
async def read_inbox(
    actor: Person,
    store: Store,
    request: Request,
    unread: bool = False,
    limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> dict[str, Any]:
    """Unread items first, then the newest. `?lang=en` for English words."""
    page = await ItemRepository(store).page(actor.person_id, unread=unread, limit=limit, after=cursor)
    language = language_of(request)
    return {"items": [view(item, language) for item in page.items], "next": page.next}


@router.get("/inbox/unread-count")
async def count_unread(actor: Person, store: Store) -> dict[str, int]:
    return {"unread": await ItemRepository(store).unread(actor.person_id)}


@router.post("/inbox/read-all", status_code=204)
async def read_all(actor: Person, store: Store) -> None:
    async def body(session: Session) -> None:
        await ItemRepository(store).mark_all_read(actor.person_id, session=session)

    await transact(store, body)


@router.post("/inbox/{item_id}/read", status_code=204)
async def mark_read(item_id: str, actor: Person, store: Store) -> None:
    """What is read before its mail was sent is not sent any more."""
    await transact(store, partial(_mark, store, actor.person_id, item_id=item_id, read=True))


@router.post("/inbox/{item_id}/unread", status_code=204)
async def mark_unread(item_id: str, actor: Person, store: Store) -> None:
    await transact(store, partial(_mark, store, actor.person_id, item_id=item_id, read=False))


async def _mark(store: Database, person_id: str, session: Session, *, item_id: str, read: bool) -> None:
    await ItemRepository(store).mark(person_id, item_id, read=read, session=session)


def view(item: Item, language: str) -> dict[str, Any]:
    words = render(item.kind, item.facts, language)
    fields = asdict(item)
    trace = trace_id(fields.pop("traceparent"))
    return {**fields, "title": words.subject, "text": words.body, "why": words.why, "trace": trace}
