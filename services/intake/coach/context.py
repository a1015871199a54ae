"""What the trees look at, as whole numbers (hundredths): a sentence among its neighbours, and a statement as a whole.

A cause is one beside a trouble: alone, «hồ sơ để ở bốn tủ tại hai tầng» is hardly one. With the neighbours' scores the mean F1 of
the roles rose from .65 to .75 on hands not seen (words alone).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.features import NUMBER, WORD
from services.intake.coach.roles import Role

LISTED = re.compile("[,;]")
SURELY_NOT = -9.0
"""The score of a neighbour that is not there; no score is lower."""
ROLES, TROUBLE = len(Role), list(Role).index(Role.TROUBLE)
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Scores:
    """What is told of the sentences of a statement, one signal beside the other. `roles`: a row for each sentence, the log-odds of
    each role. `labels`: what is told of the labels of the whole."""

    roles: NDArray[Any]
    labels: NDArray[Any]

    @classmethod
    def of(cls, by_words: NDArray[Any], *by_meaning: NDArray[Any]) -> "Scores":
        """`by_words`: a row for each sentence, roles, then labels; of a label the mean counts. `by_meaning`: the roles of each, and
        the labels of the whole; nothing: by words alone."""
        roles, labels = by_words[:, :ROLES], by_words[:, ROLES:].mean(0)
        if not by_meaning:
            return cls(roles, labels)
        told, whole = by_meaning
        return cls(np.hstack([roles, told]), np.hstack([labels, whole]))


def in_place(scores: Scores, sentences: Sequence[str]) -> Numbers:
    """A row for each sentence: its own scores, those of the one before and the one after, the highest of all others, and where
    and how long it is."""
    own = np.clip(scores.roles, SURELY_NOT, -SURELY_NOT)
    nobody = np.full((1, own.shape[1]), SURELY_NOT)
    before, after = np.vstack([nobody, own[:-1]]), np.vstack([own[1:], nobody])
    *_, second, first = np.sort(np.vstack([nobody, own]), axis=0)
    others = np.where(own == first, second, first)
    return _hundredths(own, before, after, others, _places(sentences))


def _places(sentences: Sequence[str]) -> NDArray[Any]:
    size = len(sentences)
    return np.array([[n, size - 1 - n, size, *_shape(sentence)] for n, sentence in enumerate(sentences)], dtype=float)


def _shape(sentence: str) -> tuple[int, bool, bool]:
    return len(WORD.findall(sentence)), bool(NUMBER.search(sentence)), "?" in sentence


def as_a_whole(roles: NDArray[Any], scores: Scores, sentences: Sequence[str]) -> Numbers:
    """One row: of each role the surest and the second surest sentence, how many do it, and whether the first does; what is
    told of each label; the longest list, and the longest of troubles. Without what is told and listed, F1 of «too broad»
    was .69 instead of .85, of several problems .60 instead of .65."""
    ranked = np.vstack([np.sort(roles, axis=0)[::-1], np.zeros((1, roles.shape[1]))])
    length = [len(sentences), sum(len(WORD.findall(one)) for one in sentences)]
    lists = _lists(roles, sentences)
    parts = (ranked[0], ranked[1], roles.sum(0), roles.mean(0), roles[0], length, scores.labels, lists)
    return _hundredths(*(np.array(part, dtype=float)[None] for part in parts))


def _lists(roles: NDArray[Any], sentences: Sequence[str]) -> tuple[float, float]:
    listed = np.array([len(LISTED.findall(sentence)) for sentence in sentences])
    return float(listed.max()), float((listed * roles[:, TROUBLE]).max())


def _hundredths(*parts: NDArray[Any]) -> Numbers:
    return np.round(np.hstack(parts) * 100).astype(np.int32)
