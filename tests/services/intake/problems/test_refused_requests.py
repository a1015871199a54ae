"""Whatever is wrong with a request, the answer is problem+json that says what to do, and nothing is stored."""

from typing import Any

import pytest
from httpx import Response

from shared.identity import ANONYMOUS, Actor, Role
from shared.mongo import Database
from tests.services.intake.builders import COORDINATOR, DRAFTER, ENDED, RECORD_BODY, RESEARCHER, person
from tests.services.intake.conftest import Desk
from tests.services.intake.path import SIGNED, post, take, walk

LONG = "dài " * 600
ROW = {"group": "tiểu thương", "count": 1}
BAD_RECORDS: list[tuple[dict[str, Any], str, str]] = [
    ({"colour": "red"}, "colour", "extra_forbidden"),
    ({"statement": {"why": "x"}}, "statement.why", "extra_forbidden"),
    ({"title": "t" * 121}, "title", "string_too_long"),
    ({"title": 7}, "title", "string_type"),
    ({"statement": {"who": LONG}}, "statement.who", "string_too_long"),
    ({"field_codes": ["999"]}, "field_codes.0", "enum"),
    ({"field_codes": ["101", "102", "105", "106", "201", "202"]}, "field_codes", "too_long"),
    ({"affected": [ROW | {"count": -1}]}, "affected.0.count", "greater_than_equal"),
    ({"affected": [ROW | {"count": "nhiều"}]}, "affected.0.count", "int_parsing"),
    ({"affected": [ROW] * 11}, "affected", "too_long"),
    ({"baseline": [{"metric": "thất thu", "value": "1e999", "unit": "%"}]}, "baseline.0.value", "finite_number"),
    ({"target": [{"metric": "thất thu", "value": 2, "unit": "%", "due": "31/12"}]}, "target.0.due", "date"),
    ({"data": [{"name": "sổ", "personal": "maybe"}]}, "data.0.personal", "enum"),
    ({"visibility": "secret"}, "visibility", "enum"),
    ({"no_data": "perhaps"}, "no_data", "bool_parsing"),
]


def check_refusal(answer: Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert (told["code"], told["status"], told["type"]) == (code, status, f"/tro-giup#{code}")
    assert told["title"] and told["detail"] and "{" not in told["title"] + told["detail"]
    return told


@pytest.mark.parametrize(("part", "field", "code"), BAD_RECORDS, ids=[f"{f}-{c}" for _, f, c in BAD_RECORDS])
async def test_a_bad_field_is_named(
    program: Desk, store: Database, part: dict[str, Any], field: str, code: str
) -> None:
    told = check_refusal(await program(DRAFTER).post("/problems", json=RECORD_BODY | part), 422, "invalid_input")
    named = {error["field"]: error["code"] for error in told["errors"]}
    assert named[field].startswith(code) and told["errors"][0]["message"]
    assert await store.problems.count_documents({}) == 0


async def test_all_bad_fields_are_named_at_once(program: Desk) -> None:
    bad = {"title": "t" * 121, "visibility": "secret", "field_codes": ["999"]}
    told = check_refusal(await program(DRAFTER).post("/problems", json=RECORD_BODY | bad), 422, "invalid_input")
    assert {error["field"] for error in told["errors"]} == {"title", "visibility", "field_codes.0"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_request"),
        (b"\xff\xfe{}", 400, "malformed_request"),
        (b"", 422, "invalid_input"),
        (b"[]", 422, "invalid_input"),
        (b"null", 422, "invalid_input"),
        (b'{"title": "' + b"t" * 600_000 + b'"}', 413, "request_too_large"),
    ],
    ids=["half", "no-utf8", "empty", "list", "null", "huge"],
)
async def test_a_body_that_is_no_record(program: Desk, body: bytes, status: int, code: str) -> None:
    headers = {"content-type": "application/json"}
    check_refusal(await program(DRAFTER).post("/problems", content=body, headers=headers), status, code)


@pytest.mark.parametrize("version", [None, 0, -1, "two", 1.5, 10**20])
async def test_a_version_is_a_positive_whole_number(program: Desk, version: Any) -> None:
    problem = await post(program(DRAFTER))
    told = check_refusal(await take(program, problem, "submit", version=version), 422, "invalid_input")
    assert told["errors"][0]["field"] == "version"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028"])
