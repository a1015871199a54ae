"""A model fitted to some statements, and what models say of statements by hands that they have not seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.context import Scores, as_a_whole, in_place
from services.intake.coach.features import Counted
from services.intake.coach.learning.fit import MEANING_C, WHOLE_C, WORDS_C, Matrix, Vocabulary, boost, fit
from services.intake.coach.learning.material import Material
from services.intake.coach.learning.statements import Statement
from services.intake.coach.trees import told

FOLDS = 6
WORDS, BOTH = SIGNALS = ("words", "both")
BySignal = Mapping[str, Scores]
"""Of a statement, by each signal."""


class Fitted:
    """The weights for sentences by themselves: a column for each role, then one for each label; of meanings, also three for each
    role that are fitted to a sentence and its neighbours. A label's are fitted to the mean of the statement's sentences. So each
    sentence can be scored, and remembered, by itself."""

    def __init__(self, material: Material) -> None:
        counted = [one for group in material.counted for one in group]
        self.vocabulary = Vocabulary.of(counted)
        words, meanings = self.vocabulary.matrix(counted), np.concatenate(material.meanings)
        roles, labels, mean = material.wanted_roles(), material.wanted_labels(), material.mean()
        self.words = np.hstack([fit(words, roles, WORDS_C), fit(mean @ words, labels, WHOLE_C)])
        around = side_by_side(fit(material.meanings_around(), roles, MEANING_C))
        self.meaning = np.hstack([fit(meanings, roles, MEANING_C), fit(mean @ meanings, labels, MEANING_C), around])

    def scores(self, counted: Sequence[Counted], meanings: Matrix) -> BySignal:
        by_words = self.vocabulary.matrix(counted) @ self.words[:-1] + self.words[-1]
        by_meaning = meanings @ self.meaning[:-1] + self.meaning[-1]
        nothing = by_meaning[:, :0]
        return {WORDS: Scores.of(by_words, nothing, nothing), BOTH: Scores.of(by_words, by_meaning, meanings)}


def side_by_side(weights: Matrix) -> Matrix:
    """Weights for three meanings in a row become those of one meaning in three places; the bias goes to the first."""
    weights, bias = np.hstack(np.split(weights[:-1], 3)), weights[-1]
    return np.vstack([weights, np.pad(bias, (0, 2 * len(bias)))])


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


def unseen_scores(material: Material) -> list[BySignal]:
    """For each statement, its sentences' scores by weights that know nothing of its hand."""
    found: list[BySignal] = [{} for _ in material.statements]
    for known, unseen in folds(material.statements):
        fitted = Fitted(material.part(known))
        for n in unseen:
            found[n] = fitted.scores(material.counted[n], material.meanings[n])
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
