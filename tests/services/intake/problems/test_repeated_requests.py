"""Sending the same request again is safe, one after the other or at once."""

import asyncio

import pytest

from shared.identity import Role
from shared.mongo import Database
from tests.services.intake.builders import APPROVER, DRAFTER, RECORD_BODY, person
from tests.services.intake.conftest import Desk
from tests.services.intake.path import PATH, Body, body, post, take, walk

KEY = {"Idempotency-Key": "k1"}


async def test_the_same_key_gives_the_first_answer_again(program: Desk, store: Database) -> None:
    desk = program(DRAFTER)
    first = await desk.post("/problems", json=RECORD_BODY, headers=KEY)
    again = await desk.post("/problems", json=RECORD_BODY, headers=KEY)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert await store.problems.count_documents({}) == 1


async def test_the_same_key_with_another_body_is_refused(program: Desk, store: Database) -> None:
    desk = program(DRAFTER)
    await desk.post("/problems", json=RECORD_BODY, headers=KEY)
    answer = await desk.post("/problems", json=RECORD_BODY | {"title": "Một đề bài khác hẳn"}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert await store.problems.count_documents({}) == 1


async def test_two_people_may_use_the_same_key(program: Desk, store: Database) -> None:
    for who in (DRAFTER, person(Role.DRAFTER, name="drafter-2")):
        assert (await program(who).post("/problems", json=RECORD_BODY, headers=KEY)).status_code == 201
    assert await store.problems.count_documents({}) == 2


async def test_a_refused_request_may_be_mended_under_its_key(program: Desk) -> None:
    problem = await post(program(DRAFTER), title="Ngắn")
    assert (await take(program, problem, "submit", key="k2")).status_code == 422
    whole = {"version": 1, "record": RECORD_BODY}
    mended = (await program(DRAFTER).put(f"/problems/{problem['id']}", json=whole)).json()
    assert (await take(program, mended, "submit", key="k2")).status_code == 200


async def test_equal_requests_at_once_make_one_problem(program: Desk, store: Database) -> None:
    desk = program(DRAFTER)
    answers = await asyncio.gather(*(desk.post("/problems", json=RECORD_BODY, headers=KEY) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await store.problems.count_documents({}) == await store.events.count_documents({}) == 1


STEPS = [(state, command) for state, commands in PATH.items() for command in commands[-1:]]


@pytest.mark.parametrize(("state", "command"), STEPS)
async def test_every_step_repeated_at_once_is_taken_once(
    program: Desk, store: Database, state: str, command: str
) -> None:
    before = await walk(program, next(s for s, commands in PATH.items() if commands == PATH[state][:-1]))
    given = body(command)
    answers = await asyncio.gather(*(take(program, before, command, key="once", **given) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert await store.events.count_documents({}) == before["version"] + 1


async def test_without_a_key_the_version_lets_one_of_two_through(program: Desk, store: Database) -> None:
    problem = await post(program(DRAFTER))
    answers = await asyncio.gather(*(take(program, problem, "submit", actor=APPROVER) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await outcome(store, problem) == ("submitted", 2)


async def outcome(store: Database, problem: Body) -> tuple[str, int]:
    stored = await store.problems.find_one({"_id": problem["id"]})
    assert stored is not None
    return stored["state"], stored["version"]
