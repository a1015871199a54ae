"""The demo's data: units, people, researchers' profiles and the twelve cases, all of it made up or retold (each file says from
what)."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CLOSING_HOUR = time(10, tzinfo=UTC)
"""17:00 in Thành phố Hồ Chí Minh."""
OPEN, RESTRICTED_STOPS_AT = "open", "submitted"

CONTEXT = (
    "owner", "tried", "budget", "budget_source", "must_connect", "must_not", "expected_output", "expected_benefit", "adopters",
    "pilot_site",
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """`record` and `first_record` are bodies for the API; they differ where the first draft is rewritten after questions;
    `override` is why that draft is sent in spite of the coach."""

    number: int
    unit: str
    record: Row
    first_record: Row
    override: str
    questions: tuple[Row, ...]
    closes_at: datetime

    @property
    def title(self) -> str:
        return str(self.record["title"])

    @property
    def restricted(self) -> bool:
        return str(self.record["visibility"]) == "invited"

    @property
    def ends_at(self) -> str:
        return RESTRICTED_STOPS_AT if self.restricted else OPEN

    @property
    def drafter(self) -> str:
        return f"{self.unit}.soan"

    @property
    def approver(self) -> str:
        return f"{self.unit}.duyet"


def units() -> list[Row]:
    """Days as the API takes them."""
    return [{name: str(value) for name, value in row.items()} for row in _rows("units.toml", "unit")]


def people() -> list[Row]:
    return _rows("people.toml", "person")


def profiles() -> list[Row]:
    return _rows("researchers.toml", "profile")


def cases(today: date) -> list[Case]:
    """In the order of their numbers."""
    files = sorted((HERE / "cases").glob("*.toml"))
    return [_case(tomllib.loads(file.read_text()), today) for file in files]


def _rows(file: str, name: str) -> list[Row]:
    found: list[Row] = tomllib.loads((HERE / file).read_text())[name]
    return found


def _case(told: Row, today: date) -> Case:
    first_draft = told.get("first_draft", {})
    return Case(
        number=told["number"],
        unit=told["unit"],
        record=_record(told, today),
        first_record=_record({**told, **first_draft}, today),
        override=first_draft.get("override", ""),
        questions=tuple(told.get("questions", ())),
        closes_at=datetime.combine(today + timedelta(days=told["closes_in_days"]), CLOSING_HOUR),
    )


def _record(told: Row, today: date) -> Row:
    return {
        "title": told["title"],
        "statement": told["statement"],
        "place": [{"name": name} for name in told["place"]],
        "field_codes": told["field_codes"],
        "affected": told["affected"],
        "baseline": told["baseline"],
        "target": [_target(row, told["written"], today) for row in told["target"]],
        "data": told.get("data", []),
        **{name: told[name] for name in CONTEXT if name in told},
        "needed_by": _later(told["needed_by"], told["written"], today),
        "no_data": told.get("no_data", False),
        "visibility": told.get("visibility", "public"),
        "illustrative": True,
    }


def _target(row: Row, written: date, today: date) -> Row:
    return {**row, "due": _later(row["due"], written, today)}


def _later(day: date, written: date, today: date) -> str:
    """The dates of the originals are past: as long after today as they were after the original was written."""
    return (today + (day - written)).isoformat()
