"""A problem and its life. A step gives the problem after it and the event that tells of it; it stores and sends nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from services.intake.coach.judge import SHORT
from services.intake.problems.adoption import Adoption
from services.intake.problems.coached import digest_of, text_of
from services.intake.problems.duplicates import Decision
from services.intake.problems.existing import Existing
from services.intake.problems.judgement import Judgement
from services.intake.problems.lifecycle import Transition, rows_of
from services.intake.problems.record import Record
from services.intake.units.unit import Unit
from shared.events.problem import Agency
from shared.identity import Actor

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOT_YET = "(none)"
"""The state before the first."""


class Terms(StrEnum):
    """Who owns what a solution makes."""

    AGENCY = "agency"
    SOLVER = "solver"
    SHARED = "shared"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Question:
    """Asked by the reviewers, tied to one field of the record. It gets its id when it is asked, and stays
    with its answer when more are asked later."""

    id: str
    field: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a command brings along; each command reads its own part."""

    record: Record | None = None
    reason: str = ""
    no_secrets: bool = False
    no_personal_data: bool = False
    questions: tuple[Question, ...] = ()
    answer_due: date | None = None
    override: str = ""
    judgements: tuple[Judgement, ...] = ()
    """Of the first draft, unless it is judged already, and of the present one; by the coach, looked up by the door."""
    page: str = ""
    automatic: bool = False
    """Saved while one types, by the open `page`."""
    question_id: str = ""
    answer: str = ""
    out_of_remit: bool = False
    channel: str = ""
    closes_at: datetime | None = None
    terms: Terms | None = None
    contact_unit_id: str | None = None
    contact_lineage: tuple[Unit, ...] = ()
    """The unit of that id and whoever took over from it, looked up by the door."""
    duplicates: Decision | None = None
    adoption: Adoption | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    """The id of each problem that is `named` and that the actor sees; looked up by the door."""
    in_use: frozenset[str] = frozenset()
    """The ids of those that have a solution in use."""

    @property
    def named(self) -> tuple[str, ...]:
        """The problems that the decision on duplicates and the adoption name, by id or reference."""
        decided = self.duplicates.named if self.duplicates else ()
        adopted = self.adoption.solution.problem if self.adoption else ""
        return (*decided, adopted) if adopted else decided

    @property
    def saving_page(self) -> str:
        """The open page that saves by itself; empty when a person does."""
        return self.page if self.automatic else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """`version` goes up by one with every step; `returned_version` is the one that the reviewers sent back."""

    id: str
    ref: str
    version: int
    state: str
    record: Record
    agency: Agency
    created_at: datetime
    updated_at: datetime
    drafted_by: str
    submitted_by: str = ""
    submitted_at: datetime | None = None
    questions: tuple[Question, ...] = ()
    answer_due: date | None = None
    returned_version: int = 0
    reason: str = ""
    channel: str = ""
    closes_at: datetime | None = None
    terms: Terms | None = None
    contact: Agency | None = None
    published_at: datetime | None = None
    judgements: tuple[Judgement, ...] = ()
    """Of the first draft, then of each version that was sent."""
    first_draft: Record | None = None
    """The first text worth reading, as whoever wrote it left it, until it is judged at sending."""
    page: str = ""
    """The open page whose savings made the present version."""
    duplicates: tuple[Decision, ...] = ()
    """One for each time that it was put to review, or declined as a duplicate."""
    adoption: Adoption | None = None
    """The existing solution that is piloted, if one was adopted."""


def reference(problem_id: str) -> str:
    """A short name to say on the phone, made of the id's random end: DB-7K2Q4M (30 bits, unique by an index)."""
    bits = int(problem_id.replace("-", "")[-8:], 16)
    return "DB-" + "".join(CROCKFORD[(bits >> shift) & 31] for shift in range(25, -1, -5))


def solution_of(problem: Problem) -> Existing:
    """Of a problem that has one in use: what it is and whose, as another problem refers to it."""
    adopted = problem.adoption.solution if problem.adoption else None
    what, whose = (adopted.what, adopted.whose) if adopted else (problem.record.title, problem.agency.name)
    return Existing(what=what, whose=whose, where=problem.ref)


