"""Vietnamese with and without its marks."""

import unicodedata
from typing import Literal

import pytest

from shared.folding import has_marks

MARKED = (
    "Ngập úng",
    "đê",
    "UBND TP.HCM, Q.1, P. 12, KP 3: 12/15 camera, 7/9 switch, 3 UPS hư",
    "Hai hộ ở Thủ Đức chờ 9 ngày",
)
UNMARKED = (
    "",
    "Ngap ung",
    "flood",
    "Nguoi ban hang o quan café phai cho chin ngay moi ho so vay von",
    "Ward officers near Bến Thành market cannot tell which of the sixty two stalls have been empty since the new year",
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("text", "marked"), [*((text, True) for text in MARKED), *((text, False) for text in UNMARKED)]
)
def test_a_name_or_two_do_not_make_a_text_one_with_marks(text: str, marked: bool, form: Literal["NFC", "NFD"]) -> None:
    assert has_marks(unicodedata.normalize(form, text)) is marked
