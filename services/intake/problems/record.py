"""The problem-order record: what an agency says of its problem."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from services.intake.problems.existing import NOTHING, Existing
from services.intake.problems.record_words import (
    ADVICE,
    CONSTRAINT,
    DATA,
    DATA_AND_NONE,
    TITLE_LENGTH,
    TITLE_MAX,
    TITLE_MIN,
    TRIED,
    TRIED_AND_NEVER,
)
from shared.events.problem import (
    Affected,
    Baseline,
    BudgetSource,
    DataOffer,
    Place,
    Statement,
    Target,
    Tried,
    Visibility,
)
from shared.refusals import FieldError, Text

EMPTY_STATEMENT = Statement(who="", trouble="", cause="", consequence="")


@dataclass(frozen=True, slots=True)
class Record:
    """A draft may hold as little as nothing; `missing` says what submitting still needs. `no_data`, `never_tried`: «chưa có» is an
    answer too. `owner`: the position in charge, no name; not published. `budget`: the most, in VND. `illustrative`: made up for
    demonstration. `existing`: a solution that the agency has found."""

    title: str = ""
    statement: Statement = EMPTY_STATEMENT
    place: tuple[Place, ...] = ()
    field_codes: tuple[str, ...] = ()
    affected: tuple[Affected, ...] = ()
    baseline: tuple[Baseline, ...] = ()
    target: tuple[Target, ...] = ()
    tried: tuple[Tried, ...] = ()
    never_tried: bool = False
    owner: str = ""
    needed_by: date | None = None
    budget: int | None = None
    budget_source: BudgetSource | None = None
    must_connect: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    data: tuple[DataOffer, ...] = ()
    no_data: bool = False
    expected_output: str = ""
    expected_benefit: str = ""
    adopters: tuple[str, ...] = ()
    pilot_site: str = ""
    pilot_from: date | None = None
    visibility: Visibility = Visibility.PUBLIC
    illustrative: bool = False
    existing: Existing = NOTHING


PRIVATE = frozenset({"owner", "existing"})
"""Fields that only the agency itself and DOST read. Whose solution it is, is not published before its owner has agreed."""


def missing(record: Record) -> tuple[FieldError, ...]:
    """Everything that submitting still needs, all at once."""
    return tuple(_missing(record))


def _missing(record: Record) -> Iterator[FieldError]:
    if not TITLE_MIN <= len(record.title) <= TITLE_MAX:
        yield FieldError("title", "length", TITLE_LENGTH)
    for name, advice in ADVICE.items():
        if not value_of(record, name):
            yield FieldError(name, "missing", advice)
    if not record.must_connect and not record.must_not:
        yield FieldError("must_connect", "missing", CONSTRAINT)
    yield from _answered("tried", record.tried, "never_tried", record.never_tried, (TRIED, TRIED_AND_NEVER))
    yield from _answered("data", record.data, "no_data", record.no_data, (DATA, DATA_AND_NONE))


def _answered(
    name: str, rows: Sequence[object], none_name: str, none: bool, words: tuple[Text, Text]
) -> Iterator[FieldError]:
    """Rows, or the tick that says there are none; not both."""
    if not rows and not none:
        yield FieldError(name, "missing", words[0])
    if rows and none:
        yield FieldError(none_name, "contradiction", words[1])


def value_of(record: Record, name: str) -> object:
    """`name` as in LABELS: «title», «statement.who»."""
    room, _, part = name.partition(".")
    value = getattr(record, room)
    return getattr(value, part) if part else value


def changed_fields(before: Record, after: Record) -> list[str]:
    return [f.name for f in fields(Record) if getattr(before, f.name) != getattr(after, f.name)]
