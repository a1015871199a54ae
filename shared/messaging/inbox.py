"""Read side: every record is applied once, known already, skipped or set aside; none is lost, none blocks the others."""

import asyncio
from collections.abc import Sequence

import structlog

from shared.events.registry import Registry
from shared.messaging.effect import After, Effect, Events, Handler, Prepare
from shared.messaging.health import trouble, well
from shared.messaging.outages import transient
from shared.messaging.wire import Received, Record, decode
from shared.mongo import Database

__all__ = ["After", "Events", "Handler", "Inbox", "Prepare", "TooManyQuarantined"]

log = structlog.get_logger()

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
        self.group, self._registry = group, registry
        self._effect = Effect(database, group, handler=handler, prepare=prepare, after=after)
        self._streak = 0
        self.fault: Exception | None = None
        """Set when this inbox can go on no more; `consumers` sees to it."""

    async def settle(self, records: Sequence[Record]) -> None:
        """Returns when nothing is left to do for any record. What is done stays done, whatever happens to the next part."""
        todo = [[decode(record, self._registry) for record in records]]
        while todo:
            part = todo.pop()
            try:
                self._count_streak(await self._patiently(part))
            except Exception as error:
                if transient(error) or isinstance(error, TooManyQuarantined):
                    raise
                todo += self._isolate(part, error)

    def _isolate(self, part: list[Received], error: Exception) -> list[list[Received]]:
        """A bug of the handler: halve the part until one record is left, and give that one the blame."""
        half = len(part) // 2
        if half:
            return [part[half:], part[:half]]
        if part[0].error is not None:
            raise error
        log.error(
            "event_quarantined", event_id=part[0].id, group=self.group, reason=type(error).__name__, exc_info=error
        )
        part[0].error = error
        return [part]

    def _count_streak(self, fresh: Sequence[Received]) -> None:
        self._streak, longest = streak(self._streak, fresh)
        if longest >= STREAK:
            raise TooManyQuarantined(f"{longest} records in a row")

    async def _patiently(self, part: Sequence[Received]) -> Sequence[Received]:
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

    async def _apply(self, part: Sequence[Received]) -> Sequence[Received]:
        fresh = await self._effect.apply(part)
        well(f"inbox {self.group}")
        return fresh

    async def replay(self, row: str) -> bool:
        """Runs one quarantined record through the handler. Its row goes in the same transaction, so it is applied once.
        False when this inbox's quarantine has no such row. Raises what the record is still refused for."""
        return row.startswith(f"{self.group}|") and await self._effect.replay(row, self._registry)


def streak(before: int, fresh: Sequence[Received]) -> tuple[int, int]:
    """How many records in a row are in quarantine at the end of `fresh`, and at most; skipped ones do not count."""
    now = longest = before
    for received in fresh:
        if received.error is not None:
            now += 1
        elif received.event is not None:
            now = 0
        longest = max(longest, now)
    return now, longest
