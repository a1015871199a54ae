"""Who hears of an event, and as what."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.events.envelope import Event, EventData
from shared.events.match import MatchFound
from shared.events.problem import (
    ProblemApproved,
    ProblemDeclined,
    ProblemEvent,
    ProblemPilotStarted,
    ProblemPublished,
    ProblemResubmitted,
    ProblemReturned,
    ProblemSubmitted,
    ProblemWithdrawn,
)
from shared.events.registry import registry
from shared.identity import Role

AGENCY = (Role.DRAFTER, Role.APPROVER)
COORDINATORS = (Role.COORDINATOR,)


@dataclass(frozen=True, slots=True)
class Telling:
    """A kind of item for everyone with one of the roles; `in_unit`: in the problem's own agency unit alone."""

    kind: str
    roles: tuple[Role, ...]
    in_unit: bool


TO_AGENCY: Mapping[type[EventData], str] = {
    ProblemSubmitted: "problem.received",
    ProblemResubmitted: "problem.received",
    ProblemReturned: "problem.clarification_requested",
    ProblemApproved: "problem.approved",
    ProblemPublished: "problem.published",
    ProblemPilotStarted: "problem.pilot_started",
    ProblemDeclined: "problem.declined",
    ProblemWithdrawn: "problem.withdrawn",
}
TO_COORDINATORS: Mapping[type[EventData], str] = {
    ProblemSubmitted: "problem.to_review",
    ProblemResubmitted: "problem.to_review",
}
PROBLEM_REGISTRY = registry(*TO_AGENCY)
MATCH_REGISTRY = registry(MatchFound)


def tellings(event: Event[ProblemEvent]) -> list[Telling]:
    kind = type(event.data)
    told = [Telling(TO_AGENCY[kind], AGENCY, in_unit=True)]
    if kind in TO_COORDINATORS:
        told.append(Telling(TO_COORDINATORS[kind], COORDINATORS, in_unit=False))
    return told


def problem_link(telling: Telling, problem_id: str) -> str:
    return f"/bai-toan/{problem_id}" if telling.in_unit else f"/dieu-phoi/{problem_id}"
