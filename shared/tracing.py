"""One correlation id from the first request to the inbox item: W3C traceparent."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from opentelemetry import context, trace
from opentelemetry.propagate import extract, inject


def trace_id(traceparent: str) -> str:
    """The correlation id that logs and events share: 32 hex digits."""
    return traceparent.split("-")[1] if traceparent.count("-") == 3 else ""


def current() -> str:
    """The traceparent of the request at hand; empty outside of one."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent", "")


@contextmanager
def follow(headers: Mapping[str, str]) -> Iterator[None]:
    """Takes part in the caller's trace, or begins one; every log line inside carries its id."""
    caller = trace.get_current_span(extract(headers)).get_span_context()
    ours = trace.SpanContext(
        trace_id=caller.trace_id or secrets.randbits(128),
        span_id=secrets.randbits(64),
        is_remote=False,
        trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
    )
    token = context.attach(trace.set_span_in_context(trace.NonRecordingSpan(ours)))
    try:
        with structlog.contextvars.bound_contextvars(trace_id=trace.format_trace_id(ours.trace_id)):
            yield
    finally:
        context.detach(token)
