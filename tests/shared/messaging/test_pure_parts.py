"""Properties of what needs no server."""

import string
from collections.abc import Iterable
from typing import Any

import pytest
from aiokafka.errors import (
    CommitFailedError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    WTimeoutError,
)

from shared.events.registry import registry
from shared.messaging.carrier import sort_out
from shared.messaging.failpoints import parse
from shared.messaging.inbox import streak
from shared.messaging.outages import transient
from shared.messaging.outbox import LANES, PACK_BYTES, VALUE_BYTES, EventTooLarge, lane_of, packs
from shared.messaging.sequences import fresh, key_of
from shared.messaging.wire import Received, decode
from tests.shared.messaging.world import Kept, Posted, posted, record, wire_headers

KNOWN = registry(Posted)
SUBJECTS = st.sampled_from("abc")
STEPS = st.lists(st.tuples(SUBJECTS, st.integers(1, 12)), max_size=40)


def received(subject: str, sequence: int) -> Received:
    return decode(record(subject, sequence), KNOWN)


@given(STEPS, st.dictionaries(SUBJECTS, st.integers(1, 6)))
def test_fresh_keeps_each_keys_rising_steps_alone(steps: list[tuple[str, int]], seen: dict[str, int]) -> None:
    before = {f"g|/intake|{subject}": n for subject, n in seen.items()}
    kept, now, tally = fresh("g", [received(*step) for step in steps], before)
    for subject in "abc":
        last = seen.get(subject, 0)
        run = [one.sequence for one in kept if one.subject == subject]
        assert run == sorted(set(run))
        assert all(n > last for n in run)
        assert now.get(f"g|/intake|{subject}", 0) == max([last, *run])
    assert len(kept) + tally["stale"] == len(steps)


@given(STEPS, st.integers(0, 40))
def test_fresh_is_the_same_however_a_topic_is_cut_into_batches(steps: list[tuple[str, int]], cut: int) -> None:
    batch = [received(*step) for step in steps]
    whole, at_once, _ = fresh("g", batch, {})
    first, between, _ = fresh("g", batch[:cut], {})
    second, at_last, _ = fresh("g", batch[cut:], between)
    assert [one.id for one in whole] == [one.id for one in first + second]
    assert at_once == at_last


@given(STEPS)
def test_a_batch_seen_before_has_nothing_fresh(steps: list[tuple[str, int]]) -> None:
    batch = [received(*step) for step in steps]
    _, now, _ = fresh("g", batch, {})
    again, unmoved, tally = fresh("g", batch, now)
    assert (again, unmoved, tally["stale"]) == ([], now, len(batch))


def test_groups_and_sources_do_not_share_sequences() -> None:
    one, other = received("a", 1), decode(record("a", 1, ce_source="/elsewhere"), KNOWN)
    assert len({key_of("g", one), key_of("h", one), key_of("g", other)}) == 3


HEADER_VALUES = st.one_of(st.none(), st.binary(max_size=40), st.text(max_size=20).map(str.encode))
NAMES = ["ce_id", "ce_source", "ce_type", "ce_subject", "ce_sequence", "ce_time", "traceparent", "x"]


@given(
    st.dictionaries(st.sampled_from(NAMES), HEADER_VALUES),
    st.one_of(st.none(), st.binary(max_size=200)),
    st.one_of(st.none(), st.binary(max_size=20)),
)
def test_decode_never_raises(changed: dict[str, Any], value: bytes | None, key: bytes | None) -> None:
    given_record = record("k", 1, value=value)
    given_record.headers = list(dict(wire_headers("k", 1), **changed).items())
    given_record.key = key
    found = decode(given_record, KNOWN)
    assert (found.event is None) or (found.error is None)
    assert found.sequence > 0 or found.error is not None


EVENTS = st.lists(
    st.tuples(st.text(string.ascii_lowercase, min_size=1, max_size=3), st.integers(0, 400_000)), max_size=30
)


@given(EVENTS)
def test_packs_hold_every_public_event_in_its_lane_in_order(given_events: list[tuple[str, int]]) -> None:
    told = [posted(key, n, text="x" * size) for n, (key, size) in enumerate(given_events, 1)]
    documents = packs(told, "")
    packed = [event for document in documents for event in document["events"]]
    assert sorted(event["sequence"] for event in packed) == list(range(1, len(told) + 1))
    for document in documents:
        assert {lane_of(event["key"]) for event in document["events"]} == {document["lane"]}
        assert sum(len(event["value"]) for event in document["events"]) <= PACK_BYTES
    for lane in range(LANES):
        run = [e["sequence"] for document in documents if document["lane"] == lane for e in document["events"]]
        assert run == sorted(run)


