"""The labelled statements: invented for this purpose, a file for each hand that wrote them (see README.md)."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.intake.coach.roles import Label, Role

FOLDER = Path(__file__).parent / "statements"
DISGUISED = ("partly", "yes")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and its roles."""

    text: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Statement:
    """`quality` 1–5 by an editor. `only_ordered`: a thing is ordered and no trouble is told. `triple`: the three drafts of one
    statement share it; `draft` 1 is the first."""

    id: str
    hand: str
    language: str
    sentences: tuple[Labelled, ...]
    labels: frozenset[Label]
    quality: int
    only_ordered: bool
    triple: str = ""
    draft: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(sentence.text for sentence in self.sentences)

    @property
    def marked(self) -> bool:
        """False for Vietnamese typed without diacritics."""
        return self.language != "vi" or any(not sentence.text.isascii() for sentence in self.sentences)


def load(folder: Path = FOLDER) -> tuple[Statement, ...]:
    return tuple(_statement(row, path.stem) for path in sorted(folder.glob("*.jsonl")) for row in _rows(path))


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    return (json.loads(line) for line in path.read_text().splitlines() if line)


def _statement(row: Mapping[str, Any], hand: str) -> Statement:
    given = row["doc"]
    found = {label for label in Label if given[label] is True or given[label] in DISGUISED}
    sentences = tuple(
        Labelled(unicodedata.normalize("NFC", one["t"]), frozenset(map(Role, one["r"]))) for one in row["sentences"]
    )
    return Statement(
        id=row["id"],
        hand=hand,
        language=row["lang"],
        sentences=sentences,
        labels=frozenset(found),
        quality=given["quality"],
        only_ordered=given["solution_in_disguise"] == "yes",
        triple=row.get("triple", ""),
        draft=row.get("draft", 0),
    )
