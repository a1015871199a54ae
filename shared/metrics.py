"""Counters and clocks that matter. The kernel's own lie in shared/messaging."""

from prometheus_client import Histogram

REQUESTS = Histogram("debai_http_request_seconds", "Time to answer a request", ("method", "route", "status"))
PROBLEM_TO_NOTIFY = Histogram(
    "debai_problem_to_notify_seconds",
    "From a problem's publication to the inbox item of a matched researcher",
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
