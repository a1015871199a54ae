"""The posting form as it is typed: flat names such as `affected.0.count`, rows that may be empty, numbers as people write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.intake.problems.record import Record, value_of
from shared.refusals import FieldError

SINGLE = (
    "title", "statement.who", "statement.trouble", "statement.cause", "statement.consequence", "owner", "needed_by", "budget",
    "budget_source", "expected_output", "expected_benefit", "pilot_site", "pilot_from", "visibility",
    "existing.what", "existing.whose", "existing.where",
)  # fmt: skip
LISTS = ("place", "must_connect", "must_not", "legal_basis", "adopters")
"""A line of the field is one of them."""
ROWS = {
    "affected": ("group", "count", "source"),
    "baseline": ("metric", "value", "unit", "period", "source"),
    "target": ("metric", "value", "unit", "due"),
    "tried": ("what", "year", "result"),
    "data": ("name", "since", "format", "personal", "access"),
}
ROW_NUMBERS = {str(n): n for n in range(50)}
TICKS = ("no_data", "never_tried")
NUMBERS = frozenset({"count", "value", "budget"})
CHOSEN_BY_DEFAULT = frozenset({"personal"})
"""A row in which nothing else is filled in is empty."""
VIETNAMESE_NUMBER = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
FIRST_PAGE = frozenset({"title", "statement", "affected", "baseline", "target", "tried", "never_tried"})
SECOND_PAGE = (
    frozenset({*(name.partition(".")[0] for name in SINGLE), *LISTS, *ROWS, *TICKS, "field_codes"}) - FIRST_PAGE
)
PAGES = {1: FIRST_PAGE, 2: SECOND_PAGE}
"""Which fields each page of the form asks for: the problem and its numbers, then its surroundings."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`values`: name → what stands in the field. `counts`: how many rows each group shows."""

    values: Mapping[str, str]
    counts: Mapping[str, int]
    field_codes: tuple[str, ...] = ()
    ticked: frozenset[str] = frozenset()

    def value(self, name: str) -> str:
        return self.values.get(name, "")


def of_record(record: Record) -> Draft:
    lists = {name: getattr(record, name) for name in LISTS} | {"place": [place.name for place in record.place]}
    values = {name: _written(value_of(record, name)) for name in SINGLE}
    values |= {name: "\n".join(said) for name, said in lists.items()}
    counts: dict[str, int] = {}
    for group, names in ROWS.items():
        rows = [one.model_dump(mode="json") for one in getattr(record, group)]
        counts[group] = max(1, len(rows))
        for number, row in enumerate(rows):
            values |= {f"{group}.{number}.{name}": _written(row[name]) for name in names}
    return Draft(values, counts, record.field_codes, frozenset(name for name in TICKS if getattr(record, name)))


def of_form(form: Mapping[str, Sequence[str]]) -> Draft:
    values = {name: sent[0] for name, sent in form.items() if sent}
    counts = {group: max(1, 1 + max((_row_number(name, group) for name in values), default=0)) for group in ROWS}
    codes = tuple(code for code in form.get("field_codes", ()) if code)
    return Draft(values, counts, codes, frozenset(name for name in TICKS if name in form))


def with_page(stored: Draft, sent: Draft, page: int) -> Draft:
    """What one page of the form sent, over what is stored of the others."""
    own = PAGES[page]
    kept = {name: value for name, value in stored.values.items() if _head(name) not in own}
    typed = {name: value for name, value in sent.values.items() if _head(name) in own}
    return Draft(
        values=kept | typed,
        counts={group: (sent if group in own else stored).counts[group] for group in ROWS},
        field_codes=sent.field_codes if "field_codes" in own else stored.field_codes,
        ticked=(sent.ticked & own) | (stored.ticked - own),
    )


def changed_rows(draft: Draft, act: str) -> Draft:
    """«add:affected» gives one more row, «drop:affected.0» takes that one out, «take:baseline:9:ngày» fills in a row."""
    what, _, where = act.partition(":")
    if what == "take":
        return _with_quantity(draft, *where.split(":", 2))
    group, _, number = where.partition(".")
    if group not in ROWS:
        return draft
    if what == "add":
        return replace(draft, counts={**draft.counts, group: draft.counts[group] + 1})
    return _without(draft, group, ROW_NUMBERS.get(number, -1))


