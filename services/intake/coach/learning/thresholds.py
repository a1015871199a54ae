"""From which probability on the coach is sure enough to say so, and from which on it asks."""

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.learning.fit import Matrix
from services.intake.coach.learning.material import LABELS, ROLES, Material
from services.intake.coach.learning.trained import Unseen
from services.intake.coach.reading import ONLY_ORDERED, only_ordered
from services.intake.coach.roles import Label, Role

SURE = 0.99
"""A verdict «fail» must be right this often, on hands that the model has not seen. At .98 it failed five of 672 bare troubles, at
.99 two; what is not failed is asked about."""
ASKED = 0.95
"""Share of the true ones that at least a question must reach."""
NEVER = 1.01


def thresholds(material: Material, told: Unseen) -> dict[str, dict[str, float]]:
    """For each role (of sentences) and label (of statements): `sure`, `even` (best F1) and `asked`."""
    roles, true = np.concatenate(told.roles), material.wanted_roles()
    found = {role.value: _of(roles[:, n], true[:, n]) for n, role in enumerate(ROLES)}
    labels, true = told.labels, material.wanted_labels()
    found |= {label.value: _of(labels[:, n], true[:, n]) for n, label in enumerate(LABELS)}
    return found | {ONLY_ORDERED: _of(ordered_alone(told), only_ordered_in(material))}


def ordered_alone(told: Unseen) -> Matrix:
    trouble = np.array([roles[:, ROLES.index(Role.TROUBLE)].max() for roles in told.roles])
    return only_ordered(told.labels[:, LABELS.index(Label.SOLUTION)], trouble)


def only_ordered_in(material: Material) -> NDArray[np.bool_]:
    return np.array([one.only_ordered for one in material.statements])


def _of(told: Matrix, true: NDArray[np.bool_]) -> dict[str, float]:
    told = told.astype(np.float64)
    order = np.argsort(-told, kind="stable")
    right, at = np.cumsum(true[order]), told[order]
    precision, recall = right / np.arange(1, len(at) + 1), right / max(1, true.sum())
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    sure = np.flatnonzero(precision >= SURE)
    even = int(np.argmax(f1))
    return {
        "sure": _down(at[sure[-1]]) if len(sure) else NEVER,
        "even": _down(at[even]),
        "asked": _down(at[max(even, int(np.argmax(recall >= ASKED)))]),
    }


def _down(value: float) -> float:
    return float(np.floor(value * 1000) / 1000)
