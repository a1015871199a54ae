import os
import socket
from collections.abc import AsyncIterator

import pytest

from shared.messaging.health import TROUBLES
from shared.mongo import Client, Database
from tests.shared.messaging.world import World


@pytest.fixture
async def world(database: Database, kafka_bootstrap: str, topic_prefix: str) -> AsyncIterator[World]:
    TROUBLES.clear()
    await database.create_collection("problems")
    await database.create_collection("view")
    yield World(database, kafka_bootstrap, topic_prefix)
    TROUBLES.clear()


@pytest.fixture
def unused_port() -> int:
    """Nobody listens on it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def topic_name() -> str:
    """A prefix of which no topic has been made yet."""
    return f"t{os.urandom(4).hex()}-"


class ServerFault:
    """Makes the server itself fail commands of this test's connections."""

    def __init__(self, client: Client, app_name: str) -> None:
        self._client, self._app_name = client, app_name

    async def arm(self, times: int, *commands: str, **data: object) -> None:
        await self._configure({"times": times}, failCommands=list(commands), appName=self._app_name, **data)

    async def disarm(self) -> None:
        await self._configure("off", failCommands=["find"])

    async def _configure(self, mode: object, **data: object) -> None:
        await self._client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})


@pytest.fixture
async def server_fault(client: Client, app_name: str) -> AsyncIterator[ServerFault]:
    fault = ServerFault(client, app_name)
    yield fault
    await fault.disarm()
