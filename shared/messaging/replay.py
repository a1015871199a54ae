"""Tells again what the log holds: after a topic was lost or expired. Consumers are unmoved by what they have seen."""

from datetime import datetime

from pydantic_core import to_json

from shared.messaging.outbox import lane_of
from shared.messaging.wire import wire_time
from shared.mongo import Database, Document

CHUNK = 200


async def republish(database: Database, *, topic: str, since: datetime | None = None, subject: str = "") -> int:
    """Puts the topic's public events from the log into the outbox again. Gives their number.

    Each row keeps the commit time that it had, so it is sent before whatever of its key still waits. After a topic was
    lost: republish while it is missing (its rows wait), and provision it then; so no newer event overtakes an older one.
    """
    which: Document = {"topic": topic}
    if since is not None:
        which["time"] = {"$gte": since}
    if subject:
        which["subject"] = subject
    number = 0
    found = database.events.find(which, batch_size=CHUNK).sort([("at", 1), ("sequence", 1)])
    while rows := await found.to_list(CHUNK):
        await database.outbox.insert_many([_outbox_row(row) for row in rows])
        number += len(rows)
    return number


def _outbox_row(row: Document) -> Document:
    packed = {name: row[name] for name in ("source", "type", "subject", "sequence", "key", "traceparent")}
    packed["time"] = wire_time(row["time"])
    packed["value"] = to_json(row["data"])
    return {"lane": lane_of(row["key"]), "topic": row["topic"], "at": row["at"], "events": [packed]}
