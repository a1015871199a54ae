"""What a field is called where something is said of it: «Hiện trạng, đơn vị tính»."""

from dataclasses import replace

from services.intake.problems.adoption import PARTS, TYPED
from services.intake.problems.record_words import CELLS, LABELS
from shared.refusals import FieldError, Text

MEASURES = "plan.measures."
"""Typed in rows like those of the target."""
NAMED_WITHIN = {**CELLS, **TYPED}


def name_of(field: str) -> Text | None:
    """None of what is no field of a record or of an adoption."""
    return _name(field, row="")


def named(error: FieldError) -> FieldError:
    """With the name before the sentence: «Kinh phí tối đa: ghi một số nguyên». A row after the first is told by its number."""
    field = error.field.replace(MEASURES, "target.")
    name = _name(field, row=_row(field))
    if name is None:
        return error
    text = Text(f"{name.vi}: {_within(error.text.vi)}", f"{name.en}: {_within(error.text.en)}")
    return replace(error, text=text)


def _name(field: str, *, row: str) -> Text | None:
    room, _, rest = field.partition(".")
    whole = LABELS.get(field) or LABELS.get(room) or PARTS.get(room)
    cell = NAMED_WITHIN.get(f"{room}.{rest.rpartition('.')[2]}")
    if whole is None or cell is None:
        return whole
    vi, en = (f", dòng {row}", f", row {row}") if row else ("", "")
    return Text(f"{whole.vi}{vi}, {_within(cell.vi)}", f"{whole.en}{en}, {_within(cell.en)}")


def _row(field: str) -> str:
    number = field.partition(".")[2].partition(".")[0]
    return str(int(number) + 1) if number.isdigit() and int(number) else ""


def _within(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
