"""The fields of science a problem belongs to: two levels, a provisional table (fields.toml says why)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from shared.refusals import Text

TABLE = Path(__file__).parent / "fields.toml"


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


def known(code: str) -> str:
    if code not in labels():
        raise PydanticCustomError("enum", "unknown field code", {"expected": ", ".join(sorted(labels()))})
    return code


FieldCode = Annotated[str, AfterValidator(known)]
"""For request models: a code of the table."""
