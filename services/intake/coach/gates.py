"""What must not be in a statement, whatever its worth: personal data and secrets. By rule, for here a guess is not enough."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

SEPARATED = r"(?:[ .\-]?\d)"


class Finding(StrEnum):
    ID_CARD = "id_card"
    PHONE = "phone"
    MAIL = "mail"
    PLATE = "plate"
    ACCOUNT = "account"
    SECRET = "secret"  # noqa: S105  # a kind of finding


@dataclass(frozen=True, slots=True)
class Found:
    """`start`, `end`: where it stands in the composed text. What it is, is not repeated: it goes into no log and no event."""

    finding: Finding
    start: int
    end: int


ID_CARD = re.compile(r"(?<![\d.,/\-])0(?:0[1-9]|[1-8]\d|9[0-6])[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\d/\-]|[.,]\d)")
"""CCCD, 12 digits: province 001–096, century and sex 0–3, year, six more (Circular 59/2021/TT-BCA, article 4)."""
OLD_CARD = re.compile(
    r"(?i)\b(?:cmnd|cmtnd|cccd|chứng minh(?: nhân dân| thư)?|căn cước)\b[^\n]{0,30}?(?<!\d)(\d{9}(?:\d{3})?)(?!\d)"
)
PHONE = re.compile(rf"(?<![\d.,/\-])(?:\(?\+?84\)?[ .\-]?|0)[35789]{SEPARATED}{{8}}(?![\d\-]|[.,/]\d)")
"""Mobile numbers have ten digits, 03, 05, 07, 08, 09 (Circular 22/2014/TT-BTTTT as changed in 2018)."""
NOT_A_PHONE = re.compile(
    r"(?i)(?:mst|mã số thuế|tax code|tax number|mã số doanh nghiệp|mã hồ sơ|mã định danh|số hiệu)[^\d\n]{0,20}$"
)
MAIL = re.compile(r"(?i)(?<![\w.+\-])[a-z0-9][\w.+\-]*@(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z]{2,}(?![\w\-])")
PLATE = re.compile(
    r"(?<![\w/.,\-])(?:[1-9]\d[ \-]?[A-ZĐ][A-Z0-9Đ]?[ .\-]+(?:\d{3}\.\d{2}|\d{4,5})|(?:NG|NN|QT|CV)[ \-]\d{2,3}[ \-]\d{3})"
    r"(?![\w/\-]|[.,]\d)|(?i:biển(?: số)?|xe|bks|plate) (?-i:[1-9]\d[A-ZĐ][A-Z0-9Đ]?\d{4,5})\b"
)
"""Vehicle plates: province 11–99, one or two letters or a letter and a digit, four or five digits (Circular 24/2023/TT-BCA)."""
ACCOUNT_WORD = (
    "stk|số tk|tk số|so tk|số tài khoản|tài khoản(?: ngân hàng)?|so tai khoan|account(?: number| no\\.?)?|iban"
)
ACCOUNT = re.compile(rf"(?i)\b(?:{ACCOUNT_WORD})\b[^\d\n]{{0,40}}?(\d(?:[ .\-]?\d){{7,18}})(?!\d)")
CARD = re.compile(r"(?<![\d.,/\-])(?:4\d|5[1-5]|97|62|35)\d{2}(?:[ \-]?\d{4}){3}(?:\d{3})?(?![\d/\-]|[.,]\d)")
SECRET = re.compile(
    r"(?:^|[\n(«“\"\[:]|(?i:độ mật|do mat|classification|đóng dấu|độ)\b[^\w\n]{0,4}|(?i:tài liệu|văn bản|tai lieu|van ban) )\s*"
    r"(?:TUYỆT MẬT|TỐI MẬT|MẬT|TUYET MAT|TOI MAT|TOP SECRET|SECRET|STATE SECRET)(?=\s*(?:$|[\n)»”\"\].,;:]|số \d))"
    r"|(?i:độ mật|do mat)\s*:\s*(?i:tuyệt mật|tối mật|mật|tuyet mat|toi mat|mat)\b"
)
"""A marking stands by itself (Law on the protection of state secrets 2018, article 8: Tuyệt mật, Tối mật, Mật); «bí mật»,
«mật độ» and «mật khẩu» are none."""


def personal_data(text: str) -> tuple[Found, ...]:
    """Everything found, by place; one place is told once."""
    found = sorted(_personal(text), key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _personal(text: str) -> Iterator[Found]:
    for finding, pattern, group in (
        (Finding.ACCOUNT, ACCOUNT, 1),
        (Finding.ACCOUNT, CARD, 0),
        (Finding.ID_CARD, ID_CARD, 0),
        (Finding.ID_CARD, OLD_CARD, 1),
        (Finding.MAIL, MAIL, 0),
        (Finding.PLATE, PLATE, 0),
    ):
        for match in pattern.finditer(text):
            yield Found(finding, *match.span(group))
    for match in PHONE.finditer(text):
        if not NOT_A_PHONE.search(text[: match.start()]):
            yield Found(Finding.PHONE, *match.span())


def secrets(text: str) -> tuple[Found, ...]:
    """Markings of state secrets: such a text must not even be stored."""
    return tuple(Found(Finding.SECRET, *match.span()) for match in SECRET.finditer(text))
