"""What the form's script asks for while one types: saving, and the coach."""

import re
from html import unescape
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response

from services.intake.coach.criteria import rubric
from services.intake.coach.judge import NOTHING_WRITTEN, TELL_FIRST
from shared.identity import Role
from shared.mongo import Database
from tests.services.intake.builders import APPROVER, COMPLETE, DRAFTER, OTHER, person
from tests.services.intake.conftest import Desk
from tests.services.intake.page_forms import forms_of, open_page, press
from tests.services.intake.path import post

BUSY = "Hồ sơ đất của hộ dân chờ 40 ngày"
WAITS = "phần có dòng đang viết dở sẽ được lưu khi dòng đó đủ mục"


async def opened(web: AsyncClient) -> dict[str, list[str]]:
    """The fields of a new page, its `id` among them."""
    return forms_of((await open_page(web, "/bai-toan/moi")).text)[-1].fields


async def autosave(web: AsyncClient, fields: dict[str, list[str]], **typed: str) -> Response:
    """As the page does: what is typed, against the version that the last answer named."""
    changed = fields | {name.replace("__", "."): [text] for name, text in typed.items()}
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/tu-luu/1", data=changed)
    if found := re.search(r'name="version" value="(\d+)"', answer.text):
        fields["version"] = [found[1]]
    return answer


async def test_typing_on_a_new_page_makes_one_draft_and_goes_on_in_it(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    first = await autosave(web, fields, title=BUSY)
    assert first.status_code == 200 and "Đã lưu lúc" in first.text
    await autosave(web, fields, title=f"{BUSY} làm việc")
    assert [row["record"]["title"] async for row in store.problems.find()] == [f"{BUSY} làm việc"]


async def test_the_first_saving_tells_the_page_where_a_reload_finds_the_draft(browser: Desk) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    first = await autosave(web, fields, title=BUSY)
    assert first.headers["hx-replace-url"] == f"/bai-toan/{fields['id'][0]}/sua"
    assert BUSY in (await open_page(web, first.headers["hx-replace-url"])).text
    assert "hx-replace-url" not in (await autosave(web, fields, title=f"{BUSY} làm việc")).headers


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 20, "-1", "hai"], ids=["endless", "long", "negative", "none"])
async def test_a_version_that_is_none_is_refused(browser: Desk, store: Database, version: str) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    await autosave(web, fields, title=BUSY)
    refused = await autosave(web, fields, title=COMPLETE.title, version=version)
    assert refused.status_code == 422 and 'href="#version"' in refused.text
    by_hand = await web.post(f"/bai-toan/{fields['id'][0]}/sua", data=fields | {"version": [version]})
    assert by_hand.status_code == 422 and 'href="#version"' in by_hand.text
    assert [row["record"]["title"] async for row in store.problems.find()] == [BUSY]


