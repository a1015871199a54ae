"""Which words name something, and which are said in every text."""

import tomllib
from pathlib import Path

from shared.folding import folded

_GIVEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
GRAMMAR = frozenset(f"{_GIVEN['grammar']['vi']} {_GIVEN['grammar']['en']}".split())
"""In a small register their rarity would not show that they say nothing."""
LITTLE = GRAMMAR | frozenset(f"{_GIVEN['plain']['vi']} {_GIVEN['plain']['en']}".split())
_WITHOUT_MARKS = frozenset(map(folded, LITTLE))


def names_something(words: str, *, marked: bool) -> bool:
    """Small letters. `marked`: the text they are from has diacritics; without them «cho» may be a market, and is taken for none."""
    known = LITTLE if marked else _WITHOUT_MARKS
    return any(word not in known and not word.isdigit() for word in words.split())
