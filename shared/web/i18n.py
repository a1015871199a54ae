"""Vietnamese is written in the code and the templates; English lies in `en.po` files, one for each service and one here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from babel.messages.pofile import read_po
from starlette.requests import Request

HERE = Path(__file__).parent
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
