"""Relay drain: a full outbox carried to Kafka, beside MongoDB alone and beside Kafka alone."""

import asyncio
import os
import time
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from bench.consume import scratch
from bench.measure import Row, per_second
from bench.samples import Sample, events, outbox_rows, record
from shared.events.envelope import Event
from shared.messaging.outbox import LANES
from shared.messaging.relay import CARRIERS, Relay
from shared.messaging.topics import provision
from shared.mongo import Client, Database

NUMBER, KEYS, BATCH = 20_000, 400, 1000


async def measure(client: Client, bootstrap: str) -> list[Row]:
    prefix = f"bench-{os.urandom(3).hex()}-"
    await provision(bootstrap, prefix=prefix)
    told = events(NUMBER, KEYS)
    raw = await _raw(bootstrap, f"{prefix}problem-events", told)
    async with scratch(client) as database:
        await database.outbox.insert_many(outbox_rows(told))
        bound = await per_second(NUMBER, lambda: _driver(database))
    async with scratch(client) as database:
        await database.outbox.insert_many(outbox_rows(told))
        ours = await _ours(database, bootstrap, prefix)
    return [
        Row("send pipelined, nothing else", raw, "events/s", "the broker's own bound (idempotent producer, acks=all)"),
        Row("MongoDB alone, same rows", bound, "events/s", "the driver's bound: find and delete, a row an event"),
        Row(
            "relay drain",
            ours,
            "events/s",
            "the kernel: in commit order, deleted after the acks (aim: 70 % of the lower bound)",
            (("the driver's bound", bound), ("raw", raw), ("both after each other", 1 / (1 / bound + 1 / raw))),
        ),
    ]


async def _raw(bootstrap: str, topic: str, told: Sequence[Event[Sample]]) -> float:
    records = [record(event) for event in told]
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=2, max_batch_size=262_144
    )
    await producer.start()

    async def send() -> None:
        await asyncio.gather(*[await producer.send(topic, v, key=k, headers=h) for k, v, h in records])

    try:
        return await per_second(NUMBER, send)
    finally:
        await producer.stop()


async def _driver(database: Database) -> None:
    async def worker(part: int) -> None:
        lanes = {"lane": {"$in": [lane for lane in range(LANES) if lane % CARRIERS == part]}}
        while rows := await database.outbox.find(lanes).sort("at", 1).limit(BATCH).to_list(None):
            await database.outbox.delete_many({"_id": {"$in": [row["_id"] for row in rows]}})

    await asyncio.gather(*(worker(part) for part in range(CARRIERS)))


async def _ours(database: Database, bootstrap: str, prefix: str) -> float:
    """From the moment that the relay holds its lanes."""
    relay = Relay(database, bootstrap=bootstrap, prefix=prefix)
    running = asyncio.create_task(relay.run())
    while not relay.lanes:  # noqa: ASYNC110  # the relay tells nobody
        await asyncio.sleep(0.001)
    began = time.perf_counter()
    while await database.outbox.estimated_document_count():  # noqa: ASYNC110  # nor does the collection
        await asyncio.sleep(0.005)
    rate = NUMBER / (time.perf_counter() - began)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return rate
