"""A small producer and a small consumer around the kernel, to force its races."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from bson import Timestamp
from pymongo import UpdateOne

from shared.events.envelope import Event, EventData
from shared.events.registry import registry
from shared.kafka import broker
from shared.messaging.inbox import Events, Inbox
from shared.messaging.outbox import emit
from shared.messaging.quarantine import StoredRecord
from shared.messaging.relay import Relay
from shared.messaging.subscription import consume, consumers
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from tests.waiting import until

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Posted(EventData):
    type: ClassVar[str] = "vn.debai.test.posted.v1"
    source: ClassVar[str] = "/intake"
    topic: ClassVar[str | None] = "problem-events"

    n: int
    text: str = ""


class Kept(Posted):
    type: ClassVar[str] = "vn.debai.test.kept.v1"
    topic: ClassVar[str | None] = None


class Found(EventData):
    type: ClassVar[str] = "vn.debai.test.found.v1"
    source: ClassVar[str] = "/matching"
    topic: ClassVar[str | None] = "match-events"

    n: int


def posted(subject: str, sequence: int, **data: Any) -> Event[Posted]:
    return Event(subject=subject, sequence=sequence, data=Posted(n=sequence, **data), time=NOW)


def wire_headers(subject: str, sequence: object, **changed: object) -> list[tuple[str, bytes | None]]:
    """Valid headers; `changed` replaces some, and leaves out those that are given as `...`."""
    given: dict[str, object] = {
        "ce_specversion": "1.0",
        "ce_id": f"{subject}/{sequence}",
        "ce_source": "/intake",
        "ce_type": Posted.type,
        "ce_subject": subject,
        "ce_sequence": str(sequence),
        "ce_time": "2026-11-23T09:00:00Z",
        "content-type": "application/json",
        **changed,
    }
    return [(k, v.encode() if isinstance(v, str) else v) for k, v in given.items() if v is not ...]  # type: ignore[misc]  # wrong types are what these tests send


def record(
    subject: str, sequence: object, *, value: bytes | None = b"", offset: int = 0, **changed: object
) -> StoredRecord:
    """As a consumer would get it."""
    body = json.dumps({"n": sequence}).encode() if value == b"" else value
    return StoredRecord("problem-events", 0, offset, subject.encode(), body, wire_headers(subject, sequence, **changed))


class World:
    """`database` serves both sides: `problems` is the producer's aggregate, `view` the consumer's effect."""

    def __init__(self, database: Database, bootstrap: str, prefix: str) -> None:
        self.database, self.bootstrap, self.prefix = database, bootstrap, prefix
        self.batches: list[int] = []

    @property
    def topic(self) -> str:
        return f"{self.prefix}problem-events"

    async def write(self, subject: str, sequence: int, **data: Any) -> None:
        """One act: the aggregate and its event in one transaction."""

        async def body(session: Session) -> None:
            change = {"$set": {"v": sequence}}
            await self.database.problems.update_one({"_id": subject}, change, upsert=True, session=session)
            await emit(self.database, [posted(subject, sequence, **data)], session=session)

        await transact(self.database, body, 30)

    async def effect(self, events: Events, session: Session) -> Iterable[Event[Found]]:
        """Notes each event in `view`, and tells of it."""
        self.batches.append(len(events))
        await self.database.view.bulk_write(
            [UpdateOne({"_id": e.subject}, {"$push": {"seen": e.sequence}}, upsert=True) for e in events],
            session=session,
        )
        return [
            Event(subject=f"f-{e.subject}", sequence=e.sequence, data=Found(n=1), time=NOW, traceparent=e.traceparent)
            for e in events
        ]

    def huge(self) -> Event[Posted]:
        return posted("huge", 1, text="x" * 950_000)

    def inbox(self, **given: Any) -> Inbox:
        chosen: dict[str, Any] = {"group": "test", "registry": registry(Posted), "handler": self.effect} | given
        return Inbox(self.database, **chosen)

    @contextlib.asynccontextmanager
    async def consuming(
        self, handler: Any = None, *, graceful_s: float = 10, **given: Any
    ) -> AsyncIterator["Consuming"]:
        connection = broker(self.bootstrap, client_id="test", graceful_s=graceful_s)
        options: dict[str, Any] = {
            "group": "test",
            "registry": registry(Posted),
            "workers": 1,
            "heartbeat_interval_ms": 500,
        } | given
        inbox = consume(
            connection,
            self.database,
            topic="problem-events",
            prefix=self.prefix,
            handler=handler or self.effect,
            **options | {"heartbeat_interval_ms": 500} | given,
        )
        task = asyncio.create_task(consumers(connection, inbox))
        running = Consuming(inbox, task, connection)
        try:
            yield running
        finally:
            await running.stop()

    def relay(self, **given: Any) -> Relay:
        return Relay(self.database, bootstrap=self.bootstrap, prefix=self.prefix, **given)

    @contextlib.asynccontextmanager
    async def relaying(self, **given: Any) -> AsyncIterator[Relay]:
        relay = self.relay(**given)
        async with self.running(relay):
            yield relay

    @contextlib.asynccontextmanager
    async def running(self, relay: Relay) -> AsyncIterator[None]:
        """A relay that dies fails the test."""
        task = asyncio.create_task(relay.run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def tell_found(self, subject: str, sequence: int) -> None:
        async def body(session: Session) -> None:
            told = Event(subject=subject, sequence=sequence, data=Found(n=1), time=NOW)
            await emit(self.database, [told], session=session)

        await transact(self.database, body, 30)

    async def fill_lane(self, lane: int, number: int) -> None:
        """Rows of other keys."""
        rows = [
            {"lane": lane, "at": Timestamp(0, 0), "events": [{"subject": f"x{n}", "sequence": 1}]}
            for n in range(number)
        ]
        await self.database.outbox.insert_many(rows)

    async def count_records(self, number: int, topic: str = "problem-events") -> bool:
        return len(await self.records(topic)) >= number

    @contextlib.asynccontextmanager
    async def producer(self) -> AsyncIterator["Sender"]:
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True)
        await producer.start()
        try:
            yield Sender(producer, self.topic)
        finally:
            await producer.stop()

    async def view(self) -> dict[str, list[int]]:
        return {document["_id"]: document["seen"] async for document in self.database.view.find()}

    async def sees(self, subject: str, number: int) -> None:
        async def enough() -> bool:
            return len((await self.view()).get(subject, [])) >= number

        await until(enough, 30)

    async def outbox_is_empty(self, limit_s: float = 30) -> None:
        async def empty() -> bool:
            return not await self.database.outbox.find_one()

        await until(empty, limit_s)

    async def records(self, topic: str = "problem-events") -> list[Any]:
        """Everything on a topic up to its present end."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            return await _read_to_the_end(consumer, self.prefix + topic)
        finally:
            await consumer.stop()

    async def lag(self, group: str = "test") -> int:
        """Records that the group has not committed yet."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            done = await admin.list_consumer_group_offsets(self.prefix + group)
        finally:
            await admin.close()
        return len(await self.records()) - sum(int(offset.offset) for offset in done.values())

    async def is_drained(self, group: str = "test") -> None:
        async def drained() -> bool:
            return await self.lag(group) == 0

        await until(drained, 25)


async def _read_to_the_end(consumer: Any, topic: str) -> list[Any]:
    await consumer._client.force_metadata_update()
    consumer.assign([TopicPartition(topic, number) for number in range(12)])
    await consumer.seek_to_beginning()
    ends = await consumer.end_offsets(list(consumer.assignment()))
    found: list[Any] = []
    while len(found) < sum(ends.values()):
        for batch in (await consumer.getmany(timeout_ms=200)).values():
            found += batch
    return found


def first_occurrences(records: Iterable[Any]) -> dict[str, list[int]]:
    """Each key's sequences in the order in which a consumer meets them first."""
    seen: dict[str, list[int]] = {}
    for record in records:
        sequence = int(dict(record.headers)["ce_sequence"])
        known = seen.setdefault(record.key.decode(), [])
        if sequence not in known:
            known.append(sequence)
    return seen


class Consuming:
    def __init__(self, inbox: Inbox, task: "asyncio.Task[None]", connection: Any) -> None:
        self.inbox, self.task, self.connection = inbox, task, connection

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class Sender:
    """Sends what a relay would, and what it never would."""

    def __init__(self, producer: Any, topic: str) -> None:
        self._producer, self._topic = producer, topic

    async def send(self, subject: str, sequence: object, *, value: bytes | None = b"", **changed: object) -> None:
        partition = changed.pop("partition", None)
        body = json.dumps({"n": sequence}).encode() if value == b"" else value
        headers = wire_headers(subject, sequence, **changed)
        await self._producer.send_and_wait(
            self._topic, body, key=subject.encode(), headers=headers, partition=partition
        )

    async def again(self, record: Any) -> None:
        headers = list(record.headers)
        await self._producer.send_and_wait(self._topic, record.value, key=record.key, headers=headers)
