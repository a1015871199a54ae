"""Vietnamese without its marks, for searching: «Hòa» and «hoa» are one."""

import unicodedata

_KEEP = str.maketrans("đĐ", "dd")


def folded(text: str) -> str:
    """Lower case, no marks, đ → d."""
    plain = unicodedata.normalize("NFD", text.translate(_KEEP).lower())
    return "".join(character for character in plain if not unicodedata.combining(character))


def composed(text: str) -> str:
    """NFC, so that «hòa» typed on any keyboard is one string; no white space around."""
    return unicodedata.normalize("NFC", text).strip()
