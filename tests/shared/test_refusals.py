"""A refusal names itself and tells, in both languages, what to do."""

import inspect
import string

import pytest

from shared import refusals
from shared.refusals import FieldError, InvalidInput, KeyReused, Refusal, Text, VersionMismatch

EVERY = [
    one for _, one in inspect.getmembers(refusals, inspect.isclass) if issubclass(one, Refusal) and one is not Refusal
]


def test_the_name_of_the_class_gives_the_code() -> None:
    assert VersionMismatch.code() == "version_mismatch"
    assert str(KeyReused()) == "key_reused"


def test_facts_are_filled_into_both_languages() -> None:
    advice = VersionMismatch(current=7).advises()
    assert "phiên bản 7" in advice.vi
    assert "(7)" in advice.en


def test_the_errors_of_the_fields_are_kept() -> None:
    error = FieldError("title", "missing", Text("Điền mục này", "Fill this in"))
    assert InvalidInput(errors=(error,)).errors == (error,)


def test_a_sentence_is_read_in_english_only_when_asked() -> None:
    text = Text("Xin chào", "Hello")
    assert [text.read("vi"), text.read("en"), text.read("fr")] == ["Xin chào", "Hello", "Xin chào"]


@pytest.mark.parametrize("refusal", EVERY, ids=lambda one: one.__name__)
def test_every_refusal_says_the_same_in_both_languages(refusal: type[Refusal]) -> None:
    assert 400 <= refusal.status < 600
    for text in (refusal.title, refusal.advice):
        assert text.vi and text.en and text.vi != text.en
        assert _facts(text.vi) == _facts(text.en)
    assert refusal.advice.vi.endswith(".") and refusal.advice.en.endswith(".")


def _facts(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
