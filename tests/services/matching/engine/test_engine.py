"""Who fits a problem, and why."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.engine.index import LexicalEngine
from services.matching.engine.text import read
from shared.events.match import ReasonKind
from shared.folding import folded
from tests.services.matching.samples import EXPERTS, FLOOD, HOSPITAL, MARKET, SCHOOL

RIGHT = {MARKET: "cho", HOSPITAL: "y-te", SCHOOL: "truong", FLOOD: "ngap"}
WORDS = st.sampled_from(
    [
        "chợ",
        "sạp",
        "phí",
        "bệnh",
        "viện",
        "xét",
        "nghiệm",
        "giáo",
        "viên",
        "điểm",
        "ngập",
        "mưa",
        "nước",
        "tôm",
        "hồ",
        "sơ",
        "quy",
        "hoạch",
    ]
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def engine(texts: dict[str, str] = EXPERTS) -> LexicalEngine:
    built = LexicalEngine()
    built.load((person, read(text)) for person, text in texts.items())
    return built


@pytest.mark.parametrize("problem", RIGHT)
def test_the_right_person_comes_first(problem: str) -> None:
    assert engine().fits(read(problem))[0].other_id == RIGHT[problem]


@pytest.mark.parametrize("problem", RIGHT)
def test_a_problem_typed_without_marks_finds_the_same_person(problem: str) -> None:
    assert engine().fits(read(folded(problem)))[0].other_id == RIGHT[problem]


def test_a_problem_that_shares_no_word_fits_nobody() -> None:
    assert engine().fits(read("zzz yyy")) == []


def test_the_reasons_name_the_words_as_the_problem_has_them() -> None:
    labels = [r.label for r in engine().fits(read(HOSPITAL))[0].reasons if r.kind is ReasonKind.TERM]
    assert "xét nghiệm" in labels
    assert "nghiệm" not in labels


def test_a_shared_field_is_a_reason() -> None:
    built = LexicalEngine()
    built.load([("a", read("chợ", ["502"])), ("b", read("tôm", ["401"]))])
    fit = built.fits(read("sạp", ["502"]))[0]
    assert (fit.other_id, [(r.kind, r.label) for r in fit.reasons]) == ("a", [(ReasonKind.FIELD, "502")])


def test_the_same_text_fits_itself_fully() -> None:
    fit = engine().fits(read(EXPERTS["cho"]))[0]
    assert (fit.other_id, round(fit.score, 2)) == ("cho", 1.0)


@given(st.dictionaries(st.sampled_from("abcdef"), TEXTS, min_size=1), TEXTS)
def test_reasons_add_up_to_the_score_which_is_between_0_and_1(texts: dict[str, str], problem: str) -> None:
    for fit in engine(texts).fits(read(problem)):
        assert math.isclose(sum(reason.share for reason in fit.reasons), fit.score, abs_tol=1e-9)
        assert 0 <= fit.score <= 1.001


@given(st.dictionaries(st.sampled_from("abcdef"), TEXTS, min_size=1), TEXTS)
def test_one_profile_alone_scores_as_it_does_among_all(texts: dict[str, str], problem: str) -> None:
    built = engine(texts)
    among_all = {fit.other_id: fit for fit in built.fits(read(problem))}
    assert {person: built.fit(read(problem), person) for person in texts} == {p: among_all.get(p) for p in texts}


@given(st.lists(st.tuples(st.sampled_from("abc"), TEXTS | st.none()), max_size=15), TEXTS)
def test_putting_and_dropping_leaves_what_loading_the_rest_would_find(
    changes: list[tuple[str, str | None]], problem: str
) -> None:
    built, left = LexicalEngine(), dict[str, str]()
    for person, text in changes:
        if text is None:
            built.drop(person)
            left.pop(person, None)
        else:
            built.put(person, read(text))
            left[person] = text
    assert {fit.other_id for fit in built.fits(read(problem))} == {
        fit.other_id for fit in engine(left).fits(read(problem))
    }
