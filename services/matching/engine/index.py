"""Who fits a problem. `Engine` is the interface; `LexicalEngine` fills it plainly and correctly, in memory."""

from collections.abc import Iterable
from typing import Protocol

from services.matching.engine.postings import Postings, Rarity, Weights, weigh
from services.matching.engine.reasons import Fit, explain, score_of
from services.matching.engine.text import Kind, Text

EPOCH_CHANGES = 0.1
"""A new epoch begins when this part of the register has changed."""


class Engine(Protocol):
    def load(self, profiles: Iterable[tuple[str, Text]]) -> None:
        """Puts all of them at once: what a replica does when it starts."""
        ...

    def put(self, profile_id: str, text: Text) -> None: ...
    def drop(self, profile_id: str) -> None: ...
    def fits(self, problem: Text, *, least: float, most: int) -> list[Fit]:
        """The `most` best profiles that score `least` or more, best first; ties by id."""
        ...

    def fit(self, problem: Text, profile_id: str) -> Fit | None:
        """The same score for one profile alone; None when they share no term."""
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

    def load(self, profiles: Iterable[tuple[str, Text]]) -> None:
        self._texts.update(profiles)
        self._begin_epoch()

    def put(self, profile_id: str, text: Text) -> None:
        self._texts[profile_id] = text
        self._postings.put(profile_id, weigh(text, self._rarity))
        self._note_change()

    def drop(self, profile_id: str) -> None:
        if self._texts.pop(profile_id, None) is not None:
            self._postings.drop(profile_id)
            self._note_change()

    def _note_change(self) -> None:
        self._changes += 1
        if self._changes > EPOCH_CHANGES * len(self._texts):
            self._begin_epoch()

    def fits(self, problem: Text, *, least: float, most: int) -> list[Fit]:
        found = self._postings.products(self._asked(problem))
        scores = {profile_id: score_of(products) for profile_id, products in found.items()}
        enough = sorted((-score, profile_id) for profile_id, score in scores.items() if score >= least)
        return [explain(profile_id, found[profile_id], problem) for _, profile_id in enough[:most]]

    def fit(self, problem: Text, profile_id: str) -> Fit | None:
        own, asked = self._postings.weights(profile_id), self._asked(problem)
        products = {term: weight * own[term] for term, weight in asked.items() if term in own}
        return explain(profile_id, products, problem) if products else None

    def _asked(self, problem: Text) -> Weights:
        marked = 0.5 if problem.has_marks else 0.0
        shares = {Kind.MARKED: marked, Kind.FOLDED: 1 - marked, Kind.FIELD: 1 - marked}
        weights = weigh(problem, self._rarity).items()
        return {term: weight * shares[term[0]] for term, weight in weights if shares[term[0]]}
