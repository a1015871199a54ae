"""What a batch does: one transaction of inbox, effects, log and outbox. Offsets are committed only after it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from shared.events.envelope import Event
from shared.events.registry import Registry
from shared.messaging import quarantine, sequences
from shared.messaging.counters import HANDLED
from shared.messaging.failpoints import hit
from shared.messaging.outbox import emit
from shared.messaging.transaction import HANDLER_LIMIT_S, transact
from shared.messaging.wire import Received, decode
from shared.mongo import Database, Session

Events = Sequence[Event[Any]]
Handler = Callable[[Events, Session], Awaitable[Iterable[Event[Any]]]]
"""Gives the events to tell, each with its cause's traceparent. May run twice: effects in the session's database only."""
Prepare = Callable[[Events], Awaitable[None]]
"""Its own idempotent commit, before the batch's transaction; it may see events that the transaction then drops as known."""
After = Callable[[Events], None]
"""Gets each committed event once: for what lives in memory."""


class UnknownHere(Exception):
    """No handler reads this type (any more): the record stays in quarantine."""


class Effect:
    def __init__(
        self, database: Database, group: str, *, handler: Handler, prepare: Prepare | None, after: After | None
    ) -> None:
        self._database, self._group = database, group
        self._handler, self._prepare, self._after = handler, prepare, after

    async def apply(self, part: Sequence[Received]) -> Sequence[Received]:
        """Gives what was new of it, once that is committed."""
        await self._get_ready(readable(part))

        async def body(session: Session) -> tuple[list[Received], Counter[str]]:
            return await self._take_in(part, session)

        hit("consumer.before_tx")
        fresh, tally = await transact(self._database, body, HANDLER_LIMIT_S)
        hit("consumer.done_not_committed")
        self._note(readable(fresh), tally)
        return fresh

    async def _get_ready(self, events: Events) -> None:
        if self._prepare and events:
            await self._prepare(events)

    async def _take_in(self, part: Sequence[Received], session: Session) -> tuple[list[Received], Counter[str]]:
        fresh, tally = await self._fresh(part, session)
        bad = [received for received in fresh if received.error is not None]
        await quarantine.put(self._database, self._group, bad, session=session)
        good = readable(fresh)
        await self._handle(good, session)
        tally.update(applied=len(good), quarantined=len(bad), unknown=len(fresh) - len(good) - len(bad))
        return fresh, tally

    async def _fresh(self, part: Sequence[Received], session: Session) -> tuple[list[Received], Counter[str]]:
        keys = {sequences.key_of(self._group, received) for received in part if received.sequence}
        before = await sequences.load(self._database.inbox, keys, session=session)
        new, now, tally = sequences.fresh(self._group, part, before)
        await sequences.save(self._database.inbox, before, now, session=session)
        known = await quarantine.known(self._database, self._group, new, session=session)
        fresh = [received for received in new if quarantine.row_id(self._group, received) not in known]
        tally[sequences.STALE] += len(new) - len(fresh)
        return fresh, tally

    async def _handle(self, events: Events, session: Session) -> None:
        if events:
            await emit(self._database, await self._handler(events, session), session=session)

    def _note(self, done: Events, tally: Counter[str]) -> None:
        """After the commit: a body that ran twice counts once."""
        for outcome, number in tally.items():
            HANDLED.labels(self._group, outcome).inc(number)
        if done and self._after:
            self._after(done)

    async def replay(self, row: str, registry: Registry) -> bool:
        record = await quarantine.find(self._database, row)
        if record is None:
            return False
        received = decode(record, registry)
        if received.event is None:
            raise received.error or UnknownHere(row)
        await self._get_ready([received.event])
        return await self._replay(row, [received.event])

    async def _replay(self, row: str, events: Events) -> bool:
        async def body(session: Session) -> bool:
            """False: another replay was faster."""
            removed = await quarantine.remove(self._database, row, session=session)
            await self._handle(events if removed else [], session)
            return removed

        removed = await transact(self._database, body, HANDLER_LIMIT_S)
        if removed:
            self._note(events, Counter(replayed=1))
        return removed


def readable(part: Iterable[Received]) -> Events:
    return [received.event for received in part if received.error is None and received.event is not None]
