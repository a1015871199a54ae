"""The learned part at work: weights from files, numpy, no training library, no network, the same answer every time."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.features import VIEWS, count
from services.intake.coach.roles import Label

WEIGHTS = Path(__file__).parent / "weights"
THOUSANDTH = 0.001
"""The unit in which the weights of words are stored."""
SENTENCES = 4096
"""Remembered, so that one edited sentence costs one sentence."""
Vector = NDArray[np.float32]


class Embedding(Protocol):
    """A second signal: what the sentence means, in whatever words."""

    name: str

    def __call__(self, sentence: str) -> Vector:
        """384 numbers, length 1."""
        ...


class RoleModel:
    """`embedding` None: by words alone. A sentence is NFC. Columns are those of `Role` and `Label`."""

    def __init__(self, embedding: Embedding | None = None, folder: Path = WEIGHTS) -> None:
        self._rows, self._rarity = _features(folder), np.load(folder / "rarity.npy")
        self._words: Vector = np.load(folder / "words.npy").astype(np.float32) * np.float32(THOUSANDTH)
        self._meaning: Vector = np.load(folder / "meaning.npy")
        about: dict[str, Any] = json.loads((folder / "about.json").read_text())
        self.version: str = about["version"]
        signal = "words" if embedding is None else "both"
        self.thresholds: Mapping[str, Mapping[str, float]] = about["thresholds"][signal]
        self._labels = np.array(about["labels"][signal], dtype=np.float32)
        self._embedding = embedding
        self.roles = lru_cache(SENTENCES)(self._roles)

    def _roles(self, sentence: str) -> Vector:
        """The probability of each role."""
        by_words = logistic(self._score(sentence))
        if self._embedding is None:
            return by_words
        by_meaning = logistic(np.append(self._embedding(sentence), np.float32(1)) @ self._meaning)
        both: Vector = (by_words + by_meaning) / 2
        return both

    def _score(self, sentence: str) -> Vector:
        """Each view is brought to length 1, as it was in training."""
        score: Vector = self._words[-1].copy()
        for known, counted in zip(self._rows, count(sentence).views, strict=True):
            found = [(known[feature], 1 + math.log(often)) for feature, often in counted.items() if feature in known]
            if found:
                rows = np.array([row for row, _ in found])
                weights = np.array([often for _, often in found], dtype=np.float32) * self._rarity[rows]
                score += (weights / np.linalg.norm(weights)) @ self._words[rows]
        return score

    def labels(self, roles: NDArray[np.float32]) -> dict[Label, float]:
        """Of a whole statement, from its sentences' roles (a row each)."""
        told = logistic(self._labels @ np.append(summary(roles), np.float32(1)))
        return dict(zip(Label, map(float, told), strict=True))


def _features(folder: Path) -> tuple[Mapping[str, int], ...]:
    """A line each: the number of its view, then the feature; the line's number is its row."""
    views: tuple[dict[str, int], ...] = tuple({} for _ in VIEWS)
    for row, line in enumerate((folder / "features.txt").read_text().split("\n")):
        views[int(line[0])][line[1:]] = row
    return views


def summary(roles: NDArray[Any]) -> Vector:
    """A statement in numbers: each role's highest, mean and first probability, how many sentences, whether it is one alone."""
    size = len(roles)
    parts: Sequence[Any] = (roles.max(0), roles.mean(0), roles[0], [size / 10, size == 1])
    return np.concatenate([np.asarray(part, dtype=np.float32) for part in parts])


def logistic(score: NDArray[Any]) -> NDArray[Any]:
    return 1 / (1 + np.exp(-score))  # type: ignore[no-any-return]  # numpy keeps the type of its argument
