"""The demo's data: units, researchers' profiles and the twelve cases, all of it made up or retold (each file says from what)."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MONTH = timedelta(days=30)
PARTS = ("who", "trouble", "cause", "consequence")
OPEN = "open"
RESTRICTED_STOPS_AT = "submitted"


@dataclass(frozen=True, slots=True)
class Case:
    """`record` and `first_record` are bodies for the API; they differ where the first draft was rewritten."""

    number: int
    unit: str
    title: str
    record: dict[str, Any]
    first_record: dict[str, Any]
    questions: tuple[dict[str, str], ...]
    closes_at: datetime

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


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text())


def units() -> list[dict[str, Any]]:
    return _plain(_load("units")["unit"])


def people() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _load("people")["person"]
    return found


def profiles() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _load("researchers")["profile"]
    return found


def cases(today: date) -> list[Case]:
    return [_case(row, today) for row in _load("cases")["case"]]


def _case(row: dict[str, Any], today: date) -> Case:
    final = _record(row, today)
    first = _record({**row, **row.get("first_draft", {})}, today)
    closes_at = datetime.combine(today + timedelta(days=row["closes_in_days"]), datetime.min.time(), UTC)
    return Case(
        number=row["number"],
        unit=row["unit"],
        title=row["title"],
        record=final,
        first_record=first,
        questions=tuple(row.get("questions", [])),
        closes_at=closes_at + timedelta(hours=10),
    )


def _record(row: dict[str, Any], today: date) -> dict[str, Any]:
    return {
        "title": row["title"],
        "statement": {part: row[part] for part in PARTS},
        "place": [{"name": name} for name in row["place"]],
        "field_codes": row["field_codes"],
        "affected": row["affected"],
        "baseline": row["baseline"],
        "target": [_target(one, today) for one in row["target"]],
        "data": row.get("data", []),
        "no_data": row.get("no_data", False),
        "visibility": row.get("visibility", "public"),
        "illustrative": True,
    }


def _target(row: dict[str, Any], today: date) -> dict[str, Any]:
    due = today + row["due_months"] * MONTH
    return {**{k: v for k, v in row.items() if k != "due_months"}, "due": due.isoformat()}


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: str(v) for k, v in row.items()} for row in rows]
