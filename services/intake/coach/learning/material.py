"""What a model is fitted to: statements, counted and embedded, and what is wanted of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from services.intake.coach.features import Counted, count
from services.intake.coach.learning.fit import Matrix
from services.intake.coach.learning.statements import Statement
from services.intake.coach.model import Embedding
from services.intake.coach.roles import Label, Role

ROLES, LABELS = tuple(Role), tuple(Label)


@dataclass(frozen=True, slots=True)
class Material:
    """Statements with their sentences counted and embedded, each sentence once."""

    statements: tuple[Statement, ...]
    counted: tuple[tuple[Counted, ...], ...]
    meanings: tuple[Matrix, ...]

    @classmethod
    def of(cls, statements: Sequence[Statement], embedding: Embedding) -> "Material":
        known = {text: embedding(text) for text in dict.fromkeys(text for one in statements for text in one.texts)}
        return cls(
            statements=tuple(statements),
            counted=tuple(tuple(map(count, one.texts)) for one in statements),
            meanings=tuple(np.array([known[text] for text in one.texts]) for one in statements),
        )

    def part(self, kept: Sequence[int]) -> "Material":
        return Material(*(tuple(all_[n] for n in kept) for all_ in (self.statements, self.counted, self.meanings)))  # type: ignore[arg-type]  # three tuples of one length

    def wanted_roles(self) -> NDArray[np.bool_]:
        return np.array([[role in s.roles for role in ROLES] for one in self.statements for s in one.sentences])

    def wanted_labels(self) -> NDArray[np.bool_]:
        return np.array([[label in one.labels for label in LABELS] for one in self.statements])

    def meanings_around(self) -> Matrix:
        """Of each sentence its own meaning, then that of the one before and of the one after it."""
        return np.concatenate([_around(meanings) for meanings in self.meanings])

    def mean(self) -> Any:
        """Statements × sentences: what takes the mean over the sentences of each statement."""
        sizes = [len(one.sentences) for one in self.statements]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return csr_matrix((np.repeat(1 / np.array(sizes), sizes), np.arange(ends[-1]), ends))


def _around(meanings: Matrix) -> Matrix:
    nobody = np.zeros((1, meanings.shape[1]))
    return np.hstack([meanings, np.vstack([nobody, meanings[:-1]]), np.vstack([meanings[1:], nobody])])
