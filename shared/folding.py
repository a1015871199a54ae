"""Vietnamese without its marks, for searching: «Hòa» and «hoa» are one."""

import re
import unicodedata

_KEEP = str.maketrans("đĐ", "dD")
_MARKS = re.compile("[\u0300-\u036f]+")
WORD = re.compile(r"[^\W_]+")
"""Letters and digits in a row, composed."""
A_FEW = 0.1
"""Share of words with marks that a text may have without being written with them; in Vietnamese it is some three quarters. Numbers
and «UBND TP.HCM» can have none and are not counted."""


def without_marks(text: str) -> str:
    """As it is typed where the marks are left out: đ → d, capitals stay."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_KEEP)))


def folded(text: str) -> str:
    """Lower case, no marks."""
    return without_marks(text).lower()


def has_marks(text: str) -> bool:
    """False for Vietnamese typed without its marks, and for English, though a name or a «café» may have some."""
    words: list[str] = WORD.findall(unicodedata.normalize("NFC", text))
    marked, unmarked = (
        sum(not word.isascii() for word in words),
        sum(word.isascii() and word.islower() for word in words),
    )
    return marked > A_FEW * (marked + unmarked)


def composed(text: str) -> str:
    """NFC, so that «hòa» typed on any keyboard is one string; no white space around."""
    return unicodedata.normalize("NFC", text).strip()
