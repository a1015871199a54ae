"""When MongoDB does not answer, nothing is acknowledged, and the person is told so in time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from services.intake.main import make_app
from services.intake.settings import Settings
from shared.service import Service
from tests.keys import Keys
from tests.services.intake.builders import DRAFTER, RECORD_BODY
from tests.services.intake.conftest import token
from tests.serving import PUBLIC

LIMIT_S = 10
"""Only against waiting for ever; the door's own bound is 3 s."""


@pytest.fixture
async def cut_off(settings: Settings) -> AsyncIterator[Service]:
    """Intake whose database is at a closed port."""
    service = make_app(settings.model_copy(update={"mongo_url": "mongodb://127.0.0.1:1/?replicaSet=rs0"}))
    yield service
    service.client.close()


@pytest.fixture
async def desk(cut_off: Service, keys: Keys) -> AsyncIterator[AsyncClient]:
    headers = {"authorization": f"Bearer {token(keys, DRAFTER)}"}
    async with AsyncClient(transport=ASGITransport(cut_off.http), base_url=PUBLIC, headers=headers) as client:
        yield client


async def test_posting_is_refused_and_not_acknowledged(desk: AsyncClient) -> None:
    async with asyncio.timeout(LIMIT_S):
        answer = await desk.post("/intake/v1/problems", json=RECORD_BODY)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_says_so_too(desk: AsyncClient) -> None:
    async with asyncio.timeout(LIMIT_S):
        answer = await desk.get("/")
    assert answer.status_code == 503
    assert "Hệ thống tạm thời chưa lưu được" in answer.text


async def test_it_is_alive_and_not_ready(desk: AsyncClient) -> None:
    assert (await desk.get("/livez")).status_code == 200
    answer = await desk.get("/readyz")
    assert (answer.status_code, list(answer.json()["missing"])) == (503, ["mongodb"])


async def test_the_broker_is_not_needed_to_be_ready(intake: Service) -> None:
    async with AsyncClient(transport=ASGITransport(intake.http), base_url=PUBLIC) as client:
        assert (await client.get("/readyz")).json() == {"ready": True, "missing": {}}
