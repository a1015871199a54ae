"""What could not be handled lies here with its reason: it blocks nothing and never vanishes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import ReplaceOne

from shared.messaging.wire import Received
from shared.mongo import Database, Document, Session


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row as the operations page shows it: no payload, which may hold what is not for an operator."""

    id: str
    reason: str
    at: datetime
    topic: str
    partition: int
    offset: int


@dataclass(slots=True)
class StoredRecord:
    """A quarantined Kafka record, as it came."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


def row_id(group: str, received: Received) -> str:
    return f"{group}|{received.source}|{received.id}"


async def put(database: Database, group: str, bad: list[Received], *, session: Session) -> None:
    rows = [_row(group, received) for received in bad]
    if rows:
        await database.quarantine.bulk_write(
            [ReplaceOne({"_id": r["_id"]}, r, upsert=True) for r in rows], session=session
        )


async def known(database: Database, group: str, records: list[Received], *, session: Session) -> set[str]:
    """The rows of those that came again and whose envelope could not be read: no sequence tells that they are known."""
    rows = [row_id(group, received) for received in records if not received.sequence]
    return set(await database.quarantine.distinct("_id", {"_id": {"$in": rows}}, session=session)) if rows else set()


async def find(database: Database, row: str) -> StoredRecord | None:
    found = await database.quarantine.find_one({"_id": row})
    if found is None:
        return None
    headers = [(name, value) for name, value in found["headers"]]
    return StoredRecord(found["topic"], found["partition"], found["offset"], found["key"], found["value"], headers)


async def remove(database: Database, row: str, *, session: Session) -> bool:
    """The row is back if the transaction does not commit."""
    return (await database.quarantine.delete_one({"_id": row}, session=session)).deleted_count == 1


async def latest(database: Database, limit: int = 100) -> list[Quarantined]:
    found = database.quarantine.find({}, {"value": 0, "headers": 0, "key": 0}).sort("at", -1).limit(limit)
    return [Quarantined(r["_id"], r["why"], r["at"], r["topic"], r["partition"], r["offset"]) async for r in found]


def _row(group: str, received: Received) -> Document:
    record: Any = received.record
    return {
        "_id": row_id(group, received),
        "why": f"{type(received.error).__name__}: {received.error}"[:2000],
        "at": datetime.now(UTC),
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "value": record.value,
        "headers": [[name, value] for name, value in record.headers],
    }
