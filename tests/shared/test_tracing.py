"""One correlation id, from the caller's header to every log line and event."""

import structlog
from structlog.contextvars import get_contextvars

from shared import tracing

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_inside_a_request_the_callers_trace_goes_on_under_our_own_span() -> None:
    with tracing.follow({"traceparent": CALLER}):
        ours = tracing.current()
    assert tracing.trace_id(ours) == TRACE
    assert ours != CALLER


def test_every_log_line_inside_carries_the_id() -> None:
    with tracing.follow({"traceparent": CALLER}):
        assert get_contextvars()["trace_id"] == TRACE
    assert "trace_id" not in get_contextvars()


def test_two_requests_without_a_caller_have_two_traces() -> None:
    found = set[str]()
    for _ in range(2):
        with tracing.follow({}):
            found.add(tracing.trace_id(tracing.current()))
    assert len(found) == 2
    assert all(len(one) == 32 for one in found)


def test_outside_of_a_request_there_is_none() -> None:
    assert tracing.current() == ""
    assert tracing.trace_id("") == tracing.trace_id("nonsense") == ""


def test_a_request_within_a_request_gives_the_outer_one_back() -> None:
    with tracing.follow({"traceparent": CALLER}):
        outer = tracing.current()
        with tracing.follow({}):
            assert tracing.current() != outer
        assert tracing.current() == outer


def test_what_was_bound_before_stays() -> None:
    with structlog.contextvars.bound_contextvars(service="intake"), tracing.follow({}):
        assert get_contextvars()["service"] == "intake"
