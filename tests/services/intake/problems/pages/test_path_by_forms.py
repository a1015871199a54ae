"""A problem goes from draft to open by forms alone, without script; what is wrong is told and nothing typed is lost."""

import re

import pytest
from httpx import AsyncClient, Response

from services.intake.problems.request_models import RECORD
from shared.identity import ANONYMOUS, Actor
from shared.mongo import Database
from tests.services.intake.builders import (
    APPROVER,
    COMPLETE,
    COORDINATOR,
    DRAFTER,
    EVERYTHING,
    LEADER,
    RESEARCHER,
    in_days,
)
from tests.services.intake.conftest import Desk
from tests.services.intake.page_forms import follow, forms_of, open_page, press
from tests.services.intake.path import post, walk
from tests.serving import CSRF

Typed = dict[str, str | list[str]]
FIRST: Typed = {
    "title": COMPLETE.title,
    "statement__who": COMPLETE.statement.who,
    "statement__trouble": COMPLETE.statement.trouble,
    "statement__cause": COMPLETE.statement.cause,
    "statement__consequence": COMPLETE.statement.consequence,
    "affected__0__group": "tiểu thương",
    "affected__0__count": "1.200",
    "baseline__0__metric": "thất thu phí chợ",
    "baseline__0__value": "6,5",
    "baseline__0__unit": "%",
    "target__0__metric": "thất thu phí chợ",
    "target__0__value": "2",
    "target__0__unit": "%",
    "target__0__due": "2027-12-31",
    "never_tried": "yes",
}
SECOND: Typed = {
    "place": "Phường Chợ Lớn\nPhường Bình Thới",
    "field_codes": ["502", ""],
    "owner": COMPLETE.owner,
    "needed_by": "2027-12-31",
    "budget": "500.000.000",
    "must_connect": "sổ thu phí",
    "data__0__name": "sổ thu phí",
    "expected_output": COMPLETE.expected_output,
    "adopters": "Ban quản lý chợ Bình Tây\nBan quản lý chợ Kim Biên",
}
SIGNED = {"no_secrets": "yes", "no_personal_data": "yes"}
DIFFERENT = {"duplicates__likeness": "different"}
REASON = "Vấn đề rõ, đo được, có người nhận kết quả."


def errors_of(page: Response) -> dict[str, str]:
    """Field → sentence, from the summary at the top; each has the same words at its field."""
    summary = page.text.partition('class="summary"')[2].partition("</div>")[0]
    links = summary.split('<a href="#')[1:]
    found = {link.split('"')[0]: link.split(">", 1)[1].split("<")[0] for link in links if not link.startswith("main")}
    assert all(f'id="{name}"' in page.text for name in found), found
    return found


async def draft(web: AsyncClient, **changed: str | list[str]) -> str:
    """Through both pages of the form; gives the address of the new problem's page."""
    second = await press(web, await open_page(web, "/bai-toan/moi"), "next", **FIRST | changed)
    assert second.status_code == 303, errors_of(second)
    saved = await press(web, await follow(web, second), "save", **SECOND)
    assert saved.status_code == 303, errors_of(saved)
    location: str = saved.headers["location"]
    return location.partition("?")[0]


async def step(web: AsyncClient, address: str, slug: str, **typed: str | list[str]) -> Response:
    """Follows the button on the problem's page, then presses the one of the step's page."""
    assert f'href="{address}/{slug}"' in (await open_page(web, address)).text
    return await press(web, await open_page(web, f"{address}/{slug}"), **typed)


async def test_from_draft_to_open(browser: Desk) -> None:
    drafter, approver = browser(DRAFTER), browser(APPROVER)
    coordinator, leader = browser(COORDINATOR), browser(LEADER)
    address = await draft(drafter)
    await follow(approver, await step(approver, address, "gui", **SIGNED))
    asked = {"question_field": "baseline", "question_text": "Con số 6,5% lấy từ đâu?"}
    due = in_days(10).date().isoformat()
    await follow(coordinator, await step(coordinator, address, "tra-lai", **asked, answer_due=due))
    clarify = await open_page(drafter, f"{address}/lam-ro")
    assert "6,5 %" in clarify.text and "Con số 6,5% lấy từ đâu?" in clarify.text
    answers = {name: "Sổ thu phí năm 2021." for name in forms_of(clarify.text)[-1].fields if name.startswith("answer-")}
    await follow(drafter, await press(drafter, clarify, **answers))
    await follow(approver, await step(approver, address, "gui-lai", **SIGNED))
    await follow(coordinator, await step(coordinator, address, "tham-dinh", **DIFFERENT))
    await follow(leader, await step(leader, address, "phe-duyet", reason=REASON))
    closes = in_days(30).date().isoformat()
    done = await follow(coordinator, await step(coordinator, address, "cong-bo", closes_at=closes, terms="shared"))
    assert "Đã công bố" in done.text and "Đang tìm lời giải" in done.text
    public = await open_page(browser(ANONYMOUS), address)
    assert COMPLETE.title in public.text and 'aria-current="step"' in public.text
    assert "Sổ thu phí năm 2021." not in public.text and "Rút đề bài" not in public.text


