"""Takes outbox rows of some lanes to the broker, past those that it refuses."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from pymongo import UpdateOne

from shared.messaging.backlog import STUCK
from shared.messaging.counters import SENT
from shared.messaging.failpoints import hit
from shared.messaging.sender import Sender
from shared.messaging.topics import value_sizes
from shared.mongo import Database, Document, Session

log = structlog.get_logger()

FREE: Document = {"stuck": {"$exists": False}}
BATCH = 1000
LOOK_S = 5.0


class Carrier:
    """Each pass sends every key's rows in commit order from the first one left, so first occurrences stay in order even when
    two relays own a lane for a moment; the inbox drops the doubles.

    A row that the broker refuses (its topic is not there, it is larger than the topic takes) is marked `stuck` with the
    reason, and later rows of its keys wait behind it; every other row passes. Stuck rows are tried again by themselves.
    """

    def __init__(self, database: Database, sender: Sender, *, bootstrap: str, prefix: str) -> None:
        self._database, self._sender = database, sender
        self._bootstrap, self._prefix = bootstrap, prefix
        self._sizes: Mapping[str, int] = {}
        self._stuck, self._next_look = False, 0.0

    async def carry(self, lanes: Sequence[int]) -> int:
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
        self._sizes = await value_sizes(self._bootstrap, self._prefix)
        freed = await self._free(lanes)
        self._next_look = now if freed else now + LOOK_S

    async def _free(self, lanes: Sequence[int]) -> int:
        found = self._database.outbox.find({"lane": {"$in": list(lanes)}, **STUCK}).sort("at", 1)
        rows = await found.limit(BATCH).to_list(None)
        refused = sort_out(rows, self._sizes, frozenset())
        free = [row["_id"] for row in rows if row["_id"] not in refused]
        if free:
            await self._database.outbox.update_many({"_id": {"$in": free}}, {"$unset": {"stuck": ""}})
        return len(free)

    async def _read(self, lanes: Sequence[int]) -> tuple[list[Document], frozenset[str]]:
        """From a snapshot: a plain cursor moves on between its fetches and can show a key's second event without its first,
        or one that an election may still undo. Most of the time nothing is stuck, and one query says so too."""
        ours = {"lane": {"$in": list(lanes)}}
        async with await self._database.client.start_session(snapshot=True) as session:
            rows, stuck = await self._oldest(ours, session), list[str]()
            self._stuck = any("stuck" in row for row in rows)
            if self._stuck:
                rows = await self._oldest({**ours, **FREE}, session)
                stuck = await self._database.outbox.distinct("events.key", {**ours, **STUCK}, session=session)
        return rows, frozenset(stuck)

    async def _oldest(self, wanted: Document, session: Session) -> list[Document]:
        """A negative limit means one reply: at most 16 MB in hand."""
        found = self._database.outbox.find(wanted, session=session, batch_size=BATCH)
        return await found.sort("at", 1).limit(-BATCH).to_list(None)

    async def _mark(self, refused: Mapping[object, str]) -> None:
        if not refused:
            return
        for reason in sorted(set(refused.values())):
            log.error("outbox_rows_stuck", reason=reason)
        marks = [UpdateOne({"_id": row}, {"$set": {"stuck": reason}}) for row, reason in refused.items()]
        await self._database.outbox.bulk_write(marks)
        self._stuck = True

    async def _send(self, rows: Sequence[Document]) -> None:
        if not rows:
            return
        acked, error = await self._sender.send(rows)
        if acked:
            hit("relay.sent_not_marked")
            await self._database.outbox.delete_many({"_id": {"$in": [row["_id"] for row in acked]}})
            SENT.inc(sum(len(row["events"]) for row in acked))
        if error:
            self._sizes = {}
            raise error


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
