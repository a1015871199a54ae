"""The whole path at a steady number of problems a second: from the click on «Công bố» to the item in the researcher's inbox."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from uuid_utils import uuid7

from bench.load import Connection, connect, request, send_all
from bench.measure import Row, percentile, until
from deploy.demo.cases import cases
from deploy.demo.office import Office
from deploy.demo.story import COORDINATOR, DIFFERENT, LEADER
from shared.mongo import Database, Document

RATES, SECONDS, AT_ONCE = (10, 50), 8, 16
"""At the first the two cores are half idle; at the second they are full."""
WAIT_S = 60.0
MAILS_S = 180.0
AGENCY = ("so-y-te.soan", "so-y-te.duyet")


async def measure(office: Office, inboxes: Database, *, intake: int) -> list[Row]:
    """`inboxes`: notify's database, where the arrival is seen by a change stream."""
    return [row for rate in RATES for row in await _measure(office, inboxes, rate, intake)]


async def _measure(office: Office, inboxes: Database, rate: int, intake: int) -> list[Row]:
    problems = await _approved(office, rate * SECONDS, intake)
    await _mails_away(inboxes)
    arrivals = _Arrivals(inboxes)
    watching = asyncio.create_task(arrivals.watch())
    await arrivals.ready.wait()
    clicked = await _publish(problems, await office.token(COORDINATOR), rate=rate, port=intake)
    await arrivals.wait(set(clicked))
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    taken = [(arrivals.at[one] - clicked[one]) * 1000 for one in clicked]
    meaning = (
        f"{len(taken)} problems published at {rate}/s through the API, on these cores with every service and all mails"
    )
    return [
        Row(f"publish → inbox item at {rate}/s, p50", percentile(taken, 50), "ms", meaning),
        Row(f"publish → inbox item at {rate}/s, p95", percentile(taken, 95), "ms", "the same (aim: at most 150 ms)"),
    ]


class _Arrivals:
    """When the first researcher's item of each problem was committed."""

    def __init__(self, inboxes: Database) -> None:
        self._items, self.at = inboxes.items, dict[str, float]()
        self.ready, self._changed = asyncio.Event(), asyncio.Event()

    async def watch(self) -> None:
        matched: list[Document] = [
            {"$match": {"operationType": "insert", "fullDocument.kind": "problem.matched"}},
            {"$project": {"fullDocument.facts.problem_id": 1}},
        ]
        async with self._items.watch(matched) as stream:
            self.ready.set()
            async for change in stream:
                self.at.setdefault(change["fullDocument"]["facts"]["problem_id"], time.perf_counter())
                self._changed.set()

    async def wait(self, wanted: set[str]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not wanted <= self.at.keys():
                self._changed.clear()
                await self._changed.wait()


async def _approved(office: Office, number: int, port: int) -> list[dict[str, Any]]:
    """Problems one click away from being published."""
    record = cases(datetime.now(UTC).date())[6].record
    drafter, approver = AGENCY
    made = await _each(port, [("POST", "/intake/v1/problems", record)] * number, await office.token(drafter))
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (approver, "submit", {"no_secrets": True, "no_personal_data": True}),
        (COORDINATOR, "start_review", {"duplicates": DIFFERENT}),
        (LEADER, "approve", {"reason": "Vấn đề rõ, đo được, có dữ liệu."}),
    )
    for person, command, given in steps:
        asked = [("POST", f"/intake/v1/problems/{p['id']}/{command}", {"version": p["version"], **given}) for p in made]
        made = await _each(port, asked, await office.token(person))
    return made


async def _mails_away(notify: Database) -> None:
    """What the steps before have told of is no part of the measurement."""

    async def away() -> bool:
        return not await notify.deliveries.find_one({"state": {"$in": ["pending", "claimed"]}})

    await until(away, MAILS_S)


async def _each(port: int, asked: list[tuple[str, str, Any]], token: str) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    headers = {"authorization": f"Bearer {token}"}

    def keep(status: int, body: bytes) -> None:
        if status >= 300:
            raise RuntimeError(f"{status} {body[:300]!r}")
        answers.append(_json(body))

    requests = [request(method, path, body, headers) for method, path, body in asked]
    await send_all(port, requests, at_once=AT_ONCE, check=keep)
    return answers


async def _publish(problems: list[dict[str, Any]], token: str, *, rate: int, port: int) -> dict[str, float]:
    """Open loop: each click at its time, whatever became of the ones before. Gives when each was clicked."""
    idle = asyncio.Queue[Connection]()
    for _ in range(AT_ONCE):
        idle.put_nowait(await connect(port))
    clicked: dict[str, float] = {}
    began = time.perf_counter()

    async def click(problem: dict[str, Any], due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        raw, clicked[problem["id"]] = _publication(problem, token), time.perf_counter()
        connection = await idle.get()
        status, body = await connection.send(raw)
        idle.put_nowait(connection)
        if status != 200:
            raise RuntimeError(f"{status} {body[:300]!r}")

    await asyncio.gather(*(click(problem, began + n / rate) for n, problem in enumerate(problems)))
    return clicked


def _publication(problem: dict[str, Any], token: str) -> bytes:
    closing = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    body = {"version": problem["version"], "closes_at": closing, "terms": "shared"}
    headers = {"authorization": f"Bearer {token}", "idempotency-key": str(uuid7())}
    return request("POST", f"/intake/v1/problems/{problem['id']}/publish", body, headers)


def _json(body: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(body)
    return answer
