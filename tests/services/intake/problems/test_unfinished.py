"""Saving while someone writes: which rows wait, and what is stored of them meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.problems import form as forms
from services.intake.problems.form import Draft
from services.intake.problems.record import Record
from services.intake.problems.request_models import RecordIn, lacking
from services.intake.problems.unfinished import finished
from shared.events.problem import Baseline
from tests.services.intake.builders import EVERYTHING

WAIT, LOSS = (
    Baseline(metric="thời gian chờ", value=40, unit="ngày", period="năm 2025", source="sổ một cửa"),
    Baseline(metric="thất thu", value=6, unit="%", period="năm 2025", source="sổ thu phí"),
)
STORED = forms.of_record(Record(baseline=(WAIT, LOSS)))


def saved(draft: Draft, stored: Draft = STORED) -> Record:
    left = finished(draft, stored, lacking(forms.body(draft)))
    return RecordIn.model_validate(forms.body(left)).record()


def written(shown: Draft = STORED, /, **typed: str) -> Draft:
    values = {name.replace("__", "."): text for name, text in typed.items()}
    rows = forms.of_form({name: [text] for name, text in (dict(shown.values) | values).items()}).counts
    return replace(shown, values={**shown.values, **values}, counts=rows)


@pytest.mark.parametrize("name", ["metric", "value", "unit"])
def test_a_stored_row_stays_as_it_is_until_it_is_whole_again(name: str) -> None:
    assert saved(written(**{f"baseline__0__{name}": ""}, baseline__1__value="7")).baseline == (
        WAIT,
        LOSS.model_copy(update={"value": 7}),
    )


def test_a_row_of_which_only_the_first_letter_stands_there_is_unfinished() -> None:
    assert saved(written(baseline__1__metric="t")).baseline == (WAIT, LOSS)


def test_a_row_that_was_never_stored_is_left_out() -> None:
    assert saved(written(baseline__2__metric="số hồ sơ", baseline__2__unit="ngày")).baseline == (WAIT, LOSS)


def test_a_row_that_was_renamed_is_not_brought_back_by_a_new_one() -> None:
    draft = written(baseline__0__metric="chờ đợi", baseline__2__metric="thời gian chờ", baseline__2__unit="ngày")
    assert [one.metric for one in saved(draft).baseline] == ["chờ đợi", "thất thu"]


def test_an_emptied_or_removed_row_is_gone_whatever_is_written_beside_it() -> None:
    fewer = forms.changed_rows(STORED, "drop:baseline.0")
    assert saved(written(fewer, baseline__0__value="")).baseline == (LOSS,)
    assert saved(written(fewer, baseline__1__unit="ngày")).baseline == (LOSS,)


def test_a_number_written_in_another_way_is_the_same_number() -> None:
    many = Baseline(metric="hồ sơ", value=1200, unit="hồ sơ")
    draft = written(forms.of_record(Record(baseline=(many,))), baseline__0__metric="", baseline__0__value="1.200")
    assert saved(draft, forms.of_record(Record(baseline=(many,)))).baseline == (many,)


def test_a_line_of_one_letter_waits_and_the_other_lines_are_saved() -> None:
    draft = written(must_connect="sổ thu phí\n\nc\ncổng dữ liệu", place="P")
    assert (saved(draft).must_connect, saved(draft).place) == (("sổ thu phí", "cổng dữ liệu"), ())


def test_what_is_wrong_in_another_way_is_left_for_the_model_to_refuse() -> None:
    assert lacking(forms.body(written(baseline__0__value="nhiều", title="t" * 121))) == frozenset()


TEXTS = {"value": ["6"], "count": ["6"], "due": ["2027-12-31"], "personal": ["basic"]}
NAMES = [f"{group}.{n}.{name}" for group, names in forms.ROWS.items() for name in names for n in range(3)]


@given(
    st.fixed_dictionaries(
        {},
        optional={name: st.sampled_from(["", *TEXTS.get(name.split(".")[2], ["a", "sổ thu phí"])]) for name in NAMES}
        | {name: st.sampled_from(["a", "Phường Chợ Lớn\nb\n\nPhường Bình Thới"]) for name in forms.LISTS},
    )
)
def test_whatever_is_half_written_the_rest_can_be_saved(sent: dict[str, str]) -> None:
    saved(forms.of_form({name: [text] for name, text in sent.items()}), forms.of_record(EVERYTHING))
