"""Hands outbox rows to Kafka and tells which of them it has."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.kafka import settled
from shared.messaging.wire import headers
from shared.mongo import Document

ACK_S = 10.0
STOP_S = 2.0
Ack = asyncio.Future[Any]


class NotSent(KafkaError):  # type: ignore[misc]  # aiokafka ships no types
    """Trouble of the broker's, not a bug of ours: rows stay in the outbox. To send some once more costs doubles only."""

    retriable = True


@dataclass(slots=True)
class HandedOver:
    row: Document
    acks: list[Ack] = field(default_factory=list)

    @property
    def acked(self) -> bool:
        return len(self.acks) == len(self.row["events"]) and all(map(_succeeded, self.acks))


class Sender:
    """An idempotent producer. Once it has given a record up its numbering has a hole, so it is replaced by a new one."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self._bootstrap, self._prefix = bootstrap, prefix
        self._changing = asyncio.Lock()
        self._producer: Any = None

    async def start(self) -> None:
        """Raises KafkaError when the broker does not answer; `send` tries it again."""
        async with self._changing:
            if self._producer is None:
                self._producer = await _started(self._bootstrap)

    async def stop(self) -> None:
        await self._discard(self._producer)

    async def _discard(self, producer: Any) -> None:
        async with self._changing:
            if producer is not None and producer is self._producer:
                self._producer = None
                await _stop(producer)

    async def send(self, rows: Sequence[Document]) -> tuple[list[Document], NotSent | None]:
        """Gives the rows that the broker has acknowledged whole, and what kept it from taking the others."""
        await self.start()
        producer, handed = self._producer, list[HandedOver]()
        try:
            async with asyncio.timeout(ACK_S):
                await self._hand_over(producer, rows, handed)
                for ack in _acks(handed):
                    await ack
            error = None
        except TimeoutError:
            error = NotSent(f"no answer within {ACK_S:.0f} s")
        except KafkaError as refused:
            error = NotSent(repr(refused))
            await self._discard(producer)
        for ack in _acks(handed) if error else ():
            ack.add_done_callback(_succeeded)
        return [one.row for one in handed if one.acked], error

    async def _hand_over(self, producer: Any, rows: Sequence[Document], handed: list[HandedOver]) -> None:
        for row in rows:
            handed.append(HandedOver(row))
            for event in row["events"]:
                key, topic = event["key"].encode(), self._prefix + row["topic"]
                ack = await producer.send(topic, event["value"], key=key, headers=headers(event))
                handed[-1].acks.append(ack)


async def _started(bootstrap: str) -> Any:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=2,
        max_batch_size=262_144,
    )
    try:
        await settled(producer.start())
    except BaseException:
        await _stop(producer)
        raise
    return producer


def _acks(handed: Sequence[HandedOver]) -> Iterator[Ack]:
    return (ack for one in handed for ack in one.acks)


def _succeeded(ack: Ack) -> bool:
    """Also looks at the failure of an ack that nobody waits for any more, lest asyncio complain of it."""
    return ack.done() and not ack.cancelled() and ack.exception() is None


async def _stop(producer: Any) -> None:
    """`stop` waits for every ack: without a broker, for ever."""
    try:
        async with asyncio.timeout(STOP_S):
            await producer.stop()
    except TimeoutError:
        await producer._sender.close()
        await producer.client.close()
