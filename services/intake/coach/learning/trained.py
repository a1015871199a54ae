"""A model fitted to some statements, and what models say of statements by hands that they have not seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from services.intake.coach.context import as_a_whole, in_place
from services.intake.coach.features import Counted, count
from services.intake.coach.learning.fit import MEANING_C, WHOLE_C, WORDS_C, Matrix, Vocabulary, boost, fit
from services.intake.coach.learning.statements import Statement
from services.intake.coach.model import Embedding
from services.intake.coach.roles import Label, Role
from services.intake.coach.trees import told

FOLDS = 6
WORDS, BOTH = SIGNALS = ("words", "both")
ROLES, LABELS = tuple(Role), tuple(Label)
Scores = Mapping[str, Matrix]
"""By each signal: the scores of a statement's sentences, as `context` looks at them."""


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

    def mean(self) -> Any:
        """Statements × sentences: what takes the mean over the sentences of each statement."""
        sizes = [len(one.sentences) for one in self.statements]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return csr_matrix((np.repeat(1 / np.array(sizes), sizes), np.arange(ends[-1]), ends))


class Fitted:
    """The weights for sentences by themselves: a column for each role, then one for each label. A label's are fitted to the mean
    of the statement's sentences, so that each sentence can be scored, and remembered, by itself."""

    def __init__(self, material: Material) -> None:
        counted = [one for group in material.counted for one in group]
        self.vocabulary = Vocabulary.of(counted)
        words, meanings = self.vocabulary.matrix(counted), np.concatenate(material.meanings)
        roles, labels, mean = material.wanted_roles(), material.wanted_labels(), material.mean()
        self.words = np.hstack([fit(words, roles, WORDS_C), fit(mean @ words, labels, WHOLE_C)])
        self.meaning = np.hstack([fit(meanings, roles, MEANING_C), fit(mean @ meanings, labels, MEANING_C)])

    def scores(self, counted: Sequence[Counted], meanings: Matrix) -> Scores:
        by_words = self.vocabulary.matrix(counted) @ self.words[:-1] + self.words[-1]
        by_meaning = meanings @ self.meaning[:-1] + self.meaning[-1]
        return {WORDS: by_words[:, None], BOTH: np.stack([by_words, by_meaning], axis=1)}


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


def unseen_scores(material: Material) -> list[Scores]:
    """For each statement, its sentences' scores by weights that know nothing of its hand."""
    found: list[Scores] = [{} for _ in material.statements]
    for known, unseen in folds(material.statements):
        fitted = Fitted(material.part(known))
        for n in unseen:
            found[n] = fitted.scores(material.counted[n], material.meanings[n])
    return found


Rows = Sequence[NDArray[Any]]
"""What the trees look at; of each statement, a row for each sentence or one for the whole."""


def role_rows(material: Material, scores: Sequence[Scores], signal: str) -> Rows:
    return [in_place(told[signal], one.texts) for told, one in zip(scores, material.statements, strict=True)]


def label_rows(material: Material, roles: Rows, scores: Sequence[Scores], signal: str) -> Rows:
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
    def of(cls, material: Material, scores: Sequence[Scores], signal: str) -> "Unseen":
        rows = role_rows(material, scores, signal)
        roles = unseen(material, rows, Material.wanted_roles)
        wholes = label_rows(material, roles, scores, signal)
        return cls(rows, wholes, roles, np.concatenate(unseen(material, wholes, Material.wanted_labels)))
