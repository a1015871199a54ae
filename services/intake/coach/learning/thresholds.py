"""From which probability on the coach is sure enough to say so, and from which on it asks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.learning.fit import Matrix
from services.intake.coach.learning.trained import LABELS, ROLES, Material

SURE = 0.97
"""A verdict «fail» must be right this often, on hands that the model has not seen."""
ASKED = 0.95
"""Share of the true ones that at least a question must reach."""
NEVER = 1.01


def thresholds(
    material: Material, told: Sequence[dict[str, Matrix]], labelled: Matrix, signal: str
) -> dict[str, dict[str, float]]:
    """For each role (of sentences) and label (of statements): `sure`, `even` (best F1) and `asked`."""
    roles = np.concatenate([one[signal] for one in told])
    found = {role.value: _of(roles[:, n], material.wanted_roles()[:, n]) for n, role in enumerate(ROLES)}
    return found | {label.value: _of(labelled[:, n], material.wanted_labels()[:, n]) for n, label in enumerate(LABELS)}


def _of(told: Matrix, true: NDArray[np.bool_]) -> dict[str, float]:
    order = np.argsort(-told, kind="stable")
    right, at = np.cumsum(true[order]), told[order]
    precision, recall = right / np.arange(1, len(at) + 1), right / max(1, true.sum())
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    sure = np.flatnonzero(precision >= SURE)
    return {
        "sure": _down(at[sure[-1]]) if len(sure) else NEVER,
        "even": _down(at[int(np.argmax(f1))]),
        "asked": _down(at[int(np.argmax(recall >= ASKED))]),
    }


def _down(value: float) -> float:
    return float(np.floor(value * 1000) / 1000)
