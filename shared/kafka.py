"""How every client of ours reaches Kafka."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from faststream.kafka import KafkaBroker

T = TypeVar("T")

GRACEFUL_S = 2.0
"""How long a batch in flight may take to finish when the process stops."""
SETTLE_S = 2.0


def broker(bootstrap: str, *, client_id: str, graceful_s: float = GRACEFUL_S) -> KafkaBroker:
    """Consumers only; what we produce goes through the outbox and its relay. Connects when it is started."""
    return KafkaBroker(
        bootstrap,
        client_id=client_id,
        logger=None,
        allow_auto_create_topics=False,
        consumer_only=True,
        graceful_timeout=graceful_s,
    )


async def settled(work: Coroutine[Any, Any, T]) -> T:
    """Cancelled, it first lets the work come to its end, for SETTLE_S at most. What starts or closes a client needs this:
    aiokafka 0.14 knows a client's first connection only by a local name of `AIOKafkaClient.bootstrap`, so nobody could close it
    any more; and `AIOKafkaClient.close` takes a cancellation that meets it for that of its own task, and swallows it."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    finally:
        await asyncio.wait({task}, timeout=SETTLE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
