"""Vietnamese without its marks, for searching: «Hòa» and «hoa» are one."""

import re
import unicodedata

_KEEP = str.maketrans("đĐ", "dd")
_MARKS = re.compile("[\u0300-\u036f]+")


def folded(text: str) -> str:
    """Lower case, no marks, đ → d."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_KEEP).lower()))


def composed(text: str) -> str:
    """NFC, so that «hòa» typed on any keyboard is one string; no white space around."""
    return unicodedata.normalize("NFC", text).strip()
