"""How every client of ours reaches Kafka."""

from faststream.kafka import KafkaBroker

GRACEFUL_S = 2.0
"""How long a batch in flight may take to finish when the process stops."""


def broker(bootstrap: str, *, client_id: str, graceful_s: float = GRACEFUL_S) -> KafkaBroker:
    """Consumers only; what we produce goes through the outbox and its relay. Connects when it is started."""
    return KafkaBroker(
        bootstrap,
        client_id=client_id,
        logger=None,
        allow_auto_create_topics=False,
        consumer_only=True,
        graceful_timeout=graceful_s,
    )
