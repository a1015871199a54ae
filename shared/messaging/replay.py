"""Tells again what the log holds: after a topic was lost or expired. Consumers are unmoved by what they have seen."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from shared.messaging.outbox import NOW, lane_of
from shared.mongo import Database, Document


async def republish(database: Database, *, topic: str, since: datetime | None = None, subject: str = "") -> int:
    """Puts the topic's public events from the log into the outbox again, in their first order. Gives their number."""
    which: Document = {"topic": topic}
    if since is not None:
        which["time"] = {"$gte": since}
    if subject:
        which["subject"] = subject
    number = 0
    async for row in _logged(database, which):
        await database.outbox.insert_one(_outbox_row(row))
        number += 1
    return number


async def _logged(database: Database, which: Document) -> AsyncIterator[Document]:
    async for row in database.events.find(which).sort([("at", 1), ("sequence", 1)]):
        yield row


def _outbox_row(row: dict[str, Any]) -> Document:
    packed = {name: row[name] for name in ("source", "type", "subject", "sequence", "key", "traceparent")}
    packed["time"] = row["time"].isoformat().replace("+00:00", "Z")
    packed["value"] = to_json(row["data"])
    return {"lane": lane_of(row["key"]), "topic": row["topic"], "at": NOW, "events": [packed]}
