"""What must have come of the story: a sentence for each thing that is missing or too much."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx

from deploy.demo.cases import OPEN
from deploy.demo.office import Office
from deploy.demo.outcome import MATCHED, Outcome, look
from deploy.demo.story import COORDINATOR, Told

WAIT_S = 120.0
"""A mail whose sender was killed is taken up again when the claim runs out, after a minute."""
LOOK_S = 0.25


async def wait_for(
    office: Office, told: Sequence[Told], maildir: Path, say: Callable[[str], None]
) -> tuple[Outcome, list[str]]:
    """Looks until nothing is missing, at most WAIT_S. Gives the outcome and what is still missing."""
    until, last = asyncio.get_running_loop().time() + WAIT_S, ""
    while True:
        outcome = await look(office, told, maildir)
        wanting = [*missing(outcome)]
        if not wanting or asyncio.get_running_loop().time() > until:
            return outcome, wanting
        if wanting[0] != last:
            say(f"Chờ ghép nối và báo tin / waiting for matches and messages ({len(wanting)}): {wanting[0]}")
        last = wanting[0]
        await asyncio.sleep(LOOK_S)


def missing(outcome: Outcome) -> Iterator[str]:
    for told in outcome.told:
        yield from _unpublished(told)
        yield from _unheard(told, outcome)
    yield from _unmatched(outcome)
    yield from _doubled(outcome)
    yield from _unmailed(outcome)
    yield from _seen(outcome)


def _unpublished(told: Told) -> Iterator[str]:
    case = told.case
    if not told.finished:
        yield f"đề bài {case.number} mới tới / has only come to «{told.problem['state']}»"
    if case.ends_at == OPEN and not told.problem["published_at"]:
        yield f"đề bài {case.number} chưa công bố / is not published"


def _unheard(told: Told, outcome: Outcome) -> Iterator[str]:
    case = told.case
    kinds = ["problem.received"]
    kinds += ["problem.clarification_requested"] if case.questions else []
    kinds += ["problem.approved", "problem.published"] if case.ends_at == OPEN else []
    awaited = [(who, kind) for who in (case.drafter, case.approver) for kind in kinds]
    for who, kind in [*awaited, (COORDINATOR, "problem.to_review")]:
        if not outcome.heard(who, told.problem["id"], kind):
            yield f"đề bài {case.number}: {who} chưa nhận tin / has not heard «{kind}»"


def _unmatched(outcome: Outcome) -> Iterator[str]:
    for told in outcome.told:
        if told.case.ends_at == OPEN and not outcome.matched(told.problem["id"]):
            yield f"đề bài {told.case.number} chưa gặp ai / nobody was matched"
    for who, rows in outcome.matches.items():
        for match in rows:
            if (n := outcome.heard(who, match["problem_id"], MATCHED)) != 1:
                yield f"{who}: {match['problem_ref']} có / lies {n} × trong hộp thư / in the inbox"


def _doubled(outcome: Outcome) -> Iterator[str]:
    """One event tells one person once: the trace tells a second event of the same kind from the same event twice."""
    counted = Counter(
        (who, item["about"], item["facts"].get("problem_id"), item["trace"])
        for who, rows in outcome.inboxes.items()
        for item in rows
    )
    for (who, about, problem_id, _), n in counted.items():
        if n > 1:
            yield f"{who}: {about} {problem_id} có / lies {n} × trong hộp thư / in the inbox"


def _unmailed(outcome: Outcome) -> Iterator[str]:
    """What was read before its mail was due is not mailed."""
    mailed = {message_id.strip("<").split(".")[0] for message_id in outcome.mails}
    waiting = [
        item["id"]
        for who in sorted(outcome.addressed)
        for item in outcome.inboxes[who]
        if item["id"] not in mailed and not item["read_at"]
    ]
    if waiting:
        yield f"{len(waiting)} thư chưa tới / mails have not arrived"


def _seen(outcome: Outcome) -> Iterator[str]:
    for (number, who), status in outcome.seen.items():
        if status != httpx.codes.NOT_FOUND:
            yield f"đề bài {number} bị lộ / is seen by {who or 'the public'}: {status}"
