"""A tenth of the statements, labelled a second time without sight of the first labels (`second/`): how far two readers agree."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.intake.coach.learning.statements import Statement
from services.intake.coach.roles import Label, Role

READINGS = Path(__file__).parent / "second" / "readings.jsonl"
FLAGS = (Label.SOLUTION, Label.BROAD, Label.SEVERAL)
"""The labels of a whole statement; the others follow from its sentences."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often both readers, the first alone, the second alone and neither saw it."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def f1(self) -> float:
        return 2 * self.both / max(1, 2 * self.both + self.first + self.second)

    @property
    def kappa(self) -> float:
        """Cohen's: agreement beyond chance."""
        total = self.both + self.first + self.second + self.neither
        one, other = (self.both + self.first) / total, (self.both + self.second) / total
        chance = one * other + (1 - one) * (1 - other)
        return ((self.both + self.neither) / total - chance) / max(1e-9, 1 - chance)


def agreements(statements: Sequence[Statement], readings: Path = READINGS) -> dict[str, Agreement]:
    """Of each role (sentences) and each flag (statements)."""
    read = [json.loads(line) for line in readings.read_text().splitlines()]
    first = {(one.hand, one.id): one for one in statements}
    pairs = [(first[row["hand"], row["id"]], row) for row in read]
    found = {role.value: _agreement(_roles(pairs, role)) for role in Role}
    return found | {flag.value: _agreement(_flags(pairs, flag)) for flag in FLAGS}


Pairs = Sequence[tuple[Statement, Mapping[str, Any]]]


def _roles(pairs: Pairs, role: Role) -> Iterator[tuple[bool, bool]]:
    for one, row in pairs:
        for sentence, roles in zip(one.sentences, row["roles"], strict=True):
            yield role in sentence.roles, role in roles


def _flags(pairs: Pairs, flag: Label) -> Iterator[tuple[bool, bool]]:
    return ((flag in one.labels, row[flag] not in (False, "no")) for one, row in pairs)


def _agreement(seen: Iterator[tuple[bool, bool]]) -> Agreement:
    seen_by = list(seen)
    return Agreement(*(seen_by.count(case) for case in ((True, True), (True, False), (False, True), (False, False))))
