"""What still waits in the outbox: how much, for how long, and what the broker refuses."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.messaging.counters import OUTBOX_AGE, OUTBOX_ROWS, QUARANTINE_ROWS, STUCK_ROWS
from shared.messaging.health import trouble, well
from shared.mongo import Database, Document

STUCK: Document = {"stuck": {"$exists": True}}


@dataclass(frozen=True, slots=True)
class Backlog:
    rows: int
    oldest_s: float
    """Age of the oldest row by the server's clock; 0 when none waits."""
    stuck: int
    reasons: Sequence[str]
    """Why rows are stuck, each reason once."""


async def backlog(database: Database) -> Backlog:
    oldest = await database.outbox.find_one(sort=[("at", 1)])
    now = (await database.command("hello"))["localTime"].timestamp()
    return Backlog(
        rows=await database.outbox.estimated_document_count(),
        oldest_s=max(0.0, now - oldest["at"].time) if oldest else 0.0,
        stuck=await database.outbox.count_documents(STUCK),
        reasons=sorted(await database.outbox.distinct("stuck", STUCK)),
    )


async def measure(database: Database) -> None:
    """For the metrics page; and says what the broker refuses."""
    waiting = await backlog(database)
    OUTBOX_ROWS.set(waiting.rows)
    STUCK_ROWS.set(waiting.stuck)
    OUTBOX_AGE.set(waiting.oldest_s)
    QUARANTINE_ROWS.set(await database.quarantine.estimated_document_count())
    if waiting.stuck:
        trouble("outbox", "; ".join(waiting.reasons))
    else:
        well("outbox")
