"""No field of a record is lost on its way through the form, whether the form asks for it or not."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from services.intake.problems import form as forms
from services.intake.problems.carried import carried_over
from services.intake.problems.record import Record
from services.intake.problems.request_models import RecordIn
from shared.events.problem import Part, Place
from tests.services.intake.builders import EVERYTHING

NAMES = [one.name for one in fields(Record)]


def saved(stored: Record, page: int, **typed: list[str]) -> Record:
    """As a page of the form sends it, with something typed over."""
    shown = forms.of_record(stored)
    sent = {name: [text] for name, text in shown.values.items()} | {name: ["yes"] for name in shown.ticked}
    draft = forms.with_page(shown, forms.of_form(sent | {"field_codes": list(shown.field_codes)} | typed), page)
    return carried_over(RecordIn.model_validate(forms.body(draft)).record(), stored)


def parts(value: Any) -> Iterator[Part]:
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, Part):
            yield one


@pytest.mark.parametrize("name", NAMES)
def test_the_record_that_goes_through_the_form_says_something_everywhere(name: str) -> None:
    """Otherwise the next test would not see a field go."""
    value = getattr(EVERYTHING, name)
    assert value != getattr(Record(), name)
    for row in parts(value):
        assert [part for part, info in type(row).model_fields.items() if getattr(row, part) == info.default] == []


@pytest.mark.parametrize("page", forms.PAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_a_record_survives_each_page_of_the_form(name: str, page: int) -> None:
    assert getattr(saved(EVERYTHING, page), name) == getattr(EVERYTHING, name)


def test_a_place_keeps_its_unit_wherever_it_stands_and_a_new_one_has_none() -> None:
    again = saved(EVERYTHING, 2, place=["Phường An Đông\nPhường Bình Thới\nPhường Chợ Lớn"])
    assert [one.unit_id for one in again.place] == [None, "p-binh-thoi", "p-cho-lon"]


def test_places_of_one_name_keep_each_its_own_unit() -> None:
    twins = replace(EVERYTHING, place=tuple(Place(name="Phường Tân Hưng", unit_id=unit) for unit in ("q7", "thu-duc")))
    assert saved(twins, 2).place == twins.place


def test_what_the_form_asks_for_can_be_emptied() -> None:
    again = saved(EVERYTHING, 2, place=[""], owner=[""], budget_source=[""])
    assert (again.place, again.owner, again.budget_source, again.illustrative) == ((), "", None, True)
