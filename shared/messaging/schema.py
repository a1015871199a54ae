"""The kernel's own collections. Made outside of transactions, again at each start, by any number of replicas at once."""

from datetime import UTC, datetime

from pymongo.errors import OperationFailure

from shared.messaging.outbox import LANES
from shared.mongo import Database

NAMESPACE_EXISTS = 48
COLLECTIONS = ("events", "outbox", "inbox", "quarantine", "lanes")


async def prepare_database(database: Database) -> None:
    for name in COLLECTIONS:
        await make_collection(database, name)
    await database.events.create_index([("subject", 1), ("sequence", 1)])
    await database.events.create_index([("at", 1), ("sequence", 1)])
    await database.outbox.create_index([("lane", 1), ("at", 1)])
    await database.outbox.create_index(
        [("stuck", 1), ("lane", 1)], partialFilterExpression={"stuck": {"$exists": True}}
    )
    await database.quarantine.create_index([("at", -1)])
    for lane in range(LANES):  # $expr is not allowed with upsert: the lanes exist up front
        free = {"$setOnInsert": {"owner": None, "until": datetime.fromtimestamp(0, UTC)}}
        await database.lanes.update_one({"_id": lane}, free, upsert=True)


async def make_collection(database: Database, name: str) -> None:
    try:
        await database.create_collection(name, check_exists=False)
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
