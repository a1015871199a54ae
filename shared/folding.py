"""Vietnamese without its marks, for searching: «Hòa» and «hoa» are one."""

import re
import unicodedata

_KEEP = str.maketrans("đĐ", "dd")
_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
A_FEW = 0.1
"""Share of words with marks that a text may have without being written with them; in Vietnamese it is some three quarters."""


def folded(text: str) -> str:
    """Lower case, no marks, đ → d."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_KEEP).lower()))


def has_marks(text: str) -> bool:
    """False for Vietnamese typed without its marks, and for English, though a name or a «café» may have some."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    return sum(not word.isascii() for word in words) > A_FEW * len(words)


def composed(text: str) -> str:
    """NFC, so that «hòa» typed on any keyboard is one string; no white space around."""
    return unicodedata.normalize("NFC", text).strip()
