"""Read side: one batch is one transaction of inbox, effects, log and outbox. Offsets are committed only after it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import structlog

from shared.events.envelope import Event
from shared.events.registry import Registry
from shared.messaging import quarantine, sequences
from shared.messaging.counters import HANDLED
from shared.messaging.failpoints import hit
from shared.messaging.health import trouble
from shared.messaging.outages import transient
from shared.messaging.outbox import emit
from shared.messaging.transaction import HANDLER_LIMIT_S, transact
from shared.messaging.wire import Received, Record, decode
from shared.mongo import Database, Session

log = structlog.get_logger()

Events = Sequence[Event[Any]]
Handler = Callable[[Events, Session], Awaitable[Iterable[Event[Any]]]]
"""Gives the events to tell, each with its cause's traceparent. May run twice: effects in the session's database only."""
Prepare = Callable[[Events], Awaitable[None]]
"""Its own idempotent commit, before the batch's transaction."""
After = Callable[[Events], None]
"""Gets each committed event once: for what lives in memory."""

BACKOFF_S = (0.2, 1, 5, 15)
"""Five tries of at most 30 s and these pauses stay below max_poll_interval (5 min); heartbeats go on meanwhile."""
STREAK = 20


class TooManyQuarantined(Exception):
    """So many in a row are no accident of single records: stop before the whole topic lies in quarantine."""


class Inbox:
    def __init__(
        self,
        database: Database,
        *,
        group: str,
        registry: Registry,
        handler: Handler,
        prepare: Prepare | None = None,
        after: After | None = None,
    ) -> None:
        self._database, self.group, self._registry = database, group, registry
        self._handler, self._prepare, self._after = handler, prepare, after
        self._streak = 0
        self.fault: Exception | None = None
        """Set when this inbox can go on no more; `consumers` sees to it."""

    async def settle(self, records: Sequence[Record]) -> None:
        """Returns when every record is applied, known already, skipped or in quarantine. What is done stays done, whatever
        happens to the next part."""
        todo = [[decode(record, self._registry) for record in records]]
        while todo:
            part = todo.pop()
            try:
                done = await self._patiently(part)
            except Exception as error:
                if transient(error):
                    raise
                todo += self._isolate(part, error)
            else:
                self._count_streak(part, done)

    def _isolate(self, part: list[Received], error: Exception) -> list[list[Received]]:
        """A bug of the handler: halve the part until one record is left, and give that one the blame."""
        half = len(part) // 2
        if half:
            return [part[half:], part[:half]]
        if part[0].error is not None:
            raise error
        log.error("event_quarantined", event_id=part[0].id, group=self.group, reason=repr(error), exc_info=error)
        part[0].error = error
        return [part]

    def _count_streak(self, part: Sequence[Received], done: Events) -> None:
        if done:
            self._streak = 0
        else:
            self._streak += sum(received.error is not None for received in part)
        if self._streak >= STREAK:
            raise TooManyQuarantined(f"{self._streak} records in a row")

    async def _patiently(self, part: Sequence[Received]) -> Events:
        """An outage is waited for in place, so that order holds; after the last try its failure is a NACK."""
        for pause in BACKOFF_S:
            try:
                return await self._apply(part)
            except Exception as error:
                if not transient(error):
                    raise
                trouble(f"inbox {self.group}", repr(error))
                await asyncio.sleep(pause)
        return await self._apply(part)

    async def _apply(self, part: Sequence[Received]) -> Events:
        if self._prepare and (readable := _events(part)):
            await self._prepare(readable)

        async def body(session: Session) -> tuple[Events, Counter[str]]:
            return await self._take_in(part, session)

        hit("consumer.before_tx")
        done, tally = await transact(self._database, body, HANDLER_LIMIT_S)
        hit("consumer.done_not_committed")
        self._note(done, tally)
        return done

    async def _take_in(self, part: Sequence[Received], session: Session) -> tuple[Events, Counter[str]]:
        fresh, tally = await self._fresh(part, session)
        bad = [received for received in fresh if received.error is not None]
        await quarantine.put(self._database, self.group, bad, session=session)
        good = _events(fresh)
        if good:
            await emit(self._database, await self._handler(good, session), session=session)
        tally.update(applied=len(good), quarantined=len(bad), unknown=len(fresh) - len(good) - len(bad))
        return good, tally

    async def _fresh(self, part: Sequence[Received], session: Session) -> tuple[list[Received], Counter[str]]:
        keys = {sequences.key_of(self.group, received) for received in part if received.sequence}
        before = await sequences.load(self._database.inbox, keys, session=session)
        fresh, now, tally = sequences.fresh(self.group, part, before)
        await sequences.save(self._database.inbox, before, now, session=session)
        return fresh, tally

    def _note(self, done: Events, tally: Counter[str]) -> None:
        """After the commit: a body that ran twice counts once."""
        for outcome, number in tally.items():
            HANDLED.labels(self.group, outcome).inc(number)
        if done and self._after:
            self._after(done)

    async def replay(self, row: str) -> bool:
        """Runs one quarantined record through the handler. Its row goes in the same transaction, so it is applied once.
        False when this inbox's quarantine has no such row. Raises what the record is still refused for."""
        if not row.startswith(f"{self.group}|"):
            return False

        async def body(session: Session) -> tuple[Events, Counter[str]]:
            return await self._replay(row, session)

        done, tally = await transact(self._database, body, HANDLER_LIMIT_S)
        self._note(done, tally)
        return bool(tally["replayed"])

    async def _replay(self, row: str, session: Session) -> tuple[Events, Counter[str]]:
        record = await quarantine.take(self._database, row, session=session)
        if record is None:
            return [], Counter()
        received = decode(record, self._registry)
        if received.error is not None:
            raise received.error
        events = _events([received])
        await emit(self._database, await self._handler(events, session), session=session)
        return events, Counter(replayed=1)


def _events(part: Iterable[Received]) -> Events:
    return [received.event for received in part if received.error is None and received.event is not None]
