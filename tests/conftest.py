"""Real engines, started once a run; one database and one topic prefix for each test."""

import os
from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from hypothesis import HealthCheck, settings
from motor.motor_asyncio import AsyncIOMotorClient

from deploy import browser
from deploy.embedded.engines import Engines, start
from deploy.embedded.ports import Ports
from deploy.embedded.supervisor import Supervisor
from shared.messaging.schema import prepare_database
from shared.messaging.topics import TOPICS, provision
from shared.mongo import Client, Database
from tests.keys import Keys, make_keys

settings.register_profile("debai", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("debai")
"""How long an example takes on a busy machine says nothing of what it shows: times belong to `make bench`."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without chromium the browser tests are left out; `deploy.browser` says so."""
    if browser.find() is None:
        config.hook.pytest_deselected(items=[item for item in items if _needs_browser(item)])
        items[:] = [item for item in items if not _needs_browser(item)]


def _needs_browser(item: pytest.Item) -> bool:
    return "chromium" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
async def engines(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engines]:
    """The embedded ones, started at the first test that asks, or those of MONGO_URL and KAFKA_BOOTSTRAP."""
    data = tmp_path_factory.mktemp("engines")
    supervisor = Supervisor(data)
    try:
        yield await start(supervisor, data, Ports(data), print, test_commands=True)
    finally:
        await supervisor.stop()


@pytest.fixture(scope="session")
def mongo_url(engines: Engines) -> str:
    return engines.mongo_url


@pytest.fixture(scope="session")
def kafka_bootstrap(engines: Engines) -> str:
    return engines.kafka_bootstrap


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
async def topic_prefix(kafka_bootstrap: str) -> AsyncIterator[str]:
    """The prefix of this test's own topics, which are made, and deleted at the end: a broker slows down with their number."""
    prefix = f"t{os.urandom(4).hex()}-"
    await provision(kafka_bootstrap, prefix=prefix)
    yield prefix
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.delete_topics([prefix + topic.name for topic in TOPICS])
    await admin.close()


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Signs the sessions of this run: `keys.token(Role.OPS)` is a bearer token or a session cookie."""
    return make_keys()
