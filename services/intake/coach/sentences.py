"""Splits a statement into sentences: lines, bullets and headings as they come out of Word, and no cut inside a number or an
abbreviation."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

BULLET = re.compile(r"[\s\-–—•·▪*+]*(?:(?:\d{1,2}|[a-zđ])[.)]\s+)?[\s\-–—•·▪*+]*")
WORDS_BULLET = re.compile(r"(?m)^([ \t\u00a0]*)o(?=\t|[ \u00a0]{2})")
END = re.compile(r"[.!?…;]+[\"”’»)]*(?=\s+[\"“‘«(\-–•]*[A-ZĐÀ-Ỹ0-9]|\s*$)")
SHORT = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|Q|P|H|X|ĐT|QL|TL|ThS|Ths|TS|PGS|GS|BS|KS|CN|Ô|St|Dr|Mr|Mrs|Ms|No|vd|VD|tr|e\.g|i\.e|approx|[A-ZĐ])\.$"
)
"""Ends in a full stop and ends no sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start`, `end`: its place in the composed text (`compose`), in characters."""

    text: str
    start: int
    end: int


def compose(text: str) -> str:
    """NFC, line ends and blanks made one: the text that places are counted in. Word's second bullet, an «o» before a tab or blanks,
    becomes a dot: «o phuong 5» is a place typed without marks."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    plain = WORDS_BULLET.sub(r"\1•", plain)
    return plain.replace("\u00a0", " ").replace("\u200b", "").replace("\t", " ")


def digest(text: str) -> str:
    """Of a composed text: another one for another text."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def split(text: str) -> tuple[Sentence, ...]:
    """Of a composed text."""
    return tuple(sentence for start, line in _lines(text) for sentence in _of_line(line, start))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _of_line(line: str, start: int) -> Iterator[Sentence]:
    begin = _after_bullet(line)
    for end in (*_ends(line), len(line)):
        piece = line[begin:end]
        text = piece.strip()
        if re.search(r"\w", text):
            left = begin + len(piece) - len(piece.lstrip())
            yield Sentence(text, start + left, start + left + len(text))
        begin = max(begin, end)


def _after_bullet(line: str) -> int:
    """A number alone on its line is what the line says."""
    found = BULLET.match(line)
    return found.end() if found and found.end() < len(line) else 0


def _ends(line: str) -> Iterator[int]:
    for mark in END.finditer(line):
        if mark[0] != "." or not SHORT.search(line[: mark.end()]):
            yield mark.end()
