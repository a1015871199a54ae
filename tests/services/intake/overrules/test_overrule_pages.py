"""A coordinator corrects a verdict by forms alone, without script; who reads what of it."""

import pytest

from services.intake.coach.criteria import Criterion, rubric
from shared.identity import ANONYMOUS, Actor, Role
from shared.mongo import Database
from tests.services.intake.builders import APPROVER, COMPLETE, COORDINATOR, DRAFTER, LEADER, OTHER, RESEARCHER, person
from tests.services.intake.conftest import Desk
from tests.services.intake.page_forms import follow, forms_of, open_page, press
from tests.services.intake.path import Body, take, walk

REASON = "Sở đã trao đổi với đơn vị: vấn đề là ba danh sách không khớp."
CORRECTED = "Sở đã sửa đánh giá từ «đã rõ» thành «cần sửa»."


def review(problem: Body) -> str:
    return f"/dieu-phoi/{problem['id']}"


def page_of(problem: Body, criterion: str = "solution") -> str:
    return f"{review(problem)}/do-ro/{criterion}"


async def corrected(browser: Desk, problem: Body) -> None:
    web = browser(COORDINATOR)
    saved = await press(web, await open_page(web, page_of(problem)), wanted="fail", reason=REASON)
    assert saved.status_code == 303, saved.text


