"""`make coach-eval`: how well the coach reads statements by hands that it has not seen, by role, label, language and hand; and how
far two human readers agree."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from services.intake.coach.learning.agreement import agreements
from services.intake.coach.learning.fit import Matrix
from services.intake.coach.learning.material import LABELS, ROLES, Material
from services.intake.coach.learning.remembered import tuned
from services.intake.coach.learning.statements import Statement, load
from services.intake.coach.learning.thresholds import only_ordered_in, ordered_alone, thresholds
from services.intake.coach.learning.trained import BOTH, SIGNALS, Unseen, unseen_scores
from services.intake.coach.reading import ONLY_ORDERED
from services.intake.coach.roles import Label

FIRST = ("departments", "english", "hard", "institutions", "speech", "wards")
"""Hands of the 360 statements that all began with."""
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


@dataclass(frozen=True, slots=True)
class Told:
    """What is told by one signal, and where it passes for said (`even`) and for sure."""

    unseen: Unseen
    limits: dict[str, dict[str, float]]

    @property
    def roles(self) -> Flags:
        return np.concatenate(self.unseen.roles) >= np.array([self.limits[role]["even"] for role in ROLES])

    @property
    def labels(self) -> Flags:
        found: Flags = self.unseen.labels >= np.array([self.limits[label]["even"] for label in LABELS])
        return found

    @property
    def unasked(self) -> Flags:
        found: Flags = self.unseen.labels[:, LABELS.index(Label.SOLUTION)] < self.limits[Label.SOLUTION]["asked"]
        return found

    @property
    def failed(self) -> Flags:
        found: Flags = ordered_alone(self.unseen) >= self.limits[ONLY_ORDERED]["sure"]
        return found


def main() -> None:
    material = Material.of(load())
    scores = unseen_scores(material, tuned)
    unseen = {signal: Unseen.of(material, scores, signal) for signal in SIGNALS}
    told = [Told(unseen[signal], thresholds(material, unseen[signal])) for signal in SIGNALS]
    console = Console(width=132)
    for table in (_roles(material, told), _labels(material, told), _failed(material, told), _parts(material, told[-1])):
        console.print(table)
    console.print(_agreements(material))
    orders = (f"{signal} {_in_order(material, unseen[signal].labels)}" for signal in SIGNALS)
    console.print(f"drafts of one statement in order of their first, better and good form: {', '.join(orders)}")


def _roles(material: Material, told: Sequence[Told]) -> Table:
    table = _table("Sentences: precision, recall, F1 of each role on unseen hands", "role", "true", *SIGNALS)
    true = material.wanted_roles()
    for n, role in enumerate(ROLES):
        table.add_row(role, str(true[:, n].sum()), *(str(score(one.roles[:, n], true[:, n])) for one in told))
    return table


def _labels(material: Material, told: Sequence[Told]) -> Table:
    table = _table("Statements: precision, recall, F1 of each label on unseen hands", "label", "true", *SIGNALS)
    true = material.wanted_labels()
    for n, label in enumerate(LABELS):
        table.add_row(label, str(true[:, n].sum()), *(str(score(one.labels[:, n], true[:, n])) for one in told))
    return table


def _failed(material: Material, told: Sequence[Told]) -> Table:
    """The one verdict that blocks; of bare sentences, how many troubles it fails."""
    table = _table("«Fail»: a thing is ordered and nobody's trouble is told", "of", "true", *SIGNALS)
    true = only_ordered_in(material)
    bare = np.array([len(one.sentences) == 1 for one in material.statements])
    for name, kept in (("all", np.ones_like(bare)), ("one sentence", bare)):
        table.add_row(name, str(true[kept].sum()), *(str(score(one.failed[kept], true[kept])) for one in told))
    troubles = bare & ~material.wanted_labels()[:, 0]
    wrongly = (str((one.failed & troubles).sum()) for one in told)
    table.add_row("one sentence, no order: failed", str(troubles.sum()), *wrongly)
    orders = bare & material.wanted_labels()[:, 0]
    table.add_row(
        "one sentence, an order: unasked", str(orders.sum()), *(str((one.unasked & orders).sum()) for one in told)
    )
    return table


def _parts(material: Material, told: Told) -> Table:
    """The labels that decide most, in each part of the statements."""
    shown = [n for n, label in enumerate(LABELS) if label not in ("too_broad", "several_problems")]
    table = _table(f"By part ({BOTH}): precision, recall, F1", "part", "size", *(LABELS[n] for n in shown))
    true = material.wanted_labels()
    for name, chosen in _named_parts(material.statements):
        kept = np.array([chosen(one) for one in material.statements])
        table.add_row(name, str(kept.sum()), *(str(score(told.labels[kept, n], true[kept, n])) for n in shown))
    return table


def _named_parts(statements: Sequence[Statement]) -> Iterable[tuple[str, Callable[[Statement], bool]]]:
    yield "Vietnamese", lambda one: one.language == "vi"
    yield "English", lambda one: one.language == "en"
    yield "without marks", lambda one: not one.marked
    yield "first six hands", lambda one: one.hand in FIRST
    yield "one sentence", lambda one: len(one.sentences) == 1
    for hand in sorted({one.hand for one in statements}):
        yield f"hand {hand}", lambda one, hand=hand: one.hand == hand  # type: ignore[misc]  # binds the hand


def _agreements(material: Material) -> Table:
    table = _table("Two readers", "what", "both", "first only", "second only", "F1", "kappa")
    for name, found in agreements(material.statements).items():
        seen = map(str, (found.both, found.first, found.second))
        table.add_row(name, *seen, f"{found.f1:.2f}", f"{found.kappa:.2f}")
    return table


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
