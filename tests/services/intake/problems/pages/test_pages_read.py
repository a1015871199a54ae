"""What the pages show, to whom, and in which language."""

import pytest

from shared.identity import ANONYMOUS, Actor, Role
from tests.services.intake.builders import (
    APPROVER,
    COMPLETE,
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
from tests.services.intake.path import post, walk

OUTSIDER = person(Role.DRAFTER, unit=OTHER.id)


async def text_of(browser: Desk, address: str, actor: Actor = ANONYMOUS) -> str:
    return (await open_page(browser(actor), address)).text


async def test_an_empty_catalogue_says_what_will_come(browser: Desk) -> None:
    assert "Chưa có bài toán nào được công bố" in await text_of(browser, "/")


async def test_the_catalogue_lists_published_problems_with_their_stage_and_label(program: Desk, browser: Desk) -> None:
    shown = await walk(program, "open", illustrative=True)
    hidden = await walk(program, "approved", title="Một đề bài còn chờ công bố")
    text = await text_of(browser, "/")
    assert f'href="/bai-toan/{shown["id"]}"' in text and hidden["id"] not in text
    assert "Đang tìm lời giải" in text and "Dữ liệu minh họa" in text and MARKET.name in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=sạp", True), ("q=SAP+bo+trong", True), ("q=ngập", False), ("linh-vuc=502", True), ("linh-vuc=5", True),
        ("linh-vuc=101", False), (f"don-vi={MARKET.id}", True), (f"don-vi={OTHER.id}", False),
        ("giai-doan=2", True), ("giai-doan=3", False), ("giai-doan=12", True), ("giai-doan=x", True),
    ],
)  # fmt: skip
async def test_the_catalogue_is_filtered_by_a_plain_form(program: Desk, browser: Desk, query: str, found: bool) -> None:
    problem = await walk(program, "open")
    text = await text_of(browser, f"/?{query}")
    assert (problem["id"] in text) is found
    assert ("Không có bài toán nào khớp" in text) is not found


async def test_a_long_catalogue_has_pages_that_keep_the_filter(program: Desk, browser: Desk) -> None:
    for _ in range(21):
        await walk(program, "open")
    first = await text_of(browser, "/?q=sạp")
    assert first.count('href="/bai-toan/') == 20
    onward = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "q=s" in onward
    last = await text_of(browser, onward)
    assert last.count('href="/bai-toan/') == 1 and "Về trang đầu" in last


@pytest.mark.parametrize(
    ("actor", "state", "slugs"),
    [
        (DRAFTER, "draft", {"sua", "kiem-tra", "bo-nhap"}),
        (APPROVER, "draft", {"gui", "bo-nhap"}),
        (DRAFTER, "submitted", {"thu-hoi"}),
        (APPROVER, "submitted", {"thu-hoi", "rut"}),
        (COORDINATOR, "submitted", {"tham-dinh", "tra-lai", "tu-choi"}),
        (LEADER, "submitted", set()),
        (DRAFTER, "returned", {"sua", "kiem-tra", "lam-ro"}),
        (APPROVER, "returned", {"gui-lai", "lam-ro", "rut"}),
        (LEADER, "under_review", {"phe-duyet", "tu-choi"}),
        (COORDINATOR, "approved", {"cong-bo", "dung-lai"}),
        (COORDINATOR, "open", {"dung-lai"}),
        (COORDINATOR, "piloting", set()),
        (APPROVER, "open", {"rut"}),
        (RESEARCHER, "open", set()),
        (ANONYMOUS, "open", set()),
        (OUTSIDER, "open", set()),
    ],
)
async def test_a_problems_page_offers_what_this_person_may_do_now(
    program: Desk, browser: Desk, actor: Actor, state: str, slugs: set[str]
) -> None:
    problem = await walk(program, state)
    address = f"/bai-toan/{problem['id']}"
    text = await text_of(browser, address, actor)
    assert {link.split('"')[0] for link in text.split(f'href="{address}/')[1:]} == slugs
    for slug in slugs:
        await text_of(browser, f"{address}/{slug}", actor)


@pytest.mark.parametrize(
    ("state", "actor"),
    [("draft", ANONYMOUS), ("draft", COORDINATOR), ("submitted", RESEARCHER), ("approved", OUTSIDER)],
)
async def test_a_problem_that_is_not_ones_to_see_is_not_found(
    program: Desk, browser: Desk, state: str, actor: Actor
) -> None:
    problem = await walk(program, state)
    answer = await browser(actor).get(f"/bai-toan/{problem['id']}")
    assert answer.status_code == 404 and COMPLETE.title not in answer.text


async def test_the_agency_reads_reason_questions_and_due_date(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "returned")
    text = await text_of(browser, f"/bai-toan/{problem['id']}", DRAFTER)
    assert "Con số 6% lấy từ đâu?" in text and "(chưa trả lời)" in text and "Trả lời trước" in text
    assert "điều phối của Sở" in text


