"""From a problem that is solved elsewhere to the record of one's own, and from there to its adoption."""

import pytest

from shared.identity import ANONYMOUS, Role
from shared.mongo import Database
from tests.services.intake.builders import ADOPTION, APPROVER, COORDINATOR, DRAFTER, OTHER, person
from tests.services.intake.conftest import Desk
from tests.services.intake.page_forms import follow, forms_of, open_page, press
from tests.services.intake.path import Body, post, take, walk

pytestmark = pytest.mark.mongo
REUSE = "Đã có lời giải: dùng lại"
FOUND = {"what": "Sổ sạp điện tử", "whose": "UBND Phường Bình Thới", "where": "https://binhthoi.example.vn/so-sap"}
TAKEN = {"what": ADOPTION.solution.what, "whose": ADOPTION.solution.whose}


def typed_in(page: str, part: str) -> dict[str, str]:
    fields = forms_of(page)[-1].fields
    return {name: fields[f"{part}.{name}"][0] for name in FOUND}


async def solved_and_own(program: Desk, state: str = "draft") -> tuple[Body, Body]:
    return await walk(program, "piloting"), await walk(program, state)


async def test_a_drafter_is_led_from_a_solved_problem_to_the_record_with_its_solution(
    program: Desk, browser: Desk, store: Database
) -> None:
    solved, own = await solved_and_own(program)
    web, address = browser(DRAFTER), f"/bai-toan/{own['id']}"
    way = f"{address}/boi-canh?dung-lai={solved['ref']}#existing"
    checking = (await open_page(web, f"{address}/kiem-tra")).text
    assert f'href="{way}"' in checking and REUSE in checking
    page = await open_page(web, way)
    assert 'id="existing"' in page.text and "chưa được lưu" in page.text
    assert typed_in(page.text, "existing") == {**TAKEN, "where": solved["ref"]}
    await follow(web, await press(web, page, "save"))
    stored = await store.problems.find_one({"_id": own["id"]})
    assert stored is not None and stored["record"]["existing"] == {**TAKEN, "where": solved["ref"]}
    assert "chưa được lưu" not in (await open_page(web, f"{address}/boi-canh")).text


async def test_a_problem_without_a_solution_in_use_leads_nowhere(program: Desk, browser: Desk) -> None:
    unsolved, own = await walk(program, "open"), await walk(program, "draft", existing=FOUND)
    web, address = browser(DRAFTER), f"/bai-toan/{own['id']}"
    assert unsolved["ref"] in (text := (await open_page(web, f"{address}/kiem-tra")).text) and REUSE not in text
    page = await open_page(web, f"{address}/boi-canh?dung-lai={unsolved['ref']}")
    assert typed_in(page.text, "existing") == FOUND


async def test_whoever_may_not_edit_is_not_led_to_the_form(program: Desk, browser: Desk) -> None:
    solved, own = await solved_and_own(program)
    text = (await open_page(browser(APPROVER), f"/bai-toan/{own['id']}/kiem-tra")).text
    assert solved["ref"] in text and REUSE not in text


async def test_a_solution_of_a_problem_that_one_does_not_see_is_not_filled_in(program: Desk, browser: Desk) -> None:
    unpublished = (await take(program, await walk(program, "approved"), "adopt_existing")).json()
    stranger = person(Role.DRAFTER, unit=OTHER.id)
    own = await post(program(stranger))
    page = await open_page(browser(stranger), f"/bai-toan/{own['id']}/boi-canh?dung-lai={unpublished['ref']}")
    assert typed_in(page.text, "existing") == dict.fromkeys(FOUND, "")


async def test_the_button_beside_the_form_saves_what_is_typed_and_leads_to_the_solution(
    program: Desk, browser: Desk, store: Database
) -> None:
    solved, web = await walk(program, "piloting"), browser(DRAFTER)
    page = await open_page(web, "/bai-toan/moi")
    answer = await press(web, page, f"reuse:{solved['ref']}", title="Chợ vắng người bán mỗi chiều")
    second = await follow(web, answer)
    assert answer.headers["location"].endswith(f"/boi-canh?dung-lai={solved['ref']}#existing")
    assert typed_in(second.text, "existing")["where"] == solved["ref"]
    assert await store.problems.count_documents({"record.title": "Chợ vắng người bán mỗi chiều"}) == 1


async def test_the_button_keeps_the_page_when_what_is_typed_cannot_be_saved(browser: Desk) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), "reuse:DB-7K2Q4M", affected__0__count="nhiều")
    assert page.status_code == 422 and forms_of(page.text)[-1].fields["affected.0.count"] == ["nhiều"]


@pytest.mark.parametrize("state", ["approved", "open"])
async def test_the_coordinator_is_led_from_the_record_to_adopting_it_filled_in(
    program: Desk, browser: Desk, state: str
) -> None:
    problem, web = await walk(program, state, existing=FOUND), browser(COORDINATOR)
    review = (await open_page(web, f"/dieu-phoi/{problem['id']}")).text
    way = f"/bai-toan/{problem['id']}/dung-lai"
    assert f'<a href="{way}">{REUSE}' in review and FOUND["whose"] in review
    assert typed_in((await open_page(web, way)).text, "solution") == FOUND


async def test_before_the_approval_the_solution_is_read_and_not_yet_adopted(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted", existing=FOUND)
    review = (await open_page(browser(COORDINATOR), f"/dieu-phoi/{problem['id']}")).text
    assert FOUND["whose"] in review and "/dung-lai" not in review


async def test_the_coordinator_is_led_from_a_solved_problem_to_adopting_its_solution(
    program: Desk, browser: Desk
) -> None:
    solved, problem = await solved_and_own(program, "approved")
    web = browser(COORDINATOR)
    way = f"/bai-toan/{problem['id']}/dung-lai?tu={solved['ref']}#existing"
    assert f'href="{way}"' in (await open_page(web, f"/dieu-phoi/{problem['id']}")).text
    assert typed_in((await open_page(web, way)).text, "solution") == {**TAKEN, "where": solved["ref"]}


async def test_the_public_does_not_read_which_solution_the_agency_has_found(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "open", existing=FOUND)
    address = f"/bai-toan/{problem['id']}"
    assert FOUND["whose"] in (await open_page(browser(DRAFTER), address)).text
    assert FOUND["whose"] not in (await open_page(browser(ANONYMOUS), address)).text


async def test_an_address_that_is_no_page_is_shown_and_leads_nowhere(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted", existing={**FOUND, "where": "javascript:alert(1)"})
    text = (await open_page(browser(COORDINATOR), f"/dieu-phoi/{problem['id']}")).text
    assert "javascript:alert(1)" in text and 'href="javascript:' not in text