def new_row(draft: Draft, act: str) -> str:
    """The first field of the row that «add:affected» gave; empty of any other act."""
    what, _, group = act.partition(":")
    return f"{group}.{draft.counts[group] - 1}.{ROWS[group][0]}" if what == "add" and group in ROWS else ""


def _with_quantity(draft: Draft, group: str = "", value: str = "", unit: str = "") -> Draft:
    """In the first row without a value, or in a new one."""
    if group not in ("baseline", "target"):
        return draft
    count = draft.counts[group]
    row = next((n for n in range(count) if not draft.value(f"{group}.{n}.value")), count)
    taken = {f"{group}.{row}.value": value, f"{group}.{row}.unit": unit}
    return replace(draft, values={**draft.values, **taken}, counts={**draft.counts, group: max(count, row + 1)})


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
    """For the request model; empty rows and fields are left out."""
    single = {name: draft.value(name) for name in SINGLE if draft.value(name)}
    lists = {name: lines(draft, name) for name in LISTS}
    return {
        **{name: _read(name, text) for name, text in single.items() if "." not in name},
        **lists,
        **{group: _parts(single, group) for group in ("statement", "existing")},
        "place": [{"name": line} for line in lists["place"]],
        "field_codes": list(draft.field_codes),
        **{name: name in draft.ticked for name in TICKS},
        **{group: [row(draft, group, n) for n in filled(draft, group)] for group in ROWS},
    }


def lines(draft: Draft, name: str) -> list[str]:
    return [line.strip() for line in draft.value(name).splitlines() if line.strip()]


def _parts(single: Mapping[str, str], group: str) -> dict[str, str]:
    return {name.partition(".")[2]: text for name, text in single.items() if _head(name) == group}


def filled(draft: Draft, group: str) -> list[int]:
    """The numbers of the rows in which something is written."""
    telling = [name for name in ROWS[group] if name not in CHOSEN_BY_DEFAULT]
    return [n for n in range(draft.counts[group]) if any(draft.value(f"{group}.{n}.{name}") for name in telling)]


def row(draft: Draft, group: str, number: int) -> dict[str, Any]:
    """What is written in it."""
    texts = {name: draft.value(f"{group}.{number}.{name}") for name in ROWS[group]}
    return {name: _read(name, text) for name, text in texts.items() if text}


def page_of(field: str) -> int:
    """The page of the form that asks for it; `field` as in FieldError."""
    return 1 if _head(field) in FIRST_PAGE else 2


def anchor(field: str) -> str:
    """The field of the form in which it is typed: the lines of a list are one."""
    return _head(field) if _head(field) in (*LISTS, "field_codes") else field


def placed(errors: Sequence[FieldError], draft: Draft, language: str) -> dict[str, str]:
    """Field of the form → sentence: rows are counted as they stand on the screen."""
    return {on_screen(error.field, draft): error.text.read(language) for error in errors}


def on_screen(field: str, draft: Draft) -> str:
    group, _, rest = field.partition(".")
    number, _, name = rest.partition(".")
    if group in ROWS and number.isdigit():
        return f"{group}.{filled(draft, group)[int(number)]}.{name}"
    return anchor(field)


def _read(name: str, text: str) -> str:
    return number_of(text) if name in NUMBERS else text


def number_of(text: str) -> str:
    """«1.200» and «9,5» as written here; what is no number is left for the request model to refuse."""
    plain = text.replace(" ", "")
    if VIETNAMESE_NUMBER.fullmatch(plain):
        plain = plain.replace(".", "")
    return plain.replace(",", ".")


def _written(value: object) -> str:
    if value is None:
        return ""
    return repr(value).removesuffix(".0").replace(".", ",") if isinstance(value, float) else str(value)


def _head(name: str) -> str:
    return name.partition(".")[0]


def _row_number(name: str, group: str) -> int:
    start, _, rest = name.partition(".")
    number = rest.partition(".")[0]
    return ROW_NUMBERS.get(number, 0) if start == group else 0
