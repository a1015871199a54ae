"""One act, one transaction. Opened by a door, or by the kernel around a handler, and nowhere else."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from pymongo import WriteConcern
from pymongo.errors import PyMongoError

from shared.mongo import Database, Session, deadline

T = TypeVar("T")
Body = Callable[[Session], Coroutine[Any, Any, T]]

HTTP_LIMIT_S = 3.0
HANDLER_LIMIT_S = 30.0
MAJORITY = WriteConcern("majority")
RUN_AGAIN, COMMIT_AGAIN = "TransientTransactionError", "UnknownTransactionCommitResult"
"""Labels of the driver: the transaction did not happen; nobody knows whether it did, and to commit once more is safe."""


async def transact(database: Database, body: Body[T], limit_s: float = HTTP_LIMIT_S) -> T:
    """`body` may run more than once (a write conflict, a new primary): database effects only, nothing in memory.

    Raises the driver's error when the database did not answer within the limit; then nothing is stored, or the answer to
    the commit was lost: idempotency keys make the repetition safe.

    Not the driver's own `with_transaction`: it tries again for 120 s, whatever deadline is set.
    """
    end = asyncio.get_running_loop().time() + limit_s
    with deadline(limit_s):
        async with await database.client.start_session() as session:
            return await _again(partial(_try, session, body, end), RUN_AGAIN, end)


async def _try(session: Session, body: Body[T], end: float) -> T:
    async with session.start_transaction(write_concern=MAJORITY):
        result = await body(session)
        await _again(session.commit_transaction, COMMIT_AGAIN, end)
    return result


async def _again(step: Callable[[], Coroutine[Any, Any, T]], label: str, end: float) -> T:
    tries = 0
    while True:
        try:
            return await step()
        except PyMongoError as error:
            if not error.has_error_label(label) or asyncio.get_running_loop().time() > end:
                raise
        await asyncio.sleep(pause_s(tries))
        tries += 1


def pause_s(tries: int) -> float:
    """Those in conflict draw apart; the driver's specification names these numbers (transactions-convenient-api)."""
    return random.random() * min(0.005 * 1.5**tries, 0.5)  # noqa: S311  # a draw, not a secret
