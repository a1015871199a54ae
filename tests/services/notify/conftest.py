"""Notify as main.py builds it, on a database of its own, with a mail server to send to."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from httpx import AsyncClient

from services.notify.delivery.channels.mail import MailChannel
from services.notify.main import make_app
from services.notify.settings import Settings
from shared.mongo import Database
from shared.service import Service
from shared.settings import Mode
from tests.keys import Keys
from tests.services.notify.mail_server import MailServer, mail_server, new_channel
from tests.serving import CSRF, PUBLIC, browsers


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def settings(
    keys: Keys, tmp_path: Path, mongo_url: str, kafka_bootstrap: str, mails: MailServer, app_name: str
) -> Settings:
    return Settings(
        mode=Mode.LOCAL,
        http_port=1,
        public_url=PUBLIC,
        mongo_url=mongo_url,
        database_prefix=f"{app_name}_",
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=f"{app_name}-",
        session_public_key_file=keys.write(tmp_path)[1],
        smtp_host="127.0.0.1",
        smtp_port=mails.port,
        mail_from="debai@debai.example",
    )


@pytest.fixture
async def notify(settings: Settings) -> AsyncIterator[Service]:
    service = make_app(settings)
    await service.prepare()
    yield service
    await service.client.drop_database(f"{settings.database_prefix}notify")
    service.client.close()


@pytest.fixture
def store(notify: Service) -> Database:
    found: Database = notify.http.state.database
    return found


@pytest.fixture
async def channel(mails: MailServer) -> AsyncIterator[MailChannel]:
    channel = new_channel(mails)
    yield channel
    await channel.rest()


Browser = Callable[..., AsyncClient]


@pytest.fixture
async def browser(notify: Service, keys: Keys) -> AsyncIterator[Browser]:
    """`browser("p1", Role.RESEARCHER)`: that person's, signed in and with its CSRF cookie."""
    async with browsers(notify.http, **{"x-csrf": CSRF}) as open_one:
        yield lambda person="p1", *roles, unit=None: open_one(keys.token(*roles, person=person, unit=unit))
