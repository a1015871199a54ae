"""One act, one transaction. Opened by a door, or by the kernel around a handler, and nowhere else."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pymongo import WriteConcern

from shared.mongo import Database, Session, deadline

T = TypeVar("T")

HTTP_LIMIT_S = 3.0
HANDLER_LIMIT_S = 30.0


async def transact(
    database: Database, body: Callable[[Session], Coroutine[Any, Any, T]], limit_s: float = HTTP_LIMIT_S
) -> T:
    """`body` may run more than once (a write conflict, a new primary): database effects only, nothing in memory.

    Raises the driver's error when the database did not answer within the limit; then nothing is stored, or the answer to
    the commit was lost: idempotency keys make the repetition safe.
    """
    with deadline(limit_s):
        async with await database.client.start_session() as session:
            result: T = await session.with_transaction(body, write_concern=WriteConcern("majority"))
            return result
