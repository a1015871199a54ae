"""One chromium a run, Debian's own; one house a run; a fresh context for each test."""

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from deploy import browser
from shared.messaging.topics import provision
from shared.settings import Mode
from tests.browser.gallery.shelf import gallery
from tests.browser.house import House, house
from tests.keys import Keys
from tests.serving import serving

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=browser.find(), args=[*ARGS])
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
async def gallery_url(keys: Keys) -> AsyncIterator[str]:
    app = gallery(keys.public)
    async with serving(app) as url:
        app.state.public_url = url
        yield url


@pytest.fixture(scope="session")
async def home(
    keys: Keys, mongo_url: str, kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    private, public = keys.write(tmp_path_factory.mktemp("keys"))
    prefix = f"b{os.urandom(4).hex()}"
    await provision(kafka_bootstrap, prefix=f"{prefix}-")
    given = {
        "mode": Mode.LOCAL,
        "http_port": 1,
        "public_url": "http://127.0.0.1",
        "mongo_url": mongo_url,
        "database_prefix": f"{prefix}_",
        "kafka_bootstrap": kafka_bootstrap,
        "topic_prefix": f"{prefix}-",
        "session_public_key_file": public,
    }
    async with house(given, private) as found:
        yield found
