"""Tests wait on conditions, never on the clock."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], Awaitable[T]], limit_s: float = 20, *, every_s: float = 0.02) -> T:
    """Gives the first truthy answer. Fails with the last answer when the limit is over."""
    answer = await condition()
    try:
        async with asyncio.timeout(limit_s):
            while not answer:
                await asyncio.sleep(every_s)
                answer = await condition()
    except TimeoutError:
        raise AssertionError(f"not within {limit_s} s; last seen: {answer!r}") from None
    return answer
