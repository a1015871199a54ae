"""What matching does when a problem is published, or is no longer open."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from services.matching.matches.match import OpenProblem
from services.matching.matches.matcher import Matcher
from services.matching.matches.repository import MatchRepository
from services.matching.matches.telling import found_events
from shared.events.envelope import Event
from shared.events.problem import ProblemDeclined, ProblemPublished, ProblemWithdrawn
from shared.events.registry import registry
from shared.messaging.inbox import Events
from shared.mongo import Session

REGISTRY = registry(ProblemPublished, ProblemWithdrawn, ProblemDeclined)

Passed = Callable[[str, int], Awaitable[None]]
"""Returns when the follower has passed this version of this problem."""


class ProblemHandlers:
    def __init__(self, matches: MatchRepository, matcher: Matcher, passed: Passed) -> None:
        self._matches, self._matcher, self._passed = matches, matcher, passed

    async def prepare(self, events: Events) -> None:
        """Commit first, then look: every profile committed before the problem is in the index once we have passed it."""
        published = [open_problem(event) for event in events if isinstance(event.data, ProblemPublished)]
        for problem in published:
            await self._matches.upsert_problem(problem)
        for problem in published:
            await self._passed(problem.id, problem.version)

    async def handle(self, events: Events, session: Session) -> Iterable[Event[Any]]:
        told: list[Event[Any]] = []
        for event in events:
            if isinstance(event.data, ProblemPublished):
                told += await self._on_published(event, session)
            else:
                await self._matches.close_problem(event.subject, event.sequence, session=session)
        return told

    async def _on_published(self, event: Event[ProblemPublished], session: Session) -> list[Event[Any]]:
        now = datetime.now(UTC)
        fits = self._matcher.for_problem(open_problem(event))
        new = await self._matches.add_new(fits, now=now, session=session)
        return list(found_events(new, now=now, traceparent=event.traceparent))


def open_problem(event: Event[ProblemPublished]) -> OpenProblem:
    data = event.data
    return OpenProblem(
        id=data.problem_id,
        ref=data.ref,
        version=event.sequence,
        open=True,
        title=data.title,
        text=_text(data),
        agency_id=data.agency.unit_id,
        agency_name=data.agency.name,
        field_codes=tuple(data.field_codes),
        places=tuple(place.name for place in data.place),
        closes_at=data.closes_at,
        published_at=data.occurred_at,
        illustrative=data.illustrative,
    )


def _text(data: ProblemPublished) -> str:
    """Everything that says what the problem is about; a line for each part, so that no pair of words spans two."""
    parts = [data.title, *data.statement.model_dump().values()]
    parts += [one.group for one in data.affected]
    parts += [one.metric for one in data.baseline]
    parts += [one.metric for one in data.target]
    parts += [one.name for one in data.data]
    return "\n".join(parts)
