"""The problem-order record: what an agency says of its problem."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from shared.events.problem import Affected, Baseline, DataOffer, Place, Statement, Target, Visibility
from shared.refusals import FieldError, Text

TITLE_MIN, TITLE_MAX = 12, 120
EMPTY_STATEMENT = Statement(who="", trouble="", cause="", consequence="")


@dataclass(frozen=True, slots=True)
class Record:
    """A draft may hold as little as nothing; `missing` says what submitting still needs. `no_data`: «chưa có dữ liệu» is an
    answer too. `illustrative`: made up for demonstration."""

    title: str = ""
    statement: Statement = EMPTY_STATEMENT
    place: tuple[Place, ...] = ()
    field_codes: tuple[str, ...] = ()
    affected: tuple[Affected, ...] = ()
    baseline: tuple[Baseline, ...] = ()
    target: tuple[Target, ...] = ()
    data: tuple[DataOffer, ...] = ()
    no_data: bool = False
    visibility: Visibility = Visibility.PUBLIC
    illustrative: bool = False


LABELS = {
    "title": Text("Tên đề bài", "Title"),
    "statement": Text("Vấn đề", "The problem"),
    "statement.who": Text("Ai gặp khó khăn", "Who is in difficulty"),
    "statement.trouble": Text("Không làm được gì", "What they cannot do"),
    "statement.cause": Text("Vì sao", "Why"),
    "statement.consequence": Text("Hậu quả", "What follows from it"),
    "place": Text("Phạm vi địa bàn", "Where"),
    "field_codes": Text("Lĩnh vực", "Field"),
    "affected": Text("Nhóm chịu ảnh hưởng", "Who is affected"),
    "baseline": Text("Hiện trạng", "Where it stands now"),
    "target": Text("Đích cần đạt", "Target"),
    "data": Text("Dữ liệu có gì", "Data at hand"),
    "no_data": Text("Chưa có dữ liệu", "No data yet"),
    "visibility": Text("Ai được xem", "Who may see it"),
    "illustrative": Text("Dữ liệu minh họa", "Made up for demonstration"),
}
"""What each field is called on screens; also the fields that a question of the reviewers may be tied to."""

ADVICE = {
    "statement.who": Text("Cho biết ai gặp khó khăn", "Say who is in difficulty"),
    "statement.trouble": Text("Nêu việc không làm được", "Say what they cannot do"),
    "statement.cause": Text("Nêu nguyên nhân", "Say why"),
    "statement.consequence": Text("Nêu hậu quả", "Say what follows from it"),
    "place": Text("Ghi ít nhất một địa bàn", "Name at least one place"),
    "field_codes": Text("Chọn ít nhất một lĩnh vực", "Choose at least one field"),
    "affected": Text("Nêu ít nhất một nhóm chịu ảnh hưởng", "Name at least one affected group"),
    "baseline": Text("Ghi ít nhất một con số hiện trạng", "Give at least one number of how it stands now"),
    "target": Text("Ghi ít nhất một con số cần đạt", "Give at least one target number"),
}
TITLE_LENGTH = Text(
    "Viết tên đề bài từ {least} đến {most} ký tự", "Write a title of {least} to {most} characters"
).fill({"least": TITLE_MIN, "most": TITLE_MAX})
DATA = Text(
    "Kể dữ liệu có thể chia sẻ, hoặc chọn «Chưa có dữ liệu»", "List the data you can share, or tick “No data yet”"
)
DATA_AND_NONE = Text(
    "Bỏ chọn «Chưa có dữ liệu», hoặc bỏ các dòng dữ liệu", "Untick “No data yet”, or take out the rows of data"
)


def missing(record: Record) -> tuple[FieldError, ...]:
    """Everything that submitting still needs, all at once."""
    return tuple(_missing(record))


def _missing(record: Record) -> Iterator[FieldError]:
    if not TITLE_MIN <= len(record.title) <= TITLE_MAX:
        yield FieldError("title", "length", TITLE_LENGTH)
    for name, advice in ADVICE.items():
        if not _value(record, name):
            yield FieldError(name, "missing", advice)
    if not record.data and not record.no_data:
        yield FieldError("data", "missing", DATA)
    if record.data and record.no_data:
        yield FieldError("no_data", "contradiction", DATA_AND_NONE)


def _value(record: Record, name: str) -> object:
    room, _, part = name.partition(".")
    value = getattr(record, room)
    return getattr(value, part) if part else value


def changed_fields(before: Record, after: Record) -> list[str]:
    return [f.name for f in fields(Record) if getattr(before, f.name) != getattr(after, f.name)]
