"""What the kernel counts."""

from prometheus_client import Counter, Gauge

HANDLED = Counter("debai_events_total", "Events by what became of them", ("group", "outcome"))
"""Outcomes: applied, stale (seen before), gap (a sequence was skipped), unknown (no such type here), quarantined, replayed."""

SENT = Counter("debai_outbox_sent_total", "Events acknowledged by the broker")
OUTBOX_ROWS = Gauge("debai_outbox_rows", "Outbox documents still to be sent")
OUTBOX_AGE = Gauge("debai_outbox_oldest_seconds", "Age of the oldest outbox document")
STUCK_ROWS = Gauge(
    "debai_outbox_stuck_rows", "Outbox documents that the broker refuses, and those that wait behind them"
)
QUARANTINE_ROWS = Gauge("debai_quarantine_rows", "Records in quarantine")
