"""Reliable consume: a topic read through the inbox, beside MongoDB alone and beside Kafka alone."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faststream.kafka import KafkaBroker
from pymongo import UpdateMany

from bench.measure import Row, per_second, until
from bench.samples import Answer, Sample, answer, effect, events, record
from shared.events.envelope import Event
from shared.events.registry import registry
from shared.kafka import broker
from shared.messaging.outbox import logged, packs
from shared.messaging.schema import make_collection, prepare_database
from shared.messaging.subscription import MAX_RECORDS, WORKERS, consume, consumers
from shared.messaging.topics import PARTITIONS, provision
from shared.messaging.transaction import transact
from shared.mongo import Client, Database, Session

NUMBER, KEYS, JOIN_S = 24_000, 400, 30.0


async def measure(client: Client, bootstrap: str) -> list[Row]:
    prefix = f"bench-{os.urandom(3).hex()}-"
    await provision(bootstrap, prefix=prefix)
    told = events(NUMBER, KEYS)
    await _fill(bootstrap, f"{prefix}problem-events", told)
    raw = await _raw(bootstrap, f"{prefix}problem-events", validate=False)
    validated = await _raw(bootstrap, f"{prefix}problem-events", validate=True)
    async with scratch(client) as database:
        bound = await _driver(database, told)
    async with scratch(client) as database:
        ours = await _ours(database, bootstrap, prefix)
    return [
        Row("read a topic, do nothing", raw, "events/s", "the broker's own bound (one aiokafka consumer)"),
        Row("read and validate", validated, "events/s", "the same with pydantic", (("raw", raw),)),
        Row(
            "MongoDB alone, same documents",
            bound,
            "events/s",
            "the driver's bound: inbox, effect, log and outbox in batches",
        ),
        Row(
            "reliable consume",
            ours,
            "events/s",
            "the kernel: every event's effect exactly once (aim: 70 % of the driver's bound)",
            (("the driver's bound", bound), ("raw", raw)),
        ),
    ]


@asynccontextmanager
async def scratch(client: Client) -> AsyncIterator[Database]:
    database = client[f"bench_{os.urandom(4).hex()}"]
    await prepare_database(database)
    await make_collection(database, "effects")
    try:
        yield database
    finally:
        await client.drop_database(database.name)


async def _fill(bootstrap: str, topic: str, told: Sequence[Event[Sample]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=2)
    await producer.start()
    acks = []
    for event in told:
        key, value, headers = record(event)
        acks.append(await producer.send(topic, value, key=key, headers=headers))
    await asyncio.gather(*acks)
    await producer.stop()


async def _raw(bootstrap: str, topic: str, *, validate: bool) -> float:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()

    async def read() -> None:
        left = NUMBER
        while left:
            for records in (await consumer.getmany(timeout_ms=500, max_records=MAX_RECORDS)).values():
                left -= len(records)
                for one in records if validate else ():
                    Sample.model_validate_json(one.value)

    try:
        return await per_second(NUMBER, read)
    finally:
        await consumer.stop()


async def _driver(database: Database, told: Sequence[Event[Sample]]) -> float:
    """Batches of the kernel's size, as many at once as it has workers; every document is made before the clock starts."""
    batches = [_documents(told[start : start + MAX_RECORDS]) for start in range(0, NUMBER, MAX_RECORDS)]
    queue = iter(batches)

    async def worker() -> None:
        for batch in queue:
            await transact(database, lambda session, batch=batch: _write(database, batch, session), 30)  # type: ignore[misc]  # binds the batch

    async def all_workers() -> None:
        await asyncio.gather(*(worker() for _ in range(WORKERS)))

    return await per_second(NUMBER, all_workers)


def _documents(part: Sequence[Event[Sample]]) -> dict[str, list[Any]]:
    answers = [answer(event) for event in part]
    return {
        "keys": sorted({f"g|/bench|{event.subject}" for event in part}),
        "effects": [effect(event) for event in part],
        "events": [logged(one, "") for one in answers],
        "outbox": packs(answers, ""),
    }


async def _write(database: Database, batch: dict[str, list[Any]], session: Session) -> None:
    known = [row["_id"] async for row in database.inbox.find({"_id": {"$in": batch["keys"]}}, session=session)]
    new = [{"_id": key, "n": 1} for key in batch["keys"] if key not in set(known)]
    if new:
        await database.inbox.insert_many(new, session=session)
    if known:
        await database.inbox.bulk_write([UpdateMany({"_id": {"$in": known}}, {"$inc": {"n": 2}})], session=session)
    for name in ("effects", "events", "outbox"):
        await database[name].insert_many(batch[name], session=session)


async def _ours(database: Database, bootstrap: str, prefix: str) -> float:
    """From the first record in hand to the last one committed; joining the group is not counted: members come one after the
    other, and each makes the group share its partitions out anew."""
    done, began, everything = 0, 0.0, asyncio.Event()

    async def handler(part: Sequence[Event[Any]], session: Session) -> Iterable[Event[Answer]]:
        await database.effects.insert_many([effect(event) for event in part], session=session)
        return [answer(event) for event in part]

    def after(part: Sequence[Event[Any]]) -> None:
        nonlocal done
        done += len(part)
        if done == NUMBER:
            everything.set()

    kafka = broker(bootstrap, client_id="bench")
    known = registry(Sample)
    inbox = consume(
        kafka,
        database,
        topic="problem-events",
        group="bench",
        registry=known,
        handler=handler,
        after=after,
        prefix=prefix,
    )
    settle = inbox.settle

    async def timed(records: Sequence[Any]) -> None:
        nonlocal began
        await until(partial(_joined, kafka), JOIN_S)
        began = began or time.perf_counter()
        await settle(records)

    inbox.settle = timed  # type: ignore[method-assign]  # a clock around it
    running = asyncio.create_task(consumers(kafka, inbox))
    await everything.wait()
    rate = NUMBER / (time.perf_counter() - began)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return rate


async def _joined(kafka: KafkaBroker) -> bool:
    """Whether every member has its share."""
    members: list[Any] = [subscriber.consumer for subscriber in kafka.subscribers]  # type: ignore[attr-defined]  # FastStream types it on the concrete class
    return all(member and len(member.assignment()) == PARTITIONS // WORKERS for member in members)
