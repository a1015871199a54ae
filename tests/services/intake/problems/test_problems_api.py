"""The path of a problem by API, on a real database: what is answered, stored, told, and shown to whom."""

from threading import Event
from typing import Any

import pytest

from services.intake.coach.coach import Opinion, coach_with
from services.intake.coach.judge import Fields
from services.intake.problems.acts import Acts
from services.intake.problems.lifecycle import OFFERED
from shared.identity import ANONYMOUS
from shared.mongo import Database
from shared.service import Service
from shared.web.manners import DATABASE_S
from tests.services.intake.builders import (
    APPROVER,
    COMPLETE,
    COORDINATOR,
    DRAFTER,
    LEADER,
    MARKET,
    RECORD_BODY,
    RESEARCHER,
    SUCCESSOR,
)
from tests.services.intake.conftest import Desk
from tests.services.intake.path import post, take, walk

PUBLIC_EVENTS = ["submitted", "review_started", "approved", "published"]


def kinds(rows: list[dict[str, Any]]) -> list[str]:
    return [row["type"].removeprefix("vn.debai.problem.").removesuffix(".v1") for row in rows]


async def test_a_problem_goes_from_draft_to_open(program: Desk) -> None:
    problem = await walk(program, "open")
    assert (problem["state"], problem["version"]) == ("open", 5)
    assert problem["contact"] == {"unit_id": MARKET.id, "name": MARKET.name}
    assert problem["record"]["title"] == COMPLETE.title


async def test_every_step_is_in_the_log_and_the_public_ones_wait_to_be_sent(program: Desk, store: Database) -> None:
    problem = await walk(program, "open")
    logged = await store.events.find().sort("sequence", 1).to_list(None)
    assert kinds(logged) == ["drafted", *PUBLIC_EVENTS]
    assert [row["sequence"] for row in logged] == [1, 2, 3, 4, 5]
    waiting = [event async for row in store.outbox.find().sort("at", 1) for event in row["events"]]
    assert kinds(waiting) == PUBLIC_EVENTS
    assert {event["subject"] for event in waiting} == {problem["id"]}


async def test_a_refused_step_leaves_nothing_behind(program: Desk, store: Database) -> None:
    problem = await post(program(DRAFTER), title="Ngắn")
    answer = await take(program, problem, "submit")
    assert (answer.status_code, answer.json()["code"]) == (422, "record_incomplete")
    assert await store.events.count_documents({}) == 1
    assert await store.outbox.count_documents({}) == 0
    assert (await program(DRAFTER).get(f"/problems/{problem['id']}")).json() == problem


async def test_a_returned_problem_is_answered_edited_and_sent_again(program: Desk) -> None:
    problem = await walk(program, "returned")
    question = problem["questions"][0]
    assert (question["id"], question["field"], problem["returned_version"]) == ("q3-1", "baseline", 3)
    refused = await take(program, problem, "resubmit")
    assert refused.json()["errors"][0]["field"] == "questions.q3-1"
    answered = (await take(program, problem, "answer_clarification")).json()
    record = RECORD_BODY | {"title": "Ban quản lý chợ chưa biết sạp nào bỏ trống trong ngày"}
    saved = await program(DRAFTER).put(f"/problems/{problem['id']}", json={"version": 4, "record": record})
    assert saved.json()["questions"] == answered["questions"]
    again = (await take(program, saved.json(), "resubmit")).json()
    assert (again["state"], again["version"]) == ("submitted", 6)


async def test_the_history_names_roles_and_no_person(program: Desk) -> None:
    problem = await walk(program, "open")
    steps = (await program(COORDINATOR).get(f"/problems/{problem['id']}/history")).json()
    assert [step["data"]["actor_role"] for step in steps] == [
        "drafter", "approver", "coordinator", "dept_leader", "coordinator",
    ]  # fmt: skip
    text = str(steps)
    people = (DRAFTER, APPROVER, COORDINATOR, LEADER)
    assert not [one for one in people if one.person_id in text or one.name in text]


async def test_a_visitor_reads_the_public_steps_alone(program: Desk) -> None:
    problem = await walk(program, "open")
    steps = (await program(ANONYMOUS).get(f"/problems/{problem['id']}/history")).json()
    assert kinds(steps) == PUBLIC_EVENTS


async def test_the_history_tells_each_saving_of_its_own(program: Desk) -> None:
    problem = await post(program(DRAFTER))
    address = f"/problems/{problem['id']}"
    for version in (1, 2, 3):
        await program(DRAFTER).put(address, json={"version": version, "record": RECORD_BODY})
    steps = (await program(DRAFTER).get(f"{address}/history")).json()
    assert kinds(steps) == ["drafted", "draft_saved", "draft_saved", "draft_saved"]


