"""Matching as main.py builds it, on a database of its own."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from httpx import AsyncClient

from services.matching.main import COLLECTIONS, make_app
from services.matching.settings import Settings
from shared.identity import Role
from shared.messaging.schema import make_collection
from shared.mongo import Client, Database
from shared.service import Service
from shared.settings import Mode
from tests.keys import Keys
from tests.serving import CSRF, PUBLIC, browsers
from tests.shared.messaging.conftest import ServerFault


@pytest.fixture
def settings(keys: Keys, tmp_path: Path, mongo_url: str, kafka_bootstrap: str, app_name: str) -> Settings:
    return Settings(
        mode=Mode.LOCAL,
        http_port=1,
        public_url=PUBLIC,
        mongo_url=mongo_url,
        database_prefix=f"{app_name}_",
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=f"{app_name}-",
        session_public_key_file=keys.write(tmp_path)[1],
    )


@pytest.fixture
async def matching(settings: Settings) -> AsyncIterator[Service]:
    service = make_app(settings)
    await service.prepare()
    yield service
    await service.client.drop_database(f"{settings.database_prefix}matching")
    service.client.close()


@pytest.fixture
async def store(database: Database) -> Database:
    """Without a service: for what stands on the repositories alone."""
    for name in COLLECTIONS:
        await make_collection(database, name)
    return database


@pytest.fixture
async def server_fault(client: Client, app_name: str) -> AsyncIterator[ServerFault]:
    fault = ServerFault(client, app_name)
    yield fault
    await fault.disarm()


Browser = Callable[..., AsyncClient]


@pytest.fixture
async def browser(matching: Service, keys: Keys) -> AsyncIterator[Browser]:
    """`browser("r1")`: a researcher's, signed in and with its CSRF cookie."""
    async with browsers(matching.http, **{"x-csrf": CSRF}) as open_one:
        yield lambda person="r1", *roles: open_one(keys.token(*(roles or (Role.RESEARCHER,)), person=person))
