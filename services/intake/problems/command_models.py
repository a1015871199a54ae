"""What the doors take in for each command: strict, bounded, in one spelling."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from services.intake.problems.adoption import Adoption, Consent
from services.intake.problems.duplicates import Decision, Likeness
from services.intake.problems.pilot import PilotPlan
from services.intake.problems.problem import Given, Question, Terms
from services.intake.problems.request_models import (
    ExistingIn,
    Line,
    Paragraph,
    RecordIn,
    Strict,
    TargetIn,
    as_reference,
)
from shared.events.problem import Target
from shared.folding import composed

NAME_MAX = 60
Name = Annotated[str, Field(max_length=NAME_MAX), AfterValidator(composed)]
"""Of a problem: its id or its reference."""
VERSION_MAX = 1_000_000_000


class Seen(BaseModel):
    """`version`: the one that a page of the form was opened with; 0 of what was not there yet."""

    version: int = Field(ge=0, le=VERSION_MAX)


class Versioned(Strict):
    """`version`: the one you have seen; the command is refused when the problem has moved on."""

    version: int = Field(ge=1, le=VERSION_MAX)

    def given(self) -> Given:
        return Given()


class SaveIn(Versioned):
    record: RecordIn

    def given(self) -> Given:
        return Given(record=self.record.record())


class SubmitIn(Versioned):
    no_secrets: bool = False
    no_personal_data: bool = False
    override: Paragraph = ""
    """Why the coach's blocking findings are wrong."""

    def given(self) -> Given:
        return Given(no_secrets=self.no_secrets, no_personal_data=self.no_personal_data, override=self.override)


class ReasonIn(Versioned):
    reason: Paragraph = ""

    def given(self) -> Given:
        return Given(reason=self.reason)


class DuplicatesIn(Strict):
    """`shown`: the problems that you looked at, such as those of `/alike`, by id or by reference; it may be empty, for what you
    looked at cannot be known here. `of`: the other problem, likewise; needed unless they are different. `reason`: needed for
    `same`."""

    likeness: Likeness
    shown: list[Name] = Field(max_length=20)
    of: Name = ""
    reason: Paragraph = ""

    def decision(self) -> Decision:
        return Decision(self.likeness, tuple(map(as_reference, self.shown)), as_reference(self.of), self.reason)


class StartReviewIn(Versioned):
    duplicates: DuplicatesIn | None = None
    """What you decided about the problems that are like it; needed."""

    def given(self) -> Given:
        return Given(duplicates=self.duplicates.decision() if self.duplicates else None)


class DeclineIn(ReasonIn):
    """`duplicates`: where it is declined because there is another one; `likeness` is `related` or `same`."""

    out_of_remit: bool = False
    channel: Line = ""
    duplicates: DuplicatesIn | None = None

    def given(self) -> Given:
        decision = self.duplicates.decision() if self.duplicates else None
        return Given(reason=self.reason, out_of_remit=self.out_of_remit, channel=self.channel, duplicates=decision)


class QuestionIn(Strict):
    field: str = Field(max_length=60)
    text: Paragraph = Field(min_length=5)


class ReturnIn(Versioned):
    questions: list[QuestionIn] = Field(default=[], max_length=20)
    answer_due: date | None = None

    def given(self) -> Given:
        questions = tuple(Question("", one.field, one.text) for one in self.questions)
        return Given(questions=questions, answer_due=self.answer_due)


class AnswerIn(Versioned):
    question_id: str = Field(max_length=40)
    answer: Paragraph = ""

    def given(self) -> Given:
        return Given(question_id=self.question_id, answer=self.answer)


class PublishIn(Versioned):
    closes_at: AwareDatetime | None = None
    terms: Terms | None = None
    contact_unit_id: str | None = Field(default=None, max_length=60)

    def given(self) -> Given:
        closes_at: datetime | None = self.closes_at and self.closes_at.replace(microsecond=0)
        return Given(closes_at=closes_at, terms=self.terms, contact_unit_id=self.contact_unit_id)


class ConsentIn(Strict):
    """Of the solution's owner. `by`: a body or an office, no private person. `document`: its number; not public."""

    by: Line = ""
    on: date | None = None
    document: Line = ""


class PilotPlanIn(Strict):
    """`unit`: who uses it. `ends`: at most 180 days after `starts`. `budget`: in VND, 0 for none."""

    site: Line = ""
    unit: Line = ""
    starts: date | None = None
    ends: date | None = None
    measures: list[TargetIn] = Field(default=[], max_length=10)
    stop_rule: Line = ""
    budget: int | None = Field(default=None, ge=0, le=1_000_000_000_000_000)
    data_agreement: Line = ""

    def plan(self) -> PilotPlan:
        measures = tuple(Target(**one.model_dump()) for one in self.measures)
        return PilotPlan(**{**dict(self), "measures": measures})


class AdoptIn(Versioned):
    """All of it is needed."""

    solution: ExistingIn = ExistingIn()
    consent: ConsentIn = ConsentIn()
    plan: PilotPlanIn = PilotPlanIn()

    def given(self) -> Given:
        consent = Consent(**dict(self.consent))
        return Given(adoption=Adoption(self.solution.solution(), consent, self.plan.plan()))


COMMANDS: dict[str, type[Versioned]] = {
    "submit": SubmitIn,
    "resubmit": SubmitIn,
    "recall": Versioned,
    "discard": ReasonIn,
    "withdraw": ReasonIn,
    "return": ReturnIn,
    "answer_clarification": AnswerIn,
    "start_review": StartReviewIn,
    "decline": DeclineIn,
    "approve": ReasonIn,
    "publish": PublishIn,
    "adopt_existing": AdoptIn,
}
"""Command → what it takes; `edit` is the saving of the whole record."""
