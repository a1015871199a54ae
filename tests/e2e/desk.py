"""An agency and DOST that take one problem after another from draft to open. What is not answered they ask again, under the same
key, until it is."""

from itertools import count
from typing import Any

import httpx

from deploy.demo.cases import Case, Row
from deploy.demo.office import Office, StepFailed
from deploy.demo.story import APPROVAL, COORDINATOR, DIFFERENT, LEADER, SIGNED
from tests.waiting import until

PATIENCE_S = 60.0
LOOK_S = 0.1
RESEARCHER = "nc.y-te"
"""Whom every one of these problems fits: they are the case of the hospitals, again and again."""


class Desk:
    """`case` lends its unit, its people and its text. `published`: what was acknowledged as open."""

    def __init__(self, url: str, case: Case, *, patience_s: float = PATIENCE_S) -> None:
        self.office, self._case, self._patience_s = Office(url), case, patience_s
        self._numbers = count(1)
        self.published: list[str] = []

    async def close(self) -> None:
        await self.office.close()

    async def publish(self, *, traceparent: str = "") -> str:
        """The id of one more problem that was posted, reviewed and published."""
        problem = await self.post(traceparent=traceparent)
        closing = {"closes_at": self._case.closes_at.isoformat(), "terms": "shared"}
        for person, command, given in (
            (self._case.approver, "submit", SIGNED),
            (COORDINATOR, "start_review", {"duplicates": DIFFERENT}),
            (LEADER, "approve", {"reason": APPROVAL}),
            (COORDINATOR, "publish", closing),
        ):
            problem = await self._take(person, problem, command, given, traceparent=traceparent)
        self.published.append(problem["id"])
        return str(problem["id"])

    async def post(self, *, traceparent: str = "") -> Row:
        number = next(self._numbers)
        record = {**self._case.record, "title": f"{self._case.title} (lần {number})"}
        headers = _headers(f"desk-{number}", traceparent)
        return await self.insist(self._case.drafter, "POST", "/intake/v1/problems", json=record, headers=headers)

    async def _take(self, person: str, problem: Row, command: str, given: Row, *, traceparent: str) -> Row:
        path = f"/intake/v1/problems/{problem['id']}/{command}"
        body = {"version": problem["version"], **given}
        headers = _headers(f"{problem['id']}-{command}", traceparent)
        return await self.insist(person, "POST", path, json=body, headers=headers)

    async def insist(self, person: str, method: str, path: str, **given: Any) -> Row:
        async def answered() -> httpx.Response | None:
            try:
                answer = await self.office.raw(person, method, path, **given)
            except (httpx.TransportError, StepFailed):
                return None
            return None if answer.is_server_error else answer

        answer = await until(answered, self._patience_s, every_s=LOOK_S)
        assert answer is not None
        assert answer.is_success, answer.text
        found: Row = answer.json()
        return found

    async def matches(self) -> dict[str, int]:
        """Problem → how often the researcher's inbox tells of it."""
        told: dict[str, int] = {}
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": 100, "cursor": cursor}
            page = await self.insist(RESEARCHER, "GET", "/notify/v1/inbox", params=query)
            for item in page["items"]:
                told[item["facts"]["problem_id"]] = told.get(item["facts"]["problem_id"], 0) + 1
            cursor = page["next"]
        return told

    async def all_told_once(self) -> bool:
        """Whether the researcher has heard of everything published, once."""
        told = await self.matches()
        assert set(told.values()) <= {1}
        return set(self.published) <= set(told)


def _headers(key: str, traceparent: str) -> dict[str, str]:
    return {"Idempotency-Key": key} | ({"traceparent": traceparent} if traceparent else {})