async def test_what_was_not_changed_makes_no_new_version(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    for _ in range(3):
        await autosave(web, fields, title=BUSY)
    assert await store.events.count_documents({}) == 1


async def test_a_saving_whose_answer_was_lost_holds_up_nothing(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    await autosave(web, dict(fields), title=BUSY)
    assert (await autosave(web, fields, title=COMPLETE.title)).status_code == 200
    assert [row["record"]["title"] async for row in store.problems.find()] == [COMPLETE.title]


async def test_a_save_by_hand_follows_the_pages_own_and_ends_them(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    page = await open_page(web, "/bai-toan/moi")
    fields = forms_of(page.text)[-1].fields
    await autosave(web, dict(fields), title=BUSY)
    assert (await press(web, page, "save", title=COMPLETE.title)).status_code == 303
    late = await autosave(web, fields, title=BUSY)
    assert late.status_code == 409 and 'role="alert"' in late.text
    assert [row["record"]["title"] async for row in store.problems.find()] == [COMPLETE.title]


async def test_the_first_draft_is_what_was_left_not_what_was_saved_while_typing(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    page = await open_page(web, "/bai-toan/moi")
    fields, line = forms_of(page.text)[-1].fields, "Mỗi năm có 310 hồ sơ của hộ dân bị trễ hạn trên 40 ngày."
    texts = [" ".join([line] * times) for times in (2, 3, 4, 5)]
    for text in texts[:3]:
        await autosave(web, fields, title=BUSY, statement__consequence=text)
    left = await press(web, page, "next", title=BUSY, statement__consequence=texts[3])
    again = forms_of((await open_page(web, left.headers["location"].replace("boi-canh", "sua"))).text)[-1].fields
    await autosave(web, again, title="Tên khác hẳn")
    assert [row["first_draft"]["statement"]["consequence"] async for row in store.problems.find()] == [texts[3]]


async def test_a_saving_that_is_refused_says_why(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    marked = await autosave(web, fields, statement__cause="TỐI MẬT\nKế hoạch")
    assert marked.status_code == 422 and "dấu chỉ độ mật" in marked.text
    wrong = await autosave(web, fields, affected__0__group="hộ dân", affected__0__count="nhiều")
    told = '<a href="#affected.0.count">Nhóm chịu ảnh hưởng, bao nhiêu: ghi một số nguyên</a>'
    assert wrong.status_code == 422 and told in wrong.text
    assert await store.problems.count_documents({}) == 0


async def test_a_row_that_is_being_written_waits_and_all_else_is_saved(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    half = await autosave(web, fields, title=BUSY, baseline__0__metric="thời gian chờ", affected__0__count="310")
    assert half.status_code == 200 and WAITS in half.text and 'role="alert"' not in half.text
    assert [(row["record"]["title"], row["record"]["baseline"]) async for row in store.problems.find()] == [(BUSY, [])]
    whole = {"baseline__0__metric": "thời gian chờ", "baseline__0__value": "40", "baseline__0__unit": "ngày"}
    done = await autosave(web, fields, title=BUSY, **whole)
    assert done.status_code == 200 and "Đã lưu lúc" in done.text and WAITS not in done.text
    assert [row["record"]["baseline"][0]["value"] async for row in store.problems.find()] == [40]


async def test_a_stored_row_stays_while_it_is_being_rewritten(program: Desk, browser: Desk, store: Database) -> None:
    problem, web = await post(program(DRAFTER)), browser(DRAFTER)
    fields = forms_of((await open_page(web, f"/bai-toan/{problem['id']}/sua")).text)[-1].fields
    cleared = await autosave(web, fields, title=BUSY, baseline__0__value="", target__0__metric="")
    assert cleared.status_code == 200 and WAITS in cleared.text
    stored = [row["record"] async for row in store.problems.find()]
    assert stored == [problem["record"] | {"title": BUSY}]


async def test_a_stored_row_cut_to_a_letter_is_not_lost_and_goes_by_the_persons_own_hand(
    program: Desk, browser: Desk, store: Database
) -> None:
    groups = [{"group": "Hộ kinh doanh cá thể"}, {"group": "Dân cư"}]
    problem, web = await post(program(DRAFTER), affected=groups), browser(DRAFTER)
    page = await open_page(web, f"/bai-toan/{problem['id']}/sua")
    cut = await autosave(web, forms_of(page.text)[-1].fields, title=BUSY, affected__0__group="H")
    assert cut.status_code == 200 and WAITS in cut.text
    [record] = [row["record"] async for row in store.problems.find()]
    assert (record["title"], [one["group"] for one in record["affected"]]) == (BUSY, ["Hộ kinh doanh cá thể", "Dân cư"])
    page = await open_page(web, f"/bai-toan/{problem['id']}/sua")
    assert (await press(web, page, "save", affected__0__group="")).status_code == 303
    assert [[one["group"] for one in row["record"]["affected"]] async for row in store.problems.find()] == [["Dân cư"]]


async def test_what_is_wrong_in_a_whole_row_is_told_and_what_is_missing_in_another_is_not(browser: Desk) -> None:
    web = browser(DRAFTER)
    half = {"affected__0__count": "3", "affected__1__group": "hộ dân", "affected__1__count": "nhiều"}
    wrong = await autosave(web, await opened(web), **half)
    assert wrong.status_code == 422 and re.findall('href="#([^"]+)"', wrong.text) == ["affected.1.count"]


async def test_a_person_who_saves_is_told_of_all_that_is_missing(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    half = {"affected__0__count": "3", "baseline__0__metric": "thời gian chờ"}
    for act in ("save", "next"):
        page = await press(web, await open_page(web, "/bai-toan/moi"), act, **half)
        assert page.status_code == 422
        assert all(
            f'href="#{name}"' in page.text for name in ("affected.0.group", "baseline.0.value", "baseline.0.unit")
        )
    assert await store.problems.count_documents({}) == 0


@pytest.mark.parametrize(
    ("language", "told"),
    [("vi", "Kinh phí tối đa: ghi một số nguyên"), ("en", "Budget ceiling: write a whole number")],
)
async def test_a_number_that_is_none_is_told_with_the_name_of_its_field(
    program: Desk, browser: Desk, language: str, told: str
) -> None:
    problem, web = await post(program(DRAFTER)), browser(DRAFTER)
    address = f"/bai-toan/{problem['id']}/boi-canh?lang={language}"
    fields = forms_of((await open_page(web, address)).text)[-1].fields
    page = await web.post(address, data=fields | {"budget": ["300 triệu"], "act": ["next"]})
    assert page.status_code == 422 and f'<li><a href="#budget">{told}</a></li>' in page.text
    assert f"</span>{told}</p>" in page.text


async def test_another_units_draft_is_not_saved_over(browser: Desk, store: Database) -> None:
    web, other = browser(DRAFTER), browser(person(Role.DRAFTER, unit=OTHER.id, name="other"))
    fields = await opened(web)
    await autosave(web, fields, title=BUSY)
    theirs = (await opened(other)) | {"id": fields["id"], "page": fields["page"]}
    assert (await autosave(other, theirs, title="Của đơn vị khác")).status_code == 409
    assert [row["record"]["title"] async for row in store.problems.find()] == [BUSY]


async def test_only_a_drafter_saves_and_only_under_a_proper_id(browser: Desk) -> None:
    fields = await opened(browser(DRAFTER))
    assert (await browser(APPROVER).post(f"/bai-toan/{uuid4()}/tu-luu/1", data=fields)).status_code == 403
    assert (await browser(DRAFTER).post("/bai-toan/no-id/tu-luu/1", data=fields)).status_code == 404
    assert (await browser(DRAFTER).post(f"/bai-toan/{uuid4()}/tu-luu/3", data=fields)).status_code == 404


async def test_the_coach_answers_what_stands_there_and_stores_nothing(browser: Desk, store: Database) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    typed = {"title": [BUSY], "statement.consequence": ["Mỗi năm có 310 hồ sơ bị trễ hạn trên 40 ngày."]}
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/gop-y/1", data=fields | typed)
    assert answer.status_code == 200 and "điểm đã rõ" in answer.text and "/ket-noi/tuong-tu" in answer.text
    assert 'hx-target="#reading"' in answer.text and "<html" not in answer.text
    assert await store.problems.count_documents({}) == 0


@pytest.mark.parametrize(
    ("language", "told"),
    [("vi", (NOTHING_WRITTEN.vi, TELL_FIRST.vi)), ("en", (NOTHING_WRITTEN.en, TELL_FIRST.en))],
)
async def test_an_empty_form_is_told_how_to_begin(browser: Desk, language: str, told: tuple[str, str]) -> None:
    page = unescape((await open_page(browser(DRAFTER), f"/bai-toan/moi?lang={language}")).text)
    assert all(text in page for text in told) and page.count('class="next') == 1
    assert '<a href="#statement.trouble">' in page and '<ul class="crit">' not in page


async def test_similar_problems_are_not_asked_for_with_personal_data_in_the_text(browser: Desk) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    typed = {"title": [BUSY], "statement.cause": ["Gọi anh Ba 0903 123 456 mới biết"]}
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/gop-y/1", data=fields | typed)
    assert "/ket-noi/tuong-tu" not in answer.text and "bỏ số điện thoại" in answer.text
    assert "take:" not in answer.text


async def test_all_kinds_of_personal_data_in_one_field_are_told_at_once(browser: Desk) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    typed = {"title": [BUSY], "statement.cause": ["Gọi 0903 123 456 hoặc 0912 345 678, thư nam@vidu.vn"]}
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/gop-y/1", data=fields | typed)
    assert answer.text.count("Vì sao: bỏ số điện thoại") == 1 and "Vì sao: bỏ địa chỉ thư điện tử" in answer.text
    assert "Bỏ đi trước khi gửi." in answer.text


@pytest.mark.parametrize(
    ("title", "asked"), [("Nguoi dan phai cho 9 ngay moi ho so, phuong khong co nguoi truc", True), (BUSY, False)]
)
async def test_a_text_without_marks_is_asked_to_be_typed_with_them(browser: Desk, title: str, asked: bool) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/gop-y/1", data=fields | {"title": [title]})
    assert ("Bài viết không dấu" in answer.text) is asked


async def test_a_marking_of_secrecy_is_said_to_stop_the_saving(browser: Desk) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    typed = {"title": [BUSY], "statement.cause": ["Văn bản TỐI MẬT số 5"]}
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/gop-y/1", data=fields | typed)
    assert "Phải bỏ đi thì mới lưu được." in answer.text


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_each_of_the_ten_verdicts_names_its_criterion(browser: Desk, language: str) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/gop-y/1?lang={language}", data=fields | {"title": [BUSY]})
    names = [unescape(one) for one in re.findall(r"<dt>(.+?): ", answer.text)]
    assert len(set(names)) == 10 and {one.name.read(language) for one in rubric().criteria.values()} == set(names)


@pytest.mark.parametrize("field", ["title", "statement.cause"])
async def test_similar_problems_are_not_asked_for_of_a_text_too_long_to_be_looked_at(browser: Desk, field: str) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    typed = {"title": [BUSY], "statement.consequence": ["Mỗi năm có 310 hồ sơ bị trễ hạn."], field: ["Chờ lâu. " * 400]}
    answer = await web.post(f"/bai-toan/{fields['id'][0]}/gop-y/1", data=fields | typed)
    assert "điểm đã rõ" in answer.text and "/ket-noi/tuong-tu" not in answer.text


async def test_similar_problems_are_asked_for_where_the_text_is_typed(browser: Desk) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    await autosave(web, fields, title=BUSY)
    for page, asked in (("sua", True), ("boi-canh", False), ("kiem-tra", False)):
        assert ("/ket-noi/tuong-tu" in (await open_page(web, f"/bai-toan/{fields['id'][0]}/{page}")).text) is asked


async def test_a_question_stands_where_it_can_be_answered(browser: Desk) -> None:
    web = browser(DRAFTER)
    fields = await opened(web)
    typed = {"title": BUSY, "statement.consequence": "Mỗi năm có 310 hồ sơ bị trễ hạn trên 40 ngày."}
    await autosave(web, fields, **typed)
    for page, asked in (("sua", True), ("boi-canh", False), ("kiem-tra", False)):
        found = (await open_page(web, f"/bai-toan/{fields['id'][0]}/{page}")).text
        assert ("đây có phải hiện trạng?" in found) is ("take:baseline" in found) is asked
