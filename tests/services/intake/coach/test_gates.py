"""Personal data and secrets are found, and numbers of public life are left alone."""

from pathlib import Path

import pytest

from services.intake.coach.gates import Finding, personal_data, secrets
from services.intake.coach.sentences import compose

CASES = [
    tuple(part.strip() for part in line.split("|", 1))
    for line in (Path(__file__).parent / "personal_data.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
FOUND = [(kind, text) for kind, text in CASES if kind != "-"]
NOTHING = [text for kind, text in CASES if kind == "-"]


def test_there_are_two_hundred_cases_at_least() -> None:
    assert len(CASES) >= 200
    assert {kind for kind, _ in FOUND} == set(Finding) - {Finding.SECRET}


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_personal_data_is_found(kind: str, text: str) -> None:
    assert kind in {found.finding for found in personal_data(compose(text))}


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_of_public_life_are_no_personal_data(text: str) -> None:
    assert personal_data(compose(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "MẬT",
        "TUYỆT MẬT\nBáo cáo số 12",
        "Độ mật: Mật",
        "Độ mật: TỐI MẬT.",
        "(MẬT) Phương án bảo vệ",
        "Tài liệu TỐI MẬT",
        "[TỐI MẬT]",
        "DO MAT: TUYET MAT",
        "TUYET MAT",
        "TOP SECRET",
        "Classification: SECRET",
        "Văn bản MẬT.",
        "Văn bản số 12, độ MẬT, nói rõ nguyên nhân.",
        "Văn bản TỐI MẬT số 5",
    ],
)
def test_a_marking_is_a_secret(text: str) -> None:
    assert secrets(compose(text))


@pytest.mark.parametrize(
    "text",
    [
        "Mật độ xe trên cầu quá cao",
        "MẬT ĐỘ DÂN CƯ TẠI PHƯỜNG",
        "BẢO MẬT THÔNG TIN NGƯỜI BỆNH",
        "BÍ MẬT KINH DOANH",
        "Người dân quên mật khẩu VNeID",
        "Mật ong rừng U Minh bị làm giả",
        "không có tài liệu mật trong hồ sơ",
        "The secret ballot took three hours",
        "SECRETARY OF THE UNION",
        "ĐƯỜNG MẬT",
    ],
)
def test_a_word_like_it_is_none(text: str) -> None:
    assert not secrets(compose(text))


def test_a_place_is_told_once_and_points_at_the_text() -> None:
    text = "Gọi 0903 123 456 hoặc thư a.b@c.vn."
    assert [text[found.start : found.end] for found in personal_data(text)] == ["0903 123 456", "a.b@c.vn"]