async def test_a_saved_draft_comes_back_as_it_was_typed(browser: Desk) -> None:
    web = browser(DRAFTER)
    address = await draft(web)
    plain = {"affected__0__count": "1200", "budget": "500000000"}  # a number comes back in plain digits
    for page, typed in (("sua", FIRST), ("boi-canh", SECOND)):
        form = forms_of((await open_page(web, f"{address}/{page}")).text)[-1]
        shown = {name: values for name, values in form.fields.items() if name.replace(".", "__") in typed}
        wanted = {name: plain.get(name, value) for name, value in typed.items()}
        assert shown == {
            name.replace("__", "."): [value] if isinstance(value, str) else value for name, value in wanted.items()
        }


async def test_a_draft_made_by_api_keeps_everything_when_it_is_saved_on_the_pages(program: Desk, browser: Desk) -> None:
    given = RECORD.dump_python(EVERYTHING, mode="json")
    problem, web = await post(program(DRAFTER), **given), browser(DRAFTER)
    assert problem["record"] == given
    address = f"/bai-toan/{problem['id']}"
    for page, typed in (
        ("sua", {"title": "Ban quản lý chợ chưa biết sạp nào bỏ trống"}),
        ("boi-canh", {"owner": "Giám đốc"}),
    ):
        assert (await press(web, await open_page(web, f"{address}/{page}"), "save", **typed)).status_code == 303
        given |= typed
    assert (await program(DRAFTER).get(f"/problems/{problem['id']}")).json()["record"] == given


async def test_every_error_is_told_at_once_and_the_typing_is_kept(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    wrong = FIRST | {"affected__0__count": "nhiều", "target__0__due": "31/12", "title": "t" * 121}
    page = await press(web, await open_page(web, "/bai-toan/moi"), "save", **wrong)
    assert page.status_code == 422 and "<title>Lỗi: " in page.text
    assert set(errors_of(page)) == {"title", "affected.0.count", "target.0.due"}
    kept = forms_of(page.text)[-1].fields
    assert (kept["affected.0.count"], kept["statement.who"]) == (["nhiều"], [COMPLETE.statement.who])
    assert await store.problems.count_documents({}) == 0


async def test_a_row_is_added_and_taken_out_without_script(browser: Desk) -> None:
    web = browser(DRAFTER)
    more = await press(web, await open_page(web, "/bai-toan/moi"), "add:affected", **FIRST)
    assert 'name="affected.1.group"' in more.text
    assert forms_of(more.text)[-1].fields["affected.0.group"] == ["tiểu thương"]
    fewer = await press(web, more, "drop:affected.0", affected__1__group="hộ dân")
    fields = forms_of(fewer.text)[-1].fields
    assert fields["affected.0.group"] == ["hộ dân"] and "affected.1.group" not in fields


async def test_the_check_lists_what_is_missing_with_links_to_the_fields(browser: Desk) -> None:
    web = browser(DRAFTER)
    saved = await press(web, await open_page(web, "/bai-toan/moi"), "save", title="Chợ vắng")
    address = saved.headers["location"].partition("?")[0]
    page = await open_page(web, f"{address}/kiem-tra")
    for place in ("sua#title", "sua#statement.who", "sua#affected", "boi-canh#place", "boi-canh#must_connect"):
        assert f'href="{address}/{place}"' in page.text
    assert f'href="{address}/gui"' not in page.text
    assert 'href="#' not in page.text.partition('id="coach"')[2].partition("</aside>")[0]


async def test_a_complete_problem_is_for_the_head_of_the_unit_to_send(browser: Desk) -> None:
    address = await draft(browser(DRAFTER))
    assert "Nhờ lãnh đạo đơn vị gửi" in (await open_page(browser(DRAFTER), f"{address}/kiem-tra")).text
    assert f'href="{address}/gui"' in (await open_page(browser(APPROVER), f"{address}/kiem-tra")).text


async def test_without_script_the_coach_answers_by_button_and_nothing_is_stored(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), "coach", **FIRST)
    assert page.status_code == 200 and "điểm đã rõ" in page.text and "Mỗi câu đang làm gì" in page.text
    assert forms_of(page.text)[-1].fields["title"] == [COMPLETE.title]
    assert await store.problems.count_documents({}) == 0


