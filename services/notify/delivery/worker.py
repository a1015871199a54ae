"""Sends what is due. The mail server may accept a mail and we die before we note it: then it is sent again, with the same
Message-ID, and counted."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from prometheus_client import Counter

from services.notify.delivery.channels.mail import MailChannel, NotNow, RefusedForGood
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.plan import Delivery, State, message_id, retry_after
from services.notify.delivery.rendering import render
from services.notify.preferences.contact import Contact
from services.notify.preferences.repository import ContactRepository
from shared.events.envelope import Event
from shared.events.notification import NotificationDelivered
from shared.messaging.failpoints import hit
from shared.messaging.outages import forever, transient
from shared.messaging.outbox import emit
from shared.messaging.transaction import HANDLER_LIMIT_S, transact
from shared.mongo import Database, Session

log = structlog.get_logger()

DELIVERIES = Counter("debai_deliveries_total", "Deliveries by channel and what became of them", ("channel", "outcome"))
"""Outcomes: sent, retry, suppressed, dead; in_doubt: sent again without knowing how the last attempt ended; overtaken: its lease
ran out."""
LOOK_S = 0.5
STOP_S = 2.0

Failed = Callable[[Delivery, Session], Awaitable[None]]
"""Tells the person, in the transaction that gives the delivery up."""
AlreadyRead = Callable[[str], Awaitable[bool]]
"""Whether the person has read the item meanwhile."""


class DeliveryWorker:
    def __init__(self, database: Database, channel: MailChannel, *, failed: Failed, already_read: AlreadyRead) -> None:
        self._database, self._channel, self._failed, self._already_read = database, channel, failed, already_read
        self._ledger, self._contacts = Ledger(database), ContactRepository(database)
        self._chance = random.Random()  # noqa: S311  # spreads retries; no secret

    async def run(self) -> None:
        try:
            await forever("delivery", self.turn)
        finally:
            await self._channel.rest()

    async def turn(self) -> float:
        """Delivers one; gives how long to wait before the next."""
        delivery = await self._ledger.claim()
        if delivery is None:
            await self._channel.rest()
            return LOOK_S
        if delivery.in_doubt:
            DELIVERIES.labels(delivery.channel, "in_doubt").inc()
        await self._deliver_to_the_end(delivery)
        return 0

    async def _deliver_to_the_end(self, delivery: Delivery) -> None:
        """An orderly stop waits for the mail in hand: cut short it would be in doubt, and sent again a minute later."""
        delivering = asyncio.ensure_future(self._deliver(delivery))
        try:
            await asyncio.shield(delivering)
        except asyncio.CancelledError:
            await asyncio.wait({delivering}, timeout=STOP_S)
            delivering.cancel()
            raise

    async def _deliver(self, delivery: Delivery) -> None:
        """Address and item are looked at now, not when it was planned."""
        contact = await self._contacts.get(delivery.person_id)
        if not contact.mail or await self._already_read(delivery.item_id):
            await self._finish(delivery, State.SUPPRESSED)
            return
        try:
            await self._send(delivery, contact)
        except NotNow as error:
            await self._try_later(delivery, str(error))
        except RefusedForGood as error:
            await self._give_up(delivery, str(error))
        except Exception as error:
            if transient(error):
                raise
            log.error("delivery_failed", delivery=delivery.id, exc_info=error)
            await self._give_up(delivery, type(error).__name__)

    async def _send(self, delivery: Delivery, contact: Contact) -> None:
        words = render(delivery.kind, delivery.facts, contact.language)
        message = self._channel.compose(
            contact.mail,
            words,
            link=delivery.link,
            language=contact.language,
            message_id=message_id(delivery.id, self._channel.domain),
        )
        await self._channel.send(message)
        hit("mail.accepted_not_recorded")
        await self._finish(delivery, State.SENT, template=words.template)

    async def _try_later(self, delivery: Delivery, reason: str) -> None:
        wait = retry_after(delivery.attempts, self._chance)
        if wait is None:
            await self._give_up(delivery, reason)
            return
        await self._ledger.retry(delivery, wait, reason)
        DELIVERIES.labels(delivery.channel, State.RETRY).inc()

    async def _give_up(self, delivery: Delivery, reason: str) -> None:
        log.warning("mail_given_up", delivery=delivery.id, reason=reason)
        await self._finish(delivery, State.DEAD, reason=reason)

    async def _finish(self, delivery: Delivery, state: State, **noted: str) -> None:
        now = datetime.now(UTC)

        async def body(session: Session) -> bool:
            held = await self._ledger.finish(delivery, state, session=session, at=now, **noted)
            if held and state is State.SENT:
                await emit(self._database, [_delivered(delivery, now)], session=session)
            if held and state is State.DEAD:
                await self._failed(delivery, session)
            return held

        held = await transact(self._database, body, HANDLER_LIMIT_S)
        DELIVERIES.labels(delivery.channel, state if held else "overtaken").inc()


def _delivered(delivery: Delivery, now: datetime) -> Event[NotificationDelivered]:
    data = NotificationDelivered(
        delivery_id=delivery.id,
        user_id=delivery.person_id,
        channel=delivery.channel,
        about=delivery.about,
        delivered_at=now,
    )
    return Event(
        subject=delivery.id, sequence=1, data=data, time=now, key=delivery.person_id, traceparent=delivery.traceparent
    )