async def test_savings_one_after_another_are_one_line_of_the_history(program: Desk, browser: Desk) -> None:
    problem = await post(program(DRAFTER))
    for version in (1, 2, 3):
        sent = {"version": version, "record": RECORD_BODY}
        assert (await program(DRAFTER).put(f"/problems/{problem['id']}", json=sent)).status_code == 200
    told = (await text_of(browser, f"/bai-toan/{problem['id']}", DRAFTER)).split('class="timeline"')[1]
    assert told.count("<li>") == 2 and told.index("Lưu nháp ×3") < told.index("<b>Nháp</b>")
    assert "Draft saved ×3" in await text_of(browser, f"/bai-toan/{problem['id']}?lang=en", DRAFTER)


async def test_an_agency_sees_what_waits_for_it_first(program: Desk, browser: Desk) -> None:
    returned, sent = await walk(program, "returned"), await walk(program, "submitted")
    text = await text_of(browser, "/cua-toi", DRAFTER)
    assert text.index(returned["id"]) < text.index("Đang xử lý và đã xong") < text.index(sent["id"])
    assert returned["id"] not in await text_of(browser, "/cua-toi", OUTSIDER)


async def test_the_queue_has_the_longest_wait_first_and_no_draft(program: Desk, browser: Desk) -> None:
    older, newer = await walk(program, "submitted"), await walk(program, "submitted")
    draft, review = await post(program(DRAFTER)), await walk(program, "under_review")
    text = await text_of(browser, "/dieu-phoi", COORDINATOR)
    assert text.index(f'<a href="/dieu-phoi/{older["id"]}') < text.index(f'<a href="/dieu-phoi/{newer["id"]}')
    assert review["id"] in text and draft["id"] not in text
    assert f'class="btn" href="/dieu-phoi/{older["id"]}"' in text


async def test_the_review_page_offers_the_steps(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "submitted")
    text = await text_of(browser, f"/dieu-phoi/{problem['id']}", COORDINATOR)
    assert all(f'/bai-toan/{problem["id"]}/{slug}"' in text for slug in ("tham-dinh", "tra-lai", "tu-choi"))


@pytest.mark.parametrize(
    ("address", "actor"),
    [
        ("/cua-toi", RESEARCHER), ("/cua-toi", COORDINATOR), ("/dieu-phoi", DRAFTER), ("/dieu-phoi", OPERATOR),
        ("/bai-toan/moi", APPROVER), ("/bai-toan/moi", RESEARCHER), ("/intake/van-hanh", DRAFTER),
    ],
)  # fmt: skip
async def test_a_page_for_others_is_refused(browser: Desk, address: str, actor: Actor) -> None:
    assert (await browser(actor).get(address)).status_code == 403


@pytest.mark.parametrize("address", ["/cua-toi", "/dieu-phoi", "/bai-toan/moi"])
async def test_who_is_not_signed_in_is_led_to_the_sign_in_page(browser: Desk, address: str) -> None:
    answer = await browser(ANONYMOUS).get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/dang-nhap?next={address}")


async def test_what_people_wrote_is_shown_and_not_run(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "open", title="<script>alert(1)</script> ở chợ")
    for address in ("/", f"/bai-toan/{problem['id']}"):
        text = await text_of(browser, address)
        assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    ("address", "actor", "words"),
    [
        ("/", ANONYMOUS, "Catalogue of problems"),
        ("/cua-toi", DRAFTER, "Put a problem"),
        ("/bai-toan/moi", DRAFTER, "Save and go on"),
        ("/dieu-phoi", COORDINATOR, "The longest wait comes first."),
        ("/dang-nhap", ANONYMOUS, "Sign in"),
        ("/tro-giup", ANONYMOUS, "The path of a problem"),
        ("/tiep-can", ANONYMOUS, "WCAG 2.2"),
    ],
)
async def test_pages_speak_english_on_demand(browser: Desk, address: str, actor: Actor, words: str) -> None:
    assert words in await text_of(browser, f"{address}?lang=en", actor)


async def test_help_explains_every_refusal_by_its_code(browser: Desk) -> None:
    text = await text_of(browser, "/tro-giup")
    codes = ("version_mismatch", "record_incomplete", "four_eyes", "unit_ended", "step_not_offered", "not_for_a_call")
    assert [code for code in codes if f'id="{code}"' not in text] == []


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_help_leaves_no_gap_in_a_refusals_words(browser: Desk, language: str) -> None:
    told = (await text_of(browser, f"/tro-giup?lang={language}")).partition('class="answers"')[2].partition("</dl>")[0]
    assert "VersionMismatch" not in told and 'id="version_mismatch"' in told
    assert [gap for gap in ("{", "…") if gap in told] == []


async def test_the_operations_page_counts_what_waits(program: Desk, browser: Desk) -> None:
    await walk(program, "submitted")
    assert "Sự kiện chờ gửi" in await text_of(browser, "/intake/van-hanh", OPERATOR)
