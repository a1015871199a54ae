"""A service as a process: it starts, says what is missing, stops in order, and dies with its tasks."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from deploy.embedded.ports import any_free
from shared.mongo import Client
from tests.keys import Keys
from tests.waiting import until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]


@pytest.fixture
async def environment(
    keys: Keys, tmp_path: Path, client: Client, mongo_url: str, kafka_bootstrap: str, app_name: str
) -> AsyncIterator[dict[str, str]]:
    yield {
        **os.environ,
        "MODE": "production",
        "HTTP_PORT": str(any_free()),
        "PUBLIC_URL": "http://debai.test",
        "MONGO_URL": mongo_url,
        "DATABASE_PREFIX": f"{app_name}_",
        "KAFKA_BOOTSTRAP": kafka_bootstrap,
        "TOPIC_PREFIX": f"{app_name}-",
        "SESSION_PUBLIC_KEY_FILE": str(keys.write(tmp_path)[1]),
    }
    await client.drop_database(f"{app_name}_intake")


@asynccontextmanager
async def started(environment: dict[str, str], *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    argv = [sys.executable, "-m", "services.intake.main", *words]
    process = await asyncio.create_subprocess_exec(
        *argv, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def answers(environment: dict[str, str], path: str) -> int:
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(f"http://127.0.0.1:{environment['HTTP_PORT']}{path}")).status_code
    except httpx.TransportError:
        return 0


async def test_it_serves_until_it_is_told_to_stop(environment: dict[str, str]) -> None:
    async with started(environment) as process:
        await until(lambda: _is(environment, "/readyz", 200))
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def _is(environment: dict[str, str], path: str, status: int) -> bool:
    return await answers(environment, path) == status


async def test_without_a_database_the_doors_open_and_it_says_not_ready(environment: dict[str, str]) -> None:
    environment["MONGO_URL"] = f"mongodb://127.0.0.1:{any_free()}/?replicaSet=debai"
    async with started(environment):
        await until(lambda: _is(environment, "/livez", 200))
        assert await answers(environment, "/readyz") == 503
        assert await answers(environment, "/intake/v1/units") == 503


async def test_a_bad_setting_stops_the_start_with_its_name(environment: dict[str, str]) -> None:
    environment["HTTP_PORT"] = "eighty"
    async with started(environment) as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().startswith("HTTP_PORT: ")


async def test_settings_that_do_not_go_together_stop_the_start_with_their_names(environment: dict[str, str]) -> None:
    environment["DEMO_PEOPLE_FILE"] = "people.toml"
    async with started(environment) as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().startswith("Value error, SESSION_PRIVATE_KEY_FILE and DEMO_PEOPLE_FILE let anyone")


async def test_replaying_what_is_not_in_quarantine_says_so(environment: dict[str, str]) -> None:
    async with started(environment, "replay", "group|/intake|p/1") as process:
        _, told = await process.communicate()
    assert (process.returncode, told.decode().strip()) == (1, "group|/intake|p/1: not in quarantine")


@pytest.mark.parametrize(("roles", "relays"), [("http", 0), ("relay", 1), ("http,relay", 1)])
async def test_a_process_runs_the_roles_it_is_given(
    environment: dict[str, str], roles: str, relays: int, client: Client
) -> None:
    environment["ROLES"] = roles
    async with started(environment):
        if "http" in roles:
            await until(lambda: _is(environment, "/readyz", 200))
        assert await answers(environment, "/livez") == (200 if "http" in roles else 0)
        assert await until(lambda: _relays(environment, client, relays)) is True


async def _relays(environment: dict[str, str], client: Client, wanted: int) -> bool:
    lanes = client[f"{environment['DATABASE_PREFIX']}intake"].lanes
    return await lanes.count_documents({"_id": {"$type": "string"}}) == wanted
