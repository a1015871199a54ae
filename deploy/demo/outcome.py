"""What came of the story: who was matched and why, what lies in whose inbox, which mails went out. All of it asked by the
public API, and held against what must be."""

import asyncio
import mailbox
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.demo.cases import OPEN, Case, people
from deploy.demo.office import Office

WAIT_S = 90.0
LOOK_S = 0.25
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`matches` and `inboxes` by person; `mails`: how many lie in the sink."""

    problems: dict[int, dict[str, Any]]
    matches: dict[str, Rows]
    inboxes: dict[str, Rows]
    mails: int

    def matched(self, problem_id: str) -> list[tuple[str, dict[str, Any]]]:
        """(person, match) for one problem, best first."""
        found = [(who, m) for who, rows in self.matches.items() for m in rows if m["problem_id"] == problem_id]
        return sorted(found, key=lambda pair: -pair[1]["score"])

    def told(self, person: str, kind: str, problem_id: str) -> int:
        return sum(
            item["kind"] == kind and item["facts"].get("problem_id") == problem_id for item in self.inboxes[person]
        )


async def wait_for(
    office: Office, played: dict[int, tuple[Case, dict[str, Any]]], maildir: Path, say: Callable[[str], None]
) -> tuple[Outcome, list[str]]:
    """Looks until nothing is missing, at most WAIT_S. Gives the outcome and what is still missing, a sentence each."""
    loop = asyncio.get_running_loop()
    until = loop.time() + WAIT_S
    while True:
        outcome = await _look(office, played, maildir)
        missing = await _missing(office, played, outcome)
        if not missing or loop.time() > until:
            return outcome, missing
        say(f"Chờ ghép nối và báo tin / waiting: {len(missing)} – {missing[0]}")
        await asyncio.sleep(LOOK_S)


async def _look(office: Office, played: dict[int, tuple[Case, dict[str, Any]]], maildir: Path) -> Outcome:
    matches, inboxes = {}, {}
    for person in people():
        who = person["id"]
        inboxes[who] = await _inbox(office, who)
        if "researcher" in person["roles"]:
            matches[who] = (await office.ask(who, "GET", "/matching/v1/matches"))["items"]
    mails = len(mailbox.Maildir(maildir, create=True))
    return Outcome({n: problem for n, (_, problem) in played.items()}, matches, inboxes, mails)


async def _inbox(office: Office, who: str) -> Rows:
    rows: Rows = []
    cursor = ""
    while True:
        page = await office.ask(who, "GET", "/notify/v1/inbox", params={"limit": 100, "cursor": cursor})
        rows += page["items"]
        if not page["next"]:
            return rows
        cursor = page["next"]


async def _missing(office: Office, played: dict[int, tuple[Case, dict[str, Any]]], outcome: Outcome) -> list[str]:
    missing = [sentence for case, problem in played.values() for sentence in _missing_of(case, problem, outcome)]
    for who, rows in outcome.matches.items():
        missing += [
            f"{who}: match {m['problem_ref']} is in the inbox {n} times"
            for m in rows
            if (n := outcome.told(who, "problem.matched", m["problem_id"])) != 1
        ]
    items = sum(len(rows) for rows in outcome.inboxes.values())
    if outcome.mails != items:
        missing.append(f"{outcome.mails} mails for {items} inbox items")
    return missing + _doubled(outcome) + await _seen_by_strangers(office, played)


def _missing_of(case: Case, problem: dict[str, Any], outcome: Outcome) -> list[str]:
    told = ["problem.received"] + (["problem.approved", "problem.published"] if case.ends_at == OPEN else [])
    missing = [
        f"case {case.number}: {who} has not heard «{kind}»"
        for who in (case.drafter, case.approver)
        for kind in told
        if not outcome.told(who, kind, problem["id"])
    ]
    if case.ends_at == OPEN and not outcome.matched(problem["id"]):
        missing.append(f"case {case.number}: nobody was matched")
    return missing


def _doubled(outcome: Outcome) -> list[str]:
    counted = Counter(item["id"] for rows in outcome.inboxes.values() for item in rows)
    return [f"inbox item {item} lies {n} times" for item, n in counted.items() if n > 1]


async def _seen_by_strangers(office: Office, played: dict[int, tuple[Case, dict[str, Any]]]) -> list[str]:
    """A restricted problem is nobody else's to see: not the public's, not another unit's, not a researcher's."""
    seen = []
    for case, problem in played.values():
        others = ["", "nc.du-lieu", next(c.drafter for c, _ in played.values() if c.unit != case.unit)]
        for who in others if case.restricted else []:
            answer = await office.raw(who, "GET", f"/intake/v1/problems/{problem['id']}")
            if answer.status_code != httpx.codes.NOT_FOUND:
                seen.append(f"case {case.number} can be seen by {who or 'the public'}")
    return seen
