"""What was ever told can be read for ever: a sample is never changed, only added."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.events.registry import PUBLIC
from shared.messaging.wire import decode
from tests.contract.schema_gate import contracts_of

SAMPLES = Path(__file__).parent / "samples"
PATHS = sorted(SAMPLES.glob("*/*.json"))
PERSONAL = re.compile(r"mail|phone|person(_|$)|birth|contact|signature|full_?name|actor_(id|name)|user_name")
"""Names of fields that would hold a person's own data. An id alone tells nothing outside of its service."""
NAMES_OF_THINGS = frozenset({"agency_name", "agency.name", "place[].name", "data[].name"})


@dataclass(slots=True)
class Stored:
    """A record as it may still lie on the topic."""

    headers: list[tuple[str, bytes]]
    value: bytes | None
    topic: str
    key: bytes | None = b"key"
    partition: int = 0
    offset: int = 0


def stored(sample: dict[str, Any]) -> Stored:
    headers = [(name, value.encode()) for name, value in sample["headers"].items()]
    topic = PUBLIC[sample["headers"]["ce_type"]].topic
    return Stored(headers, json.dumps(sample["value"]).encode(), topic or "")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_is_read_and_nothing_of_it_is_lost(path: Path) -> None:
    sample = json.loads(path.read_text())
    received = decode(stored(sample), PUBLIC)
    assert received.error is None
    assert received.event is not None
    assert received.event.type == path.parent.name
    told = received.event.data.model_dump(mode="json")
    assert {name: told[name] for name in sample["value"]} == sample["value"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_fields_of_a_later_release_are_passed_over(path: Path) -> None:
    sample = json.loads(path.read_text())
    sample["value"]["of_a_later_release"] = {"any": "thing"}
    sample["headers"]["ce_later"] = "1"
    assert decode(stored(sample), PUBLIC).event == decode(stored(json.loads(path.read_text())), PUBLIC).event


def test_every_type_has_a_sample_and_every_sample_a_type() -> None:
    assert {path.parent.name for path in PATHS} == PUBLIC.keys()


def test_an_unreadable_event_is_not_quoted_in_its_reason() -> None:
    sample = json.loads(PATHS[0].read_text())
    sample["value"] = {"problem_id": {"phone": "0901234567"}}
    error = decode(stored(sample), PUBLIC).error
    assert error is not None
    assert "0901234567" not in repr(error)


def test_no_contract_has_a_field_for_a_person() -> None:
    found = {name: list(fields(contract["schema"])) for name, contract in contracts_of(PUBLIC).items()}
    assert {name: [one for one in all_of if personal(one)] for name, all_of in found.items()} == {n: [] for n in found}


@pytest.mark.parametrize("planted", ["contact", "owner.email", "people[].name", "phone_number", "name"])
def test_the_scan_finds_a_planted_field(planted: str) -> None:
    assert personal(planted)


def personal(place: str) -> bool:
    return bool(PERSONAL.search(place)) or (place.endswith("name") and place not in NAMES_OF_THINGS)


def fields(node: Any, place: str = "") -> Any:
    """Where each field lies: `place[].name`."""
    for name, field in node.get("properties", {}).items():
        here = f"{place}.{name}" if place else name
        yield here
        yield from fields(field, here)
    if "items" in node:
        yield from fields(node["items"], f"{place}[]")
    for one in node.get("anyOf", ()):
        yield from fields(one, place)
