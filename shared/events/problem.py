"""Events of a problem's life. Producer: intake; key: problem id. States and names: the lifecycle table."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.events.envelope import EventData

PROBLEM_EVENTS = "problem-events"
SOLUTION_IN_USE = frozenset({"piloting", "refining", "rolling_out", "solved"})
"""States of the lifecycle table in which a problem has a solution that is being used; `to_state` names them."""


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Visibility(StrEnum):
    """Who may read a published problem: everyone, whoever has signed in, or those invited."""

    PUBLIC = "public"
    REGISTERED = "registered"
    INVITED = "invited"


class PersonalData(StrEnum):
    NONE = "none"
    BASIC = "basic"
    SENSITIVE = "sensitive"


class Agency(Part):
    unit_id: str
    name: str


class Statement(Part):
    """The sentence frame: who cannot do what, why, and what follows from it."""

    who: str
    trouble: str
    cause: str
    consequence: str


class Place(Part):
    name: str
    unit_id: str | None = None


class Affected(Part):
    group: str
    count: int | None = None
    source: str = ""


class Baseline(Part):
    metric: str
    value: float
    unit: str
    period: str = ""
    source: str = ""


class Target(Part):
    metric: str
    value: float
    unit: str
    due: date | None = None


class DataOffer(Part):
    name: str
    since: str = ""
    format: str = ""
    personal: PersonalData = PersonalData.NONE
    access: str = ""


class Tried(Part):
    """What was tried before; `year` as people write it."""

    what: str
    year: str = ""
    result: str = ""


class BudgetSource(StrEnum):
    STATE = "state"
    OTHER = "other"


class ProblemEvent(EventData):
    """What every step of the lifecycle says. No title, text or person: those of a problem that is not public stay in intake."""

    source: ClassVar[str] = "/intake"
    topic: ClassVar[str | None] = PROBLEM_EVENTS

    problem_id: str
    ref: str
    problem_version: int
    from_state: str
    to_state: str
    actor_role: str
    agency_id: str
    occurred_at: datetime
    public: bool = False


class ProblemDrafted(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.drafted.v1"
    topic: ClassVar[str | None] = None


class ProblemDraftSaved(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.draft_saved.v1"
    topic: ClassVar[str | None] = None

    changed: list[str] = []


class ProblemClarificationAnswered(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.clarification_answered.v1"
    topic: ClassVar[str | None] = None

    question_id: str


class ProblemSubmitted(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.submitted.v1"


class ProblemRecalled(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.recalled.v1"


class ProblemReturned(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.returned.v1"

    question_count: int
    answer_due: date


class ProblemResubmitted(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.resubmitted.v1"


class ProblemReviewStarted(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.review_started.v1"


class ProblemApproved(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.approved.v1"


class ProblemDeclined(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.declined.v1"


class ProblemWithdrawn(ProblemEvent):
    type: ClassVar[str] = "vn.debai.problem.withdrawn.v1"


class ProblemPilotStarted(ProblemEvent):
    """A solution is being tried. Which one, and whose, is intake's to show: the problem may never have been public."""

    type: ClassVar[str] = "vn.debai.problem.pilot_started.v1"

    existing_solution: bool = False
    """True: one that exists is adopted; False: one that was chosen."""
    pilot_from: date | None = None
    pilot_to: date | None = None


class ProblemPublished(ProblemEvent):
    """Carries all that others need to match and show the problem, so that nobody calls back."""

    type: ClassVar[str] = "vn.debai.problem.published.v1"

    title: str
    statement: Statement
    agency: Agency
    place: list[Place] = []
    field_codes: list[str]
    affected: list[Affected] = []
    baseline: list[Baseline] = []
    target: list[Target] = []
    data: list[DataOffer] = []
    closes_at: datetime
    visibility: Visibility = Visibility.PUBLIC
    terms: str | None = None
    """Who owns what a solution makes: agency, solver, shared or open."""
    illustrative: bool = False
    """True: made up for demonstration; screens label it «Dữ liệu minh họa»."""
    tried: list[Tried] = []
    needed_by: date | None = None
    budget: int | None = None
    """The most that may be spent, in VND."""
    budget_source: BudgetSource | None = None
    must_connect: list[str] = []
    must_not: list[str] = []
    legal_basis: list[str] = []
    expected_benefit: str = ""
    expected_output: str = ""
    adopters: list[str] = []
    pilot_site: str = ""
    pilot_from: date | None = None
