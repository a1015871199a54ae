"""How a span of time is written."""

from datetime import UTC, datetime

import pytest

from shared.display import show_span


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ((25, 3, 2), (25, 3, 31), "10:02–10:31 25/11/2026"),
        ((25, 3, 2), (25, 3, 2), "10:02 25/11/2026"),
        ((25, 16, 50), (25, 17, 5), "23:50 25/11/2026 – 00:05 26/11/2026"),
        ((24, 17, 5), (25, 3, 0), "00:05–10:00 25/11/2026"),
    ],
)
def test_a_span_is_told_on_the_citys_clock(first: tuple[int, int, int], last: tuple[int, int, int], shown: str) -> None:
    start, end = (datetime(2026, 11, *one, tzinfo=UTC) for one in (first, last))
    assert show_span(start, end) == shown
