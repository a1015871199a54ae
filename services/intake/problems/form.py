"""The posting form as it is typed: flat names such as `affected.0.count`, rows that may be empty, numbers as people write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.intake.problems.record import Record
from shared.refusals import FieldError

LINES = (
    "title",
    "statement.who",
    "statement.trouble",
    "statement.cause",
    "statement.consequence",
    "place",
    "visibility",
)
ROWS = {
    "affected": ("group", "count", "source"),
    "baseline": ("metric", "value", "unit", "period", "source"),
    "target": ("metric", "value", "unit", "due"),
    "data": ("name", "since", "format", "personal", "access"),
}
NUMBERS = frozenset({"count", "value"})
CHOSEN_BY_DEFAULT = frozenset({"personal"})
"""A row in which nothing else is filled in is empty."""
VIETNAMESE_NUMBER = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")


@dataclass(frozen=True, slots=True)
class Draft:
    """`values`: name → what stands in the field. `counts`: how many rows each group shows."""

    values: Mapping[str, str]
    counts: Mapping[str, int]
    field_codes: tuple[str, ...] = ()
    no_data: bool = False

    def value(self, name: str) -> str:
        return self.values.get(name, "")


def of_record(record: Record) -> Draft:
    values = {
        "title": record.title,
        "place": "\n".join(place.name for place in record.place),
        "visibility": record.visibility,
        **{f"statement.{part}": text for part, text in record.statement.model_dump().items()},
    }
    counts: dict[str, int] = {}
    for group, names in ROWS.items():
        rows = [one.model_dump(mode="json") for one in getattr(record, group)]
        counts[group] = max(1, len(rows))
        for number, row in enumerate(rows):
            values |= {f"{group}.{number}.{name}": _written(row[name]) for name in names}
    return Draft(values, counts, record.field_codes, record.no_data)


def of_form(form: Mapping[str, Sequence[str]]) -> Draft:
    values = {name: sent[0] for name, sent in form.items() if sent}
    counts = {group: max(1, 1 + max((_row_number(name, group) for name in values), default=0)) for group in ROWS}
    codes = tuple(code for code in form.get("field_codes", ()) if code)
    return Draft(values, counts, codes, "no_data" in form)


def changed_rows(draft: Draft, act: str) -> Draft:
    """«add:affected» gives one more row, «drop:affected.0» takes that one out."""
    what, _, where = act.partition(":")
    group, _, number = where.partition(".")
    if group not in ROWS:
        return draft
    if what == "add":
        return replace(draft, counts={**draft.counts, group: draft.counts[group] + 1})
    return _without(draft, group, int(number) if number.isdigit() else -1)


def _without(draft: Draft, group: str, gone: int) -> Draft:
    kept = [n for n in range(draft.counts[group]) if n != gone]
    others = {name: v for name, v in draft.values.items() if not name.startswith(f"{group}.")}
    moved = {
        f"{group}.{new}.{name}": draft.value(f"{group}.{old}.{name}")
        for new, old in enumerate(kept)
        for name in ROWS[group]
    }
    return replace(draft, values=others | moved, counts={**draft.counts, group: max(1, len(kept))})


def body(draft: Draft) -> dict[str, Any]:
    """For the request model; empty rows are left out."""
    statement = {name.partition(".")[2]: draft.value(name) for name in LINES if name.startswith("statement.")}
    return {
        "title": draft.value("title"),
        "statement": statement,
        "place": [{"name": line.strip()} for line in draft.value("place").splitlines() if line.strip()],
        "field_codes": list(draft.field_codes),
        "no_data": draft.no_data,
        "visibility": draft.value("visibility") or "public",
        **{group: [_row(draft, group, n) for n in filled(draft, group)] for group in ROWS},
    }


def filled(draft: Draft, group: str) -> list[int]:
    """The numbers of the rows in which something is written."""
    telling = [name for name in ROWS[group] if name not in CHOSEN_BY_DEFAULT]
    return [n for n in range(draft.counts[group]) if any(draft.value(f"{group}.{n}.{name}") for name in telling)]


def placed(errors: Sequence[FieldError], draft: Draft, language: str) -> dict[str, str]:
    """Field of the form → sentence: rows are counted as they stand on the screen."""
    return {_on_screen(error.field, draft): error.text.read(language) for error in errors}


def _on_screen(field: str, draft: Draft) -> str:
    group, _, rest = field.partition(".")
    number, _, name = rest.partition(".")
    if group in ROWS and number.isdigit():
        return f"{group}.{filled(draft, group)[int(number)]}.{name}"
    return "place" if group == "place" else group if group == "field_codes" else field


def _row(draft: Draft, group: str, number: int) -> dict[str, Any]:
    row = {name: draft.value(f"{group}.{number}.{name}") for name in ROWS[group]}
    return {name: _number(text) if name in NUMBERS else text for name, text in row.items() if text}


def _number(text: str) -> str:
    """«1.200» and «9,5» as written here; what is no number is left for the request model to refuse."""
    plain = text.replace(" ", "")
    if VIETNAMESE_NUMBER.fullmatch(plain):
        plain = plain.replace(".", "")
    return plain.replace(",", ".")


def _written(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.15g}".replace(".", ",") if isinstance(value, float) else str(value)


def _row_number(name: str, group: str) -> int:
    start, _, rest = name.partition(".")
    number = rest.partition(".")[0]
    return int(number) if start == group and number.isdigit() and int(number) < 50 else 0