def test_starred_events_stay_out_of_packs() -> None:
    kept = posted("k", 1)
    starred = [kept, type(kept)(subject="k", sequence=2, data=Kept(n=2), time=kept.time)]
    assert [e["sequence"] for document in packs(starred, "") for e in document["events"]] == [1]


def test_too_large_an_event_is_refused_with_its_size() -> None:
    with pytest.raises(EventTooLarge, match=str(VALUE_BYTES)):
        packs([posted("k", 1, text="x" * VALUE_BYTES)], "")


def row(number: int, topic: str, *keys: str, size: int = 1) -> dict[str, Any]:
    return {"_id": number, "topic": topic, "events": [{"key": key, "value": b"x" * size} for key in keys]}


@given(st.lists(st.tuples(st.sampled_from(["there", "gone"]), SUBJECTS, st.sampled_from([1, 50])), max_size=20))
def test_a_refused_row_holds_up_its_keys_and_no_other(steps: list[tuple[str, str, int]]) -> None:
    rows = [row(n, topic, key, size=size) for n, (topic, key, size) in enumerate(steps)]
    refused = sort_out(rows, {"there": 10}, frozenset())
    for subject in "abc":
        ours = [n for n, (_, key, _) in enumerate(steps) if key == subject]
        bad = [n for n in ours if steps[n][0] == "gone" or steps[n][2] > 10]
        assert [n for n in ours if n in refused] == [n for n in ours if bad and n >= bad[0]]


def test_a_key_that_waits_already_holds_up_a_new_row() -> None:
    rows = [row(1, "there", "a", "b"), row(2, "there", "b"), row(3, "there", "c")]
    assert sort_out(rows, {"there": 10}, frozenset("a")) == dict.fromkeys((1, 2), "waits behind a stuck row")


@given(st.lists(st.sampled_from("gbu"), max_size=30), st.integers(0, 30))
def test_a_streak_is_the_same_however_it_is_cut(kinds: list[str], cut: int) -> None:
    made = [_of_kind(kind) for kind in kinds]
    before, first = streak(0, made[:cut])
    now, second = streak(before, made[cut:])
    assert streak(0, made) == (now, max(first, second))


def _of_kind(kind: str) -> Received:
    changes: dict[str, dict[str, Any]] = {"b": {"value": b"{"}, "u": {"ce_type": "vn.debai.test.unheard_of.v1"}}
    return decode(record("k", 1, **changes.get(kind, {})), KNOWN)


def _labelled(label: str) -> OperationFailure:
    return OperationFailure("x", 1, {"errorLabels": [label]})


PASSES: Iterable[BaseException] = (
    AutoReconnect("x"),
    ExecutionTimeout("x", 50),
    WTimeoutError("x", 64),
    OperationFailure("x", 14031),
    OperationFailure("x", 13),
    BulkWriteError({"writeErrors": [{"code": 14031}]}),
    _labelled("TransientTransactionError"),
    _labelled("UnknownTransactionCommitResult"),
    _labelled("RetryableWriteError"),
    KafkaConnectionError("x"),
    UnknownTopicOrPartitionError("x"),
    TopicAuthorizationFailedError("x"),
    TimeoutError(),
    ConnectionResetError(),
)
STAYS: Iterable[BaseException] = (
    DuplicateKeyError("x", 11000),
    OperationFailure("x", 121),
    BulkWriteError({"writeErrors": [{"code": 11000}]}),
    CommitFailedError("x"),
    KeyError("x"),
    EventTooLarge("x"),
)


@pytest.mark.parametrize("error", PASSES, ids=repr)
def test_an_outage_is_told_from_a_bug(error: BaseException) -> None:
    assert transient(error)


@pytest.mark.parametrize("error", STAYS, ids=repr)
def test_a_bug_is_told_from_an_outage(error: BaseException) -> None:
    assert not transient(error)


def test_a_failpoint_counts_its_passes() -> None:
    assert parse("relay.sent_not_marked:3") == {"relay.sent_not_marked": 3}
    assert parse("consumer.before_tx") == {"consumer.before_tx": 1}
    assert parse("") == {}


def test_a_failpoint_that_no_code_passes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"consumer\.done_not_committed"):
        parse("consumer.done")
