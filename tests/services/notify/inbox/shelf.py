"""Puts items into an inbox."""

from services.notify.inbox.item import Item
from services.notify.inbox.repository import ItemRepository
from shared.messaging.transaction import transact
from shared.mongo import Database, Session


async def put(store: Database, *items: Item) -> None:
    async def body(session: Session) -> None:
        await ItemRepository(store).add(items, session=session)

    await transact(store, body, 30)
