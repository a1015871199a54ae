"""By when something is wanted, and what only names a time."""

import pytest

from services.intake.coach.deadlines import deadline_in


@pytest.mark.parametrize(
    "sentence",
    [
        "Hạn hoàn thành: quý III/2027.",
        "Deadline: 30/6/2027.",
        "Cần kết quả trước 31.12.2026 để kịp năm học mới.",
        "Phải xong trước ngày 30/6/2027.",
        "Can xong truoc thang 9/2027.",
        "It must be done by 30/6/2027.",
        "We need it before the end of June 2027.",
    ],
)
def test_what_must_be_done_by_a_date_has_a_deadline_whatever_else_it_tells(sentence: str) -> None:
    assert deadline_in(sentence, tells_target=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Giảm xuống dưới 10 sạp trước 30/6.",
        "Giảm xuống dưới 10 sạp trước tháng 9.",
        "Dưới 10 sạp trước Tết.",
        "Dưới 10 sạp trước quý IV.",
        "Dưới 10 sạp trong vòng 90 ngày.",
        "Dưới 10 sạp sau sáu tháng.",
        "Duoi 10 sap trong 18 thang.",
        "Dưới 10 sạp trong 12 đến 18 tháng.",
        "Sang năm còn dưới 10 sạp.",
        "Mùa mưa tới còn dưới 10 sạp.",
        "Đến năm 2027 còn dưới 10 sạp.",
        "Fewer than 10 stalls by June.",
        "Fewer than 10 stalls within 6 weeks.",
        "Fewer than 10 stalls by next term.",
        "Fewer than 10 stalls by the end of the year.",
    ],
)
def test_a_time_in_a_target_is_its_deadline(sentence: str) -> None:
    assert deadline_in(sentence, tells_target=True)
    assert not deadline_in(sentence, tells_target=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Giảm lỗi của hệ thống thu phí tới mức dưới 10 lần mỗi ngày.",
        "Giảm số vụ hụt phí trong một tháng từ 61 xuống dưới 10.",
        "Giảm từ 61 sạp của năm 2025 xuống dưới 10 sạp.",
        "Giảm một nửa so với năm 2025.",
        "Trả kết quả trong 3 ngày.",
        "Kỹ thuật tới đâu, mua sắm tới đó, Việt Nam sau cùng.",
        "We want fewer than 10 empty stalls next to the river, at the end of the queue.",
        "Fewer than in 2025.",
    ],
)
def test_a_rate_a_past_year_and_a_place_are_no_deadline(sentence: str) -> None:
    assert not deadline_in(sentence, tells_target=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Năm 2025 thất thu 420 triệu đồng.",
        "Từ ngày 01/7/2025 phường mới nhận hồ sơ, phải làm lại sổ.",
        "Máy mua trước năm 2020 nay đã hỏng.",
        "The decree of 14/10/2025 applies.",
    ],
)
def test_most_times_in_a_statement_are_past_ones(sentence: str) -> None:
    assert not deadline_in(sentence, tells_target=False)
