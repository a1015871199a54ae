"""Overruling the coach by API, on a real database: what is stored, who may, and who reads what."""

import asyncio
from typing import Any

import pytest
from httpx import Response

from shared.identity import ANONYMOUS, Actor, Role
from shared.mongo import Database
from tests.services.intake.builders import COMPLETE, COORDINATOR, DRAFTER, LEADER, MARKET, OTHER, RESEARCHER, person
from tests.services.intake.conftest import Desk
from tests.services.intake.path import Body, post, take, walk

ORDER = {
    "title": "Xây dựng phần mềm quản lý hộ kinh doanh",
    "statement": {
        "who": "Phường",
        "trouble": "cần xây dựng phần mềm quản lý hộ kinh doanh.",
        "cause": "Cần xây dựng phần mềm.",
        "consequence": "Cần mua 40 máy tính bảng.",
    },
}
"""Nothing but what to build and buy."""
REASON = "Sở đã trao đổi với đơn vị: vấn đề là ba danh sách không khớp."
OVERRIDE = "Đơn vị đã có văn bản của Ủy ban giao đúng việc này."


async def say(program: Desk, problem: Body, actor: Actor = COORDINATOR, key: str = "", **given: Any) -> Response:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"version": problem["version"], "criterion": "solution", "wanted": "fail", "reason": REASON, **given}
    return await program(actor).post(f"/problems/{problem['id']}/overrules", json=body, headers=headers)


async def corrections(program: Desk, problem: Body, actor: Actor = DRAFTER) -> list[Body]:
    found = (await program(actor).get(f"/problems/{problem['id']}")).json()
    last: list[Body] = found["judgements"][-1]["corrections"]
    return last


async def test_an_overrule_is_stored_with_the_text_and_the_versions(program: Desk, store: Database) -> None:
    problem = await walk(program, "submitted")
    answer = await say(program, problem, sentence=0, roles=["trouble", "affected"])
    assert answer.status_code == 201, answer.text
    stored = await store.overrules.find_one({"_id": answer.json()["id"]})
    assert stored is not None
    assert (stored["problem_id"], stored["given"], stored["wanted"]) == (problem["id"], "pass", "fail")
    assert (stored["sentence"], stored["roles"]) == (COMPLETE.title, ["trouble", "affected"])
    assert COMPLETE.statement.cause in stored["text"]
    assert stored["versions"].keys() == {"rubric", "words", "model"} and all(stored["versions"].values())
    assert stored["by"] == COORDINATOR.person_id and COORDINATOR.name not in str(stored)


async def test_a_reason_with_personal_data_is_refused_and_nothing_is_stored(program: Desk, store: Database) -> None:
    problem = await walk(program, "submitted")
    answer = await say(program, problem, reason="Hỏi anh Ba, số 0903 123 456, thì rõ ngay.")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "personal_data_found")
    assert [(one["field"], one["code"]) for one in told["errors"]] == [("reason", "phone")]
    assert "0903" not in answer.text and await store.overrules.count_documents({}) == 0
    assert await corrections(program, problem) == []


async def test_it_tells_nobody_and_leaves_the_version_and_the_record(program: Desk, store: Database) -> None:
    problem = await walk(program, "submitted")
    before = [await store[name].count_documents({}) for name in ("events", "outbox")]
    await say(program, problem)
    after = (await program(DRAFTER).get(f"/problems/{problem['id']}")).json()
    assert [await store[name].count_documents({}) for name in ("events", "outbox")] == before
    assert (after["version"], after["record"]) == (problem["version"], problem["record"])


async def test_the_agency_reads_that_a_verdict_was_corrected_and_not_by_whom(program: Desk) -> None:
    problem = await walk(program, "submitted")
    await say(program, problem)
    (found,) = await corrections(program, problem)
    assert (found["criterion"], found["given"], found["wanted"]) == ("solution", "pass", "fail")
    assert (found["reason"], found["role"]) == (REASON, "coordinator")
    assert COORDINATOR.person_id not in str(found) and COORDINATOR.name not in str(found)


async def test_the_public_reads_nothing_of_it(program: Desk) -> None:
    problem = await walk(program, "open")
    assert (await say(program, problem)).status_code == 201
    for actor in (ANONYMOUS, RESEARCHER):
        assert REASON not in (await program(actor).get(f"/problems/{problem['id']}")).text


