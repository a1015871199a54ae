"""A statement falls into the sentences that a person would count."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.coach.sentences import compose, split


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(compose(text))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hồ sơ trễ. Dân chờ 9 ngày.", ["Hồ sơ trễ.", "Dân chờ 9 ngày."]),
        ("Giảm từ 9,5 xuống 3.0 ngày; Trước 30/6.", ["Giảm từ 9,5 xuống 3.0 ngày;", "Trước 30/6."]),
        ("Tại TP. Thủ Đức và Q. Bình Thạnh cũ.", ["Tại TP. Thủ Đức và Q. Bình Thạnh cũ."]),
        ("Theo ThS. Lan thì đủ. BS. Minh chưa rõ.", ["Theo ThS. Lan thì đủ.", "BS. Minh chưa rõ."]),
        ("1. Hiện trạng: chờ lâu\n2. Nguyên nhân: thiếu người", ["Hiện trạng: chờ lâu", "Nguyên nhân: thiếu người"]),
        ("– Chờ lâu\n• Thiếu người\n+ Kinh phí", ["Chờ lâu", "Thiếu người", "Kinh phí"]),
        ("Có 1.200 hộ. 64 sạp ướt.", ["Có 1.200 hộ.", "64 sạp ướt."]),
        ("Chờ bao lâu? Chín ngày! “Quá lâu.” Dân nói.", ["Chờ bao lâu?", "Chín ngày!", "“Quá lâu.”", "Dân nói."]),
        ("Wait, e.g. in ward 5. It is long.", ["Wait, e.g. in ward 5.", "It is long."]),
        ("\n\n  \n…\n", []),
        ("", []),
        ("không dấu chấm", ["không dấu chấm"]),
        ("12.\nSau đó", ["12.", "Sau đó"]),
        ("o\tChờ lâu\n\to\tThiếu người\no   Kinh phí", ["Chờ lâu", "Thiếu người", "Kinh phí"]),
        (
            "ong ba cao huyet ap\no phuong 5 thieu nguoi\non market days",
            ["ong ba cao huyet ap", "o phuong 5 thieu nguoi", "on market days"],
        ),
    ],
)
def test_where_sentences_end(text: str, parts: list[str]) -> None:
    assert texts(text) == parts


def test_decomposed_text_gives_the_same_sentences() -> None:
    text = "Người dân chờ lâu. Hồ sơ trễ hạn 9 ngày."
    assert texts(unicodedata.normalize("NFD", text)) == texts(text)


@given(st.text(alphabet="aăđ A1.,;:?!-\n\r\t•“”()ỆQ ", max_size=80))
def test_places_point_at_their_sentence_and_no_word_is_lost(text: str) -> None:
    whole = compose(text)
    sentences = split(whole)
    assert [whole[s.start : s.end] for s in sentences] == [s.text for s in sentences]
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    outside = "".join(c for n, c in enumerate(whole) if not any(s.start <= n < s.end for s in sentences))
    assert not [c for c in outside if c.isalpha() and c not in "aăđA"]
