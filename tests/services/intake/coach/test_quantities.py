"""What counts as a quantity, and what only bears a number."""

import pytest

from services.intake.coach.quantities import quantities


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Quý I/2026 mỗi hồ sơ mất 9 ngày.", ["9 ngày"]),
        ("Thất thu ước 6% mỗi năm.", ["6%"]),
        ("Khoảng 1.200 hộ tại 3 chợ chờ 9,5 giờ.", ["1.200 hộ", "3 chợ", "9,5 giờ"]),
        ("Tốn 600 triệu đồng mỗi năm.", ["600 triệu đồng"]),
        ("Each file took 9 days.", ["9 days"]),
        ("Mỗi tháng 61 trong 780 sạp không rõ ai dùng.", ["61 trong 780 sạp"]),
        ("Có 214 trong tổng số 1.876 trụ nước không đủ áp lực.", ["214 trong tổng số 1.876 trụ"]),
        ("Of late 61 of 780 stalls stood empty.", ["61 of 780 stalls"]),
        ("Năm 2025 trong 734 lượt có 611 lượt không rõ.", ["734 lượt", "611 lượt"]),
        ("Mỗi ngày 300 lượt xe, hằng năm 12 vụ.", ["300 lượt", "12 vụ"]),
        ("Hàng tháng 61 sạp trống; từng năm 12 vụ.", ["61 sạp", "12 vụ"]),
        ("Last year 61 out of 780 stalls stood empty.", ["61 out of 780 stalls"]),
        ("Trong tháng 61 trong 780 sạp không rõ ai dùng.", []),
        ("Cần giảm từ 40 xuống dưới 10 trong 6 tháng.", ["6 tháng"]),
        ("Kẹt xe tại chân cầu Thị Nghè 2 trong 36 giờ.", ["36 giờ"]),
        ("Bơm chạy 24 trên 30 ngày.", ["24 trên 30 ngày"]),
        ("Cứ 1 trong 2 triệu dân chưa có thẻ.", []),
        ("Theo Nghị định số 13/2023/NĐ-CP và Quyết định 3214/QĐ-UBND.", []),
        ("UBND quận 12 và phường 4 cùng báo cáo.", []),
        ("Từ ngày 01/7/2025 bộ phận một cửa nhận hồ sơ.", []),
        ("Năm 2023 số liệu không cộng được.", []),
        ("In 2025 the ward had no list.", []),
        ("Under Decree 45 and Circular 22 the board reports.", []),
        ("Hẻm 47 ngập.", []),
        ("Theo Nghị định 13 hồ sơ phải xong trong 3 ngày.", ["3 ngày"]),
        ("Thông tư 22 hướng dẫn chưa rõ.", []),
        ("Quyết định 45 chưa được thi hành.", []),
        ("UBND quận 12 báo cáo chậm.", []),
        ("Under Decree 45 residents wait 9 days.", ["9 days"]),
    ],
)
def test_quantities_have_a_unit_and_name_nothing(sentence: str, found: list[str]) -> None:
    assert [one.text for one in quantities(sentence)] == found


def test_a_multiplier_belongs_to_the_unit() -> None:
    (one,) = quantities("Tốn 600 triệu đồng.")
    assert (one.value, one.unit) == ("600", "triệu đồng")


def test_a_part_of_a_whole_is_that_many() -> None:
    (one,) = quantities("Mỗi tháng 61 trong 780 sạp không rõ ai dùng.")
    assert (one.value, one.unit) == ("61", "sạp")
