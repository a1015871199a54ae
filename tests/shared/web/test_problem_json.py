"""Programs get problem+json, people a page, both told what to do."""

from typing import Any

import pytest
from httpx import AsyncClient

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"title": "ab", "count": 1}, "title", "string_too_short"),
        ({"title": "a" * 21, "count": 1}, "title", "string_too_long"),
        ({"count": 1}, "title", "missing"),
        ({"title": "abc", "count": 0}, "count", "greater_than_equal"),
        ({"title": "abc", "count": "x"}, "count", "int_parsing"),
        ({"title": "abc", "count": 1, "more": 1}, "more", "extra_forbidden"),
        ({"title": 5, "count": 1}, "title", "string_type"),
    ],
)
async def test_a_bad_field_is_named_with_what_to_do(web: AsyncClient, body: Any, field: str, code: str) -> None:
    answer = await web.post("/thu/v1/notes", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]
    assert answer.json()["errors"][0]["message"]


async def test_all_errors_come_at_once(web: AsyncClient) -> None:
    answer = await web.post("/thu/v1/notes", json={"more": 1})
    assert {e["field"] for e in answer.json()["errors"]} == {"title", "count", "more"}


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b""])
async def test_what_is_no_json_is_refused(web: AsyncClient, content: bytes) -> None:
    answer = await web.post("/thu/v1/notes", content=content, headers=JSON)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_refusal_has_all_the_members_of_rfc_9457(web: AsyncClient) -> None:
    answer = await web.get("/thu/v1/refused/version", params={"lang": "en"})
    problem = answer.json()
    assert problem.pop("trace")
    assert problem == {
        "type": "/tro-giup#version_mismatch",
        "code": "version_mismatch",
        "status": 409,
        "title": "Someone else has changed this meanwhile",
        "detail": "Load the latest version (7), see what changed, then send again.",
        "errors": [],
    }


@pytest.mark.parametrize("asked", ["vi", "fr", ""])
async def test_an_unknown_language_is_vietnamese(web: AsyncClient, asked: str) -> None:
    answer = await web.get("/thu/v1/refused/version", params={"lang": asked})
    assert "phiên bản 7" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/thu/v1/nowhere", 404, "not_found"),
        ("DELETE", "/thu/v1/notes", 405, "method_not_offered"),
        ("GET", "/thu/v1/mine", 401, "sign_in_needed"),
        ("GET", "/thu/v1/refused/bug", 500, "unexpected"),
        ("GET", "/thu/v1/refused/database", 503, "unavailable"),
    ],
)
async def test_each_refusal_of_the_door_has_its_code(
    web: AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await web.request(method, path)
    assert answer.status_code == status
    assert answer.json()["code"] == code


@pytest.mark.parametrize("path", ["/hong/bug", "/thu/v1/refused/bug"])
async def test_a_bug_shows_a_code_for_the_support_team_and_nothing_else(web: AsyncClient, path: str) -> None:
    answer = await web.get(path, headers={"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})
    assert "4bf92f3577b34da6a3ce929d0e0e4736" in answer.text
    assert "must not see" not in answer.text


async def test_people_get_a_page_in_their_language(web: AsyncClient) -> None:
    vietnamese, english = await web.get("/hong/fields"), await web.get("/hong/fields?lang=en")
    assert vietnamese.status_code == english.status_code == 422
    assert vietnamese.headers["content-type"].startswith("text/html")
    assert "<h1>Nội dung gửi lên chưa hợp lệ</h1>" in vietnamese.text
    assert "<h1>What was sent is not valid</h1>" in english.text
    assert "Fill this in" in english.text


async def test_an_unknown_address_is_a_page_of_ours(web: AsyncClient) -> None:
    answer = await web.get("/khong-co")
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text
    assert 'href="/"' in answer.text


async def test_a_database_that_is_away_is_told_on_the_page_too(web: AsyncClient) -> None:
    answer = await web.get("/hong/database")
    assert answer.status_code == 503
    assert "Chưa có gì bị thay đổi" in answer.text
