"""What of a sentence the model looks at."""

from services.intake.coach.features import LONGEST, count, folded_words


def test_a_word_without_end_takes_no_more_memory_than_a_long_one() -> None:
    endless = "Đ" * 9_000
    assert folded_words(f"{endless} kênh") == ["d" * LONGEST, "kenh"]
    assert count(endless).views[0] == count("Đ" * LONGEST).views[0]


def test_every_number_is_one_and_the_same_word() -> None:
    assert count("Chờ 9 ngày").views == count("Chờ 1.200 ngày").views


def test_only_the_view_with_marks_tells_a_market_from_waiting() -> None:
    same = [one == other for one, other in zip(count("chợ").views, count("chờ").views, strict=True)]
    assert same == [True, True, False]
