"""Carries the outbox to Kafka: by lane, in commit order, deleted after the acks."""

import asyncio
from contextlib import suppress
from functools import partial

from shared.messaging.backlog import measure
from shared.messaging.carrier import Carrier
from shared.messaging.health import well
from shared.messaging.lanes import Lanes
from shared.messaging.outages import forever, reach, transient
from shared.messaging.sender import Sender
from shared.mongo import Database, Document

CARRIERS = 2
"""Over disjoint lanes: one talks to MongoDB while the other feeds Kafka."""
LOOK_S = 1.0
LEAVE_S = 2.0
INSERTS: list[Document] = [{"$match": {"operationType": "insert"}}, {"$project": {"fullDocument.lane": 1}}]


class Relay:
    """Any number of them may run: they share the lanes."""

    def __init__(self, database: Database, *, bootstrap: str, prefix: str = "", lease_s: float = 10) -> None:
        self._database, self._lanes = database, Lanes(database, lease_s)
        self._sender = Sender(bootstrap, prefix)
        self._carriers = [Carrier(database, self._sender, bootstrap=bootstrap, prefix=prefix) for _ in range(CARRIERS)]
        self._bells = [asyncio.Event() for _ in range(CARRIERS)]

    @property
    def lanes(self) -> frozenset[int]:
        """What it holds at the moment."""
        return self._lanes.held

    async def run(self) -> None:
        """Until cancelled. An outage is told and waited for; a bug is raised."""
        try:
            await reach("relay", self._sender.start, self._sender.stop)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(forever("relay lease", self._claim))
                tasks.create_task(forever("relay bell", self._listen))
                for number, carrier in enumerate(self._carriers):
                    tasks.create_task(forever(f"relay {number}", partial(self._turn, number, carrier)))
        finally:
            await self._leave()

    async def _leave(self) -> None:
        """An orderly stop frees the lanes at once; a crash frees them when the lease runs out."""
        try:
            async with asyncio.timeout(LEAVE_S):
                await self._lanes.leave()
        except Exception as error:
            if not transient(error):
                raise
        await self._sender.stop()

    async def _claim(self) -> float:
        before = self._lanes.held
        await self._lanes.claim()
        if self._lanes.held != before:
            for bell in self._bells:
                bell.set()
        await measure(self._database)
        return self._lanes.lease_s / 3

    async def _listen(self) -> float:
        """A change stream is the doorbell only; a look each second is the truth."""
        async with self._database.outbox.watch(INSERTS) as stream:
            while stream.alive:
                if change := await stream.try_next():
                    self._bells[change["fullDocument"]["lane"] % CARRIERS].set()
                well("relay bell")
        return 0

    async def _turn(self, number: int, carrier: Carrier) -> float:
        bell = self._bells[number]
        bell.clear()
        lanes = [lane for lane in self._lanes.held if lane % CARRIERS == number]
        if not lanes or not await carrier.carry(lanes):
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await bell.wait()
        return 0
