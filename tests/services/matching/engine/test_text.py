"""Terms of Vietnamese text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.engine.text import Kind, read, tone_key


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("khỏe", "khoẻ"), ("Hòa", "hoà")])
def test_where_the_tone_is_placed_makes_no_difference(one: str, other: str) -> None:
    assert tone_key(one) == tone_key(other)


@pytest.mark.parametrize(("one", "other"), [("hòa", "hóa"), ("chợ", "chờ"), ("ma", "má"), ("o", "ô"), ("dong", "đong")])
def test_words_that_differ_stay_different(one: str, other: str) -> None:
    assert tone_key(one) != tone_key(other)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_both_unicode_forms_are_one_text(form: str) -> None:
    text = "Giáo viên nhập cùng một bộ điểm"
    typed = unicodedata.normalize("NFD" if form == "NFD" else "NFC", text)
    assert read(typed).counts == read(text).counts


def test_words_count_with_marks_folded_and_in_pairs() -> None:
    counts = read("Thu phí sạp").counts
    folded = {key for kind, key in counts if kind is Kind.FOLDED}
    assert folded == {"thu", "phi", "sap", "thu phi", "phi sap"}
    assert {key for kind, key in counts if kind is Kind.MARKED} == {tone_key(w) for w in ("thu", "phí", "sạp")} | {
        f"thu {tone_key('phí')}",
        f"{tone_key('phí')} {tone_key('sạp')}",
    }


def test_no_pair_spans_two_sentences_or_a_word_of_grammar() -> None:
    folded = {key for kind, key in read("chợ trống. Phí của sạp").counts if kind is Kind.FOLDED}
    assert folded == {"cho", "trong", "phi", "sap", "cho trong"}


def test_field_codes_are_terms_of_their_own() -> None:
    assert read("", ["502"]).counts == {(Kind.FIELD, "502"): 1}


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = read(text)
    assert found.surface.keys() == found.counts.keys()
