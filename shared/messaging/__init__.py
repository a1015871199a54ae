"""The kernel: events leave through an outbox and arrive through an inbox (docs/decisions/0001)."""
