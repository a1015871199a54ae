"""A researcher's profile and matches, by API and on the page."""

from typing import Any

import pytest
from httpx import AsyncClient

from services.matching.matches.event_handlers import open_problem
from services.matching.matches.repository import MatchRepository
from shared.identity import Role
from shared.mongo import Database
from shared.service import Service
from tests.services.matching.conftest import CSRF, Browser
from tests.services.matching.samples import EXPERTS, MARKET, published

pytestmark = pytest.mark.mongo
PROFILE = "/matching/v1/profile"
BODY: dict[str, Any] = {"version": 0, "statement": EXPERTS["cho"], "field_codes": ["502"], "searches": []}


@pytest.fixture
async def open_market(matching: Service) -> Database:
    """A problem that is open already."""
    store: Database = matching.http.state.database
    await MatchRepository(store).upsert_problem(open_problem(published(MARKET)))
    return store


async def test_a_saved_profile_meets_the_open_problems_at_once(browser: Browser, open_market: Database) -> None:
    me = browser()
    assert (await me.put(PROFILE, json=BODY)).json()["version"] == 1
    found = (await me.get("/matching/v1/matches")).json()["items"]
    assert [match["title"] for match in found] == [MARKET]
    assert round(sum(reason["share"] for reason in found[0]["reasons"]), 4) == found[0]["score"]


async def test_everyone_has_a_profile_of_their_own(browser: Browser, matching: Service) -> None:
    await browser("r1").put(PROFILE, json=BODY)
    assert (await browser("r2").get(PROFILE)).json()["statement"] == ""
    assert (await browser("r1").get(PROFILE)).json()["statement"] == EXPERTS["cho"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RESEARCHER])
@pytest.mark.parametrize("path", [PROFILE, "/matching/v1/matches", "/ket-noi", "/ket-noi/ho-so", "/ket-noi/theo-doi"])
async def test_only_researchers_enter(browser: Browser, role: Role, path: str) -> None:
    assert (await browser("p1", role).get(path)).status_code == 403


async def test_an_anonymous_program_is_asked_to_sign_in(browser: Browser, matching: Service) -> None:
    me = browser()
    me.cookies.clear()
    answer = await me.get(PROFILE)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"version": 7}, 409, "version_mismatch", None),
        ({"unknown": 1}, 422, "invalid_input", "unknown"),
        ({"statement": "x" * 8001}, 422, "invalid_input", "statement"),
        ({"field_codes": ["999"]}, 422, "invalid_input", "field_codes.0"),
        ({"searches": [{"name": "x"}]}, 422, "invalid_input", "searches.0.name"),
        ({"searches": [{"name": "chợ"}] * 21}, 422, "invalid_input", "searches"),
        ({"version": "a"}, 422, "invalid_input", "version"),
    ],
)
async def test_bad_input_is_named_and_nothing_is_lost(
    browser: Browser, changed: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    me = browser()
    answer = await me.put(PROFILE, json=BODY | changed)
    body = answer.json()
    assert (answer.status_code, body["code"], answer.headers["content-type"]) == (
        status,
        code,
        "application/problem+json",
    )
    assert field in [error["field"] for error in body["errors"]] or (field is None and body["detail"])
    assert (await me.get(PROFILE)).json()["version"] == 0


async def test_json_that_cannot_be_read_is_refused(browser: Browser) -> None:
    answer = await browser().put(PROFILE, content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")


async def post(me: AsyncClient, path: str, **fields: Any) -> Any:
    return await me.post(path, data={"csrf": CSRF, **fields}, headers={"origin": "http://debai.test"})


async def test_the_profile_page_saves_and_keeps_the_searches(browser: Browser) -> None:
    me = browser()
    saved = await post(me, "/ket-noi/theo-doi", version="0", name="Chợ", words="cho", field="502", act="save")
    assert saved.headers["location"] == "/ket-noi/theo-doi?da-luu"
    await post(me, "/ket-noi/ho-so", version="1", statement="Thu phí sạp", field_codes=["502", ""])
    kept = (await me.get(PROFILE)).json()
    assert (kept["statement"], kept["field_codes"]) == ("Thu phí sạp", ["502"])
    assert [(s["name"], s["words"], s["field_codes"]) for s in kept["searches"]] == [("Chợ", "cho", ["502"])]


async def test_what_was_typed_is_kept_when_the_profile_has_changed_meanwhile(browser: Browser) -> None:
    me = browser()
    await me.put(PROFILE, json=BODY)
    answer = await post(me, "/ket-noi/ho-so", version="0", statement="Bản khác đang viết", field_codes=[""])
    assert answer.status_code == 409
    assert "Bản khác đang viết" in answer.text
    assert "Nội dung đã được người khác thay đổi" in answer.text


async def test_rows_of_searches_come_and_go_without_script(browser: Browser) -> None:
    me = browser()
    more = await post(me, "/ket-noi/theo-doi", version="0", name="Chợ", words="", field="", act="add:searches")
    assert more.text.count('name="words"') == 2
    fewer = await post(
        me, "/ket-noi/theo-doi", version="0", name=["Chợ", "Y"], words=["", ""], field=["", ""], act="drop:searches.0"
    )
    assert 'value="Y"' in fewer.text
    assert 'value="Chợ"' not in fewer.text


async def test_the_page_says_why_and_labels_what_is_made_up(browser: Browser, open_market: Database) -> None:
    me = browser()
    assert "Hãy cho biết anh/chị làm được gì" in (await me.get("/ket-noi")).text
    await me.put(PROFILE, json=BODY)
    page = (await me.get("/ket-noi")).text
    assert MARKET in page
    assert "<mark" in page


async def test_not_ready_until_the_memory_is_built(browser: Browser) -> None:
    answer = await browser().get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, {"index": "not built yet"})
