"""Looks for the researchers that a problem fits, and for the problems that fit a researcher."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.matching.engine.index import Engine
from services.matching.engine.reasons import Fit
from services.matching.engine.text import Text, read
from services.matching.matches.match import Match, OpenProblem
from services.matching.profiles.profile import Profile, SavedSearch
from shared.events.match import Reason, ReasonKind
from shared.folding import folded


@dataclass(frozen=True, slots=True)
class Limits:
    """`least`: the score from which a fit is worth telling; `most`: how many researchers hear of one problem for its score."""

    least: float
    most: int


class Matcher:
    """Holds every profile in memory; the follower keeps it up to date."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine, self._limits = engine, limits
        self._profiles: dict[str, Profile] = {}

    def put(self, profile: Profile) -> None:
        """An older version than the one we have changes nothing."""
        known = self._profiles.get(profile.id)
        if known is None or known.version < profile.version:
            self._profiles[profile.id] = profile
            self._engine.put(profile.id, read(profile.statement, profile.field_codes))

    def for_problem(self, problem: OpenProblem) -> list[Match]:
        fits = [fit for fit in self._engine.fits(_text(problem)) if fit.score >= self._limits.least]
        scored = {fit.other_id: fit for fit in fits[: self._limits.most]}
        searches = {p.id: hits for p in self._profiles.values() if (hits := _hits(p, problem))}
        wanted = [*scored, *(person for person in sorted(searches) if person not in scored)]
        return [_match(problem, person, scored.get(person), searches.get(person, [])) for person in wanted]

    def for_profile(self, profile: Profile, problems: Iterable[OpenProblem]) -> list[Match]:
        self.put(profile)
        return list(self._for_profile(profile, problems))

    def _for_profile(self, profile: Profile, problems: Iterable[OpenProblem]) -> Iterator[Match]:
        for problem in problems:
            fit, hits = self._engine.fit(_text(problem), profile.id), _hits(profile, problem)
            enough = fit if fit is not None and fit.score >= self._limits.least else None
            if enough or hits:
                yield _match(problem, profile.id, enough, hits)


def _match(problem: OpenProblem, person: str, fit: Fit | None, searches: list[SavedSearch]) -> Match:
    named = [Reason(kind=ReasonKind.SAVED_SEARCH, label=search.name, share=0) for search in searches]
    return Match(problem, person, fit.score if fit else 0.0, (*(fit.reasons if fit else ()), *named))


def _hits(profile: Profile, problem: OpenProblem) -> list[SavedSearch]:
    words = folded(problem.text)
    return [
        search
        for search in profile.searches
        if search.fits(words=words, field_codes=problem.field_codes, unit_id=problem.agency_id, places=problem.places)
    ]


def _text(problem: OpenProblem) -> Text:
    return read(problem.text, problem.field_codes)
