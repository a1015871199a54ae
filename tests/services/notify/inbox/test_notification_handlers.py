"""What an event leaves behind: items, planned mails, nothing twice."""

from collections.abc import Sequence
from typing import Any

import pytest
from prometheus_client import REGISTRY

from services.notify.delivery.ledger import Ledger
from services.notify.inbox.event_handlers import NotificationHandlers, measure
from services.notify.inbox.repository import ItemRepository
from services.notify.preferences.contact import Contact
from services.notify.preferences.repository import ContactRepository
from shared.events.envelope import Event
from shared.events.problem import ProblemPilotStarted
from shared.identity import Role
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from tests.services.notify.samples import (
    TRACE,
    UNIT,
    delivery,
    match_found,
    problem_event,
    published,
    returned,
    submitted,
)

PEOPLE = (
    Contact("drafter", "", "vi", UNIT, frozenset({Role.DRAFTER})),
    Contact("approver", "a@don-vi.vn", "vi", UNIT, frozenset({Role.APPROVER})),
    Contact("elsewhere", "", "vi", "unit-other", frozenset({Role.DRAFTER})),
    Contact("coordinator", "", "vi", None, frozenset({Role.COORDINATOR})),
    Contact("both", "", "vi", UNIT, frozenset({Role.DRAFTER, Role.COORDINATOR})),
    Contact("researcher-1", "", "vi", UNIT, frozenset({Role.RESEARCHER})),
)


@pytest.fixture
async def people(database: Database) -> None:
    async def body(session: Session) -> None:
        for contact in PEOPLE:
            await ContactRepository(database).save(contact, session=session)

    await transact(database, body, 30)


async def handle(database: Database, events: Sequence[Event[Any]], *, matches: bool = False) -> None:
    handlers = NotificationHandlers(ItemRepository(database), ContactRepository(database), Ledger(database))
    handler = handlers.on_match_events if matches else handlers.on_problem_events

    async def body(session: Session) -> None:
        assert list(await handler(events, session)) == []

    await transact(database, body, 30)


async def kinds_by_person(database: Database) -> dict[str, str]:
    return {row["person_id"]: row["kind"] async for row in database.items.find()}


async def test_a_submission_reaches_the_agency_and_the_coordinators(database: Database, people: None) -> None:
    await handle(database, [submitted()])
    assert await kinds_by_person(database) == {
        "drafter": "problem.received",
        "approver": "problem.received",
        "both": "problem.received",
        "coordinator": "problem.to_review",
    }


async def test_a_return_reaches_the_agency_alone(database: Database, people: None) -> None:
    await handle(database, [returned()])
    assert set(await kinds_by_person(database)) == {"drafter", "approver", "both"}
    row = await database.items.find_one({"person_id": "drafter"})
    assert row is not None
    assert row["facts"]["question_count"] == 2 and row["facts"]["answer_due"] == "2026-12-01"
    assert (row["link"], row["traceparent"], row["read"]) == ("/bai-toan/problem-1", TRACE, False)


async def test_a_pilot_reaches_the_agency_alone_and_once(database: Database, people: None) -> None:
    event = problem_event(ProblemPilotStarted, existing_solution=True)
    for _ in range(2):
        await handle(database, [event, event])
    assert await kinds_by_person(database) == dict.fromkeys(("drafter", "approver", "both"), "problem.pilot_started")
    assert await database.items.count_documents({}) == 3


async def test_a_match_reaches_a_researcher_without_a_contact(database: Database) -> None:
    await handle(database, [match_found("nobody-knows")], matches=True)
    assert await kinds_by_person(database) == {"nobody-knows": "problem.matched"}


async def test_each_item_has_one_planned_mail_that_names_no_address(database: Database, people: None) -> None:
    await handle(database, [submitted()])
    items = {row["_id"] async for row in database.items.find()}
    planned = [row async for row in database.deliveries.find()]
    assert {row["_id"] for row in planned} == {f"{one}:mail" for one in items}
    assert {row["state"] for row in planned} == {"pending"}
    assert "@" not in str(planned)


async def test_the_same_events_again_change_nothing(database: Database, people: None) -> None:
    batch = [submitted(), published(version=3)]
    await handle(database, batch)
    await database.items.update_many({}, {"$set": {"read": True}})
    await database.deliveries.update_many({}, {"$set": {"state": "sent"}})
    before = await database.items.find().to_list(None), await database.deliveries.find().to_list(None)
    await handle(database, [*batch, *batch])
    assert (await database.items.find().to_list(None), await database.deliveries.find().to_list(None)) == before


async def test_an_event_in_an_agency_that_nobody_knows_tells_nobody(database: Database, people: None) -> None:
    await handle(database, [returned(unit="unit-empty")])
    assert await kinds_by_person(database) == {}


async def test_a_failed_mail_is_told_once_and_in_the_inbox_alone(database: Database) -> None:
    handlers = NotificationHandlers(ItemRepository(database), ContactRepository(database), Ledger(database))

    async def body(session: Session) -> None:
        await handlers.on_mail_failed(delivery(), session)

    await transact(database, body, 30)
    await transact(database, body, 30)
    assert await kinds_by_person(database) == {"p1": "mail.failed"}
    assert await database.items.count_documents({}) == 1
    assert await database.deliveries.count_documents({}) == 0


def test_the_way_from_publication_to_the_inbox_is_measured() -> None:
    before = REGISTRY.get_sample_value("debai_problem_to_notify_seconds_count") or 0
    measure([match_found(), match_found(match="match-2")])
    assert REGISTRY.get_sample_value("debai_problem_to_notify_seconds_count") == before + 2
