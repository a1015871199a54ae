"""Two replicas of each service: nothing doubled, each inbox item once; one that dies, or the gateway, stops no other."""

from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.demo.outcome import Outcome
from deploy.embedded.engines import Engines
from deploy.embedded.system import SERVICES
from services.matching.matches.match import match_id
from shared.tracing import trace_id
from tests.e2e.desk import RESEARCHER, Desk
from tests.e2e.faults import held_down
from tests.e2e.stage import TWO_OF_EACH, Stage, staged, todays_cases
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.mongo, pytest.mark.kafka, pytest.mark.timeout(300)]

TRACE = "0af7651916cd43dd8448eb211c80319c"
PROBLEMS = 2


@pytest.fixture(scope="module")
async def stage(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("replicas"), engines, replicas=TWO_OF_EACH) as stage:
        yield stage


@pytest.fixture(scope="module")
async def outcome(stage: Stage) -> Outcome:
    return await stage.tell()


@pytest.fixture(scope="module")
async def desk(stage: Stage, outcome: Outcome) -> AsyncIterator[Desk]:
    desk = Desk(stage.system.public_url, todays_cases()[6])
    yield desk
    await desk.close()


async def test_two_of_each_double_nothing(stage: Stage, outcome: Outcome) -> None:
    matches = await stage.rows("matching", "matches")
    assert {row["_id"] for row in matches} == {match_id(row["problem_id"], row["researcher_id"]) for row in matches}
    items = await stage.rows("notify", "items")
    told = Counter((row["person_id"], row["about"], row["facts"]["problem_id"]) for row in items)
    assert set(told.values()) == {1}
    assert set(outcome.mails.values()) == {1}
    assert len(outcome.mails) == len(items)


async def test_two_of_each_keep_the_order_of_each_problem_on_the_topics(stage: Stage, outcome: Outcome) -> None:
    first: dict[str, list[int]] = {}
    for record in await stage.records():
        headers = dict(record.headers)
        found, sequence = first.setdefault(headers["ce_subject"].decode(), []), int(headers["ce_sequence"])
        if sequence not in found:  # two relays own a lane for a moment at most: a double is allowed, disorder is not
            found.append(sequence)
    assert all(found == sorted(found) for found in first.values())


async def test_one_trace_leads_from_the_first_request_to_inbox_item_and_mail(stage: Stage, desk: Desk) -> None:
    problem = await desk.publish(traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
    await until(desk.all_told_once)
    await until(stage.quiet)
    page = await desk.insist(RESEARCHER, "GET", "/notify/v1/inbox")
    assert [i["trace"] for i in page["items"] if i["facts"]["problem_id"] == problem] == [TRACE]
    sent = [r for r in await stage.records() if trace_id(dict(r.headers)["traceparent"].decode()) == TRACE]
    kinds = Counter(dict(record.headers)["ce_type"].decode() for record in sent)
    items = await stage.rows("notify", "items", **{"facts.problem_id": problem})
    assert kinds["vn.debai.match.found.v1"] >= 1
    assert kinds["vn.debai.notification.delivered.v1"] == len(items)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_replica_that_is_gone_is_done_without(stage: Stage, desk: Desk, service: str) -> None:
    async with held_down(stage.system.running[f"{service}-1"]):
        for _ in range(PROBLEMS):
            await desk.publish()
        await until(desk.all_told_once, 60)


async def test_a_service_that_is_gone_is_said_to_be_and_the_others_go_on(stage: Stage, desk: Desk) -> None:
    async with held_down(stage.system.running["matching-1"], stage.system.running["matching-2"]):
        problem = await desk.publish()
        page = await until(lambda: _unavailable(desk, "/ket-noi"))
        assert "Phần này tạm thời chưa phục vụ được" in page
        assert "out of service for the moment" in page
        shown = await desk.office.raw("", "GET", f"/bai-toan/{problem}")
        assert shown.status_code == httpx.codes.OK
    await until(desk.all_told_once, 60)


async def _unavailable(desk: Desk, path: str) -> str:
    answer = await desk.office.raw("", "GET", path)
    return answer.text if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else ""


async def test_without_the_gateway_the_services_go_on(stage: Stage, desk: Desk) -> None:
    direct = Desk(f"http://{stage.system.addresses['intake'][0]}", todays_cases()[5])
    async with held_down(stage.system.running["gateway"]):
        problem = await direct.publish()
        await until(lambda: _heard(stage, "so-gddt.soan", problem), 60)
    await direct.close()
    assert (await desk.office.raw("", "GET", f"/bai-toan/{problem}")).status_code == httpx.codes.OK


async def _heard(stage: Stage, who: str, problem: str) -> bool:
    which = {"person_id": who, "kind": "problem.published", "facts.problem_id": problem}
    return bool(await stage.rows("notify", "items", **which))


async def test_after_all_of_it_nothing_is_doubled_or_left(stage: Stage, desk: Desk) -> None:
    await until(stage.quiet, 60)
    assert await desk.all_told_once()
    items = await stage.rows("notify", "items")
    told = Counter((row["person_id"], row["about"], row["facts"]["problem_id"]) for row in items)
    assert set(told.values()) == {1}
    assert [await stage.rows(service, "quarantine") for service in SERVICES] == [[], [], []]