def draft(problem_id: str, given: Given, *, unit: Unit, actor: Actor, now: datetime) -> Problem:
    return Problem(
        id=problem_id,
        ref=reference(problem_id),
        version=1,
        state="draft",
        record=given.record or Record(),
        page=given.saving_page,
        agency=Agency(unit_id=unit.id, name=unit.name),
        created_at=now,
        updated_at=now,
        drafted_by=actor.person_id,
    )


Change = Callable[[Problem, Given, Actor, datetime], Problem]


def _save(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    left = None if by_the_same_page(problem, given) else first_draft(problem)
    return replace(problem, record=given.record or problem.record, first_draft=problem.first_draft or left)


def by_the_same_page(problem: Problem, given: Given) -> bool:
    """Every version since the page was opened is one that it saved itself, while one typed: the text is still being written."""
    return bool(given.page) and given.page == problem.page


def first_draft(problem: Problem) -> Record | None:
    """The present record, when it is the first that says enough to be judged."""
    says_enough = len(text_of(problem.record).split()) >= SHORT
    return problem.record if says_enough and not problem.judgements else None


def judged_now(problem: Problem) -> Judgement | None:
    """What was said of the text as it stands; None while the agency writes it anew. A judgement of a former release bears no
    digest: it is of this text as long as nothing can have been written since it was sent."""
    judged = problem.judgements[-1] if problem.judgements else None
    if judged is None or judged.digest:
        return judged if judged and judged.digest == digest_of(problem.record) else None
    writable = any(row.frm == problem.state for row in rows_of("edit"))
    return None if writable else replace(judged, digest=digest_of(problem.record))


def _submit(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    *before, present = given.judgements
    present = present.after(problem.judgements).overridden(given.override)
    judged = (*(problem.judgements or before), present)
    return replace(problem, submitted_by=actor.person_id, submitted_at=now, judgements=judged, first_draft=None)


def _recall(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    return replace(problem, submitted_by="", submitted_at=None)


def _return(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    version = problem.version + 1
    asked = tuple(replace(question, id=f"q{version}-{n}") for n, question in enumerate(given.questions, 1))
    return replace(
        problem, questions=(*problem.questions, *asked), answer_due=given.answer_due, returned_version=version
    )


def asked_at(question_id: str) -> int:
    """The version at which the reviewers returned the problem with this question."""
    return int(question_id[1:].partition("-")[0])


def _answer(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    answered = tuple(
        replace(question, answer=given.answer) if question.id == given.question_id else question
        for question in problem.questions
    )
    return replace(problem, questions=answered)


def _give_reason(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    return replace(problem, reason=given.reason, channel=given.channel)


def _decide(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    if given.duplicates is None:
        return problem
    signed = given.duplicates.signed(known=given.known, by=actor.person_id, at=now, version=problem.version)
    return replace(problem, duplicates=(*problem.duplicates, signed))


def _decline(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    return _give_reason(_decide(problem, given, actor, now), given, actor, now)


def _publish(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    unit = given.contact_lineage[0]
    contact = Agency(unit_id=unit.id, name=unit.name)
    return replace(problem, closes_at=given.closes_at, terms=given.terms, contact=contact, published_at=now)


def _adopt(problem: Problem, given: Given, actor: Actor, now: datetime) -> Problem:
    return replace(problem, adoption=given.adoption.signed(given.known) if given.adoption else None)


CHANGES: Mapping[str, Change] = {
    "edit": _save,
    "submit": _submit,
    "resubmit": _submit,
    "recall": _recall,
    "return": _return,
    "answer_clarification": _answer,
    "discard": _give_reason,
    "withdraw": _give_reason,
    "start_review": _decide,
    "decline": _decline,
    "approve": _give_reason,
    "publish": _publish,
    "adopt_existing": _adopt,
}
"""What a command changes beside the state; one that is not named changes the state alone."""


def move(problem: Problem, row: Transition, given: Given, *, actor: Actor, now: datetime) -> Problem:
    """Takes a step whose guards hold."""
    change = CHANGES.get(row.command)
    changed = change(problem, given, actor, now) if change else problem
    return replace(changed, state=row.to, version=problem.version + 1, updated_at=now, page=given.saving_page)