async def test_the_review_page_leads_to_a_form_for_each_verdict(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted")
    web = browser(COORDINATOR)
    text = (await open_page(web, review(problem))).text
    for criterion in Criterion:
        assert rubric().criteria[criterion].name.vi in text
        assert f'href="{page_of(problem, criterion)}"' in text
        await open_page(web, page_of(problem, criterion))


async def test_a_verdict_is_corrected_shown_and_taken_back(program: Desk, browser: Desk, store: Database) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    assert COMPLETE.title in form.text and "ai chịu ảnh hưởng" in form.text
    answer = await press(web, form, wanted="fail", reason=REASON, sentence="0", roles=["affected", "trouble"])
    shown = await follow(web, answer)
    assert "Đã lưu." in shown.text and CORRECTED in shown.text and REASON in shown.text
    assert "điều phối của Sở ·" in shown.text and f'href="{page_of(problem)}"' not in shown.text
    kept = await store.overrules.find_one({})
    assert kept is not None
    assert (kept["sentence"], kept["roles"]) == (COMPLETE.title, ["trouble", "affected"])
    button = next(form for form in forms_of(shown.text) if "/do-ro/rut/" in form.action)
    assert CORRECTED not in (await follow(web, await web.post(button.action, data=button.fields))).text


async def test_the_same_words_may_be_said_again_after_they_were_taken_back(
    program: Desk, browser: Desk, store: Database
) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    for _ in range(2):
        await corrected(browser, problem)
        shown = await open_page(web, review(problem))
        button = next(form for form in forms_of(shown.text) if "/do-ro/rut/" in form.action)
        await web.post(button.action, data=button.fields)
    assert await store.overrules.count_documents({"withdrawn_at": {"$ne": None}}) == 2


async def test_the_button_pressed_twice_corrects_once(program: Desk, browser: Desk, store: Database) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    answers = [await press(web, form, wanted="fail", reason=REASON) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await store.overrules.count_documents({}) == 1


async def test_what_is_wrong_is_told_at_once_and_nothing_typed_is_lost(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    again = await press(web, form, reason="sai rồi", roles=["order"])
    assert again.status_code == 422
    for name in ("wanted", "reason", "sentence"):
        assert f'<a href="#{name}">' in again.text and f'id="{name}"' in again.text
    (sent,) = [form for form in forms_of(again.text) if form.action == page_of(problem)]
    assert (sent.fields["reason"], sent.fields["roles"]) == (["sai rồi"], ["order"])


async def test_personal_data_in_the_reason_is_told_at_the_field_and_the_typing_stays(
    program: Desk, browser: Desk
) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    typed = "Hỏi anh Ba, số 0903 123 456, thì rõ ngay."
    again = await press(web, await open_page(web, page_of(problem)), wanted="fail", reason=typed)
    assert again.status_code == 422 and typed in again.text
    assert '<a href="#reason">Nội dung này: bỏ số điện thoại</a>' in again.text


async def test_what_was_typed_stays_when_the_problem_has_moved_on(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    await take(program, problem, "start_review")
    again = await press(web, form, wanted="fail", reason=REASON)
    assert again.status_code == 409 and REASON in again.text
    assert (await press(web, again)).status_code == 303


async def written_anew(program: Desk, problem: Body, *commands: str) -> Body:
    """Recalled and told with another sentence first; then the `commands` are taken."""
    back = (await take(program, problem, "recall")).json()
    record = problem["record"] | {"title": "Ban quản lý chợ đếm sạp bằng giấy"}
    sent = {"version": back["version"], "record": record}
    body: Body = (await program(DRAFTER).put(f"/problems/{problem['id']}", json=sent)).json()
    for command in commands:
        body = (await take(program, body, command)).json()
    return body


async def test_a_sentence_of_a_former_text_is_not_chosen_in_the_new_one(
    program: Desk, browser: Desk, store: Database
) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    await written_anew(program, problem, "submit")
    again = await press(web, form, wanted="fail", reason=REASON, sentence="0", roles=["trouble"])
    assert again.status_code == 409 and REASON in again.text
    assert (await press(web, again)).status_code == 303
    kept = await store.overrules.find_one({})
    assert kept is not None and (kept["sentence"], kept["roles"]) == ("", [])


async def test_a_chosen_sentence_stays_where_the_text_is_the_same(
    program: Desk, browser: Desk, store: Database
) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    await take(program, problem, "start_review")
    again = await press(web, form, wanted="fail", reason=REASON, sentence="0", roles=["trouble"])
    assert (await press(web, again)).status_code == 303
    kept = await store.overrules.find_one({})
    assert kept is not None and (kept["sentence"], kept["roles"]) == (COMPLETE.title, ["trouble"])


async def test_what_was_typed_stays_when_a_colleague_was_first(program: Desk, browser: Desk, store: Database) -> None:
    problem, web = await walk(program, "submitted"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    await corrected(browser, problem)
    late = await press(web, form, wanted="ask", reason="Tôi thấy cần hỏi lại đơn vị.")
    assert late.status_code == 409 and "Đánh giá này đã được sửa" in late.text
    assert "Tôi thấy cần hỏi lại đơn vị." in late.text
    assert await store.overrules.count_documents({}) == 1


async def test_what_was_typed_stays_when_the_text_is_being_written_anew(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "returned"), browser(COORDINATOR)
    form = await open_page(web, page_of(problem))
    record = problem["record"] | {"title": "Ban quản lý chợ đếm sạp bằng giấy"}
    sent = {"version": problem["version"], "record": record}
    edited = (await program(DRAFTER).put(f"/problems/{problem['id']}", json=sent)).json()
    late = await press(web, form, version=str(edited["version"]), wanted="fail", reason=REASON)
    assert late.status_code == 409 and REASON in late.text
    assert "Nội dung hiện tại của đề bài chưa được góp ý" in late.text


async def test_a_criterion_that_looks_at_no_sentence_asks_for_none(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted")
    text = (await open_page(browser(COORDINATOR), page_of(problem, "abbreviations"))).text
    assert 'name="reason"' in text and 'name="sentence"' not in text and 'name="roles"' not in text


@pytest.mark.parametrize("actor", [DRAFTER, APPROVER], ids=["drafter", "approver"])
async def test_the_agency_reads_the_correction_and_its_reason(program: Desk, browser: Desk, actor: Actor) -> None:
    problem = await walk(program, "submitted")
    await corrected(browser, problem)
    text = (await open_page(browser(actor), f"/bai-toan/{problem['id']}")).text
    assert CORRECTED in text and REASON in text
    assert COORDINATOR.person_id not in text
    assert "Mười tiêu chí" not in text and "/do-ro/" not in text


async def test_the_leader_reads_all_verdicts_and_corrects_none(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted")
    await corrected(browser, problem)
    text = (await open_page(browser(LEADER), review(problem))).text
    assert CORRECTED in text and "Mười tiêu chí" in text and "/do-ro/" not in text


@pytest.mark.parametrize("actor", [ANONYMOUS, RESEARCHER], ids=["visitor", "researcher"])
async def test_the_public_sees_nothing_of_it(program: Desk, browser: Desk, actor: Actor) -> None:
    problem = await walk(program, "open")
    await corrected(browser, problem)
    text = (await open_page(browser(actor), f"/bai-toan/{problem['id']}")).text
    assert CORRECTED not in text and REASON not in text and "Mười tiêu chí" not in text


@pytest.mark.parametrize(
    ("actor", "status"),
    [(LEADER, 403), (DRAFTER, 403), (RESEARCHER, 404), (person(Role.DRAFTER, unit=OTHER.id), 404), (ANONYMOUS, 303)],
    ids=["leader", "drafter", "researcher", "other unit", "visitor"],
)
async def test_the_form_is_for_coordinators(program: Desk, browser: Desk, actor: Actor, status: int) -> None:
    problem = await walk(program, "submitted")
    assert (await browser(actor).get(page_of(problem))).status_code == status


@pytest.mark.parametrize(("criterion", "status"), [("weather", 404), ("solution", 409)])
async def test_there_is_no_form_for_what_cannot_be_corrected(
    program: Desk, browser: Desk, criterion: str, status: int
) -> None:
    problem = await walk(program, "submitted")
    await corrected(browser, problem)
    assert (await browser(COORDINATOR).get(page_of(problem, criterion))).status_code == status


async def test_while_the_agency_writes_anew_no_verdict_is_offered_for_correction(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "returned")
    record = problem["record"] | {"title": "Ban quản lý chợ không biết sạp nào trống"}
    await program(DRAFTER).put(f"/problems/{problem['id']}", json={"version": problem["version"], "record": record})
    assert "/do-ro/" not in (await open_page(browser(COORDINATOR), review(problem))).text


async def test_the_form_speaks_english_on_demand(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted")
    text = (await open_page(browser(COORDINATOR), f"{page_of(problem)}?lang=en")).text
    assert "What is the right verdict?" in text and "who is affected" in text
