"""Real engines, started once a run; one database and one topic prefix for each test."""

import os
from collections.abc import AsyncIterator

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from shared.messaging.schema import prepare_database
from shared.messaging.topics import provision
from shared.mongo import Client, Database
from tests.keys import Keys, make_keys


@pytest.fixture(scope="session")
def mongo_url() -> str:
    return os.environ["MONGO_URL"]


@pytest.fixture(scope="session")
def kafka_bootstrap() -> str:
    return os.environ["KAFKA_BOOTSTRAP"]


@pytest.fixture
def app_name() -> str:
    """Names this test's connections, so that a failpoint of the server hits them alone."""
    return f"test-{os.urandom(4).hex()}"


@pytest.fixture
async def client(mongo_url: str, app_name: str) -> AsyncIterator[Client]:
    client: Client = AsyncIOMotorClient(mongo_url, appname=app_name, tz_aware=True, w="majority")
    yield client
    client.close()


@pytest.fixture
async def database(client: Client) -> AsyncIterator[Database]:
    """Empty but for the kernel's own collections."""
    database = client[f"test_{os.urandom(6).hex()}"]
    await prepare_database(database)
    yield database
    await client.drop_database(database.name)


@pytest.fixture
async def topic_prefix(kafka_bootstrap: str) -> str:
    """The prefix of this test's own topics, which are made."""
    prefix = f"t{os.urandom(4).hex()}-"
    await provision(kafka_bootstrap, prefix=prefix)
    return prefix


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Signs the sessions of this run: `keys.token(Role.OPS)` is a bearer token or a session cookie."""
    return make_keys()
