"""How dates and numbers are written for people: dates on the city's clock, in one pattern for both languages."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from babel.numbers import format_decimal

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def show_number(value: float, language: str) -> str:
    return format_decimal(value, locale="en" if language == "en" else "vi_VN")


def show_date(value: date | datetime) -> str:
    """dd/MM/yyyy."""
    return _local(value).strftime("%d/%m/%Y")


def show_time(value: datetime) -> str:
    return _local(value).strftime("%H:%M %d/%m/%Y")


def show_span(first: datetime, last: datetime) -> str:
    """«10:02–10:31 25/11/2026»; the day of each where they differ."""
    start, end = show_time(first), show_time(last)
    if start == end:
        return end
    return f"{start[:5]}–{end}" if show_date(first) == show_date(last) else f"{start} – {end}"


def show_left(value: datetime, now: datetime, language: str) -> str:
    """How many days until then, in words: «8 ngày»."""
    days = timedelta(days=max(0, (value - now).days))
    return format_timedelta(days, granularity="day", threshold=1000, locale="en" if language == "en" else "vi")


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(ZONE) if isinstance(value, datetime) else value