@pytest.mark.parametrize(("group", "field"), [("affected", "group"), ("baseline", "metric"), ("tried", "what")])
async def test_one_goes_on_writing_in_the_row_that_was_added(browser: Desk, group: str, field: str) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), f"add:{group}", title="Hồ sơ chậm")
    last = max(name for name in forms_of(page.text)[-1].fields if name.startswith(f"{group}.") and name.endswith(field))
    assert re.findall(r'<input id="([^"]+)"[^>]* autofocus', page.text) == [last]


async def test_a_quantity_of_the_text_is_taken_into_its_field_by_button(browser: Desk) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), "take:baseline:9:ngày", title="Hồ sơ chậm")
    fields = forms_of(page.text)[-1].fields
    assert (fields["baseline.0.value"], fields["baseline.0.unit"]) == (["9"], ["ngày"])


async def test_similar_problems_are_asked_of_matching_by_button(browser: Desk) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), "similar", **FIRST)
    assert (page.status_code, page.headers["location"]) == (307, "/ket-noi/tuong-tu")


@pytest.mark.parametrize("text", ["Gọi ông Tư số 0903 123 456", "Văn bản MẬT: hồ sơ"])
async def test_a_text_that_must_not_leave_is_not_sent_to_matching(browser: Desk, text: str) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), "similar", statement__cause=text)
    assert page.status_code == 200 and "Vì sao: bỏ" in page.text


async def test_where_nothing_is_written_matching_is_not_asked(browser: Desk) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), "similar")
    assert page.status_code == 200 and "Chưa có câu nào để xét." in page.text


async def test_a_title_too_long_to_be_looked_at_is_not_sent_to_matching(browser: Desk) -> None:
    web = browser(DRAFTER)
    page = await press(web, await open_page(web, "/bai-toan/moi"), "similar", title=f"{'Chờ lâu ' * 20}0903 123 456")
    assert page.status_code == 422 and 'href="#title"' in page.text
    assert "/ket-noi/tuong-tu" not in page.text


