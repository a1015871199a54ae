"""How rare a word, or words in a row, is in problem statements: as the labelled ones use it, so it changes with a release alone."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from services.intake.coach.model import WEIGHTS, features

FOLDED_RUNS = 1
"""The second of `features.VIEWS`: words without marks, a blank between them."""


@cache
def known() -> Mapping[str, float]:
    rarity = np.load(WEIGHTS / "rarity.npy")
    return {run: float(rarity[row]) for run, row in features(WEIGHTS)[FOLDED_RUNS].items()}


@cache
def rarest() -> float:
    return max(known().values())


def rarity(run: str) -> float:
    """1 for what every sentence says, 2 for what one in three says; what none says is as rare as the rarest."""
    return known().get(run, rarest())
