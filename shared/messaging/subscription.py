"""Feeds an inbox from a topic, by FastStream, past the traps that were measured."""

import asyncio
from dataclasses import replace
from typing import Any

from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from shared.events.registry import Registry
from shared.kafka import settled
from shared.messaging.health import trouble
from shared.messaging.inbox import After, Handler, Inbox, Prepare, TooManyQuarantined
from shared.messaging.outages import reach, transient
from shared.mongo import Database

MAX_RECORDS = 1000
WORKERS = 2
"""Members of one group, with partitions of their own: one decodes while MongoDB serves the other."""


def consume(
    broker: KafkaBroker,
    database: Database,
    *,
    topic: str,
    group: str,
    registry: Registry,
    handler: Handler,
    prepare: Prepare | None = None,
    after: After | None = None,
    prefix: str = "",
    workers: int = WORKERS,
    **options: Any,
) -> Inbox:
    """Joins `group` on `topic`. `options` go to the Kafka consumer. `consumers` starts what was joined."""
    inbox = Inbox(database, group=group, registry=registry, handler=handler, prepare=prepare, after=after)

    async def on_batch(message: KafkaMessage) -> None:
        await _settle(inbox, message)

    given = {"max_records": MAX_RECORDS, "batch_timeout_ms": 20, "heartbeat_interval_ms": 1000} | options
    for _ in range(workers):
        broker.subscriber(
            prefix + topic,
            group_id=prefix + group,
            batch=True,
            auto_offset_reset="earliest",
            parser=_whole_batch,
            decoder=_undecoded,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            **given,
        )(on_batch)
    return inbox


async def _settle(inbox: Inbox, message: KafkaMessage) -> None:
    """FastStream swallows what a batch handler raises and polls again at once: `consumers` must learn of it."""
    try:
        await inbox.settle(message.raw_message)
    except Exception as error:
        if not transient(error):
            inbox.fault = error
        raise


async def _whole_batch(records: tuple[Any, ...], original: Any) -> Any:
    """FastStream's own parser decodes every header, and drops a whole batch, unhandled, for one that is not text."""
    message = await original((replace(records[0], headers=()),))
    message.raw_message = records
    return message


async def _undecoded(message: Any) -> Any:
    """Async on purpose: a sync decoder runs in a thread pool."""
    return message.body


async def consumers(broker: KafkaBroker, *inboxes: Inbox) -> None:
    """Runs until cancelled. Raises a bug, which ends the process. An inbox that quarantined too much stops all of them and
    says `not ready`: going on, or starting anew by itself, would put the rest of the topic aside too."""
    try:
        await reach("consumers", lambda: settled(broker.start()), broker.stop)
        while not any(isinstance(inbox.fault, TooManyQuarantined) for inbox in inboxes):
            _check(broker, inboxes)
            await asyncio.sleep(0.5)
    finally:
        await broker.stop()
    for inbox in inboxes:
        if inbox.fault:
            trouble(f"inbox {inbox.group}", f"stopped: {inbox.fault}; see the quarantine, then restart")
    await asyncio.Event().wait()


def _check(broker: KafkaBroker, inboxes: tuple[Inbox, ...]) -> None:
    """aiokafka's dead coordinator or fetcher only repeats its last error, which FastStream logs for ever."""
    for inbox in inboxes:
        if inbox.fault:
            raise inbox.fault
    for subscriber in broker.subscribers:
        consumer: Any = subscriber.consumer  # type: ignore[attr-defined]  # FastStream types it on the concrete class
        if consumer._coordinator._coordination_task.done() or consumer._fetcher._fetch_task.done():
            raise RuntimeError("a Kafka consumer's task has died")
