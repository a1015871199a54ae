"""How clear problems were, by page and by API: what is told, to whom, and whose."""

from datetime import datetime
from typing import Any

import pytest

from shared.display import ZONE
from shared.identity import ANONYMOUS, Actor, Role
from shared.mongo import Database
from shared.service import Service
from tests.services.intake.builders import (
    APPROVER,
    COORDINATOR,
    DRAFTER,
    LEADER,
    MARKET,
    OPERATOR,
    OTHER,
    RECORD_BODY,
    RESEARCHER,
    person,
)
from tests.services.intake.conftest import Desk
from tests.services.intake.page_forms import open_page
from tests.services.intake.path import Body, post, take, walk

PAGE = "/don-vi/do-ro"
THEIR_DRAFTER = person(Role.DRAFTER, unit=OTHER.id, name="theirs-1")
THEIR_APPROVER = person(Role.APPROVER, unit=OTHER.id, name="theirs-2")
WITHOUT_NUMBERS: Body = {"affected": [], "baseline": [], "target": [], "data": []}


async def grown(program: Desk) -> Body:
    """Sent with all its numbers, which its first draft did not have."""
    problem = await post(program(DRAFTER), **WITHOUT_NUMBERS)
    saved = await program(DRAFTER).put(f"/problems/{problem['id']}", json={"version": 1, "record": RECORD_BODY})
    answer: Body = (await take(program, saved.json(), "submit")).json()
    return answer


async def theirs(program: Desk, state: str = "submitted") -> Body:
    """Of the other unit."""
    problem = await post(program(THEIR_DRAFTER), title="Bệnh viện không biết giường nào còn trống")
    for command in {"submitted": ("submit",), "open": ("submit", "start_review", "approve", "publish")}[state]:
        actor = THEIR_APPROVER if command == "submit" else None
        problem = (await take(program, problem, command, actor=actor)).json()
    return problem


async def told(program: Desk, actor: Actor, **asked: Any) -> Body:
    answer = await program(actor).get("/clarity", params=asked)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


def year_of(problem: Body) -> int:
    return datetime.fromisoformat(problem["judgements"][1]["at"]).astimezone(ZONE).year


async def text_of(browser: Desk, actor: Actor, query: str = "") -> str:
    """Without the head of the page, which greets the reader by name."""
    return (await open_page(browser(actor), PAGE + query)).text.split("<main", 1)[1]


async def test_a_unit_sees_how_each_problem_grew_and_what_to_write_sooner(program: Desk, browser: Desk) -> None:
    problem = await grown(program)
    first, sent = problem["judgements"]
    assert first["clear"] < sent["clear"]
    text = await text_of(browser, DRAFTER)
    assert f'href="/bai-toan/{problem["id"]}"' in text
    assert f"{first['clear']}/6 → {sent['clear']}/6" in text
    assert "Chưa rõ ở 1 trên 1 bản nháp đầu" in text and "Viết «từ A xuống B trước ngày C»." in text
    assert "không dùng để xếp hạng" in text and "chưa đủ để nói" in text


async def test_from_three_problems_on_there_are_medians(program: Desk, browser: Desk) -> None:
    for state in ("submitted", "returned", "returned"):
        await walk(program, state)
    unit = (await told(program, APPROVER))["unit"]
    assert (unit["problems"], unit["medians"]["rounds"]) == (3, 1)
    assert "chưa đủ để nói" not in await text_of(browser, APPROVER)


async def test_the_api_tells_what_the_page_tells(program: Desk) -> None:
    problem = await grown(program)
    found = await told(program, DRAFTER)
    assert (found["of"], found["city"], found["units"]) == (6, None, [])
    assert [one["id"] for one in found["problems"]] == [problem["id"]]
    unclear = {one["criterion"]: one for one in found["unit"]["unclear"]}
    assert unclear["target"]["drafts"] == 1 and "từ A xuống B" in unclear["target"]["advice"]["vi"]


async def test_what_dost_does_not_have_is_not_counted(program: Desk) -> None:
    await post(program(DRAFTER))
    await take(program, await walk(program, "submitted"), "recall")
    assert (await told(program, DRAFTER))["unit"]["problems"] == 0
    assert (await told(program, COORDINATOR))["city"]["problems"] == 0


async def test_a_unit_reads_its_own_alone_even_of_what_is_public(program: Desk) -> None:
    ours, _ = await grown(program), await theirs(program, "open")
    found = await told(program, DRAFTER)
    assert [one["id"] for one in found["problems"]] == [ours["id"]]
    assert found["unit"]["problems"] == 1


async def test_another_units_public_problem_adds_no_year_to_choose_from(program: Desk, store: Database) -> None:
    ours, other = await grown(program), await theirs(program, "open")
    year = year_of(ours)
    earlier = {"$set": {"judgements.1.at": f"{year - 5}-05-01T00:00:00Z"}}
    await store.problems.update_one({"_id": other["id"]}, earlier)
    assert (await told(program, DRAFTER))["years"] == [year]
    assert (await told(program, COORDINATOR))["years"] == [year, year - 5]