async def test_it_can_be_taken_back_and_done_anew(program: Desk) -> None:
    problem = await walk(program, "submitted")
    first = (await say(program, problem)).json()
    assert (await say(program, problem)).json()["code"] == "already_overruled"
    address = f"/problems/{problem['id']}/overrules/{first['id']}"
    taken_back = [(await program(COORDINATOR).delete(address)).json() for _ in range(2)]
    assert taken_back[0] == taken_back[1] and taken_back[0]["withdrawn_at"]
    assert await corrections(program, problem) == []
    assert (await say(program, problem)).status_code == 201
    listed = (await program(LEADER).get(f"/problems/{problem['id']}/overrules")).json()
    assert [bool(one["withdrawn_at"]) for one in listed] == [True, False]


async def test_an_overrule_of_another_problem_is_not_found(program: Desk) -> None:
    one, other = await walk(program, "submitted"), await walk(program, "submitted")
    kept = (await say(program, one)).json()
    answer = await program(COORDINATOR).delete(f"/problems/{other['id']}/overrules/{kept['id']}")
    assert answer.status_code == 404
    assert len(await corrections(program, one)) == 1


async def test_the_same_key_gives_the_first_answer_again(program: Desk, store: Database) -> None:
    problem = await walk(program, "submitted")
    answers = await asyncio.gather(*(say(program, problem, key="k1") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await store.overrules.count_documents({}) == 1
    assert (await say(program, problem, key="k1", wanted="warn")).json()["code"] == "key_reused"


async def test_of_two_at_once_without_a_key_one_is_refused(program: Desk, store: Database) -> None:
    problem = await walk(program, "submitted")
    answers = await asyncio.gather(*(say(program, problem) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await store.overrules.count_documents({}) == 1


async def test_a_refused_one_leaves_nothing_behind(program: Desk, store: Database) -> None:
    problem = await walk(program, "submitted")
    answer = await say(program, problem, reason="sai", wanted="pass", key="k1")
    assert {error["field"] for error in answer.json()["errors"]} == {"wanted", "reason"}
    assert (await say(program, problem, colour="red")).json()["errors"][0]["code"] == "extra_forbidden"
    assert await store.overrules.count_documents({}) == 0
    assert await store.receipts.count_documents({"_id": f"{COORDINATOR.person_id}|k1"}) == 0


PEOPLE = [
    (ANONYMOUS, 401, 401),
    (RESEARCHER, 404, 404),
    (person(Role.DRAFTER, unit=OTHER.id), 404, 404),
    (person(Role.OPS, unit=MARKET.id), 404, 404),
    (DRAFTER, 403, 403),
    (LEADER, 403, 200),
    (COORDINATOR, 201, 200),
]


@pytest.mark.parametrize(("actor", "says", "reads"), PEOPLE, ids=[str(actor.person_id) for actor, _, _ in PEOPLE])
async def test_who_may(program: Desk, actor: Actor, says: int, reads: int) -> None:
    problem = await walk(program, "submitted")
    assert (await say(program, problem, actor)).status_code == says
    assert (await program(actor).get(f"/problems/{problem['id']}/overrules")).status_code == reads


async def test_a_draft_does_not_exist_for_the_coordinator(program: Desk) -> None:
    problem = await post(program(DRAFTER))
    assert (await say(program, problem)).status_code == 404


async def test_the_text_is_as_it_was_judged(program: Desk) -> None:
    """While the agency writes it anew, the last verdict is of another text."""
    problem = await walk(program, "returned")
    record = problem["record"] | {"title": "Ban quản lý chợ không biết sạp nào trống"}
    saved = await program(DRAFTER).put(
        f"/problems/{problem['id']}", json={"version": problem["version"], "record": record}
    )
    assert (await say(program, saved.json())).json()["code"] == "text_not_judged"


async def test_an_overruled_failure_blocks_the_same_text_no_more_until_it_is_taken_back(program: Desk) -> None:
    problem = await post(program(DRAFTER), **ORDER)
    assert (await take(program, problem, "submit")).json()["code"] == "finding_in_the_way"
    sent = (await take(program, problem, "submit", override=OVERRIDE)).json()
    overrule = (await say(program, sent, wanted="warn")).json()
    again = (await sent_again(program, sent)).json()
    assert [one["override"] for one in again["judgements"]] == ["", OVERRIDE, ""]
    await program(COORDINATOR).delete(f"/problems/{sent['id']}/overrules/{overrule['id']}")
    assert (await sent_again(program, again)).json()["code"] == "finding_in_the_way"


async def sent_again(program: Desk, problem: Body) -> Response:
    draft = (await take(program, problem, "recall")).json()
    return await take(program, draft, "submit")
