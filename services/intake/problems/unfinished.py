"""What is saved while someone is still writing: a row that lacks something waits on the page, and what is stored of it stays."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from services.intake.problems.form import CHOSEN_BY_DEFAULT, LISTS, ROWS, Draft, filled, row

ALIKE = 0.5
"""Part of what a stored row says that a row on the page still says, when its key is being rewritten."""

Row = Mapping[str, Any]


def finished(draft: Draft, stored: Draft, lacking: Collection[tuple[str, int]]) -> Draft:
    """`lacking`: lists and places in them, as in the body of the draft. Rows keep their numbers on the page."""
    lines = {name: _lines(draft.value(name), _of(name, lacking)) for name in LISTS if _of(name, lacking)}
    rows = [_rows(draft, stored, group, _of(group, lacking)) for group in ROWS if _of(group, lacking)]
    return replace(draft, values={name: text for part in (draft.values, lines, *rows) for name, text in part.items()})


def _of(name: str, lacking: Collection[tuple[str, int]]) -> set[int]:
    return {place for one, place in lacking if one == name}


def _lines(text: str, lacking: Collection[int]) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(line for n, line in enumerate(lines) if n not in lacking)


def _rows(draft: Draft, stored: Draft, group: str, lacking: Collection[int]) -> dict[str, str]:
    """What stands in the rows that wait: what is stored of them, or nothing. Whole rows choose first what they were."""
    shown = filled(draft, group)
    waiting = {shown[place] for place in lacking}
    left = {n: row(stored, group, n) for n in filled(stored, group)}
    values: dict[str, str] = {}
    for n in sorted(shown, key=waiting.__contains__):
        was = _was(row(draft, group, n), left)
        left.pop(was, None)
        if n in waiting:
            values |= {f"{group}.{n}.{name}": stored.value(f"{group}.{was}.{name}") for name in ROWS[group]}
    return values


def _was(written: Row, left: Mapping[int, Row]) -> int:
    """The number of the stored row that it was before someone wrote in it; -1 for a new one."""
    likeliest = max(left, key=lambda n: _alike(written, left[n]), default=-1)
    return likeliest if likeliest in left and _alike(written, left[likeliest]) >= ALIKE else -1


def _alike(written: Row, stored: Row) -> float:
    """The key, which comes first in a row, counts more than all the rest."""
    key, said = next(iter(stored)), [name for name in stored if name not in CHOSEN_BY_DEFAULT]
    same = [name for name in said if written.get(name) == stored[name]]
    return (key in same) + len(same) / len(said)
