"""What the doors of the inbox do alike."""

from collections.abc import Iterable
from datetime import UTC, datetime

from services.notify.delivery.ledger import Ledger
from services.notify.delivery.plan import Delivery
from services.notify.inbox.item import Item, item_id
from services.notify.inbox.repository import ItemRepository
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.refusals import NotFound

REFUSED = "address.refused"


class Acts:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.items, self._ledger = ItemRepository(database), Ledger(database)

    async def mark(self, person_id: str, items: Iterable[str] | None, *, read: bool) -> None:
        """None: all of the person's. What is read and not yet sent is not sent any more."""
        chosen = None if items is None else list(items)

        async def body(session: Session) -> None:
            await self.items.mark(person_id, chosen, read=read, session=session)
            if read:
                await self._ledger.cancel(person_id, chosen, session=session)

        await transact(self._database, body)

    async def one(self, person_id: str, item: str) -> Item:
        found = await self.items.get(person_id, item)
        if found is None:
            raise NotFound
        return found

    async def tell_refused(self, delivery: Delivery, session: Session) -> None:
        """A mail did not arrive: the person learns it here, once for each delivery."""
        item = Item(
            id=item_id(delivery.person_id, REFUSED, delivery.id, 1),
            person_id=delivery.person_id,
            kind=REFUSED,
            about=REFUSED,
            link="/hop-thu/cai-dat",
            facts={},
            created_at=datetime.now(UTC),
        )
        await self.items.add([item], session=session)
