"""Looks for the researchers that a problem fits, and for the problems that fit a researcher."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.matching.engine.index import Engine
from services.matching.engine.reasons import Fit
from services.matching.engine.text import Text, folded_words, read
from services.matching.matches.match import Match, OpenProblem
from services.matching.profiles.profile import Profile
from services.matching.profiles.saved_search import SavedSearch, Traits
from shared.events.match import Reason, ReasonKind


@dataclass(frozen=True, slots=True)
class Limits:
    """`least`: the score from which a fit is worth telling. For their score, at most `most_people` hear of one problem, and a
    saved profile meets at most `most_problems`, the best ones; what a saved search finds comes on top."""

    least: float
    most_people: int
    most_problems: int


class Matcher:
    """Holds every profile in memory; the follower keeps it up to date."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine, self._limits = engine, limits
        self._versions: dict[str, int] = {}
        self._searches: dict[str, tuple[SavedSearch, ...]] = {}

    @property
    def size(self) -> int:
        return len(self._versions)

    def load(self, profiles: Iterable[Profile]) -> None:
        """Many at once. An older version than the one that is here changes nothing."""
        newer = [profile for profile in profiles if self._note(profile)]
        self._engine.load((profile.id, read(profile.statement, profile.field_codes)) for profile in newer)

    def put(self, profile: Profile) -> None:
        """An older version than the one that is here changes nothing."""
        if self._note(profile):
            self._engine.put(profile.id, read(profile.statement, profile.field_codes))

    def _note(self, profile: Profile) -> bool:
        if self._versions.get(profile.id, 0) >= profile.version:
            return False
        self._versions[profile.id] = profile.version
        self._searches.pop(profile.id, None)
        if profile.searches:
            self._searches[profile.id] = profile.searches
        return True

    def for_problem(self, problem: OpenProblem) -> list[Match]:
        fits = self._engine.fits(_text(problem), least=self._limits.least, most=self._limits.most_people)
        scored, traits = {fit.profile_id: fit for fit in fits}, _traits(problem)
        found = {person: hits for person, searches in self._searches.items() if (hits := _hits(searches, traits))}
        people = [*scored, *sorted(found.keys() - scored.keys())]
        return [_match(problem, person, scored.get(person), found.get(person, [])) for person in people]

    def for_profile(self, profile: Profile, problems: Iterable[OpenProblem]) -> list[Match]:
        """Best first."""
        self.put(profile)
        met = sorted(self._meet(profile, problems), key=lambda match: (-match.score, match.problem.id))
        searched = [match for match in met[self._limits.most_problems :] if match.by_search]
        return met[: self._limits.most_problems] + searched

    def _meet(self, profile: Profile, problems: Iterable[OpenProblem]) -> Iterator[Match]:
        for problem in problems:
            fit, hits = self._engine.fit(_text(problem), profile.id), _hits(profile.searches, _traits(problem))
            enough = fit if fit is not None and fit.score >= self._limits.least else None
            if enough or hits:
                yield _match(problem, profile.id, enough, hits)


def _match(problem: OpenProblem, person: str, fit: Fit | None, searches: list[SavedSearch]) -> Match:
    named = [Reason(kind=ReasonKind.SAVED_SEARCH, label=search.name, share=0) for search in searches]
    return Match(problem, person, fit.score if fit else 0.0, (*(fit.reasons if fit else ()), *named))


def _hits(searches: Iterable[SavedSearch], problem: Traits) -> list[SavedSearch]:
    return [search for search in searches if search.finds(problem)]


def _traits(problem: OpenProblem) -> Traits:
    return Traits(folded_words(problem.text), problem.field_codes, problem.agency_id, problem.places)


def _text(problem: OpenProblem) -> Text:
    return read(problem.text, problem.field_codes)