async def test_dost_reads_every_unit_by_name_and_the_whole_city(program: Desk, browser: Desk) -> None:
    await theirs(program)
    await grown(program)
    await walk(program, "returned")
    found = await told(program, LEADER)
    assert [one["agency"]["name"] for one in found["units"]] == [MARKET.name, OTHER.name]
    assert found["city"]["problems"] == 3 and found["city"]["medians"] is not None
    assert [one["clarity"]["medians"] for one in found["units"]] == [None, None]
    text = await text_of(browser, COORDINATOR)
    assert text.index("Toàn Thành phố</th>") < text.index(f">{MARKET.name}</a>") < text.index(f">{OTHER.name}</a>")


async def test_dost_chooses_a_unit(program: Desk, browser: Desk) -> None:
    ours, other = await grown(program), await theirs(program)
    text = await text_of(browser, COORDINATOR, f"?don-vi={OTHER.id}")
    assert f'href="/dieu-phoi/{other["id"]}"' in text and ours["id"] not in text
    assert "Toàn Thành phố</th>" in text and f'value="{OTHER.id}" lang="vi" selected' in text
    found = await told(program, COORDINATOR, unit=OTHER.id)
    assert (found["unit"]["problems"], found["city"]["problems"]) == (1, 2)


async def test_a_year_is_chosen(program: Desk, browser: Desk) -> None:
    year = year_of(await grown(program))
    assert (await told(program, DRAFTER, year=year))["unit"]["problems"] == 1
    assert (await told(program, DRAFTER, year=year - 1))["unit"]["problems"] == 0
    text = await text_of(browser, DRAFTER, f"?nam={year - 1}")
    assert "Không có đề bài nào khớp" in text and f'<option value="{year}">' in text
    assert (await program(DRAFTER).get("/clarity?year=x")).status_code == 422


@pytest.mark.parametrize("year", ["1999", "2101", "9" * 5000, "x"], ids=["before", "after", "endless", "none"])
async def test_what_is_no_year_of_ours_asks_for_all_of_them(program: Desk, browser: Desk, year: str) -> None:
    problem = await grown(program)
    text = await text_of(browser, DRAFTER, f"?nam={year}")
    assert f'href="/bai-toan/{problem["id"]}"' in text and f"nam={year}" not in text
    assert (await program(DRAFTER).get("/clarity", params={"year": year})).status_code == 422


async def test_no_person_is_named_or_numbered(program: Desk, browser: Desk) -> None:
    await walk(program, "approved")
    shown = [(await program(COORDINATOR).get("/clarity", params={"unit": MARKET.id})).text]
    shown += [
        await text_of(browser, actor, query) for actor, query in ((DRAFTER, ""), (LEADER, f"?don-vi={MARKET.id}"))
    ]
    people = (DRAFTER, APPROVER, COORDINATOR, LEADER)
    assert not [one for one in people for text in shown if one.person_id in text or one.name in text]


@pytest.mark.parametrize(
    ("actor", "unit"),
    [
        (RESEARCHER, ""),
        (OPERATOR, ""),
        (person(Role.DRAFTER, unit=None), ""),
        (DRAFTER, OTHER.id),
        (RESEARCHER, MARKET.id),
        (person(Role.RESEARCHER), ""),
        (person(Role.OPS), MARKET.id),
    ],
)
async def test_others_are_refused(program: Desk, browser: Desk, actor: Actor, unit: str) -> None:
    assert (await program(actor).get("/clarity", params={"unit": unit})).json()["code"] == "not_allowed"
    assert (await browser(actor).get(f"{PAGE}?don-vi={unit}")).status_code == 403


async def test_who_is_not_signed_in_is_asked_to(program: Desk, browser: Desk) -> None:
    assert (await program(ANONYMOUS).get("/clarity")).status_code == 401
    answer = await browser(ANONYMOUS).get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/dang-nhap?next={PAGE}")


@pytest.mark.parametrize(
    ("actor", "title", "way"),
    [(DRAFTER, "Đơn vị chưa gửi đề bài nào", "/cua-toi"), (LEADER, "Chưa có đề bài nào được gửi", "/dieu-phoi")],
)
async def test_an_empty_page_says_what_will_come_and_what_to_do(
    browser: Desk, actor: Actor, title: str, way: str
) -> None:
    text = await text_of(browser, actor)
    assert title in text and "trang này cho thấy" in text and f'class="btn alt" href="{way}"' in text


@pytest.mark.parametrize(("actor", "place"), [(DRAFTER, "/cua-toi"), (COORDINATOR, "/dieu-phoi")])
async def test_the_way_to_it_is_where_one_works(browser: Desk, actor: Actor, place: str) -> None:
    assert f'href="{PAGE}"' in (await open_page(browser(actor), place)).text


async def test_it_speaks_english_on_demand(program: Desk, browser: Desk) -> None:
    await grown(program)
    text = await text_of(browser, DRAFTER, "?lang=en")
    assert "not for ranking or judging anyone" in text and "Write “from A to B by C”." in text


def test_the_api_is_documented(intake: Service) -> None:
    told = intake.http.openapi()["paths"]["/intake/v1/clarity"]["get"]
    assert "ranks no one" in told["description"]
    assert [one["name"] for one in told["parameters"]] == ["unit", "year"]
    assert told["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/ReportOut")
