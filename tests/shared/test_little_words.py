"""Which words name something."""

import unicodedata

import pytest

from shared.folding import folded
from shared.little_words import GRAMMAR, LITTLE, names_something


@pytest.mark.parametrize("words", ["nhưng", "vì", "cao", "chưa có", "lại từ đầu", "9", "also not"])
def test_what_every_text_says_names_nothing(words: str) -> None:
    assert not names_something(words, marked=True)
    assert not names_something(folded(words), marked=False)


@pytest.mark.parametrize("words", ["sạp", "không biết sạp", "xét nghiệm", "168 đơn vị", "market stalls"])
def test_one_word_that_tells_is_enough(words: str) -> None:
    assert names_something(words, marked=True) and names_something(folded(words), marked=False)


def test_only_a_text_without_marks_is_taken_for_one() -> None:
    assert names_something("chợ", marked=True) and not names_something("cho", marked=False)


def test_each_word_is_listed_once_small_and_in_one_spelling() -> None:
    assert GRAMMAR < LITTLE
    assert all(word == unicodedata.normalize("NFC", word.lower()) for word in LITTLE)
