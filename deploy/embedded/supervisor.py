"""Starts processes in order, stops them in reverse; leaves none behind."""

import asyncio
import time
from pathlib import Path

from deploy.embedded.parts import Part, Running

STOP_S = 4.7
"""For all parts together; what still runs then is killed."""
LAST_RANK_S = 1.4
"""What the other ranks leave of it to rank 0."""


class Supervisor:
    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.running: dict[str, Running] = {}

    async def start(self, *parts: Part) -> None:
        """These side by side; returns when all are ready."""
        started = [Running(part, self._logs / f"{part.name}.log") for part in parts]
        self.running |= {one.part.name: one for one in started}
        starting = [asyncio.create_task(one.start()) for one in started]
        try:
            await asyncio.gather(*starting)
        finally:  # when one fails, the others begin nothing more
            for task in starting:
                task.cancel()
            await asyncio.gather(*starting, return_exceptions=True)

    async def stop(self) -> None:
        end = time.monotonic() + STOP_S
        for rank in sorted({one.part.rank for one in self.running.values()}, reverse=True):
            limit_s = end - time.monotonic() - (LAST_RANK_S if rank else 0)
            await asyncio.gather(*(one.stop(limit_s) for one in self.running.values() if one.part.rank == rank))
        self.running.clear()
