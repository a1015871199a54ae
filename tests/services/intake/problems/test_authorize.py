"""Who may do what with whose problem: every role at every address, expected from the lifecycle table itself."""

import json
from typing import Any

import pytest
from httpx import AsyncClient, Response

from services.intake.problems.lifecycle import OFFERED, TABLE
from shared.identity import ANONYMOUS, Actor, Role
from tests.services.intake.builders import DRAFTER, MARKET, OTHER, RECORD_BODY, person
from tests.services.intake.conftest import Desk
from tests.services.intake.path import Body, body, post, walk

AGENCY, DOST = {Role.DRAFTER, Role.APPROVER}, {Role.COORDINATOR, Role.DEPT_LEADER}
WHO: dict[str, set[str]] = {}
for row in json.loads(TABLE.read_text())["transitions"]:
    WHO.setdefault(row["command"], set()).update(row["who"])
COMMANDS = sorted(OFFERED - {"create"})
PEOPLE = [ANONYMOUS, *(person(role, unit=unit) for role in Role for unit in (MARKET.id, OTHER.id))]
STALE = 999
"""Whoever may take the step learns that the version has moved on, and nothing changes."""


def name_of(actor: Actor) -> str:
    return f"{'-'.join(actor.roles)}@{actor.unit_id}" if actor.signed_in else "visitor"


def reads(actor: Actor, state: str) -> bool:
    if state == "open" or (actor.has(*DOST) and state != "draft"):
        return True
    return actor.has(*AGENCY) and actor.unit_id == MARKET.id


def expected(actor: Actor, command: str, state: str) -> int:
    if not actor.signed_in:
        return 401
    if not reads(actor, state):
        return 404
    role = next(iter(actor.roles))
    own = role not in AGENCY or actor.unit_id == MARKET.id
    return 409 if role in WHO[command] and own else 403


async def send(desk: AsyncClient, command: str, problem: Body) -> Response:
    address = f"/problems/{problem['id']}"
    if command == "edit":
        return await desk.put(address, json={"version": STALE, "record": RECORD_BODY})
    return await desk.post(f"{address}/{command}", json={**body(command), "version": STALE})


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "open"])
async def test_every_step_is_for_whom_the_table_names(program: Desk, state: str) -> None:
    problem = await walk(program, state)
    wrong = []
    for actor in PEOPLE:
        desk = program(actor)
        for command in COMMANDS:
            answer = await send(desk, command, problem)
            if answer.status_code != expected(actor, command, state):
                wrong.append((name_of(actor), command, answer.status_code, expected(actor, command, state)))
    assert wrong == []
    assert (await program(DRAFTER).get(f"/problems/{problem['id']}")).json()["version"] == problem["version"]


@pytest.mark.parametrize("actor", PEOPLE, ids=name_of)
async def test_what_one_may_not_see_is_not_found_and_not_listed(program: Desk, actor: Actor) -> None:
    desk = program(actor)
    for state in ("draft", "submitted", "open"):
        problem = await walk(program, state)
        status = 200 if reads(actor, state) else 404
        for address in (f"/problems/{problem['id']}", f"/problems/{problem['id']}/history"):
            assert (await desk.get(address)).status_code == status, (state, address)
        listed = (await desk.get("/problems", params={"state": state})).json()["items"]
        assert [one["id"] for one in listed] == ([problem["id"]] if status == 200 else [])


@pytest.mark.parametrize("actor", PEOPLE, ids=name_of)
async def test_only_a_drafter_posts_and_only_operations_keeps_the_register(program: Desk, actor: Actor) -> None:
    desk = program(actor)
    refused = 403 if actor.signed_in else 401
    posted = await desk.post("/problems", json=RECORD_BODY)
    assert posted.status_code == (201 if actor.has(Role.DRAFTER) else refused)
    unit = {"name": "UBND Phường Mới", "valid_from": "2025-07-01"}
    kept = await desk.put("/units/p-moi", json=unit)
    assert kept.status_code == (200 if actor.has(Role.OPS) else refused)


@pytest.mark.parametrize(
    ("visibility", "actor", "seen"),
    [
        ("public", ANONYMOUS, True),
        ("registered", ANONYMOUS, False),
        ("registered", person(Role.RESEARCHER, unit=None), True),
        ("registered", person(Role.APPROVER, unit=OTHER.id), True),
    ],
)
async def test_a_published_problem_is_for_whom_its_agency_chose(
    program: Desk, visibility: str, actor: Actor, seen: bool
) -> None:
    problem = await walk(program, "open", visibility=visibility)
    assert (await program(actor).get(f"/problems/{problem['id']}")).status_code == (200 if seen else 404)


async def test_a_recalled_problem_is_gone_from_the_queue(program: Desk) -> None:
    problem = await walk(program, "submitted")
    address = f"/problems/{problem['id']}"
    coordinator = program(person(Role.COORDINATOR, unit="so-khcn"))
    assert (await coordinator.get(address)).status_code == 200
    await program(DRAFTER).post(f"{address}/recall", json={"version": problem["version"]})
    assert (await coordinator.get(address)).status_code == 404


async def test_someone_in_two_roles_acts_in_the_one_that_fits(program: Desk) -> None:
    both = Actor("both", "Ngô Hai", frozenset({Role.DRAFTER, Role.APPROVER}), MARKET.id)
    problem: dict[str, Any] = await post(program(both))
    sent = await program(both).post(f"/problems/{problem['id']}/submit", json={"version": 1, **body("submit")})
    steps = (await program(both).get(f"/problems/{problem['id']}/history")).json()
    assert (sent.status_code, [step["data"]["actor_role"] for step in steps]) == (200, ["drafter", "approver"])
