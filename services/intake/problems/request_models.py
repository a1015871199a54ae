"""What the doors take in: strict, bounded, in one spelling."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from services.intake.problems.adoption import Adoption, Consent
from services.intake.problems.duplicates import Decision, Likeness
from services.intake.problems.existing import Existing
from services.intake.problems.pilot import PilotPlan
from services.intake.problems.problem import Given, Question, Terms
from services.intake.problems.record import Record
from shared.events.problem import (
    BudgetSource,
    PersonalData,
    Target,
    Visibility,
)
from shared.fields import FieldCode
from shared.folding import composed
from shared.refusals import Text

ONE_LINE = Text("Viết trên một dòng", "Write it on one line")


def one_line(text: str) -> str:
    """The form shows each line of a list as one of its own."""
    if len(text.splitlines()) > 1:
        raise PydanticCustomError("line_break", "line break", {"sentence": ONE_LINE})
    return text


Line = Annotated[str, Field(max_length=200), AfterValidator(composed), AfterValidator(one_line)]
Paragraph = Annotated[str, Field(max_length=2000), AfterValidator(composed)]
NAME_MAX = 60
Name = Annotated[str, Field(max_length=NAME_MAX), AfterValidator(composed)]
"""Of a problem: its id or its reference."""
Lines = Annotated[list[Annotated[Line, Field(min_length=2)]], Field(max_length=20)]
RECORD = TypeAdapter(Record)
LACKING = frozenset({"missing", "string_too_short", "too_short"})
"""Pydantic's words for a part that is not there yet, or of which only the first letter is."""
VERSION_MAX = 1_000_000_000
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StatementIn(Strict):
    who: Paragraph = ""
    trouble: Paragraph = ""
    cause: Paragraph = ""
    consequence: Paragraph = ""


class PlaceIn(Strict):
    name: Line = Field(min_length=2)
    unit_id: str | None = Field(default=None, max_length=60)


class AffectedIn(Strict):
    group: Line = Field(min_length=2)
    count: int | None = Field(default=None, ge=0, le=1_000_000_000)
    source: Line = ""


class BaselineIn(Strict):
    metric: Line = Field(min_length=2)
    value: Number
    unit: Line = Field(min_length=1)
    period: Line = ""
    source: Line = ""


class TargetIn(Strict):
    metric: Line = Field(min_length=2)
    value: Number
    unit: Line = Field(min_length=1)
    due: date | None = None


class DataOfferIn(Strict):
    name: Line = Field(min_length=2)
    since: Line = ""
    format: Line = ""
    personal: PersonalData = PersonalData.NONE
    access: Line = ""


class TriedIn(Strict):
    what: Line = Field(min_length=2)
    year: Line = ""
    result: Line = ""


class ExistingIn(Strict):
    """`whose`: a body, no private person. `where`: the address of a page (https://…), or a problem by id or by reference."""

    what: Line = ""
    whose: Line = ""
    where: Line = ""

    def solution(self) -> Existing:
        return Existing(what=self.what, whose=self.whose, where=as_reference(self.where))


class RecordIn(Strict):
    title: Annotated[str, Field(max_length=120), AfterValidator(composed)] = ""
    statement: StatementIn = StatementIn()
    place: list[PlaceIn] = Field(default=[], max_length=30)
    field_codes: list[FieldCode] = Field(default=[], max_length=5)
    affected: list[AffectedIn] = Field(default=[], max_length=10)
    baseline: list[BaselineIn] = Field(default=[], max_length=10)
    target: list[TargetIn] = Field(default=[], max_length=10)
    tried: list[TriedIn] = Field(default=[], max_length=10)
    never_tried: bool = False
    owner: Line = ""
    needed_by: date | None = None
    budget: int | None = Field(default=None, ge=0, le=1_000_000_000_000_000)
    budget_source: BudgetSource | None = None
    must_connect: Lines = []
    must_not: Lines = []
    legal_basis: Lines = []
    data: list[DataOfferIn] = Field(default=[], max_length=10)
    no_data: bool = False
    expected_output: Paragraph = ""
    expected_benefit: Paragraph = ""
    adopters: Lines = []
    pilot_site: Line = ""
    pilot_from: date | None = None
    visibility: Visibility = Visibility.PUBLIC
    illustrative: bool = False
    existing: ExistingIn = ExistingIn()
    """One that you have found; read by your unit and DOST alone."""

    def record(self) -> Record:
        return RECORD.validate_python({**self.model_dump(), "field_codes": tuple(dict.fromkeys(self.field_codes))})


def as_reference(name: str) -> str:
    """A problem's reference in capitals, as it is kept; anything else as it is."""
    return name.upper() if name.lower().startswith("db-") else name


class Readable(NamedTuple):
    """As much of a body as is well formed, and what is wrong with the rest."""

    record: Record
    wrong: Sequence[ErrorDetails] = ()

    @property
    def overlong(self) -> Sequence[ErrorDetails]:
        """What is wrong with the title and the statement, so that it was left out: no gate has looked at it."""
        return [one for one in self.wrong if one["loc"][0] in ("title", "statement")]


def readable(body: Mapping[str, Any]) -> Readable:
    """What the coach reads while one types."""
    try:
        return Readable(RecordIn.model_validate(body).record())
    except ValidationError as error:
        wrong = error.errors()
    places = {one["loc"][:2] for one in wrong}
    rest = {name: _without(value, name, places) for name, value in body.items()}
    return Readable(RecordIn.model_validate(rest).record(), wrong)


def _without(value: Any, name: str, places: set[tuple[int | str, ...]]) -> Any:
    if (name,) in places:
        return RecordIn.model_fields[name].get_default(call_default_factory=True)
    if isinstance(value, list):
        return [row for n, row in enumerate(value) if (name, n) not in places]
    if isinstance(value, dict):
        return {part: text for part, text in value.items() if (name, part) not in places}
    return value


def lacking(body: Mapping[str, Any]) -> frozenset[tuple[str, int]]:
    """The rows that lack something, as the name of their list and their place in it; whatever else is wrong with them."""
    try:
        RecordIn.model_validate(body)
    except ValidationError as error:
        places = [one["loc"][:2] for one in error.errors() if one["type"] in LACKING]
        return frozenset((str(name), n) for name, *rest in places for n in rest if isinstance(n, int))
    return frozenset()


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
