"""One delivery's way: sent, tried again, given up; and never by two at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from services.notify.delivery.channels.mail import MailChannel
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.plan import RETRIES, Delivery, State
from services.notify.delivery.worker import DeliveryWorker
from services.notify.preferences.contact import Contact
from services.notify.preferences.repository import ContactRepository
from shared.messaging.transaction import transact
from shared.mongo import Database, Document, Session
from tests.services.notify.mail_server import MailServer, new_channel
from tests.services.notify.samples import TRACE, delivery
from tests.waiting import until

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Desk:
    """A worker, and what it was told and tells."""

    def __init__(self, database: Database, channel: MailChannel) -> None:
        self.database, self.told, self.read = database, list[str](), set[str]()
        self.worker = DeliveryWorker(database, channel, failed=self._failed, already_read=self._already_read)

    async def _failed(self, delivery: Delivery, session: Session) -> None:
        self.told.append(delivery.id)

    async def _already_read(self, item_id: str) -> bool:
        return item_id in self.read

    async def plan(self, *deliveries: Delivery) -> None:
        async def body(session: Session) -> None:
            await Ledger(self.database).plan(deliveries, now=LONG_AGO, session=session)

        await transact(self.database, body, 30)

    async def reachable(self, mail: str = "mai@vien.vn", language: str = "vi") -> None:
        async def body(session: Session) -> None:
            await ContactRepository(self.database).save(Contact("p1", mail, language), session=session)

        await transact(self.database, body, 30)

    async def row(self) -> Document:
        found: Any = await self.database.deliveries.find_one({"_id": delivery().id})
        return dict(found)

    async def time_passes(self) -> None:
        await self.database.deliveries.update_many({}, {"$set": {"due": LONG_AGO}})

    async def events(self) -> list[Document]:
        return await self.database.events.find().to_list(None)


@pytest.fixture
async def desk(database: Database, channel: MailChannel) -> Desk:
    desk = Desk(database, channel)
    await Ledger(database).prepare()
    await desk.plan(delivery())
    return desk


def counted(outcome: str) -> float:
    labels = {"channel": "mail", "outcome": outcome}
    return REGISTRY.get_sample_value("debai_deliveries_total", labels) or 0


async def test_a_mail_is_sent_once_and_told_of(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    assert await desk.worker.turn() == 0
    assert await desk.worker.turn() > 0
    assert len(mails.mails) == 1
    row = await desk.row()
    assert (row["state"], row["template"], row["attempts"]) == (State.SENT, "problem.approved@1", 1)
    (event,) = await desk.events()
    assert event["type"] == "vn.debai.notification.delivered.v1"
    assert (event["subject"], event["key"], event["traceparent"]) == (delivery().id, "p1", TRACE)


async def test_the_event_names_no_address(desk: Desk) -> None:
    await desk.reachable()
    await desk.worker.turn()
    assert "mai@vien.vn" not in str(await desk.events()) + str(await desk.row())


async def test_without_an_address_nothing_is_sent(desk: Desk, mails: MailServer) -> None:
    await desk.worker.turn()
    assert (await desk.row())["state"] == State.SUPPRESSED
    assert mails.mails == [] and await desk.events() == []


async def test_an_address_given_up_meanwhile_is_not_used(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    await desk.reachable("")
    await desk.worker.turn()
    assert (await desk.row())["state"] == State.SUPPRESSED
    assert mails.mails == []


async def test_what_is_read_already_is_not_sent(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    desk.read.add(delivery().item_id)
    await desk.worker.turn()
    assert (await desk.row())["state"] == State.SUPPRESSED
    assert mails.mails == []


async def test_the_language_is_that_of_the_moment(desk: Desk, mails: MailServer) -> None:
    await desk.reachable(language="en")
    await desk.worker.turn()
    assert mails.mails[0]["Subject"] == "[Đề Bài] Problem BT-2026-0001 is approved"


async def test_not_now_is_tried_again_after_a_pause(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    mails.answers = ["451 later"]
    await desk.worker.turn()
    row = await desk.row()
    assert (row["state"], row["reason"]) == (State.RETRY, "451")
    assert timedelta(seconds=40) < row["due"] - datetime.now(UTC) < timedelta(seconds=80)
    assert await desk.worker.turn() > 0
    await desk.time_passes()
    await desk.worker.turn()
    assert (await desk.row())["state"] == State.SENT
    assert len(mails.mails) == 1 and desk.told == []


async def test_an_address_that_does_not_exist_is_given_up_and_the_person_told(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    mails.answers = ["550 5.1.1 no such person"]
    await desk.worker.turn()
    row = await desk.row()
    assert (row["state"], row["reason"]) == (State.DEAD, "550")
    assert desk.told == [delivery().id]
    assert await desk.events() == []


async def test_after_the_last_pause_it_is_given_up(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    mails.answers = ["451 later"] * (len(RETRIES) + 1)
    for _ in range(len(RETRIES) + 1):
        await desk.time_passes()
        assert (await desk.row())["state"] in (State.PENDING, State.RETRY)
        await desk.worker.turn()
    assert (await desk.row())["state"] == State.DEAD
    assert desk.told == [delivery().id]


async def test_a_mail_that_cannot_be_written_stops_no_other(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    await desk.database.deliveries.update_one({"_id": delivery().id}, {"$set": {"facts": {}}})
    await desk.plan(delivery(number=2))
    await desk.worker.turn()
    await desk.worker.turn()
    assert (await desk.row())["state"] == State.DEAD
    assert [mail["Subject"] for mail in mails.mails] == ["[Đề Bài] Đề bài BT-2026-0002 đã được duyệt"]


async def test_accepted_without_an_answer_is_repeated_under_the_same_message_id(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    mails.drops = 1
    await desk.worker.turn()
    assert (await desk.row())["state"] == State.RETRY
    await desk.time_passes()
    await desk.worker.turn()
    assert len(mails.mails) == 2
    assert mails.mails[0]["Message-ID"] == mails.mails[1]["Message-ID"]


async def test_a_worker_that_died_while_sending_leaves_a_doubt_that_is_counted(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    await Ledger(desk.database).claim()
    before = counted("in_doubt")
    assert await desk.worker.turn() > 0
    await desk.time_passes()
    await desk.worker.turn()
    assert counted("in_doubt") == before + 1
    row = await desk.row()
    assert (row["state"], row["attempts"], row["in_doubt"]) == (State.SENT, 2, 1)


async def test_who_is_overtaken_while_sending_tells_nothing_twice(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    mails.gate = asyncio.Event()
    slow = asyncio.create_task(desk.worker.turn())

    async def claimed() -> bool:
        return bool((await desk.row())["state"] == State.CLAIMED)

    await until(claimed)
    await desk.time_passes()
    quick = asyncio.create_task(Desk(desk.database, new_channel(mails)).worker.turn())

    async def claimed_twice() -> bool:
        return bool((await desk.row())["attempts"] == 2)

    await until(claimed_twice)
    mails.gate.set()
    await asyncio.gather(slow, quick)
    assert len({mail["Message-ID"] for mail in mails.mails}) == 1
    assert (await desk.row())["state"] == State.SENT
    assert len(await desk.events()) == 1


async def test_workers_together_send_each_mail_once(desk: Desk, mails: MailServer) -> None:
    await desk.reachable()
    await desk.plan(*(delivery(number=number) for number in range(2, 41)))

    async def work() -> None:
        channel = new_channel(mails)
        while await Desk(desk.database, channel).worker.turn() == 0:
            pass

    await asyncio.gather(*(work() for _ in range(4)))
    assert len(mails.mails) == len({mail["Message-ID"] for mail in mails.mails}) == 40
    assert len(await desk.events()) == 40
