"""Write side: what a service tells is stored in the transaction of the change itself; Kafka is never called in a request."""

import zlib
from collections.abc import Iterable
from typing import Any

from bson import Timestamp

from shared import tracing
from shared.events.envelope import Event
from shared.messaging.wire import pack
from shared.mongo import Database, Document, Session

LANES = 16
PACK_BYTES = 4_000_000
VALUE_BYTES = 900_000
"""Stays under the topics' max.message.bytes (1 MiB) with the headers."""
NOW = Timestamp(0, 0)
"""The server fills in its cluster time, a logical clock: of two transactions on one aggregate the second conflicts or starts
after the first committed, so its time is later, on any host, after any election."""


class EventTooLarge(Exception):
    """A bug of the caller: the limits of the request models must keep an event below VALUE_BYTES."""


def lane_of(key: str) -> int:
    return zlib.crc32(key.encode()) % LANES


async def emit(database: Database, events: Iterable[Event[Any]], *, session: Session) -> None:
    """Appends events to the service's log, and the public ones to the outbox: one document a lane, topic and transaction."""
    told = list(events)
    if not told:
        return
    traceparent = tracing.current()
    await database.events.insert_many([logged(event, traceparent) for event in told], session=session)
    if documents := packs(told, traceparent):
        await database.outbox.insert_many(documents, session=session)


def packs(events: Iterable[Event[Any]], traceparent: str) -> list[Document]:
    """Keeps each key's order: a later document of a lane holds later events only."""
    done: list[Document] = []
    last: dict[tuple[int, str], tuple[Document, int]] = {}
    for event in events:
        if event.topic is None:
            continue
        packed = pack(event, traceparent)
        size = _checked_size(packed)
        place = lane_of(event.partition_key), event.topic
        document, filled = last.get(place, (None, 0))
        if document is None or filled + size > PACK_BYTES:
            document, filled = {"lane": place[0], "topic": place[1], "at": NOW, "events": []}, 0
            done.append(document)
        document["events"].append(packed)
        last[place] = document, filled + size
    return done


def _checked_size(packed: Document) -> int:
    size = len(packed["value"])
    if size > VALUE_BYTES:
        raise EventTooLarge(f"{packed['type']} {packed['subject']}: {size} bytes, at most {VALUE_BYTES}")
    return size


def logged(event: Event[Any], traceparent: str) -> Document:
    """One event as it lies in the service's log."""
    return {
        "_id": event.id,
        "at": NOW,
        "topic": event.topic,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "key": event.partition_key,
        "time": event.time,
        "traceparent": event.traceparent or traceparent,
        "data": event.data.model_dump(mode="json"),
    }
