"""Every public event type by its name: consumers choose from it, the schema gate walks through it."""

from collections.abc import Mapping

from shared.events.envelope import EventData
from shared.events.match import MatchFound
from shared.events.notification import NotificationDelivered
from shared.events.problem import (
    ProblemApproved,
    ProblemDeclined,
    ProblemPilotStarted,
    ProblemPublished,
    ProblemRecalled,
    ProblemResubmitted,
    ProblemReturned,
    ProblemReviewStarted,
    ProblemSubmitted,
    ProblemWithdrawn,
)

Registry = Mapping[str, type[EventData]]


def registry(*contracts: type[EventData]) -> Registry:
    return {contract.type: contract for contract in contracts}


PUBLIC = registry(
    ProblemSubmitted,
    ProblemRecalled,
    ProblemReturned,
    ProblemResubmitted,
    ProblemReviewStarted,
    ProblemApproved,
    ProblemDeclined,
    ProblemWithdrawn,
    ProblemPublished,
    ProblemPilotStarted,
    MatchFound,
    NotificationDelivered,
)
