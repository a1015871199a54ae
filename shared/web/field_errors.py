"""Turns pydantic's findings into sentences that tell the act."""

from collections.abc import Iterable
from typing import Any

from shared.refusals import FieldError, Text

SENTENCES = {
    "missing": Text("Điền mục này", "Fill this in"),
    "string_too_short": Text("Viết ít nhất {min_length} ký tự", "Write at least {min_length} characters"),
    "string_too_long": Text("Rút gọn còn tối đa {max_length} ký tự", "Shorten to at most {max_length} characters"),
    "string_type": Text("Gửi chữ (chuỗi)", "Send text"),
    "string_pattern_mismatch": Text("Viết đúng dạng {pattern}", "Write it in the form {pattern}"),
    "extra_forbidden": Text("Bỏ mục không có trong mẫu này", "Remove this: the form has no such field"),
    "enum": Text("Chọn một trong: {expected}", "Choose one of: {expected}"),
    "literal_error": Text("Chọn một trong: {expected}", "Choose one of: {expected}"),
    "int_parsing": Text("Ghi một số nguyên", "Write a whole number"),
    "int_type": Text("Ghi một số nguyên", "Write a whole number"),
    "float_parsing": Text("Ghi một con số", "Write a number"),
    "float_type": Text("Ghi một con số", "Write a number"),
    "finite_number": Text("Ghi một con số hữu hạn", "Write a finite number"),
    "bool_parsing": Text("Chọn có hoặc không", "Choose yes or no"),
    "list_type": Text("Gửi một danh sách", "Send a list"),
    "too_long": Text("Giữ tối đa {max_length} dòng", "Keep at most {max_length} rows"),
    "too_short": Text("Thêm ít nhất {min_length} dòng", "Add at least {min_length} rows"),
    "greater_than_equal": Text("Ghi số từ {ge} trở lên", "Write a number of at least {ge}"),
    "less_than_equal": Text("Ghi số không quá {le}", "Write a number of at most {le}"),
}
OTHER = Text("Kiểm tra lại mục này", "Check this field")
DATE = Text("Ghi ngày đúng dạng 2026-12-31", "Write a date such as 2026-12-31")


def field_errors(found: Iterable[Any], *, skip: int = 0) -> tuple[FieldError, ...]:
    """`found` are pydantic's error dicts; `skip` leaves out the first parts of the location (FastAPI's `body`). A model's own
    check brings its words along: `PydanticCustomError(code, "…", {"sentence": Text(…)})`."""
    return tuple(_field_error(one, skip) for one in found)


def sentences(errors: Iterable[FieldError], language: str) -> dict[str, str]:
    """Field name → what to do, as the macros take it. A field's first error is the one that is told."""
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.field, error.text.read(language))
    return found


def _field_error(one: Any, skip: int) -> FieldError:
    kind, facts = str(one["type"]), one.get("ctx", {})
    text = DATE if kind.startswith(("date", "timezone")) else SENTENCES.get(kind, OTHER)
    return FieldError(".".join(map(str, one["loc"][skip:])), kind, facts.get("sentence", text).fill(facts))