async def test_a_text_of_one_line_has_no_line_break(program: Desk, store: Database, end: str) -> None:
    """The form would make two rows of it, and the place would lose its unit."""
    two = f"Phường Chợ Lớn{end}Phường Bình Thới"
    wrong = {"place": [{"name": two, "unit_id": "p-cho-lon"}], "must_connect": [two], "affected": [{"group": two}]}
    answer = await program(DRAFTER).post("/problems", json=RECORD_BODY | wrong)
    told = check_refusal(answer, 422, "invalid_input")
    assert {(one["field"], one["code"]) for one in told["errors"]} == {
        (name, "line_break") for name in ("place.0.name", "must_connect.0", "affected.0.group")
    }
    assert await store.problems.count_documents({}) == 0


@pytest.mark.parametrize("version", [2, 999])
async def test_another_version_than_the_present_one_is_refused(program: Desk, version: int) -> None:
    problem = await post(program(DRAFTER))
    check_refusal(await take(program, problem, "submit", version=version), 409, "version_mismatch")


@pytest.mark.parametrize(
    ("state", "command"),
    [
        ("draft", "start_review"), ("draft", "resubmit"), ("submitted", "submit"), ("submitted", "publish"),
        ("under_review", "recall"), ("approved", "approve"), ("open", "publish"), ("declined", "withdraw"),
    ],
)  # fmt: skip
async def test_a_step_that_the_state_does_not_have_is_refused(program: Desk, state: str, command: str) -> None:
    problem = await walk(program, state)
    unseen = state == "draft" and command == "start_review"  # a draft does not exist for DOST
    expected = (404, "not_found") if unseen else (409, "illegal_step")
    check_refusal(await take(program, problem, command), *expected)


@pytest.mark.parametrize(
    ("command", "status", "code"),
    [("merge", 409, "step_not_offered"), ("explode", 404, "unknown_command"), ("edit", 404, "not_found")],
)
async def test_a_step_that_is_not_offered(program: Desk, command: str, status: int, code: str) -> None:
    problem = await walk(program, "submitted")
    body = {"version": problem["version"]}
    check_refusal(await program(COORDINATOR).post(f"/problems/{problem['id']}/{command}", json=body), status, code)


async def test_a_field_that_the_command_does_not_take_is_refused(program: Desk) -> None:
    problem = await post(program(DRAFTER))
    told = check_refusal(await take(program, problem, "submit", urgent=True), 422, "invalid_input")
    assert told["errors"][0]["field"] == "urgent"


@pytest.mark.parametrize(
    ("actor", "status", "code"),
    [
        (ANONYMOUS, 401, "sign_in_needed"),
        (RESEARCHER, 403, "not_allowed"),
        (COORDINATOR, 403, "not_allowed"),
        (person(Role.DRAFTER, unit=None), 403, "not_allowed"),
        (person(Role.DRAFTER, unit="nowhere"), 422, "unknown_unit"),
        (person(Role.DRAFTER, unit=ENDED.id), 409, "unit_ended"),
    ],
    ids=["visitor", "researcher", "coordinator", "no-unit", "unknown-unit", "ended-unit"],
)
async def test_who_may_not_post(program: Desk, store: Database, actor: Actor, status: int, code: str) -> None:
    told = check_refusal(await program(actor).post("/problems", json=RECORD_BODY), status, code)
    assert "Bình Thới" in told["detail"] if code == "unit_ended" else True
    assert await store.problems.count_documents({}) == 0


async def test_a_forged_token_is_nobodys(program: Desk) -> None:
    desk = program(DRAFTER)
    desk.headers["authorization"] = desk.headers["authorization"][:-4] + "AAAA"
    check_refusal(await desk.post("/problems", json=RECORD_BODY), 401, "sign_in_needed")


@pytest.mark.parametrize("cursor", ["x", "%00", "bm8=", "w6E="])
async def test_a_cursor_that_is_none_of_ours(program: Desk, cursor: str) -> None:
    told = check_refusal(await program(ANONYMOUS).get("/problems", params={"cursor": cursor}), 422, "invalid_input")
    assert told["errors"][0]["field"] == "cursor"


async def test_refusals_are_told_in_english_on_demand(program: Desk) -> None:
    problem = await post(program(DRAFTER), title="Ngắn")
    answer = await program(person(Role.APPROVER)).post(
        f"/problems/{problem['id']}/submit?lang=en", json={"version": 1, **SIGNED}
    )
    assert answer.json()["title"] == "The problem is not complete enough to send"
