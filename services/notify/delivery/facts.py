"""What the words of each kind may speak of. Nothing else of an event is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from shared.events.envelope import EventData
from shared.events.match import Reason


class Facts(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class AboutProblem(Facts):
    """Of a problem that is not public, notify knows no more than its reference."""

    problem_id: str
    ref: str = Field(validation_alias=AliasChoices("ref", "problem_ref"))


class Returned(AboutProblem):
    question_count: int
    answer_due: date


class Published(AboutProblem):
    title: str
    closes_at: datetime
    illustrative: bool = False


class PilotStarted(AboutProblem):
    """Whose solution it is, is read on the problem's page."""

    existing_solution: bool = False
    pilot_from: date | None = None
    pilot_to: date | None = None


class Matched(Published):
    agency_name: str
    score: float
    reasons: list[Reason]


FACTS: Mapping[str, type[Facts]] = {
    "problem.received": AboutProblem,
    "problem.to_review": AboutProblem,
    "problem.clarification_requested": Returned,
    "problem.approved": AboutProblem,
    "problem.declined": AboutProblem,
    "problem.withdrawn": AboutProblem,
    "problem.published": Published,
    "problem.pilot_started": PilotStarted,
    "problem.matched": Matched,
    "mail.failed": Facts,
}


def facts_of(kind: str, data: EventData) -> dict[str, Any]:
    return FACTS[kind].model_validate(data.model_dump()).model_dump(mode="json")
