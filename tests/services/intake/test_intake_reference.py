"""The page of intake's API, and what its OpenAPI document says of signing in."""

import re
from typing import Any

import pytest

from shared.identity import ANONYMOUS
from tests.services.intake.conftest import Desk

pytestmark = pytest.mark.mongo
OPEN = {"GET /intake/v1/units", "GET /intake/v1/units/{unit_id}", "POST /intake/v1/sessions"}
SHOWS_MORE = {
    "GET /intake/v1/problems",
    "GET /intake/v1/problems/{problem_id}",
    "GET /intake/v1/problems/{problem_id}/history",
}


@pytest.fixture
async def document(browser: Desk) -> dict[str, Any]:
    found: dict[str, Any] = (await browser(ANONYMOUS).get("/intake/openapi.json")).json()
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_anyone_reads_it_and_nothing_comes_from_elsewhere(browser: Desk, language: str) -> None:
    answer = await browser(ANONYMOUS).get("/intake/docs", params={"lang": language})
    assert answer.status_code == 200
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*//[^>]*>", answer.text) == []
    assert "/intake/v1/coach" in answer.text.replace("<wbr>", "") and "of at most 8,000 characters" in answer.text


async def test_the_document_says_how_to_sign_in(document: dict[str, Any]) -> None:
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


async def test_whatever_needs_a_person_says_so(document: dict[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path}": given
        for path, methods in document["paths"].items()
        for method, given in methods.items()
    }
    asked = {name: given.get("security", []) for name, given in operations.items()}
    assert {name for name, ways in asked.items() if ways == []} == OPEN
    assert {name for name, ways in asked.items() if ways == [{}, {"token": []}]} == SHOWS_MORE
    assert all(ways == [{"token": []}] for name, ways in asked.items() if name not in OPEN | SHOWS_MORE)
