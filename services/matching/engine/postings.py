"""Sparse vectors of (1 + log tf) · idf, and who has which term."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from services.matching.engine.text import Kind, Text

Term = tuple[Kind, str]
Weights = dict[Term, float]


class Rarity:
    """idf, frozen for an epoch, so that scores do not drift with every saved profile."""

    def __init__(self, texts: Iterable[Text]) -> None:
        everyone = list(texts)
        self.size = len(everyone)
        self._holders: Counter[Term] = Counter()
        for text in everyone:
            self._holders.update(text.counts.keys())

    def idf(self, term: Term) -> float:
        return math.log((self.size + 1.5) / (self._holders[term] + 0.5))


def weigh(text: Text, rarity: Rarity) -> Weights:
    """A unit vector for the terms with marks and one for the folded ones, which the field codes join."""
    return _unit(text, rarity, Kind.MARKED) | _unit(text, rarity, Kind.FOLDED, Kind.FIELD)


def _unit(text: Text, rarity: Rarity, *kinds: Kind) -> Weights:
    raw = {term: (1 + math.log(n)) * rarity.idf(term) for term, n in text.counts.items() if term[0] in kinds}
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {term: weight / length for term, weight in raw.items()} if length else {}


class Postings:
    """Term → who holds it, with what weight."""

    def __init__(self) -> None:
        self._by_term: dict[Term, dict[str, float]] = {}
        self._by_holder: dict[str, Weights] = {}

    def put(self, holder: str, weights: Weights) -> None:
        self.drop(holder)
        self._by_holder[holder] = weights
        for term, weight in weights.items():
            self._by_term.setdefault(term, {})[holder] = weight

    def drop(self, holder: str) -> None:
        for term in self._by_holder.pop(holder, {}):
            del self._by_term[term][holder]

    def weights(self, holder: str) -> Mapping[Term, float]:
        return self._by_holder.get(holder, {})

    def products(self, asked: Weights) -> dict[str, Weights]:
        """Holder → term → product of both weights, for whoever shares a term."""
        found: dict[str, Weights] = {}
        for term, weight in asked.items():
            for holder, other in self._by_term.get(term, {}).items():
                found.setdefault(holder, {})[term] = weight * other
        return found
