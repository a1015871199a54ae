"""Every delivery and what became of it. Claims are leases by the server's clock: two workers never hold one at once."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from pymongo import ReturnDocument

from services.notify.delivery.plan import Delivery, State
from shared.mongo import Database, Document, Session

DELIVERY: TypeAdapter[Delivery] = TypeAdapter(Delivery)
LEASE_MS = 60_000


class Ledger:
    def __init__(self, database: Database) -> None:
        self._deliveries = database.deliveries

    async def prepare(self) -> None:
        await self._deliveries.create_index([("state", 1), ("due", 1)])
        await self._deliveries.create_index([("person_id", 1), ("state", 1)])

    async def plan(self, deliveries: Iterable[Delivery], *, now: Any, session: Session) -> None:
        rows = [_document(delivery, now) for delivery in deliveries]
        if rows:
            await self._deliveries.insert_many(rows, session=session)

    async def claim(self) -> Delivery | None:
        """Takes one that is due; one whose claim ran out counts as due."""
        due = {"state": {"$in": [State.PENDING, State.RETRY, State.CLAIMED]}, "$expr": {"$lte": ["$due", "$$NOW"]}}
        lease = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": LEASE_MS}}
        take = [{"$set": {"state": State.CLAIMED, "due": lease, "attempts": {"$add": ["$attempts", 1]}}}]
        row = await self._deliveries.find_one_and_update(
            due, take, sort=[("due", 1)], return_document=ReturnDocument.AFTER
        )
        return DELIVERY.validate_python({"id": row["_id"], **row}) if row else None

    async def cancel(self, person_id: str, items: Iterable[str] | None, *, session: Session) -> None:
        """The person has read these items (None: all) before anything was sent."""
        which: Document = {"person_id": person_id, "state": {"$in": [State.PENDING, State.RETRY]}}
        if items is not None:
            which["item_id"] = {"$in": list(items)}
        await self._deliveries.update_many(which, {"$set": {"state": State.SUPPRESSED}}, session=session)

    async def finish(self, delivery: Delivery, state: State, *, session: Session, **noted: Any) -> None:
        await self._deliveries.update_one({"_id": delivery.id}, {"$set": {"state": state, **noted}}, session=session)

    async def retry(self, delivery: Delivery, wait: timedelta, reason: str) -> None:
        amount = int(wait.total_seconds() * 1000)
        due = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": amount}}
        change: list[Document] = [{"$set": {"state": State.RETRY, "due": due, "reason": {"$literal": reason}}}]
        await self._deliveries.update_one({"_id": delivery.id}, change)


def _document(delivery: Delivery, now: Any) -> Document:
    fields: Document = DELIVERY.dump_python(delivery)
    return {"_id": fields.pop("id"), **fields, "state": State.PENDING, "due": now}
