"""What the doors take in of a record: strict, bounded, in one spelling."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from services.intake.problems.existing import Existing
from services.intake.problems.record import Record
from shared.events.problem import (
    BudgetSource,
    PersonalData,
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
Lines = Annotated[list[Annotated[Line, Field(min_length=2)]], Field(max_length=20)]
RECORD = TypeAdapter(Record)
LACKING = frozenset({"missing", "string_too_short", "too_short"})
"""Pydantic's words for a part that is not there yet, or of which only the first letter is."""
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


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
