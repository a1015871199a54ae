"""Takes one step of a problem's life: who, which version, from which state, under which guards, and what it tells."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from services.intake.problems.authorize import authorize
from services.intake.problems.guards import Attempt, check
from services.intake.problems.lifecycle import Transition, rows_of, step
from services.intake.problems.problem import NOT_YET, Given, Problem, by_the_same_page, draft, move
from services.intake.problems.protected import refuse_said, refuse_secret_words, refuse_secrets
from services.intake.problems.record import PRIVATE, changed_fields
from services.intake.units.unit import Unit
from shared.events import problem as contracts
from shared.events.envelope import Event
from shared.events.problem import ProblemEvent
from shared.identity import Actor, Role
from shared.refusals import VersionMismatch

CONTRACTS: Mapping[str, type[ProblemEvent]] = {
    "problem.drafted*": contracts.ProblemDrafted,
    "problem.draft_saved*": contracts.ProblemDraftSaved,
    "problem.clarification_answered*": contracts.ProblemClarificationAnswered,
    "problem.submitted": contracts.ProblemSubmitted,
    "problem.recalled": contracts.ProblemRecalled,
    "problem.returned": contracts.ProblemReturned,
    "problem.resubmitted": contracts.ProblemResubmitted,
    "problem.review_started": contracts.ProblemReviewStarted,
    "problem.approved": contracts.ProblemApproved,
    "problem.declined": contracts.ProblemDeclined,
    "problem.withdrawn": contracts.ProblemWithdrawn,
    "problem.published": contracts.ProblemPublished,
    "problem.pilot_started": contracts.ProblemPilotStarted,
}

Step = tuple[Problem, Event[ProblemEvent]]


def create(problem_id: str, given: Given, *, lineage: tuple[Unit, ...], actor: Actor, now: datetime) -> Step:
    """`lineage` is that of the actor's unit. Raises UnitEnded, UnknownUnit. Whether the actor may create at all:
    `authorize_create`."""
    row = step("create", NOT_YET)
    given = replace(given, contact_unit_id=actor.unit_id, contact_lineage=lineage)
    unit = next(iter(lineage), Unit(actor.unit_id or "", "", now.date()))
    problem = draft(problem_id, given, unit=unit, actor=actor, now=now)
    _refuse_unstorable(given)
    check(row.guards, Attempt(problem, actor, given, now))
    return problem, _event(row, problem, problem, role=Role.DRAFTER, details={}, now=now)


def act(problem: Problem, command: str, given: Given, *, version: int, actor: Actor, now: datetime) -> Step:
    """`version` is the one that the actor has seen. Raises NotFound, NotAllowed, VersionMismatch, MarkedSecret, PersonalDataFound,
    IllegalStep, StepNotOffered, UnknownCommand, or the refusal of a guard."""
    role = authorize(actor, rows_of(command), problem)
    if version != problem.version and not by_the_same_page(problem, given):
        raise VersionMismatch(current=problem.version)
    _refuse_unstorable(given)
    row = step(command, problem.state)
    role = authorize(actor, [row], problem)
    check(row.guards, Attempt(problem, actor, given, now))
    after = move(problem, row, given, actor=actor, now=now)
    return after, _event(row, problem, after, role=role, details=_details(row, problem, after, given), now=now)


def _refuse_unstorable(given: Given) -> None:
    """Whatever a step brings along is stored, so it must bear no marking of secrecy; what is said of a problem is read by others at
    once, so it must hold no personal data either. A right place to turn to may have a number to call."""
    for written in (given.record, given.adoption):
        if written:
            refuse_secrets(written)
    refuse_secret_words("channel", given.channel)
    for field, text in _said(given):
        refuse_said(field, text)


def _said(given: Given) -> Iterator[tuple[str, str]]:
    yield from (("reason", given.reason), ("answer", given.answer), ("override", given.override))
    yield from ((f"questions.{n}.text", question.text) for n, question in enumerate(given.questions))
    if given.duplicates:
        yield "duplicates.reason", given.duplicates.reason


def _event(
    row: Transition, before: Problem, after: Problem, *, role: Role, details: dict[str, Any], now: datetime
) -> Event[ProblemEvent]:
    data = CONTRACTS[row.event](
        problem_id=after.id,
        ref=after.ref,
        problem_version=after.version,
        from_state=row.frm,
        to_state=after.state,
        actor_role=role,
        agency_id=after.agency.unit_id,
        occurred_at=now,
        **details,
    )
    return Event(subject=after.id, sequence=after.version, data=data, time=now)


def _details(row: Transition, before: Problem, after: Problem, given: Given) -> dict[str, Any]:
    match row.command:
        case "edit":
            return {"changed": changed_fields(before.record, after.record)}
        case "answer_clarification":
            return {"question_id": given.question_id}
        case "return":
            return {"question_count": len(given.questions), "answer_due": after.answer_due}
        case "publish":
            return {"public": True, **_public_record(after)}
        case "adopt_existing" if after.adoption:
            plan = after.adoption.plan
            return {"existing_solution": True, "pilot_from": plan.starts, "pilot_to": plan.ends}
    return {}


def _public_record(problem: Problem) -> dict[str, Any]:
    """What the city may read of a published problem: no person, no reason, no question."""
    record = {name: value for name, value in asdict(problem.record).items() if name not in PRIVATE}
    return {**record, "agency": problem.agency, "closes_at": problem.closes_at, "terms": problem.terms}
