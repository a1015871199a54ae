"""What a match tells others."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from services.matching.matches.match import Match
from shared.events.envelope import Event
from shared.events.match import MatchFound


def found_events(
    matches: Iterable[Match], *, now: datetime, causes: Mapping[str, str] = MappingProxyType({})
) -> list[Event[MatchFound]]:
    """`causes`: problem id → the traceparent of what made it known; without one, the request at hand is the cause."""
    return [_event(match, now, causes.get(match.problem.id, "")) for match in matches]


def _event(match: Match, now: datetime, traceparent: str) -> Event[MatchFound]:
    return Event(subject=match.id, sequence=1, data=_found(match), time=now, traceparent=traceparent)


def _found(match: Match) -> MatchFound:
    problem = match.problem
    return MatchFound(
        match_id=match.id,
        problem_id=problem.id,
        problem_ref=problem.ref,
        researcher_id=match.researcher_id,
        score=match.score,
        reasons=list(match.reasons),
        title=problem.title,
        agency_name=problem.agency_name,
        field_codes=list(problem.field_codes),
        closes_at=problem.closes_at,
        published_at=problem.published_at,
        illustrative=problem.illustrative,
    )
