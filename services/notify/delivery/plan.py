"""What shall be delivered of an item, and when to try again."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
JITTER = 0.2
LEASE = timedelta(seconds=60)
SENDING = timedelta(seconds=45)
"""Shorter than the lease: whoever still sends still holds the claim."""
MAIL = "mail"


class State(StrEnum):
    """`claimed` past its lease is in doubt: the mail server may have taken it before we died; it is sent again, with the same
    Message-ID. `suppressed`: the person has no address, or has read the item meanwhile. `dead`: given up; the person is told."""

    PENDING = "pending"
    CLAIMED = "claimed"
    RETRY = "retry"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One item by one channel. `in_doubt`: how many of the attempts ended without a word."""

    id: str
    item_id: str
    person_id: str
    channel: str
    kind: str
    about: str
    link: str
    facts: dict[str, Any]
    traceparent: str = ""
    attempts: int = 0
    in_doubt: int = 0


def delivery_id(item_id: str, channel: str) -> str:
    return f"{item_id}:{channel}"


def message_id(delivery: str, domain: str) -> str:
    """The same for every attempt: a mailbox that has it already can tell."""
    return f"<{delivery.replace(':', '.')}@{domain}>"


def retry_after(attempts: int, chance: random.Random) -> timedelta | None:
    """How long to wait after this many failed attempts; None: give up."""
    if attempts > len(RETRIES):
        return None
    return RETRIES[attempts - 1] * chance.uniform(1 - JITTER, 1 + JITTER)
