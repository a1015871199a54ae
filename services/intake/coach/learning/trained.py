"""A model fitted to some statements, and what models say of statements by hands that they have not seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.attention import of_one
from services.intake.coach.context import Scores, as_a_whole, in_place
from services.intake.coach.embedding import OfflineE5
from services.intake.coach.features import Counted
from services.intake.coach.learning.fit import WHOLE_C, WORDS_C, Matrix, Vocabulary, boost, fit
from services.intake.coach.learning.material import Material
from services.intake.coach.learning.statements import Statement
from services.intake.coach.learning.tune import Tuned
from services.intake.coach.trees import told

FOLDS = 3
WORDS, BOTH = SIGNALS = ("words", "both")
BySignal = Mapping[str, Scores]
"""Of a statement, by each signal."""
Tune = Callable[[Sequence[Statement]], Tuned]


class Fitted:
    """The weights for words: a column for each role, then one for each label, which is fitted to the mean of the statement's
    sentences; so each sentence can be scored, and remembered, by itself. And the network that was tuned."""

    def __init__(self, material: Material, tuned: Tuned) -> None:
        counted = [one for group in material.counted for one in group]
        self.vocabulary = Vocabulary.of(counted)
        words, roles, labels = self.vocabulary.matrix(counted), material.wanted_roles(), material.wanted_labels()
        self.words = np.hstack([fit(words, roles, WORDS_C), fit(material.mean() @ words, labels, WHOLE_C)])
        (self._attention,), self._embedding = tuned.attention, OfflineE5(tuned.layers)

    def scores(self, counted: Sequence[Counted], texts: Sequence[str]) -> BySignal:
        by_words = self.vocabulary.matrix(counted) @ self.words[:-1] + self.words[-1]
        meanings = np.array([self._embedding(text) for text in texts])
        return {WORDS: Scores.of(by_words), BOTH: Scores.of(by_words, *of_one(self._attention, meanings))}


Fold = tuple[list[int], list[int]]


def folds(statements: Sequence[Statement]) -> list[Fold]:
    """(known, unseen) numbers of statements: every hand is unseen once."""
    hands = sorted({one.hand for one in statements})
    parts = [set(hands[n::FOLDS]) for n in range(min(FOLDS, len(hands)))]
    everyone = range(len(statements))
    return [
        ([n for n in everyone if statements[n].hand not in part], [n for n in everyone if statements[n].hand in part])
        for part in parts
    ]


def unseen_scores(material: Material, tune: Tune) -> list[BySignal]:
    """For each statement, its sentences' scores by weights that know nothing of its hand."""
    found: list[BySignal] = [{} for _ in material.statements]
    for known, unseen in folds(material.statements):
        part = material.part(known)
        fitted = Fitted(part, tune(part.statements))
        for n in unseen:
            found[n] = fitted.scores(material.counted[n], material.statements[n].texts)
    return found


Rows = Sequence[NDArray[Any]]
"""What the trees look at; of each statement, a row for each sentence or one for the whole."""


def role_rows(material: Material, scores: Sequence[BySignal], signal: str) -> Rows:
    return [in_place(told[signal], one.texts) for told, one in zip(scores, material.statements, strict=True)]


def label_rows(material: Material, roles: Rows, scores: Sequence[BySignal], signal: str) -> Rows:
    given = zip(roles, scores, material.statements, strict=True)
    return [as_a_whole(role, told[signal], one.texts) for role, told, one in given]


def unseen(material: Material, rows: Rows, wanted: Callable[[Material], NDArray[np.bool_]]) -> Rows:
    """For each statement, what trees that know nothing of its hand tell of its rows."""
    found: list[NDArray[Any]] = [rows[0]] * len(rows)
    for known, others in folds(material.statements):
        forests = boost(np.concatenate([rows[n] for n in known]), wanted(material.part(known)))
        for n in others:
            found[n] = told(forests, rows[n])
    return found


@dataclass(frozen=True, slots=True)
class Unseen:
    """What is told of every statement by those who know nothing of its hand, by one signal: `roles` a row for each sentence,
    `labels` a row for each statement; `rows` and `wholes` are what they were told from."""

    rows: Rows
    wholes: Rows
    roles: Rows
    labels: Matrix

    @classmethod
    def of(cls, material: Material, scores: Sequence[BySignal], signal: str) -> "Unseen":
        rows = role_rows(material, scores, signal)
        roles = unseen(material, rows, Material.wanted_roles)
        wholes = label_rows(material, roles, scores, signal)
        return cls(rows, wholes, roles, np.concatenate(unseen(material, wholes, Material.wanted_labels)))
