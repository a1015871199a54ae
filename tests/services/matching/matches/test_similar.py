"""Problems like a text: what is found, why, and that the text is kept nowhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.matching.engine.index import LexicalEngine
from services.matching.matches.match import OpenProblem
from services.matching.matches.similar import Neighbours
from shared.folding import folded

MARKET = OpenProblem(
    id="p1",
    ref="DB-1",
    version=1,
    title="Ban quản lý chợ không biết sạp nào bỏ trống",
    agency_id="a",
    agency_name="Sở Công Thương",
    text="Ban quản lý chợ không biết sạp nào bỏ trống trong ngày, thu phí sót",
    field_codes=(),
    places=(),
    closes_at=datetime(2027, 1, 1, tzinfo=UTC),
    published_at=datetime(2026, 11, 1, tzinfo=UTC),
)
FLOOD = replace(MARKET, id="p2", title="Hẻm ngập", text="Hẻm ngập sau mưa vì cống nghẹt rác, xe chết máy")
DRAFT = "Tiểu thương than không ai biết sạp nào bỏ trống ở chợ"


def neighbours() -> Neighbours:
    found = Neighbours(LexicalEngine())
    found.load([(MARKET, "open"), (FLOOD, "open")])
    return found


def test_the_nearest_problem_is_named_with_what_both_say() -> None:
    (one,) = neighbours().nearest(DRAFT)
    assert (one.problem.id, one.open) == ("p1", True)
    assert any("sạp" in word for word in one.words)


def test_a_text_without_marks_finds_it_too() -> None:
    assert [one.problem.id for one in neighbours().nearest("khong biet sap nao bo trong o cho")] == ["p1"]


def test_a_closed_problem_is_still_shown_and_says_so() -> None:
    found = neighbours()
    found.close("p1")
    assert [one.open for one in found.nearest(DRAFT)] == [False]
    found.put(replace(MARKET, version=3))
    assert [one.open for one in found.nearest(DRAFT)] == [True]


@pytest.mark.parametrize(
    ("state", "in_use"),
    [
        ("piloting", True),
        ("refining", True),
        ("rolling_out", True),
        ("solved", True),
        ("withdrawn", False),
        ("", False),
    ],
)
def test_a_problem_that_closed_with_a_solution_in_use_says_so(state: str, in_use: bool) -> None:
    found = neighbours()
    found.close("p1", state)
    assert [(one.open, one.in_use) for one in found.nearest(DRAFT)] == [(False, in_use)]


def test_a_closing_that_tells_no_state_changes_none() -> None:
    found = neighbours()
    found.close("p1", "piloting")
    found.close("p1")
    assert [one.in_use for one in found.nearest(DRAFT)] == [True]


def test_nothing_near_is_nothing_found() -> None:
    assert neighbours().nearest("Đèn tín hiệu giao thông hỏng") == []


STREETS = "Mức phạt chưa cao, nhưng hè lại hẹp hơn vì lấn chiếm"
CLASSES = "Điểm chưa cao, nhưng lại chưa ai học thêm vì xa"


@pytest.mark.parametrize("typed", [str, folded], ids=["marked", "unmarked"])
def test_what_every_text_says_is_named_to_nobody(typed: Callable[[str], str]) -> None:
    found = Neighbours(LexicalEngine())
    found.load([(replace(MARKET, text=typed(STREETS)), "open"), (FLOOD, "open")])
    assert [(one.problem.id, one.words) for one in found.nearest(typed(CLASSES))] == [("p1", ())]


def test_words_that_tell_are_named_before_those_that_do_not() -> None:
    draft = folded("Không biết sạp nào bỏ trống, nhưng chưa ai được đi kiểm ở chợ vì không có người")
    named = [word for one in neighbours().nearest(draft) for word in one.words]
    assert any("sap" in word for word in named)
    assert not {"khong", "co", "nguoi", "vi", "nhung", "chua"} & set(named)


def test_words_that_follow_each_other_in_both_are_one_phrase() -> None:
    typed = "Ban quản lý chợ chưa đếm được sạp bỏ trống"
    (one,) = neighbours().nearest(typed)
    assert "ban quản lý chợ" in one.words and not {"ban quản", "quản lý", "lý chợ"} & set(one.words)


def test_words_that_follow_each_other_in_one_of_the_two_alone_are_no_phrase() -> None:
    typed = "Ban quản lý, chợ chưa đếm được, còn lý chợ thì khác"
    (one,) = neighbours().nearest(typed)
    assert "ban quản lý chợ" not in one.words and "ban quản lý" in one.words
