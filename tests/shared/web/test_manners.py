"""What every answer has, whatever became of the request."""

import asyncio
import re

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from shared.web.manners import CSP
from shared.web.problem_json import BODY_LIMIT_KB
from tests.serving import serving

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/trang", 200),
        ("/khong-co", 404),
        ("/hong/version", 409),
        ("/hong/bug", 500),
        ("/cua-toi", 303),
        ("/thu/v1/refused/version", 409),
        ("/thu/v1/refused/bug", 500),
        ("/thu/v1/nowhere", 404),
        ("/static/0/debai.css", 404),
        ("/livez", 200),
        ("/metrics", 200),
    ],
)
async def test_every_answer_carries_the_safe_headers(web: AsyncClient, path: str, status: int) -> None:
    answer = await web.get(path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_the_policy_lets_nothing_run_but_our_own_files() -> None:
    assert "default-src 'none'" in CSP
    assert "unsafe" not in CSP


@pytest.mark.parametrize("path", ["/thu/v1/notes", "/trang"])
async def test_a_body_that_is_too_large_is_refused(web: AsyncClient, path: str) -> None:
    kind = "application/json" if "v1" in path else "application/x-www-form-urlencoded"
    answer = await web.post(path, content=b"a" * (BODY_LIMIT_KB * 1024 + 1), headers={"content-type": kind})
    assert answer.status_code == 413
    assert str(BODY_LIMIT_KB) in answer.text
    assert answer.headers["content-security-policy"] == CSP


async def test_a_body_at_the_limit_is_read(web: AsyncClient) -> None:
    answer = await web.post("/thu/v1/notes", content=b" " * (BODY_LIMIT_KB * 1024))
    assert answer.status_code != 413


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://else.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://debai.test:8081"},
    ],
)
async def test_what_another_site_makes_a_browser_send_is_refused(web: AsyncClient, headers: dict[str, str]) -> None:
    answer = await web.post("/thu/v1/notes", json={"title": "abc", "count": 1}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "foreign_origin"


@pytest.mark.parametrize("headers", [{}, {"origin": "http://debai.test", "sec-fetch-site": "same-origin"}])
async def test_our_own_page_and_a_program_may_send(web: AsyncClient, headers: dict[str, str]) -> None:
    answer = await web.post("/thu/v1/notes", json={"title": "abc", "count": 1}, headers=headers)
    assert answer.status_code == 200


async def test_a_page_of_another_site_may_link_here(web: AsyncClient) -> None:
    answer = await web.get("/trang", headers={"sec-fetch-site": "cross-site", "origin": "https://else.example"})
    assert answer.status_code == 200


async def test_the_callers_trace_is_followed(web: AsyncClient) -> None:
    answer = await web.get("/thu/v1/refused/version", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    assert answer.json()["trace"] == TRACE


@pytest.mark.parametrize("given", ["", "nonsense", "00-" + "0" * 32 + "-00f067aa0ba902b7-01"])
async def test_without_a_good_trace_one_begins(web: AsyncClient, given: str) -> None:
    answer = await web.get("/thu/v1/refused/version", headers={"traceparent": given})
    assert re.fullmatch(r"(?!0{32})[0-9a-f]{32}", answer.json()["trace"])


async def test_a_stream_is_not_held_back(app: FastAPI) -> None:
    async with (
        serving(app) as url,
        AsyncClient(base_url=url) as client,
        client.stream("GET", "/thu/v1/stream") as answer,
    ):
        words = answer.aiter_text()
        async with asyncio.timeout(10):
            assert await anext(words) == "data: one\n\n"
            app.state.go.set()
            assert await anext(words) == "data: two\n\n"


async def test_numbers_are_kept_by_route_and_not_by_address(web: AsyncClient) -> None:
    await web.get("/hong/version?x=secret-address")
    counted = (await web.get("/metrics")).text
    assert 'route="/hong/{kind}"' in counted
    assert "secret-address" not in counted
