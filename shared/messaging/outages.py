"""Tells what passes by itself (an outage) from what does not (a bug), and waits for the former."""

import asyncio
from collections.abc import Awaitable, Callable

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    KafkaTimeoutError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from pymongo.errors import PyMongoError

from shared.messaging.health import trouble, well
from shared.mongo import unreachable

RETRY_LABELS = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
AWAITS_AN_OPERATOR = (
    UnknownTopicOrPartitionError,
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    ClusterAuthorizationFailedError,
)
"""A topic not yet made or a right not yet given: trouble to be told, not a bug of ours."""


def transient(error: BaseException) -> bool:
    if isinstance(error, PyMongoError):
        return unreachable(error) or any(map(error.has_error_label, RETRY_LABELS))
    if isinstance(error, KafkaError):
        return error.retriable or isinstance(error, (KafkaTimeoutError, *AWAITS_AN_OPERATOR))
    return isinstance(error, TimeoutError | ConnectionError)


async def patiently(name: str, step: Callable[[], Awaitable[None]], pause_s: float = 1) -> None:
    """Does the step once, however long the outage lasts. A bug is raised."""
    while True:
        try:
            await step()
        except Exception as error:
            if not transient(error):
                raise
            trouble(name, repr(error))
            await asyncio.sleep(pause_s)
        else:
            well(name)
            return


async def forever(name: str, step: Callable[[], Awaitable[float]]) -> None:
    """Repeats a step and sleeps the seconds that it returns. An outage is told and tried again; a bug ends the task."""
    while True:
        try:
            pause = await step()
        except Exception as error:
            if not transient(error):
                raise
            trouble(name, repr(error))
            pause = 1
        else:
            well(name)
        await asyncio.sleep(pause)


async def reach(name: str, start: Callable[[], Awaitable[None]], undo: Callable[[], Awaitable[None]]) -> None:
    """Starts a Kafka client. Within 5 s it runs or `health` says why not; a slow join of a group is never cut short."""
    while True:
        starting = asyncio.ensure_future(start())
        try:
            while not (await asyncio.wait({starting}, timeout=4))[0]:
                trouble(name, "no answer from Kafka yet")
            await starting
        except (KafkaError, OSError) as error:
            trouble(name, repr(error))
            await undo()
        else:
            well(name)
            return
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        await asyncio.sleep(1)
