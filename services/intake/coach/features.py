"""What of a sentence the role model looks at: pieces of words without marks, words without marks, words with marks.

Folded pieces carry Vietnamese typed without marks; the marked words add what folding loses. Every number is one and the same
word, so that no model learns an amount by heart.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from shared.folding import folded

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"\w+|%")
LONGEST = 64
"""Letters of a word that are looked at: in the statements none has more than 21."""


def pieces(word: str) -> tuple[str, ...]:
    """Two to five letters in a row, the blanks around the word among them."""
    padded = f" {word} "
    return tuple(padded[at : at + n] for n in range(2, 6) for at in range(len(padded) - n + 1))


def runs(words: Sequence[str], longest: int) -> Iterable[str]:
    """Up to so many words in a row."""
    return (" ".join(words[at : at + n]) for n in range(1, longest + 1) for at in range(len(words) - n + 1))


def _folded(sentence: str) -> str:
    return NUMBER.sub("0", folded(sentence))


def folded_words(sentence: str) -> Sequence[str]:
    """Those that pieces are of."""
    return [word[:LONGEST] for word in _folded(sentence).split()]


def _pieces(sentence: str) -> Iterable[str]:
    return chain.from_iterable(map(pieces, folded_words(sentence)))


def _folded_runs(sentence: str) -> Iterable[str]:
    return runs(WORD.findall(_folded(sentence)), 3)


def _marked_runs(sentence: str) -> Iterable[str]:
    return runs(WORD.findall(NUMBER.sub("0", sentence.lower())), 2)


RUNS = (_folded_runs, _marked_runs)
VIEWS: tuple[Callable[[str], Iterable[str]], ...] = (_pieces, *RUNS)


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each feature of each view occurs."""

    views: tuple[Mapping[str, int], ...]


def count(sentence: str) -> Counted:
    """`sentence` in NFC."""
    return Counted(tuple(Counter(view(sentence)) for view in VIEWS))
