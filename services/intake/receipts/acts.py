"""One act, one transaction, one receipt: what the acts of every room do alike."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from services.intake.receipts.repository import ReceiptRepository, Request
from shared.messaging.failpoints import hit
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.refusals import Refusal

T = TypeVar("T")


class Once(Generic[T]):
    """For acts that are answered with one `kind` of thing."""

    def __init__(self, database: Database, kind: TypeAdapter[T]) -> None:
        self._database, self._kind = database, kind
        self._receipts = ReceiptRepository(database)

    async def prepare(self) -> None:
        await self._receipts.prepare()

    async def act(self, asked: Request, body: Callable[[Session], Awaitable[T]]) -> T:
        """Acts first and looks afterwards: only a request that is refused can have been answered before."""

        async def whole(session: Session) -> T:
            done = await body(session)
            if asked.key:
                await self._receipts.keep(asked, self._kind.dump_python(done, mode="json"), session=session)
            return done

        try:
            done = await transact(self._database, whole)
        except Refusal:
            before = await self._receipts.answer(asked)
            if before is None:
                raise
            return self._kind.validate_python(before)
        hit("intake.committed_not_acked")
        return done


def this_moment() -> datetime:
    """To the millisecond, which is what the store keeps: the first answer reads like every later one."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
