"""`make coach-eval`: how well the coach reads statements by hands that it has not seen, by role, label, language and hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from services.intake.coach.embedding import OfflineE5
from services.intake.coach.learning.fit import Matrix
from services.intake.coach.learning.statements import Statement, load
from services.intake.coach.learning.trained import BOTH, LABELS, ROLES, WORDS, Material, unseen_labels, unseen_roles

EVEN = 0.5
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    def __str__(self) -> str:
        return f"{self.precision:.2f} {self.recall:.2f} {self.f1:.2f}"


def score(told: Flags, true: Flags) -> Score:
    right = float((told & true).sum())
    return Score(right / max(1.0, float(told.sum())), right / max(1.0, float(true.sum())))


def main() -> None:
    material = Material.of(load(), OfflineE5())
    roles = unseen_roles(material)
    labels = {signal: unseen_labels(material, roles, signal) for signal in (WORDS, BOTH)}
    console = Console(width=120)
    console.print(_roles(material, roles))
    console.print(_labels(material, labels))
    console.print(_parts(material, labels[BOTH]))
    console.print(
        f"drafts of one statement in order of their first, better and good form: {_in_order(material, labels[BOTH])}"
    )


def _roles(material: Material, told: Sequence[Mapping[str, Matrix]]) -> Table:
    table = _table("Sentences: precision, recall, F1 of each role on unseen hands", "role", "true", WORDS, BOTH)
    true = material.wanted_roles()
    by = {signal: np.concatenate([one[signal] for one in told]) > EVEN for signal in (WORDS, BOTH)}
    for n, role in enumerate(ROLES):
        scores = (str(score(by[signal][:, n], true[:, n])) for signal in (WORDS, BOTH))
        table.add_row(role, str(true[:, n].sum()), *scores)
    return table


def _labels(material: Material, told: Mapping[str, Matrix]) -> Table:
    table = _table("Statements: precision, recall, F1 of each label on unseen hands", "label", "true", WORDS, BOTH)
    true = material.wanted_labels()
    for n, label in enumerate(LABELS):
        scores = (str(score(told[signal][:, n] > EVEN, true[:, n])) for signal in (WORDS, BOTH))
        table.add_row(label, str(true[:, n].sum()), *scores)
    return table


def _parts(material: Material, told: Matrix) -> Table:
    """The two labels that decide most, in each part of the statements."""
    shown = [n for n, label in enumerate(LABELS) if label in ("solution_in_disguise", "has_baseline", "cause_given")]
    table = _table("By part (words and meaning)", "part", "statements", *(LABELS[n] for n in shown))
    true = material.wanted_labels()
    for name, chosen in _named_parts(material.statements):
        kept = np.array([chosen(one) for one in material.statements])
        scores = (str(score(told[kept, n] > EVEN, true[kept, n])) for n in shown)
        table.add_row(name, str(kept.sum()), *scores)
    return table


def _named_parts(statements: Sequence[Statement]) -> Iterable[tuple[str, Callable[[Statement], bool]]]:
    yield "Vietnamese", lambda one: one.language == "vi"
    yield "English", lambda one: one.language == "en"
    yield "without marks", lambda one: not one.marked
    yield "one sentence", lambda one: len(one.sentences) == 1
    for hand in sorted({one.hand for one in statements}):
        yield f"hand {hand}", lambda one, hand=hand: one.hand == hand  # type: ignore[misc]  # binds the hand


def _in_order(material: Material, told: Matrix) -> str:
    """By how many of the five things that a statement needs are there, less what is too much."""
    needed = np.array([1.0 if n in range(1, 6) else -1.0 for n in range(len(LABELS))])
    drafts: dict[str, dict[int, float]] = {}
    for one, row in zip(material.statements, told, strict=True):
        if one.triple:
            drafts.setdefault(f"{one.hand} {one.triple}", {})[one.draft] = float(row @ needed)
    right = sum(found[1] < found[2] < found[3] for found in drafts.values())
    return f"{right} of {len(drafts)}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    for column in columns:
        table.add_column(column)
    return table


if __name__ == "__main__":
    main()
