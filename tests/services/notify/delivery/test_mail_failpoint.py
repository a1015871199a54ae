"""A process that is killed after the mail server took the mail, and before it could note so."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notify.delivery.ledger import Ledger
from services.notify.delivery.plan import State
from services.notify.preferences.contact import Contact
from services.notify.preferences.repository import ContactRepository
from services.notify.settings import Settings
from shared.messaging.transaction import transact
from shared.mongo import Database, Document, Session
from tests.services.notify.mail_server import MailServer
from tests.services.notify.samples import delivery
from tests.waiting import until

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def plan_for_somebody(store: Database) -> None:
    async def body(session: Session) -> None:
        await ContactRepository(store).save(Contact("p1", "mai@vien.vn"), session=session)
        await Ledger(store).plan([delivery()], now=LONG_AGO, session=session)

    await transact(store, body, 30)


async def start(settings: Settings, failpoint: str) -> asyncio.subprocess.Process:
    given = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    own = {"FAILPOINT": failpoint, "ROLES": "workers"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.notify.main",
        env={**os.environ, **given, **own},
        stdout=asyncio.subprocess.DEVNULL,
    )


async def row(store: Database) -> Document:
    found: Any = await store.deliveries.find_one({"_id": delivery().id})
    return dict(found)


@pytest.mark.chaos
@pytest.mark.timeout(120)
async def test_the_mail_is_repeated_under_its_message_id_and_counted(
    settings: Settings, store: Database, mails: MailServer
) -> None:
    await plan_for_somebody(store)
    killed = await start(settings, "mail.accepted_not_recorded")
    assert await killed.wait() == -signal.SIGKILL
    assert (len(mails.mails), (await row(store))["state"]) == (1, State.CLAIMED)
    await store.deliveries.update_one({}, {"$set": {"due": LONG_AGO}})
    second = await start(settings, "")

    async def sent() -> bool:
        return bool((await row(store))["state"] == State.SENT)

    try:
        await until(sent, 60)
    finally:
        second.terminate()
        await second.wait()
    assert len(mails.mails) == 2
    assert mails.mails[0]["Message-ID"] == mails.mails[1]["Message-ID"]
    done = await row(store)
    assert (done["attempts"], done["in_doubt"]) == (2, 1)
    assert await store.events.count_documents({}) == 1
