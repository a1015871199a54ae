"""The fields of science a problem belongs to: two levels, a provisional table (fields.toml says why)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.refusals import FieldError, Text

TABLE = Path(__file__).parent / "fields.toml"
UNKNOWN = Text("Chọn mã lĩnh vực có trong bảng", "Choose a field code from the table")


@dataclass(frozen=True, slots=True)
class Field:
    """Level 1 has a code of one digit and branches; level 2 a code of three digits and none."""

    code: str
    label: Text
    branches: "tuple[Field, ...]" = ()


@cache
def fields() -> tuple[Field, ...]:
    rows = tomllib.loads(TABLE.read_text())["field"]
    return tuple(Field(r["code"], Text(r["vi"], r["en"]), tuple(map(_branch, r["branch"]))) for r in rows)


def _branch(row: dict[str, str]) -> Field:
    return Field(row["code"], Text(row["vi"], row["en"]))


@cache
def labels() -> dict[str, Text]:
    return {one.code: one.label for field in fields() for one in (field, *field.branches)}


def unknown_codes(codes: Iterable[str]) -> tuple[FieldError, ...]:
    return tuple(
        FieldError(f"field_codes.{n}", "unknown", UNKNOWN) for n, code in enumerate(codes) if code not in labels()
    )
