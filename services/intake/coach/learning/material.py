"""What a model is fitted to: statements, counted, and what is wanted of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from services.intake.coach.features import Counted, count
from services.intake.coach.learning.statements import Statement
from services.intake.coach.roles import Label, Role

ROLES, LABELS = tuple(Role), tuple(Label)


@dataclass(frozen=True, slots=True)
class Material:
    """Statements with their sentences counted."""

    statements: tuple[Statement, ...]
    counted: tuple[tuple[Counted, ...], ...]

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> "Material":
        return cls(tuple(statements), tuple(tuple(map(count, one.texts)) for one in statements))

    def part(self, kept: Sequence[int]) -> "Material":
        return Material(tuple(self.statements[n] for n in kept), tuple(self.counted[n] for n in kept))

    def wanted_roles(self) -> NDArray[np.bool_]:
        return np.array([[role in s.roles for role in ROLES] for one in self.statements for s in one.sentences])

    def wanted_labels(self) -> NDArray[np.bool_]:
        return np.array([[label in one.labels for label in LABELS] for one in self.statements])

    def mean(self) -> Any:
        """Statements × sentences: what takes the mean over the sentences of each statement."""
        sizes = [len(one.sentences) for one in self.statements]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return csr_matrix((np.repeat(1 / np.array(sizes), sizes), np.arange(ends[-1]), ends))
