"""Shares the outbox's lanes among the living relays: each lane is leased to one of them by the server's clock."""

import os
from collections.abc import Iterable
from typing import Any

from shared.messaging.outbox import LANES
from shared.mongo import Database

A_LANE = {"$type": "int"}
A_RELAY = {"$type": "string"}
"""Rows of `lanes`: a number for each lane, a text for each living relay."""
EXPIRED = {"$expr": {"$lt": ["$until", "$$NOW"]}}
ALIVE = {"$expr": {"$gte": ["$until", "$$NOW"]}}


class Lanes:
    """Two owners of one lane for a moment (a lease that ran out in flight) cost doubles, never order."""

    def __init__(self, database: Database, lease_s: float) -> None:
        self._rows, self.lease_s = database.lanes, lease_s
        self.me = os.urandom(8).hex()
        self.held = frozenset[int]()

    async def claim(self) -> None:
        """Renews what is ours, takes what has expired up to our share, leaves a newcomer its part."""
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(self.lease_s * 1000)}}
        take: list[dict[str, Any]] = [{"$set": {"owner": self.me, "until": until}}]
        mine = {"_id": A_LANE, "owner": self.me}
        await self._rows.update_one({"_id": self.me}, take, upsert=True)
        await self._rows.update_many(mine, take)
        held, share = set(await self._rows.distinct("_id", mine)), await self._share()
        while len(held) < share and (lane := await self._rows.find_one_and_update({"_id": A_LANE, **EXPIRED}, take)):
            held.add(lane["_id"])
        self.held = frozenset(sorted(held)[:share])
        await self._release(held - self.held)

    async def _share(self) -> int:
        await self._rows.delete_many({"_id": A_RELAY, **EXPIRED})
        living = await self._rows.count_documents({"_id": A_RELAY, **ALIVE})
        return -(-LANES // max(living, 1))

    async def leave(self) -> None:
        self.held = frozenset()
        await self._rows.delete_one({"_id": self.me})
        await self._release(range(LANES))

    async def _release(self, lanes: Iterable[int]) -> None:
        free: list[dict[str, Any]] = [{"$set": {"owner": None, "until": "$$NOW"}}]
        await self._rows.update_many({"_id": {"$in": list(lanes)}, "owner": self.me}, free)
