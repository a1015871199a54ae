"""Who fits a problem, and why."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.engine.index import LexicalEngine
from services.matching.engine.reasons import Fit
from services.matching.engine.text import Text, read
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


def everyone(built: LexicalEngine, problem: Text) -> list[Fit]:
    return built.fits(problem, least=0, most=1000)


@pytest.mark.parametrize("problem", RIGHT)
def test_the_right_person_comes_first(problem: str) -> None:
    assert everyone(engine(), read(problem))[0].profile_id == RIGHT[problem]


@pytest.mark.parametrize("problem", RIGHT)
def test_a_problem_typed_without_marks_finds_the_same_person(problem: str) -> None:
    assert everyone(engine(), read(folded(problem)))[0].profile_id == RIGHT[problem]


def test_a_problem_that_shares_no_word_fits_nobody() -> None:
    assert everyone(engine(), read("zzz yyy")) == []


def test_the_reasons_name_the_words_as_the_problem_has_them() -> None:
    labels = [r.label for r in everyone(engine(), read(HOSPITAL))[0].reasons if r.kind is ReasonKind.TERM]
    assert "xét nghiệm" in labels
    assert "nghiệm" not in labels


def test_a_shared_field_is_a_reason() -> None:
    built = LexicalEngine()
    built.load([("a", read("chợ", ["502"])), ("b", read("tôm", ["401"]))])
    fit = everyone(built, read("sạp", ["502"]))[0]
    assert (fit.profile_id, [(r.kind, r.label) for r in fit.reasons]) == ("a", [(ReasonKind.FIELD, "502")])


def test_the_same_text_fits_itself_fully() -> None:
    fit = everyone(engine(), read(EXPERTS["cho"]))[0]
    assert (fit.profile_id, round(fit.score, 2)) == ("cho", 1.0)


@given(st.dictionaries(st.sampled_from("abcdef"), TEXTS, min_size=1), TEXTS)
def test_reasons_add_up_to_the_score_which_is_between_0_and_1(texts: dict[str, str], problem: str) -> None:
    for fit in everyone(engine(texts), read(problem)):
        assert sum(Decimal(str(reason.share)) for reason in fit.reasons) == Decimal(str(fit.score))
        assert all(reason.share > 0 for reason in fit.reasons)
        assert 0 <= fit.score <= 1


@given(st.dictionaries(st.sampled_from("abcdef"), TEXTS, min_size=1), TEXTS)
def test_one_profile_alone_scores_as_it_does_among_all(texts: dict[str, str], problem: str) -> None:
    built = engine(texts)
    among_all = {fit.profile_id: fit for fit in everyone(built, read(problem))}
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
    assert {fit.profile_id for fit in everyone(built, read(problem))} == {
        fit.profile_id for fit in everyone(engine(left), read(problem))
    }


def test_the_threshold_and_the_number_cut_the_list() -> None:
    built, asked = engine(), read(f"{HOSPITAL}. {FLOOD}")
    best, second = everyone(built, asked)[:2]
    assert built.fits(asked, least=second.score, most=10) == [best, second]
    assert built.fits(asked, least=0, most=1) == [best]


def test_a_field_code_is_never_taken_for_a_number_in_the_text() -> None:
    built = LexicalEngine()
    built.load([("a", read("tổng đài 302", ["302"])), ("b", read("tôm", ["401"]))])
    kinds = {(r.kind, r.label) for r in everyone(built, read("tổng đài 302 quá tải", ["302"]))[0].reasons}
    assert (ReasonKind.FIELD, "302") in kinds
    assert (ReasonKind.TERM, "302") not in kinds


def test_rarity_stands_still_within_an_epoch() -> None:
    built, asked = engine({f"p{n}": "ngập" if n % 2 else "tôm" for n in range(40)}), read("ngập rác")
    before = built.fit(asked, "p1")
    for n in range(3):
        built.put(f"new{n}", read("ngập rác chợ"))
    assert built.fit(asked, "p1") == before
    for n in range(3, 9):
        built.put(f"new{n}", read("ngập rác chợ"))
    assert built.fit(asked, "p1") != before


@given(st.dictionaries(st.sampled_from("abcdef"), TEXTS, min_size=1), TEXTS)
def test_the_order_is_best_first_with_ties_by_id(texts: dict[str, str], problem: str) -> None:
    found = everyone(engine(texts), read(problem))
    assert found == sorted(found, key=lambda fit: (-fit.score, fit.profile_id))


@pytest.mark.parametrize("problem", RIGHT)
def test_a_profile_typed_without_marks_is_found(problem: str) -> None:
    built = engine({person: folded(text) for person, text in EXPERTS.items()})
    assert everyone(built, read(problem))[0].profile_id == RIGHT[problem]
