"""The answer that was given to each idempotency key, kept for a week: a repeated request gets the same answer again."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from pydantic_core import to_json
from pymongo.errors import DuplicateKeyError

from shared.mongo import Database, Session
from shared.refusals import KeyReused

KEPT = timedelta(days=7)

Answer = dict[str, Any]


class Request(NamedTuple):
    """Who asks, under which key (empty: none given), for what."""

    person_id: str
    key: str
    asked: object

    @property
    def id(self) -> str:
        return f"{self.person_id}|{self.key}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(to_json(self.asked)).hexdigest()


class ReceiptRepository:
    """Written in the transaction of the act itself: of two equal requests at once, one conflicts, is run again, and is refused."""

    def __init__(self, database: Database) -> None:
        self._receipts = database.receipts

    async def prepare(self) -> None:
        await self._receipts.create_index("at", expireAfterSeconds=int(KEPT.total_seconds()))

    async def answer(self, request: Request) -> Answer | None:
        """What the same request was answered. Raises KeyReused when the key came with another one."""
        row = await self._receipts.find_one({"_id": request.id}) if request.key else None
        if row is None:
            return None
        if row["asked"] != request.digest:
            raise KeyReused
        answer: Answer = row["answer"]
        return answer

    async def keep(self, request: Request, answer: Answer, *, session: Session) -> None:
        """Raises KeyReused, which undoes the act, when the key was used before: `answer` tells for what."""
        row = {"_id": request.id, "asked": request.digest, "answer": answer, "at": datetime.now(UTC)}
        try:
            await self._receipts.insert_one(row, session=session)
        except DuplicateKeyError:
            raise KeyReused from None
