"""Tells people of what has happened to problems, and of matches."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from services.notify.delivery.facts import facts_of
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.plan import Delivery
from services.notify.inbox.item import Item, item_id, mail_failed, mail_of
from services.notify.inbox.repository import ItemRepository
from services.notify.inbox.telling import problem_link, tellings
from services.notify.preferences.repository import ContactRepository
from shared.events.envelope import Event
from shared.messaging.inbox import Events
from shared.metrics import PROBLEM_TO_NOTIFY
from shared.mongo import Session


class NotificationHandlers:
    def __init__(self, items: ItemRepository, contacts: ContactRepository, ledger: Ledger) -> None:
        self._items, self._contacts, self._ledger = items, contacts, ledger

    async def on_problem_events(self, events: Events, session: Session) -> Iterable[Event[Any]]:
        items = [item for event in events for item in await self._about_problem(event, session)]
        await self._store(items, session)
        return []

    async def on_match_events(self, events: Events, session: Session) -> Iterable[Event[Any]]:
        await self._store([_about_match(event) for event in events], session)
        return []

    async def on_mail_failed(self, delivery: Delivery, session: Session) -> None:
        """In the inbox alone."""
        await self._items.add([mail_failed(delivery, datetime.now(UTC))], session=session)

    async def _store(self, items: list[Item], session: Session) -> None:
        await self._items.add(items, session=session)
        await self._ledger.plan(map(mail_of, items), now=datetime.now(UTC), session=session)

    async def _about_problem(self, event: Event[Any], session: Session) -> list[Item]:
        """Nobody hears the same event twice, even in two roles: the first telling counts."""
        items: dict[str, Item] = {}
        for telling in tellings(event):
            unit = event.data.agency_id if telling.in_unit else None
            for person in await self._contacts.people(telling.roles, unit_id=unit, session=session):
                link = problem_link(telling, event.data.problem_id)
                item = _item(event, person, kind=telling.kind, link=link)
                items.setdefault(item.id, item)
        return list(items.values())


def _about_match(event: Event[Any]) -> Item:
    link = f"/bai-toan/{event.data.problem_id}"
    return _item(event, event.data.researcher_id, kind="problem.matched", link=link)


def _item(event: Event[Any], person: str, *, kind: str, link: str) -> Item:
    return Item(
        id=item_id(person, event.type, event.subject, event.sequence),
        person_id=person,
        kind=kind,
        about=event.type,
        link=link,
        facts=facts_of(kind, event.data),
        created_at=datetime.now(UTC),
        traceparent=event.traceparent,
    )


def measure(events: Events) -> None:
    """After the commit: how long it took from the publication to the inbox item."""
    now = datetime.now(UTC)
    for event in events:
        PROBLEM_TO_NOTIFY.observe((now - event.data.published_at).total_seconds())
