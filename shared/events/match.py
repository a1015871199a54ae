"""Events of a match between a problem and a researcher. Producer: matching; key: match id."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.events.envelope import EventData

MATCH_EVENTS = "match-events"


class ReasonKind(StrEnum):
    TERM = "term"
    """`label`: the words as the problem has them."""
    FIELD = "field"
    """`label`: the code of a field of science."""
    OTHER = "other"
    """All terms too small to be named; no label."""
    SAVED_SEARCH = "saved_search"
    """`label`: the researcher's own name for it; no share."""


class Reason(BaseModel):
    """One part of the score: the shares of a match's reasons add up to its score."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: ReasonKind
    label: str
    share: float


class MatchFound(EventData):
    type: ClassVar[str] = "vn.debai.match.found.v1"
    source: ClassVar[str] = "/matching"
    topic: ClassVar[str | None] = MATCH_EVENTS

    match_id: str
    problem_id: str
    problem_ref: str
    researcher_id: str
    score: float
    """Cosine, 0 to 1; a saved search alone gives 0."""
    reasons: list[Reason]
    title: str
    agency_name: str
    field_codes: list[str] = []
    closes_at: datetime
    published_at: datetime
    illustrative: bool = False
