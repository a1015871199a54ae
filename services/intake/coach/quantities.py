"""Quantities in a sentence: «9 ngày», «17%». Numbers of decrees, wards, dates and rooms are none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMBER = r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
UNIT = r"%|‰|[^\W\d_]+(?:/[^\W\d_]+)?"
QUANTITY = re.compile(rf"(?<![\w/.,\-–])({NUMBER})\s?({UNIT})(?![\w/])")
NAMED = re.compile(
    r"(?:\b(?:số|quận|phường|khóm|ấp|tổ|khu|điều|khoản|điểm|chương|lớp|tháng|năm|ngày|quý|kỳ|quốc lộ|tuyến|hẻm|nhà|phòng|tầng|mục|"
    r"bảng|nghị định|quyết định|thông tư|nghị quyết|luật|kế hoạch|công văn|district|ward|decree|decision|circular|article|clause|"
    r"section|no\.?|number|room|floor|route|line|in|since|by|year)|№|§)\s*$",
    re.IGNORECASE,
)
"""What stands before a number that only names something."""
NO_UNITS = frozenset(
    {
        "và", "hoặc", "đến", "tới", "trên", "trong", "của", "là", "có", "thì", "ở", "tại", "từ", "so", "với", "năm", "nam", "and",
        "or", "to", "of", "in", "on", "at", "from", "the", "a", "an", "is", "are", "was", "were", "by", "for",
    }
)  # fmt: skip
MULTIPLIERS = frozenset({"nghìn", "ngàn", "triệu", "tỷ", "tỉ", "thousand", "million", "billion"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text` as it stands there; `value` as a form takes it, with the unit after it."""

    text: str
    value: str
    unit: str


def quantities(sentence: str) -> tuple[Quantity, ...]:
    return tuple(_found(sentence))


def _found(sentence: str) -> Iterator[Quantity]:
    for match in QUANTITY.finditer(sentence):
        value, unit = match.groups()
        if unit.lower() not in NO_UNITS and not NAMED.search(sentence[: match.start()]):
            yield _whole(match[0], value, unit, rest=sentence[match.end() :])


def _whole(text: str, value: str, unit: str, *, rest: str) -> Quantity:
    """«600 triệu đồng» and «1,2 million people»: the unit is what comes after the multiplier."""
    after = re.match(r"\s+([^\W\d_]+)", rest)
    if unit.lower() in MULTIPLIERS and after:
        return Quantity(text + after[0], value, f"{unit} {after[1]}")
    return Quantity(text, value, unit)
