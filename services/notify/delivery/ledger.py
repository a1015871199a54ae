"""Every delivery and what became of it. Claims are leases by the server's clock: two workers never hold one at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from pymongo import ReturnDocument, UpdateOne

from services.notify.delivery.plan import LEASE, Delivery, State
from shared.mongo import Database, Document, Session

DELIVERY: TypeAdapter[Delivery] = TypeAdapter(Delivery)


class Ledger:
    def __init__(self, database: Database) -> None:
        self._deliveries = database.deliveries

    async def prepare(self) -> None:
        await self._deliveries.create_index([("state", 1), ("due", 1)])

    async def plan(self, deliveries: Iterable[Delivery], *, now: datetime, session: Session) -> None:
        """One that is there already stays as it is."""
        rows = [_document(delivery, now) for delivery in deliveries]
        if rows:
            planning = [UpdateOne({"_id": row["_id"]}, {"$setOnInsert": row}, upsert=True) for row in rows]
            await self._deliveries.bulk_write(planning, session=session)

    async def claim(self) -> Delivery | None:
        """Takes one that is due. One whose lease ran out is in doubt: its worker may have died after it was sent."""
        waiting = {"$in": [State.PENDING, State.RETRY, State.CLAIMED]}
        due = {"state": waiting, "$expr": {"$lte": ["$due", "$$NOW"]}}
        in_doubt = {"$add": ["$in_doubt", {"$cond": [{"$eq": ["$state", State.CLAIMED]}, 1, 0]}]}
        attempts = {"$add": ["$attempts", 1]}
        take = {"state": State.CLAIMED, "due": _in(LEASE), "attempts": attempts, "in_doubt": in_doubt}
        row = await self._deliveries.find_one_and_update(
            due, [{"$set": take}], sort=[("due", 1)], return_document=ReturnDocument.AFTER
        )
        return DELIVERY.validate_python({"id": row["_id"], **row}) if row else None

    async def finish(self, claimed: Delivery, state: State, *, session: Session, **noted: Any) -> bool:
        """False when another worker has taken it meanwhile."""
        change = {"$set": {"state": state, **noted}}
        done = await self._deliveries.update_one(_held(claimed), change, session=session)
        return bool(done.matched_count)

    async def retry(self, claimed: Delivery, wait: timedelta, reason: str) -> None:
        change: list[Document] = [{"$set": {"state": State.RETRY, "due": _in(wait), "reason": {"$literal": reason}}}]
        await self._deliveries.update_one(_held(claimed), change)


def _held(claimed: Delivery) -> Document:
    """The number of attempts fences off a worker whose lease ran out."""
    return {"_id": claimed.id, "state": State.CLAIMED, "attempts": claimed.attempts}


def _in(wait: timedelta) -> Document:
    amount = int(wait.total_seconds() * 1000)
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": amount}}


def _document(delivery: Delivery, now: datetime) -> Document:
    fields: Document = DELIVERY.dump_python(delivery)
    return {"_id": fields.pop("id"), **fields, "state": State.PENDING, "due": now}
