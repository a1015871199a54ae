"""The door, in memory."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from tests.keys import Keys
from tests.shared.web.door import door

NOWHERE = "mongodb://127.0.0.1:1/?directConnection=true"


@pytest.fixture
def app(keys: Keys, tmp_path: Path) -> Iterator[FastAPI]:
    app = door(keys.write(tmp_path)[1], NOWHERE)
    yield app
    app.state.database.client.close()


@pytest.fixture
async def web(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://debai.test") as client:
        yield client
