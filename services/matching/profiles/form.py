"""The saved searches as they are typed: flat names such as `searches.0.words`, rows that may be empty."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.matching.profiles.saved_search import SavedSearch

NAME = re.compile(r"searches\.(\d{1,3})\.(name|words|field_codes|unit_id|place)")
COLUMNS = ("name", "words", "field_codes", "unit_id", "place")
Row = dict[str, str]
"""Column → what stands in it; several field codes of one search with commas between."""


def rows_of(searches: Iterable[SavedSearch]) -> list[Row]:
    return [
        {
            "name": search.name,
            "words": search.words,
            "field_codes": ",".join(search.field_codes),
            "unit_id": search.unit_id,
            "place": search.place,
        }
        for search in searches
    ]


def empty_row() -> Row:
    return dict.fromkeys(COLUMNS, "")


def read_rows(form: Mapping[str, Sequence[str]]) -> list[Row]:
    """Rows in which nothing stands are left out."""
    found: dict[int, Row] = {}
    for name, sent in form.items():
        if (place := NAME.fullmatch(name)) and sent:
            found.setdefault(int(place[1]), empty_row())[place[2]] = sent[0]
    return [found[number] for number in sorted(found) if any(found[number].values())]


def without(rows: Sequence[Row], gone: str) -> list[Row]:
    return [row for number, row in enumerate(rows) if str(number) != gone]


def typed(row: Row) -> dict[str, Any]:
    """As the request model takes it."""
    return {**row, "field_codes": [code for code in row["field_codes"].split(",") if code]}


def field_of(error: str) -> str:
    """Where on the page an error of the request model is shown: `searches.0` at the row's words."""
    parts = error.split(".")[:3]
    if parts[0] != "searches" or len(parts) == 1:
        return "searches"
    return ".".join(parts if len(parts) == 3 else [*parts, "words"])
