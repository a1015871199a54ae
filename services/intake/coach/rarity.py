"""How rare a word, or words in a row, is in problem statements: as the labelled ones use it, so it changes with a release alone."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from services.intake.coach.model import WEIGHTS

FOLDED_RUNS = "1"
"""The second of `features.VIEWS`: words without marks, a blank between them."""


@cache
def known() -> Mapping[str, float]:
    rarity = np.load(WEIGHTS / "rarity.npy")
    lines = enumerate((WEIGHTS / "features.txt").read_text().split("\n"))
    return {line[1:]: float(rarity[row]) for row, line in lines if line[0] == FOLDED_RUNS}


@cache
def rarest() -> float:
    return max(known().values())


def rarity(run: str) -> float:
    """1 for what every sentence says, 2 for what one in three says; what none says is as rare as the rarest."""
    return known().get(run, rarest())
