"""What came of the story, asked by the public API: who was matched and why, what lies in whose inbox, which mails went out."""

import asyncio
import mailbox
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo.cases import people
from deploy.demo.office import Office
from deploy.demo.story import Told

Row = dict[str, Any]
MATCHED = "problem.matched"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`matches` and `inboxes` by person; `mails`: how many lie in the sink, by their Message-ID; `addressed`: who gets mail;
    `seen`: what the public, or a person who has nothing to do with it, was answered about a restricted problem."""

    told: Sequence[Told]
    matches: Mapping[str, Sequence[Row]]
    inboxes: Mapping[str, Sequence[Row]]
    mails: Mapping[str, int]
    addressed: frozenset[str]
    seen: Mapping[tuple[int, str], int]

    @property
    def items(self) -> int:
        return sum(map(len, self.inboxes.values()))

    def matched(self, problem_id: str) -> list[tuple[str, Row]]:
        """(person, match) for one problem, best first."""
        found = [(who, m) for who, rows in self.matches.items() for m in rows if m["problem_id"] == problem_id]
        return sorted(found, key=lambda pair: -pair[1]["score"])

    def about(self, person: str, problem_id: str) -> list[Row]:
        """What lies in the person's inbox about one problem."""
        return [item for item in self.inboxes[person] if item["facts"].get("problem_id") == problem_id]

    def heard(self, person: str, problem_id: str, kind: str) -> int:
        return sum(item["kind"] == kind for item in self.about(person, problem_id))


async def look(office: Office, told: Sequence[Told], maildir: Path) -> Outcome:
    matches, inboxes, addressed = {}, {}, set()
    for person in people():
        who = person["id"]
        inboxes[who] = await _inbox(office, who)
        if (await office.ask(who, "GET", "/notify/v1/contact"))["mail"]:
            addressed.add(who)
        if "researcher" in person["roles"]:
            matches[who] = (await office.ask(who, "GET", "/matching/v1/matches"))["items"]
    mails = await asyncio.to_thread(_mails, maildir)
    return Outcome(told, matches, inboxes, mails, frozenset(addressed), await _seen_by_strangers(office, told))


async def _inbox(office: Office, who: str) -> list[Row]:
    rows: list[Row] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await office.ask(who, "GET", "/notify/v1/inbox", params={"limit": 100, "cursor": cursor})
        rows += page["items"]
        cursor = page["next"]
    return rows


def _mails(maildir: Path) -> Counter[str]:
    box = mailbox.Maildir(maildir, create=True)
    return Counter(str(message["Message-ID"]) for message in box)


async def _seen_by_strangers(office: Office, told: Sequence[Told]) -> dict[tuple[int, str], int]:
    """(case, person; empty for the public) → the status of the answer."""
    seen = {}
    for one in told:
        other_unit = next(other.case.drafter for other in told if other.case.unit != one.case.unit)
        for who in ("", "nc.du-lieu", other_unit) if one.case.restricted else ():
            answer = await office.raw(who, "GET", f"/intake/v1/problems/{one.problem['id']}")
            seen[one.case.number, who] = answer.status_code
    return seen
