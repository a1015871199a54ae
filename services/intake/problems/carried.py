"""What the form has no input for stays as it is stored."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from services.intake.problems.form import PAGES, ROWS, SINGLE
from services.intake.problems.record import Record
from shared.events.problem import Part

P = TypeVar("P", bound=Part)
ASKED = frozenset[str]().union(*PAGES.values())
STATEMENT = tuple(name.partition(".")[2] for name in SINGLE if name.startswith("statement."))
PARTS = {"place": ("name",), **ROWS}
"""What the form asks of each row. The first part is its key: a row of another key is another row."""


def carried_over(typed: Record, stored: Record) -> Record:
    kept: dict[str, Any] = {one.name: getattr(stored, one.name) for one in fields(Record) if one.name not in ASKED}
    kept |= {name: _rows(getattr(typed, name), getattr(stored, name), asked) for name, asked in PARTS.items()}
    return replace(typed, statement=_row(typed.statement, stored.statement, STATEMENT), **kept)


def _rows(typed: Sequence[P], stored: Sequence[P], asked: Sequence[str]) -> tuple[P, ...]:
    """Two rows of one key are told apart by their order."""
    left, rows = list(stored), list[P]()
    for row in typed:
        same = next((n for n, one in enumerate(left) if _key(one, asked) == _key(row, asked)), None)
        rows.append(row if same is None else _row(row, left.pop(same), asked))
    return tuple(rows)


def _key(row: Part, asked: Sequence[str]) -> object:
    return getattr(row, asked[0])


def _row(typed: P, stored: P, asked: Sequence[str]) -> P:
    unasked = {name: getattr(stored, name) for name in type(typed).model_fields if name not in asked}
    return typed.model_copy(update=unasked)
