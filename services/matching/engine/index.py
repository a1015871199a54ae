"""Who fits a problem. `Engine` is the interface; `LexicalEngine` fills it plainly and correctly, in memory."""

from collections.abc import Iterable
from typing import Protocol

from services.matching.engine.postings import Postings, Rarity, Weights, weigh
from services.matching.engine.reasons import Fit, explain
from services.matching.engine.text import Kind, Text

EPOCH_CHANGES = 0.1
"""A new epoch begins when this part of the register has changed."""


class Engine(Protocol):
    def put(self, profile_id: str, text: Text) -> None: ...
    def drop(self, profile_id: str) -> None: ...
    def fits(self, problem: Text) -> list[Fit]:
        """Every profile that shares a term with the problem, best first; ties by id."""
        ...

    def fit(self, problem: Text, profile_id: str) -> Fit | None:
        """The same score for one profile alone."""
        ...


class LexicalEngine:
    """The mean of two cosines, with marks and folded. A problem typed without marks is compared folded alone."""

    def __init__(self) -> None:
        self._texts: dict[str, Text] = {}
        self._begin_epoch()

    def _begin_epoch(self) -> None:
        self._rarity, self._changes = Rarity(self._texts.values()), 0
        self._postings = Postings()
        for profile_id, text in self._texts.items():
            self._postings.put(profile_id, weigh(text, self._rarity))

    def put(self, profile_id: str, text: Text) -> None:
        self._texts[profile_id] = text
        self._note_change()
        self._postings.put(profile_id, weigh(text, self._rarity))

    def drop(self, profile_id: str) -> None:
        if self._texts.pop(profile_id, None) is not None:
            self._postings.drop(profile_id)
            self._note_change()

    def load(self, profiles: Iterable[tuple[str, Text]]) -> None:
        """All at once, in one epoch."""
        self._texts.update(profiles)
        self._begin_epoch()

    def _note_change(self) -> None:
        self._changes += 1
        if self._changes > EPOCH_CHANGES * len(self._texts):
            self._begin_epoch()

    def fits(self, problem: Text) -> list[Fit]:
        found = self._postings.products(self._asked(problem))
        ranked = (explain(profile_id, products, problem) for profile_id, products in found.items())
        return sorted(ranked, key=lambda fit: (-fit.score, fit.other_id))

    def fit(self, problem: Text, profile_id: str) -> Fit | None:
        own, asked = self._postings.weights(profile_id), self._asked(problem)
        products = {term: weight * own[term] for term, weight in asked.items() if term in own}
        return explain(profile_id, products, problem) if products else None

    def _asked(self, problem: Text) -> Weights:
        marked = 0.5 if problem.has_marks else 0.0
        shares = {Kind.MARKED: marked, Kind.FOLDED: 1 - marked, Kind.FIELD: 1 - marked}
        return {term: weight * shares[term[0]] for term, weight in weigh(problem, self._rarity).items()}
