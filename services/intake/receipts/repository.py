"""The answer that was given to each idempotency key, kept for a week: a repeated request gets the same answer again."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from pydantic_core import to_json

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
    """Read and written in the transaction of the act itself: of two equal requests at once, one conflicts, is run again by the
    driver, and finds the other's receipt."""

    def __init__(self, database: Database) -> None:
        self._receipts = database.receipts

    async def prepare(self) -> None:
        await self._receipts.create_index("at", expireAfterSeconds=int(KEPT.total_seconds()))

    async def answer(self, request: Request, *, session: Session) -> Answer | None:
        """Raises KeyReused when the key came with another request."""
        row = await self._receipts.find_one({"_id": request.id}, session=session) if request.key else None
        if row is None:
            return None
        if row["asked"] != request.digest:
            raise KeyReused
        answer: Answer = row["answer"]
        return answer

    async def keep(self, request: Request, answer: Answer, *, session: Session) -> None:
        if request.key:
            row = {"_id": request.id, "asked": request.digest, "answer": answer, "at": datetime.now(UTC)}
            await self._receipts.insert_one(row, session=session)
