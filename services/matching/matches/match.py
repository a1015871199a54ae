"""A problem that met a researcher."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from shared.events.match import Reason


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """Our own small copy of what intake published. `version` is the problem's; `open` False: no longer."""

    id: str
    ref: str
    version: int
    open: bool
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


def match_id(problem_id: str, researcher_id: str) -> str:
    return hashlib.blake2b(f"{problem_id}\n{researcher_id}".encode(), digest_size=16).hexdigest()
