"""From the topics to inbox, mailbox and topic again, by two replicas at once."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import pytest

from services.notify.main import make_app
from services.notify.preferences.contact import Contact
from services.notify.preferences.repository import ContactRepository
from services.notify.settings import Settings
from shared.events.envelope import Event
from shared.identity import Role
from shared.messaging.outbox import emit
from shared.messaging.relay import Relay
from shared.messaging.transaction import transact
from shared.mongo import Database, Document, Session
from shared.service import Service
from tests.services.notify.mail_server import MailServer
from tests.services.notify.samples import UNIT, match_found, returned, submitted
from tests.waiting import until

PEOPLE = (
    Contact("drafter", "drafter@don-vi.vn", "vi", UNIT, frozenset({Role.DRAFTER})),
    Contact("coordinator", "", "vi", None, frozenset({Role.COORDINATOR})),
    Contact("researcher-1", "r1@vien.vn", "en", None, frozenset({Role.RESEARCHER})),
)


@pytest.fixture
def settings(settings: Settings, topic_prefix: str) -> Settings:
    return settings.model_copy(update={"topic_prefix": topic_prefix})


@asynccontextmanager
async def running(jobs: Iterable[Any]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(job()) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def jobs_of(service: Service) -> list[Any]:
    return [job for role in ("events", "relay", "workers") for job in service.work[role]]


async def introduce(store: Database) -> None:
    async def body(session: Session) -> None:
        for contact in PEOPLE:
            await ContactRepository(store).save(contact, session=session)

    await transact(store, body, 30)


async def count_is(store: Database, number: int, which: Document) -> bool:
    return await store.deliveries.count_documents(which) == number


async def all_is_told(store: Database) -> None:
    """Waits until what notify tells is on its topic."""

    async def empty() -> bool:
        return await store.outbox.find_one() is None

    await until(empty)


async def tell(elsewhere: Database, events: list[Event[Any]]) -> None:
    """As another service does: by its own outbox."""

    async def body(session: Session) -> None:
        await emit(elsewhere, events, session=session)

    await transact(elsewhere, body, 30)


def listen_to(service: Service) -> list[int]:
    """Fills with the size of each batch that this replica is given."""
    sizes: list[int] = []
    for inbox in service.inboxes:
        settle = inbox.settle

        async def noted(records: Sequence[Any], settle: Any = settle) -> None:
            sizes.append(len(records))
            await settle(records)

        inbox.settle = noted  # type: ignore[method-assign]  # a listener around the real thing
    return sizes


@pytest.mark.kafka
@pytest.mark.timeout(120)
async def test_two_replicas_tell_each_person_once(
    settings: Settings, notify: Service, store: Database, database: Database, mails: MailServer
) -> None:
    await introduce(store)
    other = make_app(settings.model_copy(update={"instance": "other"}))
    relay = Relay(database, bootstrap=settings.kafka_bootstrap, prefix=settings.topic_prefix)
    shares, number = [listen_to(notify), listen_to(other)], 0
    async with AsyncExitStack() as stack:
        for jobs in ([relay.run], jobs_of(notify), jobs_of(other)):
            await stack.enter_async_context(running(jobs))
        while number < 20 or not all(shares):
            number += 1
            problem = f"problem-{number}"
            await tell(database, [submitted(problem=problem, version=1), returned(problem=problem, version=2)])
            await tell(database, [match_found(match=f"match-{problem}")])
            await until(partial(count_is, store, 4 * number, {}))
        await until(partial(count_is, store, 4 * number, {"state": {"$in": ["sent", "suppressed"]}}))
        await all_is_told(store)
    other.client.close()
    told = [(row["person_id"], row["kind"]) async for row in store.items.find()]
    assert {one: told.count(one) for one in told} == {
        ("drafter", "problem.received"): number,
        ("drafter", "problem.clarification_requested"): number,
        ("coordinator", "problem.to_review"): number,
        ("researcher-1", "problem.matched"): number,
    }
    assert sorted(mails.recipients) == ["drafter@don-vi.vn"] * 2 * number + ["r1@vien.vn"] * number
    assert len({mail["Message-ID"] for mail in mails.mails}) == len(mails.mails) == 3 * number
    assert await store.quarantine.count_documents({}) == 0
    assert await store.events.count_documents({"type": "vn.debai.notification.delivered.v1"}) == 3 * number


async def test_the_service_says_what_it_is_missing(notify: Service) -> None:
    assert "mongodb" not in await notify.http.state.ready()
