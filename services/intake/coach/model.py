"""The learned part at work: weights from files, numpy, no training library, no network, the same answer every time."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.attention import of_one
from services.intake.coach.context import Scores, as_a_whole, in_place
from services.intake.coach.features import RUNS, VIEWS, folded_words, pieces
from services.intake.coach.roles import Label, Role
from services.intake.coach.trees import told

WEIGHTS = Path(__file__).parent / "weights"
ENCODER = WEIGHTS / "encoder.bin"
"""The layers of the network that are tuned, as `coach.encoder` reads them."""
ATTENTION = WEIGHTS / "attention.npy"
"""How sentences hear each other, as `coach.attention` reads it."""
THOUSANDTH = 0.001
"""The unit in which the weights of words are stored."""
SENTENCES = 4096
"""Remembered, so that one edited sentence costs one sentence."""
STATEMENTS = 16
"""As now read: first for the roles of their sentences, then for their labels."""
WORDS = 32_768
"""Whose rows are remembered: at most some 70 MB, were all of them garbage of `LONGEST` letters."""
Vector = NDArray[np.float32]
Rows = NDArray[np.intp]
NO_ROWS: Rows = np.zeros(0, dtype=np.intp)


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
        (self._attention,) = np.load(folder / ATTENTION.name)
        self._roles, self._labels = (np.load(folder / f"{answers}_{signal}.npy") for answers in ("roles", "labels"))
        about: dict[str, Any] = json.loads((folder / "about.json").read_text())
        self.version = f"{about['version']} {embedding.name if embedding else 'words'}"
        self.thresholds: Mapping[str, Mapping[str, float]] = about["thresholds"][signal]
        self._by_words = lru_cache(SENTENCES)(self._words_of)
        self._meanings = lru_cache(SENTENCES)(embedding) if embedding else None
        self._scores = lru_cache(STATEMENTS)(self._scores_of)
        self._pieces = lru_cache(WORDS)(self._pieces_of)

    def roles(self, sentences: Sequence[str]) -> Vector:
        """The probability of each role, a row for each sentence of a statement."""
        if not sentences:
            return np.zeros((0, len(Role)), dtype=np.float32)
        return told(self._roles, in_place(self._scores(tuple(sentences)), sentences))

    def labels(self, roles: NDArray[Any], sentences: Sequence[str]) -> dict[Label, float]:
        """Of a whole statement, from its sentences' roles."""
        if not sentences:
            return dict.fromkeys(Label, 0.0)
        found = told(self._labels, as_a_whole(roles, self._scores(tuple(sentences)), sentences))[0]
        return dict(zip(Label, map(float, found), strict=True))

    def _scores_of(self, sentences: tuple[str, ...]) -> Scores:
        by_words = np.array([self._by_words(sentence) for sentence in sentences])
        if self._meanings is None:
            return Scores.of(by_words)
        meanings = np.array([self._meanings(sentence) for sentence in sentences])
        return Scores.of(by_words, *of_one(self._attention, meanings))

    def _words_of(self, sentence: str) -> Vector:
        """Each view is brought to length 1, as it was in training."""
        score: Vector = self._words[-1].copy()
        for found in self._known(sentence):
            if len(found):
                rows, times = np.unique(found, return_counts=True)
                weights = (1 + np.log(times, dtype=np.float32)) * self._rarity[rows]
                score += (weights / np.linalg.norm(weights)) @ self._words[rows]
        return score

    def _known(self, sentence: str) -> Iterator[Rows]:
        """Of each view, the rows of the features that training knew, as often as they occur. What a word is made of is looked up
        once a word, not once a sentence."""
        yield np.concatenate([NO_ROWS, *map(self._pieces, folded_words(sentence))])
        for known, view in zip(self._rows[1:], RUNS, strict=True):
            yield _among(known, view(sentence))

    def _pieces_of(self, word: str) -> Rows:
        return _among(self._rows[0], pieces(word))


def _among(known: Mapping[str, int], features: Iterable[str]) -> Rows:
    return np.array([known[feature] for feature in features if feature in known], dtype=np.intp)


@cache
def features(folder: Path) -> tuple[Mapping[str, int], ...]:
    """A line each: the number of its view, then the feature; the line's number is its row."""
    views: tuple[dict[str, int], ...] = tuple({} for _ in VIEWS)
    for row, line in enumerate((folder / "features.txt").read_text().split("\n")):
        views[int(line[0])][line[1:]] = row
    return views
