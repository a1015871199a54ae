"""A broker that is away is told and waited for; a dead task and a bug end the process."""

import asyncio
from typing import Any

import pytest

from shared.messaging.health import TROUBLES
from tests.shared.messaging.world import World
from tests.waiting import until

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]


async def test_a_dead_coordinator_ends_the_process(world: World) -> None:
    async with world.consuming() as running:

        async def assigned() -> bool:
            consumer = running.connection.subscribers[0].consumer
            return bool(consumer and consumer.assignment())

        await until(assigned)
        running.connection.subscribers[0].consumer._coordinator._coordination_task.cancel()
        with pytest.raises(RuntimeError, match="task has died"):
            await asyncio.wait_for(running.task, 10)


async def test_a_bug_of_the_kernel_ends_the_process(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: object) -> None:
        raise KeyError("kernel bug")

    async with world.consuming() as running:
        monkeypatch.setattr(running.inbox, "settle", broken)
        async with world.producer() as producer:
            await producer.send("k", 1)
        with pytest.raises(KeyError):
            await asyncio.wait_for(running.task, 20)


async def test_an_absent_broker_is_told_within_5_s(world: World, unused_port: int) -> None:
    await _is_told(world, f"127.0.0.1:{unused_port}")


async def _is_told(world: World, bootstrap: str) -> None:
    elsewhere = World(world.database, bootstrap, world.prefix)
    async with elsewhere.consuming(), elsewhere.relaying():
        await until(_both_are_told, 5)


async def _both_are_told() -> bool:
    return {"consumers", "relay"} <= TROUBLES.keys()


async def test_a_broker_that_accepts_and_never_answers_is_told_within_5_s(world: World) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        await _is_told(world, f"127.0.0.1:{server.sockets[0].getsockname()[1]}")


async def test_a_late_broker_is_joined(world: World, unused_port: int) -> None:
    """Through a port that nobody listens on at first."""
    elsewhere = World(world.database, f"127.0.0.1:{unused_port}", world.prefix)
    host, port = world.bootstrap.split(":")
    await world.write("k", 1)
    async with elsewhere.relaying():
        await until(_relay_is_told, 5)
        async with await asyncio.start_server(forward_to(host, int(port)), "127.0.0.1", unused_port):
            await world.outbox_is_empty()
            assert "relay" not in TROUBLES


async def _relay_is_told() -> bool:
    return "relay" in TROUBLES


def forward_to(host: str, port: int) -> Any:
    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, port)
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))

    return forward


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65536):
        sink.write(chunk)
        await sink.drain()
    sink.close()