async def test_a_button_pressed_twice_makes_one_draft(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    page = await open_page(web, "/bai-toan/moi")
    first = await press(web, page, "save", **FIRST)
    again = await press(web, page, "save", **FIRST)
    assert first.headers["location"] == again.headers["location"]
    assert await store.problems.count_documents({}) == 1


async def test_a_step_pressed_twice_is_taken_once(browser: Desk, store: Database) -> None:
    address, approver = await draft(browser(DRAFTER)), browser(APPROVER)
    page = await open_page(approver, f"{address}/gui")
    answers = [await press(approver, page, **SIGNED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await store.events.count_documents({"type": "vn.debai.problem.submitted.v1"}) == 1


async def test_what_a_colleague_saved_meanwhile_is_not_overwritten(browser: Desk) -> None:
    web = browser(DRAFTER)
    address = await draft(web)
    page = await open_page(web, f"{address}/sua")
    assert (await press(web, page, "save", title="Tên mới của đồng nghiệp")).status_code == 303
    late = await press(web, page, "save", title="Tên của tôi, đến muộn")
    assert late.status_code == 409 and "Xem bản mới nhất" in late.text
    assert forms_of(late.text)[-1].fields["title"] == ["Tên của tôi, đến muộn"]
    assert "Tên mới của đồng nghiệp" in (await open_page(web, address)).text


@pytest.mark.parametrize(
    ("state", "slug", "typed", "fields"),
    [
        ("draft", "gui", {}, {"no_secrets", "no_personal_data"}),
        ("submitted", "tra-lai", {"question_text": "Vì sao?"}, {"answer_due"}),
        ("submitted", "tra-lai", {}, {"questions"}),
        ("submitted", "tra-lai", {"question_text": "?"}, {"question_text-0"}),
        ("submitted", "tu-choi", {"reason": "vì"}, {"reason"}),
        ("submitted", "tu-choi", {"reason": REASON, "out_of_remit": "yes"}, {"channel"}),
        ("under_review", "phe-duyet", {}, {"reason"}),
        ("approved", "cong-bo", {"closes_at": "2020-01-01"}, {"closes_at"}),
        ("approved", "cong-bo", {"closes_at": "mai"}, {"closes_at"}),
    ],
)
async def test_a_step_that_lacks_something_says_what(
    program: Desk, browser: Desk, state: str, slug: str, typed: dict[str, str], fields: set[str]
) -> None:
    problem = await walk(program, state)
    takers = {"gui": APPROVER, "phe-duyet": LEADER}
    web = browser(takers.get(slug, COORDINATOR))
    page = await press(web, await open_page(web, f"/bai-toan/{problem['id']}/{slug}"), **typed)
    assert page.status_code == 422 and "<title>Lỗi: " in page.text
    assert set(errors_of(page)) == fields
    kept = forms_of(page.text)[-1].fields
    assert all(kept[name] == [value] for name, value in typed.items())


async def test_a_question_can_be_added_without_script(program: Desk, browser: Desk, store: Database) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    page = await open_page(web, f"/bai-toan/{problem['id']}/tra-lai")
    more = await press(web, page, "add:questions", question_text="Con số lấy từ đâu?")
    assert more.text.count('name="question_text"') == 2
    asked = {"question_field": ["baseline", "target"], "question_text": ["Con số lấy từ đâu?", "Đích đo ở đâu?"]}
    done = await press(web, more, answer_due=in_days(10).date().isoformat(), **asked)
    assert done.status_code == 303
    stored = await store.problems.find_one({"_id": problem["id"]})
    assert stored is not None
    assert [question["field"] for question in stored["questions"]] == ["baseline", "target"]


async def test_a_step_that_asks_no_questions_adds_none(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    page = await press(web, await open_page(web, f"/bai-toan/{problem['id']}/tham-dinh"), "add:questions")
    assert page.status_code == 422 and set(errors_of(page)) == {"duplicates.likeness"}


async def test_an_answer_too_long_is_refused_and_kept(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "returned"), browser(DRAFTER)
    page = await open_page(web, f"/bai-toan/{problem['id']}/lam-ro")
    refused = await press(web, page, **{"answer-q3-1": "dài " * 600})
    assert refused.status_code == 422
    assert forms_of(refused.text)[-1].fields["answer-q3-1"] == [("dài " * 600).strip()]


@pytest.mark.parametrize("version", ["", "x", "999"])
async def test_answers_against_another_version_are_refused(program: Desk, browser: Desk, version: str) -> None:
    problem, web = await walk(program, "returned"), browser(DRAFTER)
    page = await open_page(web, f"/bai-toan/{problem['id']}/lam-ro")
    refused = await press(web, page, version=version, **{"answer-q3-1": "Sổ thu phí."})
    assert refused.status_code in (409, 422) and "Sổ thu phí." in refused.text


@pytest.mark.parametrize("slug", ["gui", "sua", "lam-ro", "tham-dinh", "khong-co"])
async def test_a_step_that_is_not_ones_own_has_no_page(program: Desk, browser: Desk, slug: str) -> None:
    problem = await walk(program, "open")
    assert (await browser(RESEARCHER).get(f"/bai-toan/{problem['id']}/{slug}")).status_code == 404


@pytest.mark.parametrize(
    ("state", "slug", "act", "actor"),
    [
        ("open", "tham-dinh", "", RESEARCHER),
        ("open", "tra-lai", "add:questions", RESEARCHER),
        ("submitted", "tham-dinh", "", DRAFTER),
        ("under_review", "tu-choi", "", COORDINATOR),
    ],
)
async def test_who_may_not_take_a_step_is_shown_nothing_of_its_form(
    program: Desk, browser: Desk, state: str, slug: str, act: str, actor: Actor
) -> None:
    problem = await walk(program, state)
    sent = {"csrf": CSRF, "version": problem["version"], "reason": REASON, "act": act}
    answer = await browser(actor).post(f"/bai-toan/{problem['id']}/{slug}", data=sent)
    assert answer.status_code == 403
    assert [form for form in forms_of(answer.text) if "/bai-toan/" in form.action] == []
    assert problem["ref"] not in answer.text


@pytest.mark.parametrize(
    "address",
    ["/bai-toan/moi", "/bai-toan/{id}/sua", "/bai-toan/{id}/boi-canh", "/bai-toan/{id}/gui", "/bai-toan/{id}/lam-ro"],
)
async def test_a_form_of_another_site_changes_nothing(
    program: Desk, browser: Desk, store: Database, address: str
) -> None:
    problem = await walk(program, "returned" if "lam-ro" in address else "draft")
    both = DRAFTER if "gui" not in address else APPROVER
    for headers, csrf in (({}, "other"), ({"origin": "https://evil.example"}, CSRF)):
        answer = await browser(both).post(address.format(id=problem["id"]), data={"csrf": csrf}, headers=headers)
        assert answer.status_code == 403
    assert await store.events.count_documents({}) == problem["version"]
