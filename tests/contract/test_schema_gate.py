"""The gate lets optional fields pass and nothing else; and the contracts of today pass it."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from shared.events.envelope import EventData
from shared.events.registry import PUBLIC, registry
from tests.contract.schema_gate import accept, accepted, breaches, contract_of, contracts_of

NAME = "vn.debai.test.told.v1"


class Kind(StrEnum):
    ONE = "one"
    TWO = "two"


class More(StrEnum):
    ONE = "one"
    TWO = "two"
    THREE = "three"


class Fewer(StrEnum):
    ONE = "one"


class Part(BaseModel):
    label: str
    share: float = 0


class PartWithMore(Part):
    note: str = ""


class PartWithLess(BaseModel):
    share: float = 0


class PartThatNeedsMore(Part):
    note: str


def told(*, topic: str = "test-events", source: str = "/test", **fields: Any) -> type[EventData]:
    made: type[EventData] = create_model("Told", __base__=EventData, **fields)
    made.type, made.source, made.topic = NAME, source, topic
    return made


FIELDS: dict[str, Any] = {
    "title": (str, ...),
    "count": (int, Field(ge=0)),
    "kind": (Kind, Kind.ONE),
    "parts": (list[Part], []),
    "place": (Part | None, None),
}


def found(now: type[EventData]) -> list[str]:
    return breaches({NAME: contract_of(told(**FIELDS))}, {NAME: contract_of(now)})


@pytest.mark.parametrize(
    "added",
    [
        {},
        {"note": (str, "")},
        {"when": (str | None, None)},
        {"parts": (list[PartWithMore], [])},
        {"place": (PartWithMore | None, None)},
    ],
    ids=str,
)
def test_an_optional_field_may_be_added_at_any_depth(added: dict[str, Any]) -> None:
    assert found(told(**FIELDS | added)) == []


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("note", (str, ...)),
        ("title", (str, "")),
        ("title", (str | None, ...)),
        ("title", (str, Field(max_length=10))),
        ("title", (int, ...)),
        ("count", (int, Field(ge=1))),
        ("count", (int, ...)),
        ("count", (float, Field(ge=0))),
        ("kind", (Kind, ...)),
        ("kind", (Kind, Kind.TWO)),
        ("kind", (Fewer, Fewer.ONE)),
        ("kind", (More, More.ONE)),
        ("kind", (str, "one")),
        ("parts", (list[PartWithLess], [])),
        ("parts", (list[PartThatNeedsMore], [])),
        ("parts", (list[Part], Field([], max_length=3))),
        ("parts", (Part, ...)),
        ("place", (PartWithLess | None, None)),
        ("place", (Part, ...)),
    ],
    ids=str,
)
def test_every_other_change_of_a_field_is_a_breach(name: str, field: Any) -> None:
    breach = found(told(**FIELDS | {name: field}))
    assert breach
    assert all(one.startswith(f"{NAME}.{name}") for one in breach)


@given(st.sampled_from(sorted(FIELDS)), st.booleans())
def test_no_field_may_go(name: str, in_company: bool) -> None:
    left = {key: value for key, value in FIELDS.items() if key != name}
    more: dict[str, Any] = {"other": (str, "")} if in_company else {}
    assert found(told(**left | more)) == [f"{NAME}.{name}: removed"]


@pytest.mark.parametrize("moved", [{"topic": "else-events"}, {"source": "/else"}], ids=str)
def test_a_type_stays_with_its_topic_and_its_producer(moved: dict[str, Any]) -> None:
    assert len(found(told(**FIELDS | moved))) == 1


def test_a_type_may_not_go_even_when_its_next_version_comes() -> None:
    assert breaches({NAME: contract_of(told(**FIELDS))}, {"vn.debai.test.told.v2": contract_of(told(title=(int, ...)))})


def test_a_new_version_beside_the_old_one_may_be_anything() -> None:
    old = contract_of(told(**FIELDS))
    assert breaches({NAME: old}, {NAME: old, "vn.debai.test.told.v2": contract_of(told(title=(int, ...)))}) == []


def test_a_text_for_readers_may_change() -> None:
    described: dict[str, Any] = {"title": (str, Field(title="Name", description="What it is called"))}
    assert found(told(**FIELDS | described)) == []


def test_a_field_called_title_is_a_field() -> None:
    assert "title" in contract_of(told(**FIELDS))["schema"]["properties"]


def test_accepting_takes_what_was_added_and_refuses_what_breaks(tmp_path: Path) -> None:
    assert accept(registry(told(**FIELDS)), tmp_path) == []
    wider = told(**FIELDS, note=(str, ""))
    assert accept(registry(wider), tmp_path) == []
    assert accept(registry(told(**FIELDS)), tmp_path) == [f"{NAME}.note: removed"]
    assert accepted(tmp_path) == {NAME: contract_of(wider)}


def test_no_contract_of_today_breaks_an_accepted_one() -> None:
    assert breaches(accepted(), contracts_of(PUBLIC)) == []


def test_every_contract_of_today_is_accepted() -> None:
    """When this fails and the test above does not: make accept-contracts, and commit what it wrote."""
    assert accepted() == contracts_of(PUBLIC)


@pytest.mark.parametrize("event", PUBLIC.values(), ids=lambda event: event.type)
def test_a_type_names_its_version(event: type[EventData]) -> None:
    assert re.fullmatch(r"vn\.debai\.[a-z_]+\.[a-z_]+\.v[1-9]", event.type)
