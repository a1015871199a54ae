"""The posting form as people fill it in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.problems import form as forms
from services.intake.problems.record import Record, missing
from services.intake.problems.request_models import RecordIn
from shared.events.problem import Baseline
from shared.refusals import FieldError, Text
from tests.services.intake.builders import COMPLETE


def typed(**fields: str) -> forms.Draft:
    return forms.of_form({name.replace("__", "."): [text] for name, text in fields.items()})


@pytest.mark.parametrize("value", [1_234_567, 0.1, 0.1 + 0.2, 1234.5678, 1e12, -1e-7, 0])
def test_a_number_survives_the_form_whole(value: float) -> None:
    record = replace(COMPLETE, baseline=(Baseline(metric="lượt khách", value=value, unit="lượt"),))
    again = RecordIn.model_validate(forms.body(forms.of_record(record))).record()
    assert again.baseline[0].value == value


def test_an_empty_form_is_an_empty_record() -> None:
    assert RecordIn.model_validate(forms.body(forms.of_form({}))).record() == Record()


@pytest.mark.parametrize(
    ("written", "read"),
    [("6", 6), ("5,5", 5.5), ("5.5", 5.5), ("1.200", 1200), ("9.800.000", 9_800_000), ("1.234,5", 1234.5), ("-3", -3)],
)
def test_numbers_are_read_as_people_here_write_them(written: str, read: float) -> None:
    draft = typed(baseline__0__metric="thất thu", baseline__0__value=written, baseline__0__unit="%")
    assert RecordIn.model_validate(forms.body(draft)).record().baseline[0].value == read


def test_empty_rows_are_left_out_and_errors_stay_at_the_rows_on_the_screen() -> None:
    draft = typed(affected__0__group="", affected__2__group="tiểu thương", affected__2__count="nhiều")
    assert forms.body(draft)["affected"] == [{"group": "tiểu thương", "count": "nhiều"}]
    error = FieldError("affected.0.count", "int_parsing", Text("Ghi một số nguyên", "Write a whole number"))
    assert forms.placed([error], draft, "vi") == {"affected.2.count": "Ghi một số nguyên"}


def test_a_row_with_nothing_but_a_choice_is_empty() -> None:
    assert forms.body(typed(data__0__personal="none"))["data"] == []


def test_a_row_can_be_added_and_taken_out_again() -> None:
    draft = typed(target__0__metric="A", target__1__metric="B")
    assert forms.changed_rows(draft, "add:target").counts["target"] == 3
    left = forms.changed_rows(draft, "drop:target.0")
    assert (left.counts["target"], left.value("target.0.metric")) == (1, "B")


def test_the_last_row_taken_out_leaves_an_empty_one() -> None:
    left = forms.changed_rows(typed(target__0__metric="A"), "drop:target.0")
    assert (left.counts["target"], left.value("target.0.metric")) == (1, "")


@given(
    st.dictionaries(st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3), max_size=20), st.text(max_size=20)
)
def test_nothing_that_is_sent_breaks_the_form(sent: dict[str, list[str]], act: str) -> None:
    draft = forms.changed_rows(forms.of_form(sent), act)
    assert forms.body(draft).keys() <= RecordIn.model_fields.keys()


def test_what_is_missing_is_shown_where_it_is_typed() -> None:
    draft = forms.of_record(Record())
    shown = forms.placed(missing(Record()), draft, "vi")
    assert {"title", "statement.who", "place", "field_codes", "affected", "data"} <= shown.keys()


@pytest.mark.parametrize("number", ["9" * 5000, "²", "50", "-1"], ids=["endless", "raised", "beyond", "negative"])
def test_what_is_no_rows_number_names_no_row(number: str) -> None:
    draft = forms.of_form({f"affected.{number}.group": ["hộ dân"], "affected.1.group": ["tiểu thương"]})
    assert draft.counts["affected"] == 2
    assert forms.changed_rows(draft, f"drop:affected.{number}").counts["affected"] == 2
