"""One service's process that dies at a failpoint, again and again, and is started anew each time."""

import asyncio
import os
import random
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from deploy.embedded.parts import Running, bound_to_us
from tests.waiting import until

TURNS_MAX = 3
"""A life ends at the first, second or third pass of the failpoint."""
LIFE_S = 120.0
"""A transaction that another part of the process had open when it died holds its documents until MongoDB ends it: 60 s."""
Feed = Callable[[], Awaitable[object]]


@dataclass
class Lives:
    """Takes over from the supervisor: `running` is the service's only replica."""

    running: Running
    chance: random.Random
    hits: int = 0
    _process: Process | None = None

    async def die_at(self, failpoint: str, *, hits: int, feed: Feed, after: Feed) -> None:
        """`feed` makes work while the process lives; `after` is done after each death."""
        await self._end()
        self.hits = 0
        feeding = asyncio.create_task(_repeat(feed))
        try:
            while self.hits < hits:
                await self._live_until_hit(f"{failpoint}:{self.chance.randint(1, TURNS_MAX)}", feeding)
                await after()
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)

    async def _live_until_hit(self, armed: str, feeding: asyncio.Task[None]) -> None:
        process = await self._spawn(armed)
        dead = asyncio.ensure_future(process.wait())
        await asyncio.wait({dead, feeding}, timeout=LIFE_S, return_when=asyncio.FIRST_COMPLETED)
        if feeding.done():
            feeding.result()
        assert dead.done(), f"{armed} was not passed"
        assert process.returncode == -signal.SIGKILL, f"{armed}: exit {process.returncode}, see {self.running.log}"
        self.hits += 1

    async def live_on(self) -> None:
        """The last life, without a failpoint."""
        await self._spawn("")
        await until(self.running.part.ready, LIFE_S)

    async def _spawn(self, armed: str) -> Process:
        with self.running.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *bound_to_us(*self.running.part.argv),
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                env={**os.environ, **self.running.part.env, "FAILPOINT": armed},
            )
        return self._process

    async def _end(self) -> None:
        """Whoever serves at the moment: the supervisor's process, or our last life."""
        await self.running.stop(5)
        await self.stop()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def _repeat(feed: Feed) -> None:
    while True:
        await feed()
