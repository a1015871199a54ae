"""What a person is told: one item, once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notify.delivery.plan import MAIL, Delivery, delivery_id

MAIL_FAILED = "mail.failed"
SETTINGS = "/hop-thu/cai-dat"


@dataclass(frozen=True, slots=True)
class Item:
    """`kind` chooses the words; `facts` fill them. `about`: the type of the event told of."""

    id: str
    person_id: str
    kind: str
    about: str
    link: str
    facts: dict[str, Any]
    created_at: datetime
    traceparent: str = ""
    read_at: datetime | None = None


def item_id(person_id: str, about: str, subject: str, version: int) -> str:
    """The same event tells the same person the same item: a double is impossible by construction."""
    return hashlib.blake2b(f"{person_id}\n{about}\n{subject}\n{version}".encode(), digest_size=16).hexdigest()


def mail_of(item: Item) -> Delivery:
    return Delivery(
        id=delivery_id(item.id, MAIL),
        item_id=item.id,
        person_id=item.person_id,
        channel=MAIL,
        kind=item.kind,
        about=item.about,
        link=item.link,
        facts=item.facts,
        traceparent=item.traceparent,
    )


def mail_failed(delivery: Delivery, now: datetime) -> Item:
    """A mail did not arrive: the person learns it in the inbox, once for each delivery."""
    return Item(
        id=item_id(delivery.person_id, MAIL_FAILED, delivery.id, 1),
        person_id=delivery.person_id,
        kind=MAIL_FAILED,
        about=MAIL_FAILED,
        link=SETTINGS,
        facts={},
        created_at=now,
        traceparent=delivery.traceparent,
    )