async def test_questions_reasons_and_people_stay_inside(program: Desk) -> None:
    problem = await walk(program, "open")
    inside = (await program(DRAFTER).get(f"/problems/{problem['id']}")).json()
    outside = (await program(RESEARCHER).get(f"/problems/{problem['id']}")).json()
    hidden = {"drafted_by", "submitted_by", "questions", "reason", "channel", "answer_due", "returned_version"}
    hidden |= {"judgements", "first_draft", "page"}
    assert inside.keys() - outside.keys() == hidden
    assert inside["record"].keys() - outside["record"].keys() == {"owner", "existing"}
    assert APPROVER.person_id not in str(outside)


async def test_who_is_in_charge_is_named_neither_in_the_list_nor_in_an_event(program: Desk, store: Database) -> None:
    await walk(program, "open")
    listed = (await program(ANONYMOUS).get("/problems")).text
    told = b"".join([event["value"] async for row in store.outbox.find() for event in row["events"]]).decode()
    assert COMPLETE.title in listed and COMPLETE.title in told
    assert COMPLETE.owner not in listed + told


async def test_whose_solution_an_agency_has_found_is_not_published(program: Desk, store: Database) -> None:
    found = {"what": "Sổ sạp điện tử", "whose": "UBND Phường Bình Thới", "where": "https://a.vn/so-sap"}
    problem = await walk(program, "open", existing=found)
    told = b"".join([event["value"] async for row in store.outbox.find() for event in row["events"]]).decode()
    public = (await program(ANONYMOUS).get(f"/problems/{problem['id']}")).text
    assert problem["record"]["existing"] == found
    assert COMPLETE.title in public and COMPLETE.title in told
    assert not [text for text in found.values() if text in public + told]


async def test_a_coach_that_takes_longer_than_the_database_may_keeps_nothing_from_being_sent(
    program: Desk, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def look(self, text: str, fields: Fields) -> Opinion:
            Event().wait(DATABASE_S / 2 + 0.1)
            return coach_with("none").look(text, fields)

    problem = await post(program(DRAFTER))
    monkeypatch.setattr(acts, "_coach", Slow())
    assert (await take(program, problem, "submit")).status_code == 200


async def test_text_is_kept_in_one_spelling(program: Desk) -> None:
    decomposed = "Ho\u0300a nha\u0323c kh\u00f4ng \u0111\u1ebfn \u0111\u01b0\u1ee3c n\u01a1i"
    problem = await post(program(DRAFTER), title=f"  {decomposed} ")
    assert problem["record"]["title"] == "Hòa nhạc không đến được nơi"


async def test_two_who_saw_the_same_version_cannot_both_save(program: Desk) -> None:
    problem = await post(program(DRAFTER))
    desk, body = program(DRAFTER), {"version": 1, "record": RECORD_BODY}
    assert (await desk.put(f"/problems/{problem['id']}", json=body)).status_code == 200
    late = await desk.put(f"/problems/{problem['id']}", json=body)
    assert (late.status_code, late.json()["code"]) == (409, "version_mismatch")
    assert "phiên bản 2" in late.json()["detail"]


async def test_the_contact_of_a_call_may_be_another_unit(program: Desk) -> None:
    problem = await walk(program, "approved")
    opened = await take(program, problem, "publish", contact_unit_id=SUCCESSOR.id)
    assert opened.json()["contact"]["name"] == SUCCESSOR.name


async def test_a_restricted_problem_cannot_be_put_out(program: Desk) -> None:
    problem = await walk(program, "approved", visibility="invited")
    answer = await take(program, problem, "publish")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_for_a_call")


async def test_the_published_event_carries_the_whole_record(program: Desk, store: Database) -> None:
    await walk(program, "open", illustrative=True)
    told = await store.events.find_one({"type": "vn.debai.problem.published.v1"})
    assert told is not None
    data = told["data"]
    assert (data["title"], data["illustrative"], data["visibility"]) == (COMPLETE.title, True, "public")
    assert data["agency"] == {"unit_id": MARKET.id, "name": MARKET.name}
    assert data["affected"] == [{"group": "tiểu thương", "count": 1200, "source": "sổ thu phí"}]


def test_the_document_of_the_api_names_every_command_and_how_it_refuses(intake: Service) -> None:
    paths = intake.http.openapi()["paths"]
    offered = {path.rpartition("/")[2] for path in paths if path.startswith("/intake/v1/problems/{problem_id}/")}
    beside = {"history", "alike", "overrules", "{overrule_id}"}
    assert offered == OFFERED - {"create", "edit"} | beside
    for path in paths:
        for operation in paths[path].values():
            assert "application/problem+json" in operation["responses"]["4XX"]["content"], path
