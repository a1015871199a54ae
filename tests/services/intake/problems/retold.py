"""Troubles that are told in several drafts, each draft in other words: what must be found of them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import pytest

from services.intake.coach.learning.statements import load
from services.intake.problems import alike
from services.intake.problems.coached import text_of
from tests.services.intake.builders import COMPLETE

MARKET_TEXT = text_of(COMPLETE)
RETYPED = "Ban quan ly cac cho khong biet trong ngay sap nao dang bo trong, thu phi sot."


class Told(NamedTuple):
    trouble: str
    draft: int
    text: str


def retold(every: int = 3) -> list[Told]:
    """Every third (or so) of the coach's labelled troubles that are told three times."""
    troubles = sorted({(one.hand, one.triple) for one in load() if one.triple})[::every]
    told = [one for one in load() if (one.hand, one.triple) in troubles]
    return [Told(f"{one.hand} {one.triple}", one.draft, " ".join(one.texts)) for one in told]


def strangers() -> list[str]:
    """Not all of them: those of every hand, and no more than a test can compare."""
    every = [" ".join(sentence.text for sentence in one.sentences) for one in load() if not one.triple]
    return every[:: 1 + len(every) // STRANGERS_MOST]


def weigh_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that compares more texts, again and again, than a service remembers."""
    monkeypatch.setattr(alike, "_weights", cache(alike._weights.__wrapped__))


def found_of(told: Sequence[Told], n: int, found: Iterable[str]) -> list[Told]:
    """Which of its fellows are among those found."""
    numbers = [int(one) for one in found if one.isdigit()]
    return [told[m] for m in numbers if told[m].trouble == told[n].trouble]


def check_recall(told: Sequence[Told], found: Sequence[list[Told]]) -> None:
    """A first draft often asks for a thing and does not tell the trouble: the two later ones are what must be found."""
    fellows = sum(map(len, found)) / (2 * len(told))
    later = [n for n, one in enumerate(told) if one.draft > 1]
    paired = sum(any(one.draft > 1 for one in found[n]) for n in later) / len(later)
    assert fellows >= FELLOWS_LEAST and paired >= PAIRED_LEAST, (fellows, paired)


STRANGERS_MOST = 400
FELLOWS_LEAST, PAIRED_LEAST = 0.44, 0.84
