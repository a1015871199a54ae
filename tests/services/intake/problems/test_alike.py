"""What is like a problem: which texts, why, and how well it is found."""

from collections.abc import Callable

import pytest

from services.intake.problems.alike import COMPARED, SHOWN, Band, Candidate, nearest, telling
from shared.folding import folded
from tests.services.intake.problems.retold import (
    MARKET_TEXT,
    RETYPED,
    check_recall,
    found_of,
    retold,
    strangers,
    weigh_once,
)

FLOOD = "Trực ban không báo trước được đoạn đường nào sẽ ngập vì trạm đo mưa thưa."


def test_the_same_trouble_in_other_words_and_without_marks_is_found() -> None:
    found = nearest(MARKET_TEXT, [Candidate("flood", FLOOD), Candidate("market", RETYPED)])
    assert [one.id for one in found] == ["market"]


def test_a_copy_is_very_much_alike() -> None:
    copied = MARKET_TEXT.replace("2 lần/tuần", "hai lần một tuần")
    (found,) = nearest(MARKET_TEXT, [Candidate("copy", copied)])
    assert found.band is Band.HIGH and found.score > 0.9


def test_the_reasons_are_what_both_say_as_the_other_writes_it() -> None:
    (found,) = nearest(RETYPED, [Candidate("market", MARKET_TEXT)])
    assert {"sạp nào", "thu phí sót"} <= set(found.words)
    assert all(word in MARKET_TEXT.lower() for word in found.words)


def test_a_reason_is_the_longest_stretch_that_both_say_up_to_twelve_words() -> None:
    (found,) = nearest(
        "Không biết sạp nào bỏ trống", [Candidate("stall", "Chợ nhỏ không biết sạp nào bỏ trống, thu sót.")]
    )
    assert found.words == ("không biết sạp nào bỏ trống",)
    long = " ".join(["sạp chợ thu phí sót"] * 4)
    assert max(len(word.split()) for word in nearest(long, [Candidate("copy", long)])[0].words) == 12


def test_no_reason_says_what_another_one_says_already() -> None:
    (found,) = nearest("Sạp trống.", [Candidate("stall", "Sạp trống.")])
    assert found.words == ("sạp trống",)


@pytest.mark.parametrize("typed", [str, folded], ids=["marked", "unmarked"])
def test_what_every_text_says_is_no_reason(typed: Callable[[str], str]) -> None:
    fees, fines = typed("Học phí cao, nhưng chưa giảm."), typed("Mức phạt chưa cao, vì hè hẹp, nhưng chưa tăng.")
    (found,) = nearest(fees, [Candidate("fines", fines)])
    assert found.words == ()


def test_words_in_a_row_are_more_alike_than_words_apart() -> None:
    apart, together = Candidate("apart", "Trống trải, sạp nhỏ, chợ."), Candidate("together", "Chợ nhỏ, trải sạp trống.")
    assert [one.id for one in nearest("Sạp trống.", [apart, together])] == ["together", "apart"]


def test_no_more_than_five_are_shown_and_equal_ones_in_a_fixed_order() -> None:
    copies = [Candidate(f"copy-{n}", MARKET_TEXT) for n in range(8)]
    assert [one.id for one in nearest(MARKET_TEXT, reversed(copies))] == [f"copy-{n}" for n in range(SHOWN)]


def test_words_that_everybody_says_make_nothing_alike() -> None:
    assert nearest("Không. Có. Sạp.", [Candidate("same words", "Có. Không. Ngập.")]) == ()


@pytest.mark.parametrize("text", ["", "   ", "123 456", "và của là"])
def test_a_text_that_says_nothing_is_like_none(text: str) -> None:
    assert nearest(text, [Candidate("market", MARKET_TEXT)]) == ()


def test_the_rarest_words_are_looked_for_first() -> None:
    told = telling("Không có sạp nào ở chợ Kim Biên")
    assert (told[:2], told[-2:]) == (("kim", "sap"), ("co", "khong"))
    assert set(telling("không sạp, không SẠP")) == {"khong", "sap"}


def test_of_a_very_long_text_the_beginning_is_compared() -> None:
    long = f"{'Trạm đo mưa thưa. ' * 300}"[:COMPARED]
    assert telling(f"{long} sạp trống") == telling(long)
    assert nearest("Sạp trống.", [Candidate("late", f"{long} Sạp trống.")]) == ()
    assert nearest(f"{long} Sạp trống.", [Candidate("stall", "Sạp trống.")]) == ()


def test_drafts_of_one_trouble_find_each_other_among_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    weigh_once(monkeypatch)
    told = retold()
    everyone = [Candidate(str(n), one.text) for n, one in enumerate(told)]
    everyone += [Candidate(f"stranger-{n}", text) for n, text in enumerate(strangers())]
    found = []
    for n, one in enumerate(told):
        others = (other for other in everyone if other.id != str(n))
        found.append(found_of(told, n, (near.id for near in nearest(one.text, others))))
    check_recall(told, found)
