"""A model fitted to some statements, and what models say of statements by hands that they have not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.features import Counted, count
from services.intake.coach.learning.fit import LABELS_C, MEANING_C, WORDS_C, Matrix, Vocabulary, fit
from services.intake.coach.learning.statements import Statement
from services.intake.coach.model import Embedding, logistic, summary
from services.intake.coach.roles import Label, Role

FOLDS = 6
WORDS, BOTH = "words", "both"
ROLES, LABELS = tuple(Role), tuple(Label)


@dataclass(frozen=True, slots=True)
class Material:
    """Statements with their sentences counted and embedded, each sentence once."""

    statements: tuple[Statement, ...]
    counted: tuple[tuple[Counted, ...], ...]
    meanings: tuple[Matrix, ...]

    @classmethod
    def of(cls, statements: Sequence[Statement], embedding: Embedding) -> "Material":
        known = {text: embedding(text) for text in dict.fromkeys(s.text for one in statements for s in one.sentences)}
        return cls(
            statements=tuple(statements),
            counted=tuple(tuple(count(s.text) for s in one.sentences) for one in statements),
            meanings=tuple(np.array([known[s.text] for s in one.sentences]) for one in statements),
        )

    def part(self, kept: Sequence[int]) -> "Material":
        return Material(*(tuple(all_[n] for n in kept) for all_ in (self.statements, self.counted, self.meanings)))  # type: ignore[arg-type]  # three tuples of one length

    def wanted_roles(self) -> NDArray[np.bool_]:
        return np.array([[role in s.roles for role in ROLES] for one in self.statements for s in one.sentences])

    def wanted_labels(self) -> NDArray[np.bool_]:
        return np.array([[label in one.labels for label in LABELS] for one in self.statements])


class Fitted:
    """The weights for sentences."""

    def __init__(self, material: Material) -> None:
        counted, wanted = [one for group in material.counted for one in group], material.wanted_roles()
        self.vocabulary = Vocabulary.of(counted)
        self.words = fit(self.vocabulary.matrix(counted), wanted, WORDS_C)
        self.meaning = fit(np.concatenate(material.meanings), wanted, MEANING_C)

    def roles(self, counted: Sequence[Counted], meanings: Matrix) -> dict[str, Matrix]:
        """By words, and by words and meaning."""
        by_words = logistic(self.vocabulary.matrix(counted) @ self.words[:-1] + self.words[-1])
        by_meaning = logistic(meanings @ self.meaning[:-1] + self.meaning[-1])
        return {WORDS: by_words, BOTH: (by_words + by_meaning) / 2}


def folds(statements: Sequence[Statement]) -> list[tuple[list[int], list[int]]]:
    """(known, unseen) numbers of statements: every hand is unseen once."""
    hands = sorted({one.hand for one in statements})
    parts = [set(hands[n::FOLDS]) for n in range(min(FOLDS, len(hands)))]
    everyone = range(len(statements))
    return [
        ([n for n in everyone if statements[n].hand not in part], [n for n in everyone if statements[n].hand in part])
        for part in parts
    ]


def unseen_roles(material: Material) -> list[dict[str, Matrix]]:
    """For each statement, its sentences' roles by a model that knows nothing of its hand."""
    told: list[dict[str, Matrix]] = [{} for _ in material.statements]
    for known, unseen in folds(material.statements):
        fitted = Fitted(material.part(known))
        for n in unseen:
            told[n] = fitted.roles(material.counted[n], material.meanings[n])
    return told


def label_weights(material: Material, told: Sequence[dict[str, Matrix]], signal: str) -> Matrix:
    rows = np.array([summary(roles[signal]) for roles in told], dtype=np.float64)
    return fit(rows, material.wanted_labels(), LABELS_C)


def labels(weights: Matrix, roles: Matrix) -> Matrix:
    found: Matrix = logistic(np.append(summary(roles), 1) @ weights)
    return found


def unseen_labels(material: Material, told: Sequence[dict[str, Matrix]], signal: str) -> Matrix:
    """A row for each statement, by label weights that know nothing of its hand."""
    found = np.zeros((len(told), len(LABELS)))
    for known, unseen in folds(material.statements):
        weights = label_weights(material.part(known), [told[n] for n in known], signal)
        for n in unseen:
            found[n] = labels(weights, told[n][signal])
    return found
