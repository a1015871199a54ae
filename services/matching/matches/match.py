"""A problem that met a researcher."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from shared.events.match import Reason, ReasonKind

OPEN = "open"
"""The state in which solutions are taken, as the lifecycle table calls it."""


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """Our own small copy of what intake published. `version` is the problem's."""

    id: str
    ref: str
    version: int
    title: str
    text: str
    agency_id: str
    agency_name: str
    field_codes: tuple[str, ...]
    places: tuple[str, ...]
    closes_at: datetime
    published_at: datetime
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The shares of the reasons add up to the score; a match by a saved search alone has score 0."""

    problem: OpenProblem
    researcher_id: str
    score: float
    reasons: tuple[Reason, ...]

    @property
    def id(self) -> str:
        """The same pair has the same id, whoever finds it, however often."""
        return match_id(self.problem.id, self.researcher_id)

    @property
    def by_search(self) -> bool:
        return any(reason.kind is ReasonKind.SAVED_SEARCH for reason in self.reasons)


def match_id(problem_id: str, researcher_id: str) -> str:
    return hashlib.blake2b(f"{problem_id}\n{researcher_id}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Found:
    """A stored match, as its researcher sees it. `open`: solutions are still taken."""

    id: str
    problem_id: str
    problem_ref: str
    title: str
    agency_name: str
    score: float
    reasons: tuple[Reason, ...]
    closes_at: datetime
    found_at: datetime
    open: bool
    illustrative: bool
