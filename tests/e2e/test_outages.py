"""The engines themselves go away: those that this module started, never others'."""

from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.demo.office import Office
from deploy.demo.story import Story
from deploy.embedded.parts import Running
from shared.messaging.transaction import HTTP_LIMIT_S
from tests.e2e.desk import Desk
from tests.e2e.faults import frozen, held_down
from tests.e2e.stage import Stage, staged, todays_cases
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.mongo, pytest.mark.kafka, pytest.mark.timeout(300)]

HOSPITALS = todays_cases()[6]
ANSWER_S = HTTP_LIMIT_S + 2
"""The bound of an act, and what the way there and back may take on a busy machine; beyond it the client gives up."""


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("MONGO_URL", raising=False)
        environment.delenv("KAFKA_BOOTSTRAP", raising=False)
        async with staged(tmp_path_factory.mktemp("outages"), None) as stage:
            yield stage


@pytest.fixture(scope="module")
async def desk(stage: Stage) -> AsyncIterator[Desk]:
    await Story(stage.office, stage.said.append).set_the_stage()
    desk = Desk(stage.system.public_url, HOSPITALS)
    await desk.publish()
    await until(desk.all_told_once, 60)
    yield desk
    await desk.close()


@pytest.fixture
def kafka(stage: Stage) -> Running:
    return stage.system.running["kafka"]


@pytest.fixture
def mongodb(stage: Stage) -> Running:
    return stage.system.running["mongodb"]


async def test_while_the_broker_does_not_answer_posting_works_and_the_relay_catches_up(
    stage: Stage, desk: Desk, kafka: Running
) -> None:
    with frozen(kafka):
        problem = await desk.publish()
        assert await stage.database("intake").outbox.count_documents({"events.subject": problem})
        shown = await desk.office.raw("", "GET", f"/bai-toan/{problem}")
        assert shown.status_code == httpx.codes.OK
    await until(desk.all_told_once, 90)
    await until(stage.quiet, 60)


async def test_while_the_broker_is_dead_posting_works_and_the_relay_catches_up(
    stage: Stage, desk: Desk, kafka: Running
) -> None:
    async with held_down(kafka):
        problem = await desk.publish()
        assert await stage.database("intake").outbox.count_documents({"events.subject": problem})
        assert await _ready(stage, "intake")
    await until(desk.all_told_once, 90)
    await until(stage.quiet, 60)


async def _ready(stage: Stage, service: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://{stage.system.addresses[service][0]}/readyz")
    return answer.status_code == httpx.codes.OK


@pytest.mark.parametrize("path", ["/intake/v1/problems", "/notify/v1/inbox", "/matching/v1/matches"])
async def test_while_mongodb_does_not_answer_each_service_says_503_within_its_bound(
    stage: Stage, desk: Desk, mongodb: Running, path: str
) -> None:
    token = {"authorization": f"Bearer {await _token(stage, 'nc.y-te')}"}
    with frozen(mongodb):
        async with httpx.AsyncClient(base_url=stage.system.public_url, trust_env=False, timeout=ANSWER_S) as client:
            answer = await client.get(path, headers=token)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"code", "title", "detail"} <= answer.json().keys()


async def _token(stage: Stage, person: str) -> str:
    async with httpx.AsyncClient(base_url=stage.system.public_url, trust_env=False) as client:
        answer = await client.post("/intake/v1/sessions", json={"person_id": person})
    return str(answer.json()["token"])


async def test_nothing_is_acknowledged_that_is_not_stored_while_mongodb_is_away(
    stage: Stage, desk: Desk, mongodb: Running
) -> None:
    refused = Office(stage.system.public_url)
    await refused.ask(HOSPITALS.drafter, "GET", "/notify/v1/contact")  # signs in
    with frozen(mongodb):
        answer = await refused.raw(
            HOSPITALS.drafter, "POST", "/intake/v1/problems", json=HOSPITALS.record, headers=_KEY
        )
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    first = await desk.insist(HOSPITALS.drafter, "POST", "/intake/v1/problems", json=HOSPITALS.record, headers=_KEY)
    again = await desk.insist(HOSPITALS.drafter, "POST", "/intake/v1/problems", json=HOSPITALS.record, headers=_KEY)
    await refused.close()
    assert first["id"] == again["id"]
    stored = await stage.rows("intake", "problems", **{"record.title": HOSPITALS.title})
    assert [row["_id"] for row in stored] == [first["id"]]


_KEY = {"Idempotency-Key": "while MongoDB is away"}


async def test_when_mongodb_is_killed_everything_acknowledged_is_still_there_and_told(
    stage: Stage, desk: Desk, mongodb: Running
) -> None:
    before = await desk.publish()
    mongodb.kill()
    after = await desk.publish()
    await until(desk.all_told_once, 90)
    await until(stage.quiet, 60)
    stored = {row["_id"]: row["state"] for row in await stage.rows("intake", "problems")}
    assert {stored[problem] for problem in desk.published} == {"open"}
    assert {before, after} <= set(desk.published)
