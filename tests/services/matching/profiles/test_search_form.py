"""Saved searches as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.profiles.form import COLUMNS, field_of, read_rows, rows_of, typed, without
from services.matching.profiles.request_models import SavedSearchIn
from services.matching.profiles.saved_search import SavedSearch

SEARCHES = (
    SavedSearch("Chợ", "sạp", ("502", "505"), "so-cong-thuong", "Phường Chợ Lớn"),
    SavedSearch("Ngập", "ngập"),
)
NAMES = st.builds("searches.{}.{}".format, st.integers(0, 999), st.sampled_from(COLUMNS)) | st.text(max_size=30)


def test_what_is_shown_and_sent_back_unchanged_is_the_same_search() -> None:
    rows = rows_of(SEARCHES)
    form = {f"searches.{n}.{column}": [text] for n, row in enumerate(rows) for column, text in row.items()}
    sent = [SavedSearchIn.model_validate(typed(row)) for row in read_rows(form)]
    assert tuple(one.search(one.name) for one in sent) == SEARCHES


def test_rows_in_which_nothing_stands_are_left_out() -> None:
    rows = read_rows({"searches.0.name": [""], "searches.3.words": ["sạp"], "searches.0.place": [""]})
    assert [row["words"] for row in rows] == ["sạp"]


def test_a_row_is_taken_out_by_its_number() -> None:
    rows = rows_of(SEARCHES)
    assert without(rows, "0") == rows[1:]
    assert without(rows, "7") == without(rows, "") == rows


@pytest.mark.parametrize(
    ("error", "field"),
    [
        ("searches.0.name", "searches.0.name"),
        ("searches.1.field_codes.0", "searches.1.field_codes"),
        ("searches.1", "searches.1.words"),
        ("searches", "searches"),
        ("", "searches"),
        ("version", "searches"),
    ],
)
def test_every_error_has_its_place_on_the_page(error: str, field: str) -> None:
    assert field_of(error) == field


@given(st.dictionaries(NAMES, st.lists(st.text(max_size=5), max_size=2)))
def test_whatever_is_sent_is_read_as_rows(form: dict[str, list[str]]) -> None:
    assert all(set(row) == set(COLUMNS) for row in read_rows(form))
