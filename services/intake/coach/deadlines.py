"""By when something is wanted: «trước 30/6/2027», «sau 18 tháng», «by June». Most times that a statement names are past ones, so
that only two kinds of sentence are asked: one that tells a target, and one that says it must be done by a date."""

import re

MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]20\d\d|(?:(?:tháng|thang|quý|quy)\s*)?(?:\d{1,2}|[ivx]+)[/.-]20\d\d"
    rf"|(?:{MONTHS})\s+20\d\d)"
)
FEW = r"(?:\d+(?:\s*(?:đến|den|to|-|–)\s*\d+)?|hai|ba|bốn|bon|sáu|sau|chín|chin|mười(?: \w+)?|two|three|six|nine|twelve|eighteen)"
"""Of «một tháng» and «a year» a rate is told."""
LEADS = r"(?:(?:ngày|ngay|hết|het|cuối|cuoi|năm|nam|the|end|of)\s+)*"
MUST = re.compile(
    r"\b(?:hạn|han|deadline|due|cần|can|phải|phai|mong|xong|hoàn thành|hoan thanh|needs?|must|wants?)\b[^;]{0,60}?"
    rf"(?:\b(?:trước|truoc|chậm nhất|cham nhat|by|before|until)|:)\s*{LEADS}{DATE}",
    re.IGNORECASE,
)
WHEN = re.compile(
    "|".join(
        (
            rf"\b{DATE}\b",
            r"(?<!của năm )(?<!cua nam )(?<!so với năm )(?<!so voi nam )(?<!so với )(?<!than in )(?<!than )(?<!since )"
            r"\b20[2-9]\d\b",
            r"\b(?:trước|truoc|by|before)\s+(?:ngày |ngay |hết |het |cuối |cuoi |the end of )?"
            rf"(?:\d{{1,2}}/\d{{1,2}}\b|tháng|thang|quý|quy\b|tết|tet\b|hè\b|mùa|{MONTHS}|spring|summer|autumn|winter)",
            rf"\b(?:sau|trong|within|after|in)\s+{FEW}\s+(?:tháng|thang|năm|nam|quý|months?|years?|quarters?)\b",
            rf"\b(?:trong vòng|trong vong|sau|within|after)\s+{FEW}\s+(?:ngày|ngay|tuần|tuan|days|weeks)\b",
            r"\b(?:sang năm|sang nam|(?<!việt )(?<!viet )nam (?:toi|sau)|cuối năm|cuoi nam|cuối quý|cuối tháng \d)\b",
            r"\b(?:mùa|hè|tết|năm|kỳ)\b[^.,;]{0,15} (?:tới|sau)\b",
            r"\b(?:next|end of (?:the |this |next )?)\s*"
            r"(?:month|quarter|year|term|season|school year|spring|summer|autumn|winter)\b",
        )
    ),
    re.IGNORECASE,
)


def deadline_in(sentence: str, *, tells_target: bool) -> bool:
    """`sentence`: NFC."""
    return bool(MUST.search(sentence) or (tells_target and WHEN.search(sentence)))
