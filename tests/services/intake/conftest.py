"""Intake as main.py builds it, on a database of its own, with the units and people of the builders."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from services.intake.main import make_app
from services.intake.problems.acts import Acts
from services.intake.settings import Settings
from services.intake.units.repository import UnitRepository
from shared.identity import ANONYMOUS, Actor
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.service import Service
from shared.settings import Mode
from tests.keys import Keys
from tests.services.intake.builders import ENDED, MARKET, OTHER, SUCCESSOR
from tests.serving import PUBLIC, browsers

PEOPLE = """
[[person]]
id = "mai"
name = "Trần Thị Mai"
roles = ["drafter"]
unit_id = "so-cong-thuong"
about = "Soạn đề bài"

[[person]]
id = "van-hanh"
name = "Lý Văn Hành"
roles = ["ops"]
"""


@pytest.fixture
def settings(keys: Keys, tmp_path: Path, mongo_url: str, app_name: str) -> Settings:
    private, public = keys.write(tmp_path)
    people = tmp_path / "people.toml"
    people.write_text(PEOPLE)
    return Settings(
        mode=Mode.LOCAL,
        http_port=1,
        public_url=PUBLIC,
        mongo_url=mongo_url,
        database_prefix=f"{app_name}_",
        kafka_bootstrap="127.0.0.1:1",
        session_public_key_file=public,
        session_private_key_file=private,
        demo_people_file=people,
    )


@pytest.fixture
async def intake(settings: Settings) -> AsyncIterator[Service]:
    service = make_app(settings)
    await service.prepare()
    await _register(service.http.state.database)
    yield service
    await service.client.drop_database(f"{settings.database_prefix}intake")
    service.client.close()


async def _register(database: Database) -> None:
    async def body(session: Session) -> None:
        for unit in (MARKET, OTHER, ENDED, SUCCESSOR):
            await UnitRepository(database).put(unit, session=session)

    await transact(database, body)


@pytest.fixture
def store(intake: Service) -> Database:
    found: Database = intake.http.state.database
    return found


@pytest.fixture
def acts(intake: Service) -> Acts:
    found: Acts = intake.http.state.acts
    return found


Desk = Callable[[Actor], AsyncClient]


@pytest.fixture
async def program(intake: Service, keys: Keys) -> AsyncIterator[Desk]:
    """`program(DRAFTER)`: calls the API with that person's bearer token."""
    opened: list[AsyncClient] = []

    def open_one(actor: Actor) -> AsyncClient:
        client = AsyncClient(transport=ASGITransport(intake.http), base_url=f"{PUBLIC}/intake/v1")
        if actor != ANONYMOUS:
            client.headers["authorization"] = f"Bearer {token(keys, actor)}"
        opened.append(client)
        return client

    yield open_one
    for client in opened:
        await client.aclose()


@pytest.fixture
async def browser(intake: Service, keys: Keys) -> AsyncIterator[Desk]:
    """`browser(DRAFTER)`: that person's, signed in and with its CSRF cookie; it runs no script."""
    async with browsers(intake.http) as open_one:
        yield lambda actor: open_one("" if actor == ANONYMOUS else token(keys, actor))


def token(keys: Keys, actor: Actor) -> str:
    return keys.token(*actor.roles, person=actor.person_id, name=actor.name, unit=actor.unit_id)
