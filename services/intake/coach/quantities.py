"""Quantities in a sentence: «9 ngày», «17%». Numbers of decrees, wards, dates and rooms are none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMBER = r"\d{1,3}(?:[.\s]\d{3}){1,5}(?:,\d+)?|\d+(?:[.,]\d+)?"
UNIT = r"%|‰|[^\W\d_]+(?:/[^\W\d_]+)?"
QUANTITY = re.compile(rf"(?<![\w/.,\-–])({NUMBER})\s?({UNIT})(?![\w/])")
NAMED = re.compile(
    r"(?:(?<!mỗi )(?<!từng )(?<!hằng )(?<!hàng )(?<!each )(?<!every )(?<!last )"
    r"\b(?:số|quận|phường|khóm|ấp|tổ|khu|điều|khoản|điểm|chương|lớp|tháng|năm|ngày|quý|kỳ|quốc lộ|tuyến|hẻm|nhà|phòng|tầng|mục|"
    r"bảng|nghị định|quyết định|thông tư|nghị quyết|luật|kế hoạch|công văn|district|ward|decree|decision|circular|article|clause|"
    r"section|no\.?|number|room|floor|route|line|in|since|by|year)|№|§)\s*$",
    re.IGNORECASE,
)
"""What stands before a number that only names something; «mỗi tháng 61 sạp» does not."""
PART = re.compile(
    rf"(?<![\w/.,\-–])({NUMBER})\s(trong(?: tổng số| số)?|trên(?: tổng số)?|(?:out )?of(?: the| its)?)\s$",
    re.IGNORECASE,
)
"""What stands before the number of all, of which it is a part."""
YEAR = re.compile(r"(?:19|20)\d\d")
TIMES = frozenset({"giây", "phút", "giờ", "ngày", "đêm", "tuần", "tháng", "quý", "năm"})
NEAR = 60
"""Characters before a number that are looked at: of a long sentence full of numbers each would be looked at again and again."""
NO_UNITS = frozenset(
    {
        "và", "hoặc", "đến", "tới", "trên", "trong", "của", "là", "có", "thì", "ở", "tại", "từ", "so", "với", "năm", "nam", "and",
        "or", "to", "of", "in", "on", "at", "from", "the", "a", "an", "is", "are", "was", "were", "by", "for",
        "xuống", "lên", "còn", "out", "down", "up",
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
        if unit.lower() not in NO_UNITS:
            whole = _whole(match[0], value, unit, rest=sentence[match.end() :])
            yield from _read(sentence[max(0, match.start() - NEAR) : match.start()], whole)


def _read(before: str, whole: Quantity) -> Iterator[Quantity]:
    """«61 trong 780 sạp» are 61 stalls; whether «1 trong 2 triệu» is one million, nobody knows."""
    part = _part(before, whole)
    if NAMED.search(before[: part.start()] if part else before):
        return
    if part is None:
        yield whole
    elif whole.unit.split()[0].lower() not in MULTIPLIERS:
        yield Quantity(part[0] + whole.text, part[1], whole.unit)


def _part(before: str, whole: Quantity) -> re.Match[str] | None:
    """A year is no part; «10 trong 6 tháng» is a time that it takes."""
    part = PART.search(before)
    takes = part and part[2].lower() == "trong" and whole.unit.lower() in TIMES
    return None if not part or takes or YEAR.fullmatch(part[1]) else part


def _whole(text: str, value: str, unit: str, *, rest: str) -> Quantity:
    """«600 triệu đồng» and «1,2 million people»: the unit is what comes after the multiplier."""
    after = re.match(r"\s+([^\W\d_]+)", rest)
    if unit.lower() in MULTIPLIERS and after:
        return Quantity(text + after[0], value, f"{unit} {after[1]}")
    return Quantity(text, value, unit)
