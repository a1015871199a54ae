"""Which problems are like one: ranked by the rare words, and pairs of words, that both texts say. No network, and the same answer
every time.

Measured on the 180 troubles of the coach's labelled statements that are told in three drafts, each text among all 2,861: of a
draft's two fellows 44 in 100 are shown; of the two later drafts 88 in 100 show a later one (a first draft often asks for a
thing and does not tell the trouble). Each text was compared with every other one, not with what the database finds first. The
limits were chosen on 53 of these troubles; there the coach's embedding alone ranked 28 in 100 among the first five where words
ranked 50, and no mixture of the two did better than words.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from services.intake.coach.features import runs
from services.intake.coach.lexicon import without_marks
from services.intake.coach.rarity import rarity
from shared.folding import folded
from shared.little_words import names_something

WORD = re.compile(r"[^\W\d_]+")
PART = re.compile(r"[.!?;:,()«»\"\n–\d]+")
"""Where a run of words ends."""
LONGEST = 2
COMMON = 2.0
"""What one sentence in three says counts for nothing, and what is a little rarer counts for little."""
RARE = 6.5
"""What fewer than one sentence in 245 says counts no more for being still rarer: it would if more sentences were labelled."""
ASKED = 16
"""Words by which candidates are looked for."""
SHOWN = 5
REASONS, PHRASE = 4, 12
"""So many are told, of so many words at most."""
COMPARED = 4000
"""So many first characters. A statement has some 240, the longest that the form takes 8,000; what it is about stands early."""
REMEMBERED = 256
"""Somewhat more texts than are compared at once; of the longest ones 27 MB."""
Weights = Mapping[str, float]


class Band(StrEnum):
    """How much is alike."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


LEAST = {Band.HIGH: 0.25, Band.MIDDLE: 0.14, Band.LOW: 0.09}
"""Of what is shown from each limit on, 80, 64 and 30 in 100 were the same trouble (the 53), and 28, 32 and 19 (the 180). There the
highest are mostly slogans in first drafts; for later drafts it was 100, 49 and 23. Under .09 hardly another fellow is found (of the
180, 45 for 44 in 100), over it they are soon lost (38 at .12). Whose fellows are not found is shown three to five others: looking
costs less than missing."""


class Candidate(NamedTuple):
    id: str
    text: str


class Near(NamedTuple):
    """`score` 0 to 1. `words`: what both say that tells something, as the other one writes it; what weighs most comes first."""

    id: str
    score: float
    words: tuple[str, ...]

    @property
    def band(self) -> Band:
        return next(band for band, least in LEAST.items() if self.score >= least)


def telling(text: str) -> tuple[str, ...]:
    """The rarest words of a text, without marks."""
    words = dict.fromkeys(WORD.findall(folded(text[:COMPARED])))
    return tuple(sorted(words, key=rarity, reverse=True)[:ASKED])


def nearest(text: str, candidates: Iterable[Candidate]) -> tuple[Near, ...]:
    """The best first."""
    ours = _weights(text[:COMPARED])
    cut = (one._replace(text=one.text[:COMPARED]) for one in candidates)
    scored = ((_shared(ours, _weights(one.text)), one) for one in cut)
    found = [(sum(shared.values()), one, shared) for shared, one in scored]
    best = sorted((one for one in found if one[0] >= LEAST[Band.LOW]), key=lambda one: (-one[0], one[1].id))
    return tuple(Near(one.id, score, _said(shared, one.text)) for score, one, shared in best[:SHOWN])


@lru_cache(REMEMBERED)
def _weights(text: str) -> Weights:
    """Rare runs weigh most, often said ones a little more; the whole has length 1."""
    counted = Counter(_runs(folded(text)))
    weighed = {run: (1 + math.log(n)) * max(0.0, min(rarity(run), RARE) - COMMON) for run, n in counted.items()}
    length = math.hypot(*weighed.values()) or 1.0
    return {run: weight / length for run, weight in weighed.items() if weight}


def _runs(text: str) -> Iterator[str]:
    return chain.from_iterable(runs(WORD.findall(part), LONGEST) for part in PART.split(text))


def _shared(ours: Weights, theirs: Weights) -> Weights:
    """What each run that both say adds to the score."""
    return {run: weight * theirs[run] for run, weight in ours.items() if run in theirs}


def _said(shared: Weights, text: str) -> tuple[str, ...]:
    """What adds most, none within another, if it tells anything."""
    marked = not without_marks(text)
    told = (said for said in _phrases(shared, text) if names_something(said, marked=marked))
    adds = {said: _added(shared, said) for said in told}
    chosen: list[str] = []
    for said in sorted(adds, key=lambda one: (-adds[one], one)):
        if not any(f" {said} " in f" {one} " or f" {one} " in f" {said} " for one in chosen):
            chosen.append(said)
    return tuple(chosen[:REASONS])


def _added(shared: Weights, said: str) -> float:
    return sum(shared.get(run, 0.0) for run in runs(folded(said).split(), LONGEST))


def _phrases(shared: Weights, text: str) -> Iterator[str]:
    """The longest stretches that both say, as they are written here: runs alone would cut through words of two syllables."""
    for part in PART.split(text.lower()):
        stretch: list[str] = []
        for word in WORD.findall(part):
            if stretch and (len(stretch) == PHRASE or folded(f"{stretch[-1]} {word}") not in shared):
                yield " ".join(stretch)
                stretch = []
            if stretch or folded(word) in shared:
                stretch.append(word)
        if stretch:
            yield " ".join(stretch)
