"""What matching does when a problem is published, or is no longer open."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from services.matching.matches.counters import PASS_SECONDS
from services.matching.matches.match import Match, OpenProblem
from services.matching.matches.matcher import Matcher
from services.matching.matches.repository import MatchRepository
from services.matching.matches.telling import found_events
from shared.events.envelope import Event
from shared.events.problem import ProblemDeclined, ProblemPilotStarted, ProblemPublished, ProblemWithdrawn
from shared.events.registry import registry
from shared.messaging.inbox import Events
from shared.mongo import Session

REGISTRY = registry(ProblemPublished, ProblemWithdrawn, ProblemDeclined, ProblemPilotStarted)

Passed = Callable[[str, int], Awaitable[None]]
"""Returns when the follower has passed this version of this problem."""


class ProblemHandlers:
    def __init__(self, matches: MatchRepository, matcher: Matcher, passed: Passed) -> None:
        self._matches, self._matcher, self._passed = matches, matcher, passed

    async def prepare(self, events: Events) -> None:
        """Commit first, then look: every profile committed before the problem is in the index once we have passed it."""
        problems = [open_problem(event) for event in published(events)]
        if problems:
            await self._matches.upsert_problems(problems)
        with PASS_SECONDS.time():
            for problem in problems:
                await self._passed(problem.id, problem.version)

    async def handle(self, events: Events, session: Session) -> Iterable[Event[Any]]:
        """Closes first: of a problem that was withdrawn or is piloted meanwhile nobody hears."""
        for event in events:
            if not isinstance(event.data, ProblemPublished):
                await self._matches.close_problem(event.subject, event.sequence, event.data.to_state, session=session)
        still_open = await self._matches.still_open((event.subject for event in events), session=session)
        return await self._meet([event for event in published(events) if event.subject in still_open], session)

    async def _meet(self, events: list[Event[ProblemPublished]], session: Session) -> list[Event[Any]]:
        now, causes = datetime.now(UTC), {event.subject: event.traceparent for event in events}
        fits: list[Match] = []
        for event in events:
            fits += self._matcher.for_problem(open_problem(event))
        new = await self._matches.add_new(fits, now=now, session=session)
        return found_events(new, now=now, causes=causes)


def published(events: Events) -> list[Event[ProblemPublished]]:
    return [event for event in events if isinstance(event.data, ProblemPublished)]


def open_problem(event: Event[ProblemPublished]) -> OpenProblem:
    data = event.data
    return OpenProblem(
        id=event.subject,
        ref=data.ref,
        version=event.sequence,
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
