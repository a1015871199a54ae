"""Kafka clients whose start is cut short leave no connection behind."""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import AIOKafkaConnection
from aiokafka.protocol.metadata import MetadataRequest

from shared.kafka import settled
from shared.messaging import topics
from shared.messaging.topics import value_sizes

pytestmark = pytest.mark.kafka


OURS = ContextVar("OURS", default=False)
"""True in what a test cuts: other clients of this run may live on the same loop."""


class Connections:
    """Every connection that was made in the work to be cut, and the moment at which the first asks for the cluster's shape."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made, self.asked = list[Any](), asyncio.Event()
        send = AIOKafkaConnection.send

        def noted(connection: Any, request: Any, **given: Any) -> Any:
            if OURS.get():
                self.made.append(connection)
                if isinstance(request, MetadataRequest):
                    self.asked.set()
            return send(connection, request, **given)

        monkeypatch.setattr(AIOKafkaConnection, "send", noted)

    def open(self) -> list[Any]:
        return [connection for connection in self.made if connection.connected()]

    async def cut(self, work: Coroutine[Any, Any, object]) -> None:
        ours = OURS.set(True)
        task = asyncio.ensure_future(work)
        OURS.reset(ours)
        await self.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_start_that_is_cut_short_leaves_no_connection(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = Connections(monkeypatch)
    await connections.cut(value_sizes(kafka_bootstrap, "nobody-"))
    assert connections.made
    assert not connections.open()


async def test_a_bare_start_that_is_cut_short_leaves_one(kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why `settled` is there. When aiokafka closes it, this test fails and `settled` may go."""
    connections = Connections(monkeypatch)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await connections.cut(admin.start())
    await admin.close()
    left = connections.open()
    for connection in left:
        connection.close()
    assert left


async def test_a_start_that_fails_says_why() -> None:
    async def failing() -> None:
        raise LookupError("no")

    with pytest.raises(LookupError):
        await settled(failing())


async def test_a_start_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.kafka.SETTLE_S", 0.01)
    task = asyncio.ensure_future(settled(asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


@pytest.mark.parametrize("settling", [True, False])
async def test_a_cancellation_that_meets_a_client_as_it_closes_is_not_lost(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch, settling: bool
) -> None:
    """Not settled, it is lost: why `settled` is there. When aiokafka passes it on, the second half fails and may go."""
    closing = asyncio.Event()
    close = AIOKafkaClient.close

    async def noted(client: Any) -> None:
        if OURS.get():
            closing.set()
        await close(client)

    monkeypatch.setattr(AIOKafkaClient, "close", noted)
    work = topics.value_sizes if settling else topics._value_sizes
    ours = OURS.set(True)
    task = asyncio.ensure_future(work(kafka_bootstrap, "nobody-"))
    OURS.reset(ours)
    await closing.wait()
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.cancelled() is settling
