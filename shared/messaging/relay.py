"""Carries the outbox to Kafka: by lane, in commit order, deleted after the acks."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.messaging.backlog import STUCK, backlog
from shared.messaging.counters import OUTBOX_AGE, OUTBOX_ROWS, SENT, STUCK_ROWS
from shared.messaging.failpoints import hit
from shared.messaging.lanes import Lanes
from shared.messaging.outages import forever, reach, transient
from shared.messaging.topics import value_sizes
from shared.messaging.wire import headers
from shared.mongo import Database, Document

log = structlog.get_logger()

FREE: Document = {"stuck": {"$exists": False}}
BATCH = 1000
LOOPS = 2
"""Over disjoint lanes: one talks to MongoDB while the other feeds Kafka."""
ACK_S = 20.0
LOOK_S = 1.0
STUCK_LOOK_S = 5.0


class Relay:
    """Each pass sends every key's rows in commit order from the first one left, so first occurrences stay in order even when
    two relays own a lane for a moment; the inbox drops the doubles.

    A row that the broker refuses (its topic is not there, it is larger than the topic takes) is marked `stuck` with the
    reason, and the later rows of its keys wait behind it; every other row passes. Stuck rows are tried again by themselves.
    """

    def __init__(self, database: Database, *, bootstrap: str, prefix: str = "", lease_s: float = 10) -> None:
        self._database, self._bootstrap, self._prefix = database, bootstrap, prefix
        self._lanes = Lanes(database, lease_s)
        self._bell = asyncio.Event()
        self._sizes: Mapping[str, int] = {}
        self._stuck, self._next_look = False, 0.0

    async def run(self) -> None:
        await reach("relay", self._start, self._stop)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(forever("relay lease", self._claim))
                tasks.create_task(forever("relay bell", self._listen))
                for part in range(LOOPS):
                    tasks.create_task(forever(f"relay {part}", partial(self._turn, part)))
        finally:
            await self._leave()

    async def _start(self) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_batch_size=262_144,
        )
        await self._producer.start()

    async def _stop(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self._producer.stop()

    async def _leave(self) -> None:
        """An orderly stop frees the lanes at once; a crash frees them when the lease runs out."""
        try:
            async with asyncio.timeout(2):
                await self._lanes.leave()
        except Exception as error:
            if not transient(error):
                raise
        await self._stop()

    async def _claim(self) -> float:
        await self._lanes.claim()
        await self._measure()
        return self._lanes.lease_s / 3

    async def _measure(self) -> None:
        waiting = await backlog(self._database)
        OUTBOX_ROWS.set(waiting.rows)
        STUCK_ROWS.set(waiting.stuck)
        OUTBOX_AGE.set(waiting.oldest_s)

    async def _listen(self) -> float:
        """A change stream is the doorbell only; a look each second is the truth."""
        inserts: list[Document] = [{"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}}]
        async with self._database.outbox.watch(inserts) as stream:
            async for _ in stream:
                self._bell.set()
                self._bell = asyncio.Event()
        return 0

    async def _turn(self, part: int) -> float:
        bell = self._bell
        lanes = [lane for lane in self._lanes.held if lane % LOOPS == part]
        if not lanes or not await self.drain(lanes):
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await bell.wait()
        return 0

    async def drain(self, lanes: Sequence[int]) -> int:
        """One pass over these lanes. Gives the number of rows it found."""
        await self._look_at_topics(lanes)
        rows, stuck_keys = await self._read(lanes)
        refused = sort_out(rows, self._sizes, stuck_keys)
        await self._mark(refused)
        await self._send([row for row in rows if row["_id"] not in refused])
        return len(rows)

    async def _look_at_topics(self, lanes: Sequence[int]) -> None:
        """Before the first pass, after trouble, and every few seconds while rows are stuck: then they may be free again."""
        now = asyncio.get_running_loop().time()
        if self._sizes and (not self._stuck or now < self._next_look):
            return
        self._sizes, self._next_look = await value_sizes(self._bootstrap, self._prefix), now + STUCK_LOOK_S
        found = self._database.outbox.find({"lane": {"$in": list(lanes)}, **STUCK}).sort("at", 1)
        rows = await found.limit(BATCH).to_list(None)
        refused = sort_out(rows, self._sizes, frozenset())
        free = [row["_id"] for row in rows if row["_id"] not in refused]
        await self._database.outbox.update_many({"_id": {"$in": free}}, {"$unset": {"stuck": ""}})

    async def _read(self, lanes: Sequence[int]) -> tuple[list[Document], frozenset[str]]:
        """From a snapshot: a plain cursor moves on between its fetches and can show a key's second event without its first,
        or one that an election may still undo. A negative limit means one reply: at most 16 MB in hand."""
        ours = {"lane": {"$in": list(lanes)}}
        async with await self._database.client.start_session(snapshot=True) as session:
            found = self._database.outbox.find({**ours, **FREE}, session=session, batch_size=BATCH)
            rows = await found.sort("at", 1).limit(-BATCH).to_list(None)
            stuck = await self._database.outbox.distinct("events.key", {**ours, **STUCK}, session=session)
        self._stuck = bool(stuck)
        return rows, frozenset(stuck)

    async def _mark(self, refused: Mapping[object, str]) -> None:
        for row, reason in refused.items():
            log.error("outbox_row_stuck", row=str(row), reason=reason)
            await self._database.outbox.update_one({"_id": row}, {"$set": {"stuck": reason}})

    async def _send(self, rows: Sequence[Document]) -> None:
        """The idempotent producer repeats for as long as it can; what it raises in the end is final."""
        try:
            async with asyncio.timeout(ACK_S):
                acks = [await self._hand_over(row["topic"], event) for row in rows for event in row["events"]]
                for ack in acks:
                    await ack
        except (TimeoutError, KafkaError):
            self._sizes = {}
            raise
        if rows:
            hit("relay.sent_not_marked")
            await self._database.outbox.delete_many({"_id": {"$in": [row["_id"] for row in rows]}})
            SENT.inc(len(acks))

    async def _hand_over(self, topic: str, event: Document) -> asyncio.Future[Any]:
        key = event["key"].encode()
        ack: asyncio.Future[Any] = await self._producer.send(
            self._prefix + topic, event["value"], key=key, headers=headers(event)
        )
        return ack


def sort_out(rows: Sequence[Document], sizes: Mapping[str, int], stuck_keys: frozenset[str]) -> dict[object, str]:
    """Which rows may not be sent now, and why. `sizes`: topic → the largest value it takes, in bytes."""
    refused, waiting = dict[object, str](), set(stuck_keys)
    for row in rows:
        keys = {event["key"] for event in row["events"]}
        reason = refusal(row, sizes) or ("waits behind a stuck row" if keys & waiting else "")
        if reason:
            refused[row["_id"]] = reason
            waiting |= keys
    return refused


def refusal(row: Document, sizes: Mapping[str, int]) -> str:
    """Why the broker would not take this row; empty when it would."""
    limit = sizes.get(row["topic"])
    if limit is None:
        return f"no topic {row['topic']}"
    largest = max(len(event["value"]) for event in row["events"])
    return f"{largest} bytes, {row['topic']} takes {limit}" if largest > limit else ""
