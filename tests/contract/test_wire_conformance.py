"""What we put on the wire is read by the reference library of CloudEvents, and what it writes is read by us."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat

from shared.events.envelope import Event
from shared.events.registry import PUBLIC
from shared.messaging.quarantine import StoredRecord
from shared.messaging.wire import decode, headers, pack

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*/*.json"))
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TIME = datetime(2026, 11, 23, 9, 0, 0, 123000, tzinfo=UTC)


def event_of(path: Path) -> Event[Any]:
    data = PUBLIC[path.parent.name].model_validate(json.loads(path.read_text())["value"])
    return Event(subject="đề-1", sequence=7, data=data, time=TIME, traceparent=TRACE)


def on_the_wire(event: Event[Any]) -> KafkaMessage:
    packed = pack(event, "")
    return KafkaMessage(headers=dict(headers(packed)), key=packed["key"].encode(), value=packed["value"])


def as_consumed(message: KafkaMessage) -> StoredRecord:
    key = message.key.encode() if isinstance(message.key, str) else message.key
    return StoredRecord("t", 0, 0, key, message.value, list(message.headers.items()))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_reference_reads_ours_and_we_read_what_it_writes(path: Path) -> None:
    event = event_of(path)
    read = from_binary(on_the_wire(event), JSONFormat())
    assert (read.get_id(), read.get_source(), read.get_type()) == (event.id, event.source, event.type)
    assert (read.get_subject(), read.get_time(), read.get_specversion()) == (event.subject, TIME, "1.0")
    assert (read.get_datacontenttype(), read.get_extension("sequence")) == ("application/json", "7")
    assert read.get_data() == event.data.model_dump(mode="json")

    received = decode(as_consumed(to_binary(read, JSONFormat())), PUBLIC)
    assert received.error is None
    assert received.event
    assert (received.event.data, received.event.time, received.event.id) == (event.data, TIME, event.id)


def test_the_trace_is_a_header_of_its_own_and_comes_back() -> None:
    message = on_the_wire(event_of(SAMPLES[0]))
    assert message.headers["traceparent"] == TRACE.encode()
    received = decode(as_consumed(message), PUBLIC)
    assert received.event
    assert received.event.traceparent == TRACE


def test_without_a_trace_there_is_no_such_header() -> None:
    event = event_of(SAMPLES[0])
    alone = Event(subject="s", sequence=1, data=event.data, time=TIME)
    assert "traceparent" not in on_the_wire(alone).headers


def test_a_time_is_told_in_utc_to_the_millisecond() -> None:
    event = event_of(SAMPLES[0])
    local = datetime.fromisoformat("2026-11-23T16:00:00.123999+07:00")
    told = on_the_wire(Event(subject="s", sequence=1, data=event.data, time=local)).headers["ce_time"]
    assert told == b"2026-11-23T09:00:00.123Z"
