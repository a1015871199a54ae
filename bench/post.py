"""POST problem: the real door in its own process, beside a door that only validates, and beside MongoDB alone."""

import asyncio
import copy
from datetime import UTC, datetime
from typing import Any

from uuid_utils import uuid7

from bench.consume import scratch
from bench.load import request, send_all
from bench.measure import Row, per_second
from deploy.demo.cases import cases
from deploy.demo.office import Office
from shared.messaging.transaction import transact
from shared.mongo import Client, Database, Document, Session

NUMBER, AT_ONCE = 1500, 24
DRAFTER = "so-y-te.soan"


async def measure(client: Client, store: Database, office: Office, *, intake: int, validating: int) -> list[Row]:
    """`store`: intake's database. `intake`, `validating`: the ports of the two doors."""
    token = await office.token(DRAFTER)
    validated = await _door(validating, token)
    ours = await _door(intake, token)
    samples = await _stored(store)
    async with scratch(client) as database:
        for name in samples:
            await database[name].insert_one({})
        bound = await per_second(NUMBER, lambda: _driver(database, samples))
    stages = (("the driver's bound", bound), ("validate only", validated))
    return [
        Row("validate only", validated, "requests/s", f"HTTP, session and pydantic, {AT_ONCE} at once; nothing stored"),
        Row("MongoDB alone, same documents", bound, "requests/s", "problem, log and receipt in one transaction"),
        Row(
            "POST problem",
            ours,
            "requests/s",
            "a draft stored with its event and its receipt (aim: 70 % of the driver's bound)",
            (*stages, ("one after the other on the same cores", 1 / (1 / bound + 1 / validated))),
        ),
    ]


async def _door(port: int, token: str) -> float:
    record = cases(datetime.now(UTC).date())[6].record
    headers = {"authorization": f"Bearer {token}"}
    requests = [
        request("POST", "/intake/v1/problems", record, headers | {"idempotency-key": str(uuid7())})
        for _ in range(NUMBER)
    ]

    def created(status: int, body: bytes) -> None:
        if status != 201:
            raise RuntimeError(f"{status} {body[:300]!r}")

    return await per_second(NUMBER, lambda: send_all(port, requests, at_once=AT_ONCE, check=created))


async def _stored(store: Database) -> dict[str, Document]:
    """What one request has left behind, in each collection."""
    problem = await store.problems.find_one(sort=[("_id", -1)])
    receipt = await store.receipts.find_one(sort=[("at", -1)])
    event = await store.events.find_one({"subject": problem["_id"]}) if problem else None
    if problem is None or receipt is None or event is None:
        raise RuntimeError("no problem was stored")
    return {"problems": problem, "receipts": receipt, "events": event}


async def _driver(database: Database, samples: dict[str, Document]) -> None:
    queue = iter([_renamed(samples, n) for n in range(NUMBER)])

    async def worker() -> None:
        for documents in queue:
            await transact(database, _writes(database, documents), 30)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def _writes(database: Database, documents: dict[str, Document]) -> Any:
    async def body(session: Session) -> None:
        for name, document in documents.items():
            await database[name].insert_one(document, session=session)

    return body


def _renamed(samples: dict[str, Document], number: int) -> dict[str, Document]:
    return {name: {**copy.copy(document), "_id": f"{document['_id']}-{number}"} for name, document in samples.items()}
