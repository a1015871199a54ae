"""The envelope: CloudEvents 1.0 attributes around one event's data."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict


class EventData(BaseModel):
    """What one type of event says. A subclass is a contract for ever: only optional fields may be added."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)
    """What could not be read is named in logs and on the operations page, and must not be quoted there."""

    type: ClassVar[str]
    source: ClassVar[str]
    topic: ClassVar[str | None]
    """None: the event stays in the service's own log."""


D_co = TypeVar("D_co", bound=EventData, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Generic[D_co]):
    """One fact about one aggregate.

    `subject` is the aggregate's id and `sequence` its version after the fact: 1, 2, 3 …, one step per event.
    `time` is UTC. `key` chooses the partition when it is not the subject. `traceparent` (W3C) names the cause;
    left empty, the outbox takes the trace of the request at hand.
    """

    subject: str
    sequence: int
    data: D_co
    time: datetime
    key: str = ""
    traceparent: str = ""

    @property
    def id(self) -> str:
        return f"{self.subject}/{self.sequence}"

    @property
    def type(self) -> str:
        return self.data.type

    @property
    def source(self) -> str:
        return self.data.source

    @property
    def topic(self) -> str | None:
        return self.data.topic

    @property
    def partition_key(self) -> str:
        return self.key or self.subject
