"""A researcher's profile and matches, by API and on the page."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from services.matching.matches.event_handlers import open_problem
from services.matching.matches.repository import MatchRepository
from services.matching.matches.similar import Neighbours
from shared.events.envelope import Event
from shared.identity import Role
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.service import Service
from tests.services.matching.conftest import Browser
from tests.services.matching.samples import EXPERTS, MARKET, NOW, published, withdrawn
from tests.serving import CSRF

pytestmark = pytest.mark.mongo
PROFILE = "/matching/v1/profile"
SEARCH = "/matching/v1/searches/Ch%E1%BB%A3"
FOLLOWING = "/ket-noi/theo-doi"
ROW = {"searches.0.name": "Chợ", "searches.0.words": "cho", "searches.0.field_codes": "502"}
BODY: dict[str, Any] = {"version": 0, "statement": EXPERTS["cho"], "field_codes": ["502"], "searches": []}


@pytest.fixture
async def open_market(matching: Service) -> Database:
    """A problem that is open already."""
    store: Database = matching.http.state.database
    await MatchRepository(store).upsert_problems([open_problem(published(MARKET))])
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
@pytest.mark.parametrize(
    "path", [PROFILE, SEARCH, "/matching/v1/matches", "/ket-noi", "/ket-noi/ho-so", "/ket-noi/theo-doi"]
)
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
        ({"searches": [{"name": f"chợ {n}", "words": "sạp"} for n in range(21)]}, 422, "invalid_input", "searches"),
        ({"searches": [{"name": "mọi thứ"}]}, 422, "invalid_input", "searches.0"),
        ({"searches": [{"name": "chợ", "words": w} for w in ("sạp", "phí")]}, 422, "invalid_input", ""),
        ({"version": -1}, 422, "invalid_input", "version"),
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


async def close(matching: Service, event: Event[Any]) -> None:
    store: Database = matching.http.state.database

    async def body(session: Session) -> None:
        await MatchRepository(store).close_problem(event.subject, event.sequence, "withdrawn", session=session)

    await transact(store, body)


async def post(me: AsyncClient, path: str, **fields: Any) -> Any:
    return await me.post(path, data={"csrf": CSRF, **fields}, headers={"origin": "http://debai.test"})


async def test_the_profile_page_saves_and_keeps_the_searches(browser: Browser) -> None:
    me = browser()
    saved = await post(me, FOLLOWING, act="save", **{**ROW, "version": "0"})
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
    more = await post(me, FOLLOWING, version="0", act="add:searches", **{"searches.0.name": "Chợ"})
    assert 'name="searches.1.words"' in more.text
    typed = {"searches.0.name": "Chợ", "searches.1.name": "Y"}
    fewer = await post(me, FOLLOWING, version="0", act="drop:searches.0", **typed)
    assert 'value="Y"' in fewer.text
    assert 'value="Chợ"' not in fewer.text


async def test_a_wrong_row_of_searches_is_shown_with_what_was_typed_and_where_to_mend_it(browser: Browser) -> None:
    me = browser()
    rows = {"searches.0.name": "", "searches.1.name": "Không lọc gì", "searches.2.name": "x", "searches.2.words": "sạp"}
    answer = await post(me, FOLLOWING, version="0", act="save", **rows)
    assert answer.status_code == 422
    assert "<title>Lỗi: " in answer.text
    assert 'href="#searches.0.words"' in answer.text
    assert 'href="#searches.1.name"' in answer.text
    assert 'value="Không lọc gì"' in answer.text


async def test_the_searches_page_keeps_every_filter_that_the_api_has_set(browser: Browser) -> None:
    me = browser()
    full = {"words": "sạp", "field_codes": ["502", "505"], "unit_id": "so-cong-thuong", "place": "Phường Chợ Lớn"}
    await me.put(SEARCH, json={"version": 0, **full})
    page = (await me.get(FOLLOWING)).text
    assert '<option value="502,505" selected>' in page
    assert 'value="Phường Chợ Lớn"' in page


async def test_the_profile_page_shows_every_field_that_the_api_has_set(browser: Browser) -> None:
    me = browser()
    codes = ["502", "101", "302", "401"]
    await me.put(PROFILE, json=BODY | {"field_codes": codes})
    page = (await me.get("/ket-noi/ho-so")).text
    assert [f'value="{code}" selected' in page for code in codes] == [True] * 4


async def test_saved_searches_are_added_read_replaced_and_dropped_one_by_one(browser: Browser) -> None:
    me = browser()
    assert (await me.put(SEARCH, json={"version": 0, "words": "sạp"})).json()["version"] == 1
    assert (
        await me.put("/matching/v1/searches/T%C3%B4m%2Fc%C3%A1", json={"version": 1, "words": "tôm"})
    ).status_code == 200
    assert (await me.put(SEARCH, json={"version": 2, "words": "phí"})).status_code == 200
    listed = (await me.get("/matching/v1/searches")).json()
    assert (listed["version"], [(s["name"], s["words"]) for s in listed["items"]]) == (
        3,
        [("Chợ", "phí"), ("Tôm/cá", "tôm")],
    )
    assert (await me.get(SEARCH)).json()["words"] == "phí"
    assert (await me.delete(SEARCH, params={"version": 3})).status_code == 200
    assert (await me.get(SEARCH)).status_code == 404


async def test_a_new_saved_search_meets_the_open_problems_at_once(browser: Browser, open_market: Database) -> None:
    me = browser()
    await me.put(SEARCH, json={"version": 0, "words": "sap"})
    [found] = (await me.get("/matching/v1/matches")).json()["items"]
    assert (found["score"], found["reasons"]) == (0, [{"kind": "saved_search", "label": "Chợ", "share": 0}])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"version": 0}, 422),
        ({"version": 0, "words": "x" * 201}, 422),
        ({"version": 0, "field_codes": ["999"]}, 422),
        ({"version": 0, "words": "sạp", "name": "Chợ"}, 422),
        ({"words": "sạp"}, 422),
        ({"version": 4, "words": "sạp"}, 409),
    ],
)
async def test_a_bad_saved_search_is_refused(browser: Browser, body: dict[str, Any], status: int) -> None:
    me = browser()
    assert (await me.put(SEARCH, json=body)).status_code == status
    assert (await me.get("/matching/v1/searches")).json()["items"] == []


async def test_no_more_searches_are_kept_than_the_limit(browser: Browser) -> None:
    me = browser()
    await me.put(PROFILE, json=BODY | {"searches": [{"name": f"mục {n}", "words": "sạp"} for n in range(20)]})
    answer = await me.put(SEARCH, json={"version": 1, "words": "sạp"})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_searches")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_repeated_command_is_answered_as_the_first_time(browser: Browser, method: str) -> None:
    me = browser()
    await me.put(SEARCH, json={"version": 0, "words": "sạp"})
    given: dict[str, Any] = {"json": {"version": 1, "words": "phí"}} if method == "PUT" else {"params": {"version": 1}}
    first, again = [await me.request(method, SEARCH, **given) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.json()["version"] == 2


async def test_two_savings_of_one_version_leave_one_winner(browser: Browser) -> None:
    me = browser()
    bodies = [BODY | {"statement": f"Thu phí sạp {n}"} for n in range(4)]
    answers = await asyncio.gather(*(me.put(PROFILE, json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_matches_come_in_pages_open_ones_first_then_the_best(browser: Browser, matching: Service) -> None:
    me, store = browser(), MatchRepository(matching.http.state.database)
    titles = [MARKET, "Thu phí sạp ở chợ truyền thống", "Thu phí ở chợ sau mưa", "Kiểm đếm chỗ trống ở chợ"]
    events = [published(title, number=number) for number, title in enumerate(titles, 1)]
    await store.upsert_problems(open_problem(event) for event in events)
    await me.put(PROFILE, json=BODY)
    await close(matching, withdrawn(2))
    pages: list[list[dict[str, Any]]] = []
    cursor = ""
    while cursor is not None:
        page = (await me.get("/matching/v1/matches", params={"limit": 2, "cursor": cursor})).json()
        pages, cursor = [*pages, page["items"]], page["next"]
    whole = [match for page in pages for match in page]
    assert [len(page) for page in pages] == [2, 2]
    assert whole == sorted(whole, key=lambda m: (not m["open"], -m["score"], m["id"]))
    assert [m["title"] for m in whole if not m["open"]] == [titles[1]]
    assert "Đã đóng" in (await me.get("/ket-noi")).text


async def test_a_problem_past_its_closing_date_is_closed_and_met_no_more(browser: Browser, matching: Service) -> None:
    me, store = browser(), MatchRepository(matching.http.state.database)
    await store.upsert_problems([open_problem(published(MARKET, closes_at=NOW - timedelta(days=1)))])
    await me.put(PROFILE, json=BODY)
    assert (await me.get("/matching/v1/matches")).json() == {"items": [], "next": None}


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": "Zm9v"}, {"limit": 0}, {"limit": 101}, {"limit": "a"}])
async def test_a_bad_page_is_refused(browser: Browser, query: dict[str, Any]) -> None:
    answer = await browser().get("/matching/v1/matches", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_the_pages_speak_english(browser: Browser) -> None:
    me = browser()
    assert "Saved searches" in (await me.get(f"{FOLLOWING}?lang=en")).text
    assert "Save the profile" in (await me.get("/ket-noi/ho-so")).text


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


NOWHERE = "0-khong-ai-biet-7"
"""In letters that no log writes otherwise."""
WRITING = {"title": "Tiểu thương than không biết sạp nào bỏ trống", "statement.who": NOWHERE, "csrf": CSRF}


@pytest.mark.parametrize(("headers", "whole"), [({"hx-request": "true"}, False), ({}, True)])
async def test_someone_who_writes_sees_similar_problems_and_leaves_no_trace(
    browser: Browser,
    matching: Service,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    whole: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    neighbours: Neighbours = matching.http.state.neighbours
    neighbours.load([(open_problem(published(MARKET)), "open")])
    answer = await browser("d1", Role.DRAFTER).post("/ket-noi/tuong-tu", data=WRITING, headers=headers)
    assert answer.status_code == 200 and MARKET in answer.text and ("<html" in answer.text) is whole
    store: Database = matching.http.state.database
    kept = [str([row async for row in store[name].find()]) for name in await store.list_collection_names()]
    printed = capfd.readouterr()
    assert "/ket-noi/tuong-tu" in printed.out
    assert NOWHERE not in printed.out + printed.err + "".join(kept)
    assert [one for one in caplog.records if NOWHERE in one.getMessage() or NOWHERE in str(vars(one))] == []


@pytest.mark.parametrize(
    ("written", "named"), [("Sạp bỏ trống trong chợ", True), ("Mức phạt chưa cao, lại chưa thấy ai đi", False)]
)
async def test_what_both_say_is_told_only_where_it_tells_something(
    browser: Browser, matching: Service, written: str, named: bool
) -> None:
    neighbours: Neighbours = matching.http.state.neighbours
    title = "Sạp bỏ trống trong chợ" if named else "Chưa thấy cao, lại chưa đi"
    neighbours.load([(open_problem(published(title)), "open")])
    answer = await browser("d1", Role.DRAFTER).post("/ket-noi/tuong-tu", data=WRITING | {"title": written})
    assert title in answer.text and ("Cùng nhắc đến" in answer.text) is named


BUTTON = 'name="act" value="reuse:DB-000001"'


@pytest.mark.parametrize(
    ("state", "solved"), [("piloting", True), ("solved", True), ("open", False), ("withdrawn", False)]
)
async def test_a_solved_problem_beside_the_form_has_a_button_that_takes_its_solution_up(
    browser: Browser, matching: Service, state: str, solved: bool
) -> None:
    neighbours: Neighbours = matching.http.state.neighbours
    neighbours.load([(open_problem(published(MARKET)), state)])
    answer = await browser("d1", Role.DRAFTER).post("/ket-noi/tuong-tu", data=WRITING, headers={"hx-request": "true"})
    assert MARKET in answer.text
    assert (BUTTON in answer.text, "Đã có lời giải" in answer.text) == (solved, solved)


async def test_on_a_page_of_its_own_a_solved_problem_says_what_to_write_where(
    browser: Browser, matching: Service
) -> None:
    neighbours: Neighbours = matching.http.state.neighbours
    neighbours.load([(open_problem(published(MARKET)), "piloting")])
    answer = await browser("d1", Role.DRAFTER).post("/ket-noi/tuong-tu", data=WRITING)
    assert "ghi mã DB-000001 vào" in answer.text and BUTTON not in answer.text


async def test_similar_problems_are_for_the_signed_in(browser: Browser) -> None:
    me = browser()
    me.cookies.delete("debai_session")
    assert (await me.post("/ket-noi/tuong-tu", data=WRITING)).status_code in (303, 401)
