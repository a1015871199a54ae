import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from shared.mongo import Database
from tests.shared.messaging.world import World


class Nodes:
    """Processes of one test; none is left when it ends."""

    def __init__(self, world: World, mongo_url: str) -> None:
        self._world, self._mongo_url = world, mongo_url
        self._started: list[asyncio.subprocess.Process] = []

    async def start(self, role: str, failpoint: str = "") -> asyncio.subprocess.Process:
        environment = os.environ | {
            "MONGO_URL": self._mongo_url,
            "KAFKA_BOOTSTRAP": self._world.bootstrap,
            "FAILPOINT": failpoint,
        }
        command = [sys.executable, "-m", "tests.chaos.node", role, self._world.database.name, self._world.prefix]
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
        self._started.append(process)
        return process

    async def dies(self, role: str, failpoint: str) -> None:
        """A life that ends at the failpoint."""
        process = await self.start(role, failpoint)
        async with asyncio.timeout(60):
            assert await process.wait() == -signal.SIGKILL

    async def end(self) -> None:
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@pytest.fixture
async def world(database: Database, kafka_bootstrap: str, topic_prefix: str) -> World:
    for name in ("problems", "view"):
        await database.create_collection(name)
    return World(database, kafka_bootstrap, topic_prefix)


@pytest.fixture
async def nodes(world: World, mongo_url: str) -> AsyncIterator[Nodes]:
    nodes = Nodes(world, mongo_url)
    yield nodes
    await nodes.end()
