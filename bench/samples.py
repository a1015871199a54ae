"""The events and documents that every measurement shares: the kernel's rows and the driver's rows are the same."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from shared.events.envelope import Event, EventData
from shared.messaging.outbox import packs
from shared.messaging.wire import headers, pack
from shared.mongo import Document

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEXT = "Cần giải pháp dự báo ngập theo phường, có dữ liệu cảm biến mực nước và lượng mưa. " * 9


class Sample(EventData):
    """About as large as a published problem: 1 kB."""

    type: ClassVar[str] = "vn.debai.bench.sample.v1"
    source: ClassVar[str] = "/bench"
    topic: ClassVar[str | None] = "problem-events"

    number: int
    title: str = "Ngập úng tại ba phường"
    text: str = TEXT


class Answer(EventData):
    type: ClassVar[str] = "vn.debai.bench.answer.v1"
    source: ClassVar[str] = "/bench-answer"
    topic: ClassVar[str | None] = "match-events"

    number: int
    text: str = "f" * 200


def events(number: int, keys: int) -> list[Event[Sample]]:
    """`number` events on `keys` aggregates, in the order in which they happened."""
    return [
        Event(subject=f"k{n % keys:05d}", sequence=n // keys + 1, data=Sample(number=n), time=NOW)
        for n in range(number)
    ]


def answer(event: Event[Any]) -> Event[Answer]:
    data = Answer(number=event.sequence)
    return Event(subject=f"a-{event.subject}", sequence=event.sequence, data=data, time=NOW)


def effect(event: Event[Any]) -> Document:
    return {"_id": event.id, "subject": event.subject, "sequence": event.sequence, "title": event.data.title}


def outbox_rows(told: list[Event[Sample]]) -> list[Document]:
    """One row for each event, as single acts leave them."""
    return [row for event in told for row in packs([event], "")]


def record(event: Event[Sample]) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    """Key, value and headers on the wire."""
    packed = pack(event, "")
    return event.subject.encode(), packed["value"], headers(packed)
