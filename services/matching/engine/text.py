"""Turns Vietnamese (and English) text into terms of two kinds: with marks, and folded. No segmenter: two of them were tried and
did not help; syllables and pairs of syllables do."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from shared.folding import WORD, folded, has_marks
from shared.little_words import GRAMMAR

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
VOCABULARY = 32_768
"""Words whose two keys are remembered: Vietnamese has some 7,000 syllables."""
SENTENCE = re.compile(r"[.!?;:,()«»\"\n–]+")


class Kind(StrEnum):
    MARKED = "marked"
    FOLDED = "folded"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Text:
    """`counts`: how often each term (kind, key) occurs. `surface`: how its first occurrence is written."""

    counts: Counter[tuple[Kind, str]]
    surface: dict[tuple[Kind, str], str]
    has_marks: bool


@lru_cache(VOCABULARY)
def tone_key(word: str) -> str:
    """The tone goes to the word's end: «hoà» and «hòa» are one key, «hòa» and «hóa» are two."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in letters if c in TONES]
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in TONES)) + "".join(tones)


@lru_cache(VOCABULARY)
def _folded_key(word: str) -> str:
    return folded(word)


def folded_words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(folded(text)))


def read(text: str, field_codes: Iterable[str] = ()) -> Text:
    counts: Counter[tuple[Kind, str]] = Counter()
    surface: dict[tuple[Kind, str], str] = {}
    for term, written in _terms(text, field_codes):
        counts[term] += 1
        surface.setdefault(term, written)
    return Text(counts, surface, has_marks(text))


def _terms(text: str, field_codes: Iterable[str]) -> Iterator[tuple[tuple[Kind, str], str]]:
    for sentence in SENTENCE.split(unicodedata.normalize("NFC", text)):
        words = [word.lower() for word in WORD.findall(sentence)]
        singles = [(word,) for word in words if word not in GRAMMAR]
        pairs = [pair for pair in pairwise(words) if GRAMMAR.isdisjoint(pair)]
        for written in (*singles, *pairs):
            yield (Kind.MARKED, " ".join(map(tone_key, written))), " ".join(written)
            yield (Kind.FOLDED, " ".join(map(_folded_key, written))), " ".join(written)
    for code in field_codes:
        yield (Kind.FIELD, code), code
