"""Lists that remain rules: vague words, abbreviations, and Vietnamese typed without marks."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.intake.coach.criteria import RULES
from shared.folding import WORD, folded, has_marks

CAPITALS = re.compile(r"\b[A-ZĐ][A-ZĐ0-9]{1,7}\b")
ROMAN = re.compile(r"[IVX]+")
UNMARKED = 0.2
"""Share of little Vietnamese words among all; English has hardly any of them, Vietnamese a third."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`vague`: folded. `unmarked`: little words of Vietnamese without marks."""

    version: str
    vague: re.Pattern[str]
    known: frozenset[str]
    unmarked: frozenset[str]


@cache
def lexicon() -> Lexicon:
    given = tomllib.loads((RULES / "words.toml").read_text())
    words = sorted({folded(word) for entry in given["vague"] for word in (*entry["vi"], *entry["en"])}, key=len)
    vague = re.compile(rf"\b(?:{'|'.join(map(re.escape, reversed(words)))})\b")
    return Lexicon(
        given["version"], vague, frozenset(given["abbreviations"]["known"]), frozenset(given["unmarked"]["vi"])
    )


def vague_words(sentence: str) -> list[str]:
    return lexicon().vague.findall(folded(sentence))


def without_marks(text: str) -> bool:
    """Vietnamese typed without diacritics."""
    words = WORD.findall(text.lower())
    little = sum(word in lexicon().unmarked for word in words)
    return bool(words) and not has_marks(text) and little >= UNMARKED * len(words)


def abbreviations(text: str) -> list[tuple[str, int]]:
    """Those that are nowhere written out as «đầy đủ (VIẾT TẮT)», each with its first place. A text in capitals has none."""
    first: Mapping[str, int] = {m[0]: m.start() for m in reversed(list(CAPITALS.finditer(text)))}
    if text.upper() == text:
        return []
    return sorted(((short, at) for short, at in first.items() if not _explained(short, text)), key=lambda one: one[1])


def _explained(short: str, text: str) -> bool:
    known = short in lexicon().known or ROMAN.fullmatch(short) or any(c.isdigit() for c in short)
    return bool(known) or f"({short})" in text or bool(re.search(rf"\b{short}\s*\([^)]*\s", text))
