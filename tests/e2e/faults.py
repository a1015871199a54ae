"""Takes a process away for a while."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from deploy.embedded.parts import Running
from tests.waiting import until


@asynccontextmanager
async def held_down(*running: Running) -> AsyncIterator[None]:
    """Killed (-9), and killed again whenever the supervisor has started it anew; afterwards it comes back by itself."""

    async def hold() -> None:
        while True:
            for one in running:
                one.kill()
            await asyncio.sleep(0.02)

    holding = asyncio.create_task(hold())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
        for one in running:
            await until(lambda one=one: _back(one), 60)  # type: ignore[misc]  # mypy cannot type a lambda's default


async def _back(running: Running) -> bool:
    return running.pid is not None and await running.part.ready()


@contextmanager
def frozen(running: Running) -> Iterator[None]:
    """Stopped as by SIGSTOP: connections stay open, nothing answers."""
    pid = running.pid
    assert pid is not None
    os.killpg(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(pid, signal.SIGCONT)
