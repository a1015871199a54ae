"""What an operator sees and can do, on a real database."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from shared.events.envelope import Event
from shared.events.notification import NotificationDelivered
from shared.events.registry import PUBLIC
from shared.identity import Role
from shared.messaging.inbox import Events, Inbox
from shared.messaging.outbox import emit
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.web.operations import open_door
from shared.web.session import CSRF_COOKIE, SESSION_COOKIE
from tests.contract.test_samples import SAMPLES, Stored, stored
from tests.keys import Keys

pytestmark = pytest.mark.mongo
ROW = "thu|/notify|7d1f9c0a52b84e33:mail/1"
PATH = "/thu/van-hanh"


@dataclass
class Consumer:
    """Refuses everything until it is mended."""

    broken: bool = True
    seen: list[str] = field(default_factory=list)

    async def handle(self, events: Events, session: Session) -> Iterable[Event[Any]]:
        if self.broken:
            raise RuntimeError("does not fit")
        self.seen += [event.subject for event in events]
        return ()


@pytest.fixture
def consumer() -> Consumer:
    return Consumer()


@pytest.fixture
async def operator(app: FastAPI, database: Database, consumer: Consumer, keys: Keys) -> AsyncIterator[AsyncClient]:
    """At a service with one event in quarantine."""
    inbox = Inbox(database, group="thu", registry=PUBLIC, handler=consumer.handle)
    await inbox.settle([poison()])
    open_door(app, database, inbox)
    cookies = {SESSION_COOKIE: keys.token(Role.OPS), CSRF_COOKIE: "c"}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://debai.test", cookies=cookies) as client:
        yield client


def poison() -> Stored:
    return stored(json.loads((SAMPLES / "vn.debai.notification.delivered.v1" / "mail.json").read_text()))


async def test_the_page_tells_where_and_why_a_record_lies_in_quarantine(operator: AsyncClient) -> None:
    page = (await operator.get(PATH)).text
    assert ROW in page
    assert "does not fit" in page
    assert "notification-events" in page
    assert "phần 0, vị trí 0" in page


async def test_the_page_shows_nothing_of_what_the_record_says(operator: AsyncClient) -> None:
    assert "nkh-01" not in (await operator.get(PATH)).text


async def test_a_mended_handler_takes_the_replayed_record_once(operator: AsyncClient, consumer: Consumer) -> None:
    consumer.broken = False
    answers = [await operator.post(PATH, data={"csrf": "c", "row": ROW}) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [f"{PATH}?done=done", f"{PATH}?done=gone"]
    assert consumer.seen == ["7d1f9c0a52b84e33:mail"]
    page = (await operator.get(f"{PATH}?done=done")).text
    assert "Đã phát lại." in page
    assert "Không có bản ghi nào" in page


async def test_a_record_that_is_refused_again_is_kept(operator: AsyncClient) -> None:
    answer = await operator.post(PATH, data={"csrf": "c", "row": ROW})
    assert answer.headers["location"] == f"{PATH}?done=refused"
    assert ROW in (await operator.get(answer.headers["location"])).text


async def test_what_waits_in_the_outbox_is_counted(operator: AsyncClient, database: Database) -> None:
    told = NotificationDelivered(
        delivery_id="d", user_id="u", channel="mail", about="x", delivered_at=datetime.now(UTC)
    )

    async def body(session: Session) -> None:
        await emit(database, [Event(subject="d", sequence=1, data=told, time=datetime.now(UTC))], session=session)

    await transact(database, body)
    await database.outbox.update_one({}, {"$set": {"stuck": "no topic notification-events"}})
    page = (await operator.get(f"{PATH}?lang=en")).text
    assert "Events to be sent</dt><dd>1</dd>" in page
    assert "no topic notification-events" in page


@pytest.mark.parametrize("roles", [(), (Role.DRAFTER,), (Role.COORDINATOR, Role.DEPT_LEADER)], ids=str)
async def test_only_operators_come_in(
    operator: AsyncClient, consumer: Consumer, keys: Keys, roles: tuple[Role, ...]
) -> None:
    consumer.broken = False
    operator.cookies.set(SESSION_COOKIE, keys.token(*roles))
    assert (await operator.get(PATH)).status_code == 403
    assert (await operator.post(PATH, data={"csrf": "c", "row": ROW})).status_code == 403
    assert consumer.seen == []


async def test_a_replay_that_another_site_asks_for_is_refused(operator: AsyncClient, consumer: Consumer) -> None:
    consumer.broken = False
    assert (await operator.post(PATH, data={"csrf": "other", "row": ROW})).status_code == 403
    assert consumer.seen == []
