"""The learned part at work: weights from files, numpy, no training library, no network, the same answer every time."""

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.context import as_a_whole, in_place
from services.intake.coach.features import VIEWS, count
from services.intake.coach.roles import Label, Role
from services.intake.coach.trees import told

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
    """`embedding` None: by words alone. Sentences are NFC. Columns are those of `Role` and `Label`."""

    def __init__(self, embedding: Embedding | None = None, folder: Path = WEIGHTS) -> None:
        signal = "words" if embedding is None else "both"
        self._rows, self._rarity = features(folder), np.load(folder / "rarity.npy")
        self._words: Vector = np.load(folder / "words.npy").astype(np.float32) * np.float32(THOUSANDTH)
        self._meaning: Vector = np.load(folder / "meaning.npy")
        self._roles, self._labels = (np.load(folder / f"{answers}_{signal}.npy") for answers in ("roles", "labels"))
        about: dict[str, Any] = json.loads((folder / "about.json").read_text())
        self.version = f"{about['version']} {embedding.name if embedding else 'words'}"
        self.thresholds: Mapping[str, Mapping[str, float]] = about["thresholds"][signal]
        self._embedding = embedding
        self._scores = lru_cache(SENTENCES)(self._score)

    def roles(self, sentences: Sequence[str]) -> Vector:
        """The probability of each role, a row for each sentence of a statement."""
        if not sentences:
            return np.zeros((0, len(Role)), dtype=np.float32)
        return told(self._roles, in_place(self._of(sentences), sentences))

    def labels(self, roles: NDArray[Any], sentences: Sequence[str]) -> dict[Label, float]:
        """Of a whole statement, from its sentences' roles."""
        if not sentences:
            return dict.fromkeys(Label, 0.0)
        found = told(self._labels, as_a_whole(roles, self._of(sentences), sentences))[0]
        return dict(zip(Label, map(float, found), strict=True))

    def _of(self, sentences: Sequence[str]) -> Vector:
        return np.array([self._scores(sentence) for sentence in sentences])

    def _score(self, sentence: str) -> Vector:
        """Of a sentence by itself, by its words, then by its meaning: the log-odds of each role, and what it adds to each
        label's."""
        by_words = self._by_words(sentence)
        if self._embedding is None:
            return by_words[None]
        by_meaning = np.append(self._embedding(sentence), np.float32(1)) @ self._meaning
        return np.stack([by_words, by_meaning])

    def _by_words(self, sentence: str) -> Vector:
        """Each view is brought to length 1, as it was in training."""
        score: Vector = self._words[-1].copy()
        for known, counted in zip(self._rows, count(sentence).views, strict=True):
            found = [(row, often) for feature, often in counted.items() if (row := known.get(feature)) is not None]
            if found:
                rows, times = np.array(found).T
                weights = (1 + np.log(times, dtype=np.float32)) * self._rarity[rows]
                score += (weights / np.linalg.norm(weights)) @ self._words[rows]
        return score


@cache
def features(folder: Path) -> tuple[Mapping[str, int], ...]:
    """A line each: the number of its view, then the feature; the line's number is its row."""
    views: tuple[dict[str, int], ...] = tuple({} for _ in VIEWS)
    for row, line in enumerate((folder / "features.txt").read_text().split("\n")):
        views[int(line[0])][line[1:]] = row
    return views
