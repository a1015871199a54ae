"""Vietnamese is written in the code and the templates; English lies in `en.po` files, one for each service and one here."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from starlette.requests import Request

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LANGUAGES = ("vi", "en")
COOKIE = "debai_lang"

Catalogue = Mapping[str, str]
Translate = Callable[[str], str]


def language_of(request: Request) -> str:
    """`?lang=` wins over the cookie; anything unknown is Vietnamese."""
    wanted = request.query_params.get("lang") or request.cookies.get(COOKIE) or ""
    return wanted if wanted in LANGUAGES else "vi"


def load_english(*folders: Path) -> Catalogue:
    catalogue: dict[str, str] = {}
    for folder in (HERE, *folders):
        with (folder / "en.po").open("rb") as file:
            catalogue |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return catalogue


def translator(language: str, english: Catalogue) -> Translate:
    return (lambda text: english.get(text, text)) if language == "en" else (lambda text: text)


def show_number(value: float, language: str) -> str:
    return format_decimal(value, locale="en" if language == "en" else "vi_VN")


def show_date(value: date | datetime) -> str:
    """dd/MM/yyyy in both languages, on the city's clock."""
    return _local(value).strftime("%d/%m/%Y")


def show_time(value: datetime) -> str:
    return _local(value).strftime("%H:%M %d/%m/%Y")


def show_left(value: datetime, now: datetime, language: str) -> str:
    """How long until then, in words: «8 ngày»."""
    return format_timedelta(value - now, locale="en" if language == "en" else "vi")


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(ZONE) if isinstance(value, datetime) else value
