"""Sentences packed into arrays of one shape, so that one compiled function serves them all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.encoder import SIZE
from services.intake.coach.learning.statements import Statement
from services.intake.coach.learning.wheel import Numbers
from services.intake.coach.roles import Label, Role

ROWS, PLACES = 16, 128
"""Of tokens; a sentence lies in one row. 99 of 100 have at most 45 tokens; what is longer than a row is cut, in training alone."""
SENTENCES = 128
"""So many at most."""
Whole = NDArray[np.int32]
Sentences = Sequence[NDArray[Any]]
"""Of each, a row of SIZE numbers for each token."""


class Packed(NamedTuple):
    """`tokens` (ROWS × PLACES × SIZE); `whose` (ROWS × PLACES): the number of the sentence, SENTENCES where there is no token."""

    tokens: Numbers
    whose: Whole


class Batch(NamedTuple):
    """What is wanted of each sentence and of each statement; `told` and `whole` are 0 where there is none. `whose` (statements ×
    sentences): 1 where a sentence is one of the statement."""

    packed: Packed
    roles: Numbers
    told: Numbers
    whose: Numbers
    labels: Numbers
    whole: Numbers


@dataclass(slots=True)
class Pack:
    """`texts`: the numbers of those that lie in it; `places`: where each of their sentences does."""

    packed: Packed = field(
        default_factory=lambda: Packed(
            np.zeros((ROWS, PLACES, SIZE), np.float32), np.full((ROWS, PLACES), SENTENCES, np.int32)
        )
    )
    texts: list[int] = field(default_factory=list)
    places: list[tuple[int, slice]] = field(default_factory=list)
    _end: tuple[int, int] = (0, 0)

    def fits(self, text: Sentences) -> bool:
        end = self._end
        for tokens in text:
            end = _after(end, tokens)
        return end[0] < ROWS and len(self.places) + len(text) <= SENTENCES

    def add(self, number: int, text: Sentences) -> None:
        self.texts.append(number)
        for tokens in text:
            self._end = row, end = _after(self._end, tokens)
            at = row, slice(end - len(tokens), end)
            self.packed.tokens[at], self.packed.whose[at] = tokens, len(self.places)
            self.places.append(at)


def _after(end: tuple[int, int], tokens: NDArray[Any]) -> tuple[int, int]:
    """A row that has no place for the next sentence is left."""
    row, place = end
    return (row, place + len(tokens)) if place + len(tokens) <= PLACES else (row + 1, len(tokens))


def packs(texts: Iterable[Sentences]) -> Iterator[Pack]:
    pack = Pack()
    for number, text in enumerate(texts):
        if not pack.fits(text):
            yield pack
            pack = Pack()
        pack.add(number, text)
    if pack.texts:
        yield pack


def batch(pack: Pack, statements: Sequence[Statement]) -> Batch:
    """`statements`: those that were packed, of which the pack holds some."""
    held = [statements[number] for number in pack.texts]
    part_of = _of_length(SENTENCES, np.repeat(np.arange(len(held)), [len(one.sentences) for one in held]), SENTENCES)
    roles = [[role in sentence.roles for role in Role] for one in held for sentence in one.sentences]
    labels = [[label in one.labels for label in Label] for one in held]
    return Batch(
        packed=pack.packed,
        roles=_of_length(SENTENCES, np.array(roles, np.float32)),
        told=_of_length(SENTENCES, np.ones(len(roles), np.float32)),
        whose=np.equal.outer(np.arange(SENTENCES), part_of).astype(np.float32),
        labels=_of_length(SENTENCES, np.array(labels, np.float32)),
        whole=_of_length(SENTENCES, np.ones(len(labels), np.float32)),
    )


def _of_length(length: int, rows: NDArray[Any], filling: int = 0) -> NDArray[Any]:
    return np.pad(rows, ((0, length - len(rows)), *((0, 0),) * (rows.ndim - 1)), constant_values=filling)
