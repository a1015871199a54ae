"""Problems that are alike, on the pages: beside the form before sending, beside the text in review, and where it is decided."""

from httpx import Response

from services.intake.problems.duplicates import Likeness
from shared.identity import Role
from shared.mongo import Database
from tests.services.intake.builders import COORDINATOR, DRAFTER, LEADER, OTHER, person
from tests.services.intake.conftest import Desk
from tests.services.intake.page_forms import follow, forms_of, open_page, press
from tests.services.intake.path import post, take, walk
from tests.services.intake.problems.pages.test_path_by_forms import errors_of

HEADING = "Đề bài gần giống trong hệ thống"
TO_BE_SEEN = "Đề bài gần giống mà anh/chị xem được"
NONE = "Chưa thấy đề bài nào gần giống."
NONE_TO_BE_SEEN = "Chưa thấy đề bài nào gần giống trong số đề bài của đơn vị và đề bài đã công bố."
TOGETHER = "hãy liên hệ đơn vị ấy để cùng làm"
WHY = "Cùng chợ, cùng con số, cùng đơn vị."
OUTSIDER = person(Role.DRAFTER, unit=OTHER.id)


def part(page: Response, heading: str = HEADING) -> str:
    """The list alone."""
    return page.text.partition(heading)[2].partition("</section>")[0]


async def test_the_check_page_shows_a_drafter_what_is_like_the_draft(program: Desk, browser: Desk) -> None:
    other, own = await walk(program, "submitted"), await walk(program, "draft")
    foreign = await post(program(OUTSIDER))
    shown = part(await open_page(browser(DRAFTER), f"/bai-toan/{own['id']}/kiem-tra"), TO_BE_SEEN)
    assert f'href="/bai-toan/{other["id"]}"' in shown and "Rất giống" in shown and "<mark" in shown
    assert "Đã gửi, chờ tiếp nhận" in shown and foreign["id"] not in shown and own["id"] not in shown
    assert TOGETHER not in shown


async def test_who_finds_another_agencys_problem_is_told_to_work_together(program: Desk, browser: Desk) -> None:
    await walk(program, "open")
    own = await post(program(OUTSIDER))
    assert TOGETHER in part(await open_page(browser(OUTSIDER), f"/bai-toan/{own['id']}/kiem-tra"), TO_BE_SEEN)


async def test_the_check_page_says_that_nothing_is_like_it(program: Desk, browser: Desk) -> None:
    own = await walk(program, "draft")
    assert NONE_TO_BE_SEEN in part(await open_page(browser(DRAFTER), f"/bai-toan/{own['id']}/kiem-tra"), TO_BE_SEEN)


async def test_the_review_page_has_them_beside_the_text_to_be_opened(program: Desk, browser: Desk) -> None:
    other, problem = await walk(program, "open"), await walk(program, "submitted")
    shown = part(await open_page(browser(COORDINATOR), f"/dieu-phoi/{problem['id']}"))
    assert f'href="/dieu-phoi/{other["id"]}"' in shown and "<details>" in shown
    assert other["record"]["statement"]["consequence"] in shown
    assert f'href="/bai-toan/{other["id"]}"' not in shown


async def test_the_review_page_says_that_nothing_is_like_it(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted")
    assert NONE in part(await open_page(browser(COORDINATOR), f"/dieu-phoi/{problem['id']}"))


async def test_a_decision_by_form_keeps_what_was_shown(program: Desk, browser: Desk, store: Database) -> None:
    other, problem = await walk(program, "open"), await walk(program, "submitted")
    web, typed = browser(COORDINATOR), {"duplicates__likeness": "related", "duplicates__of": other["ref"]}
    page = await open_page(web, f"/bai-toan/{problem['id']}/tham-dinh")
    await follow(web, await press(web, page, **typed))
    stored = await store.problems.find_one({"_id": problem["id"]})
    assert stored is not None
    (kept,) = stored["duplicates"]
    assert (kept["likeness"], kept["of"], kept["shown"]) == (Likeness.RELATED, other["id"], [other["id"]])


async def test_the_review_page_tells_the_decision_and_the_agencys_page_does_not(program: Desk, browser: Desk) -> None:
    other, problem = await walk(program, "open"), await walk(program, "submitted")
    given = {"likeness": "related", "shown": [other["id"]], "of": other["ref"], "reason": WHY}
    await take(program, problem, "start_review", duplicates=given)
    text = (await open_page(browser(LEADER), f"/dieu-phoi/{problem['id']}")).text
    assert WHY in text and "Có liên quan" in text and "đã xem 1 đề bài" in text
    assert WHY not in (await open_page(browser(DRAFTER), f"/bai-toan/{problem['id']}")).text


async def test_without_a_choice_the_page_says_what_to_choose(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    page = await press(web, await open_page(web, f"/bai-toan/{problem['id']}/tham-dinh"))
    assert page.status_code == 422 and set(errors_of(page)) == {"duplicates.likeness"}


async def test_what_was_typed_is_kept_when_the_code_is_wrong(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    page = await open_page(web, f"/bai-toan/{problem['id']}/tham-dinh")
    typed = {"duplicates__likeness": "same", "duplicates__of": "DB-000000", "duplicates__reason": WHY}
    refused = await press(web, page, **typed)
    assert set(errors_of(refused)) == {"duplicates.of"}
    kept = forms_of(refused.text)[-1].fields
    assert [kept[name.replace("__", ".")] for name in typed] == [["same"], ["DB-000000"], [WHY]]


async def test_a_list_that_has_changed_is_shown_anew(program: Desk, browser: Desk) -> None:
    other, problem = await walk(program, "submitted"), await walk(program, "submitted")
    web = browser(COORDINATOR)
    page = await open_page(web, f"/bai-toan/{problem['id']}/tham-dinh")
    await take(program, other, "recall")
    refused = await press(web, page, duplicates__likeness="different")
    assert set(errors_of(refused)) == {"duplicates.likeness"} and NONE in part(refused)
    assert (await press(web, refused, duplicates__likeness="different")).status_code == 303


async def test_a_duplicate_is_led_to_being_declined_with_the_other_one_named(
    program: Desk, browser: Desk, store: Database
) -> None:
    other, problem = await walk(program, "open"), await walk(program, "submitted")
    web, address = browser(COORDINATOR), f"/bai-toan/{problem['id']}"
    typed = {"duplicates__likeness": "same", "duplicates__of": other["ref"], "duplicates__reason": WHY}
    refused = await press(web, await open_page(web, f"{address}/tham-dinh"), **typed)
    assert refused.status_code == 409 and f'href="{address}/tra-lai"' in refused.text
    onward = f"{address}/tu-choi?trung={other['ref']}"
    assert f'href="{onward}"' in refused.text
    await follow(web, await press(web, await open_page(web, onward), reason=f"Trùng với {other['ref']}: {WHY}"))
    stored = await store.problems.find_one({"_id": problem["id"]})
    assert stored is not None and stored["state"] == "declined"
    assert [(one["likeness"], one["of"]) for one in stored["duplicates"]] == [("same", other["id"])]
