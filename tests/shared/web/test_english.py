"""Every sentence of a page has its English, and no English lies about unused."""

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from shared.web import i18n
from shared.web.navigation import ENTRIES

ROOT = Path(i18n.HERE).parents[1]
PLACES = [i18n.HERE, *(path.parent for path in sorted(ROOT.glob("services/*/en.po")))]
METHODS = {".html": "jinja2", ".py": "python"}


def name_of(place: Path) -> str:
    return place.relative_to(ROOT).as_posix()


def sources(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.suffix in (".html", ".py", ".json", ".toml")]


def sentences(place: Path) -> set[str]:
    found = set[str]()
    for path in sources(place):
        if method := METHODS.get(path.suffix):
            options = {"encoding": "utf-8", "silent": "false"}
            found |= {str(m[1]) for m in extract_from_file(method, path, keywords={"_": None}, options=options)}
    return found


@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_every_sentence_has_its_english(place: Path) -> None:
    known = i18n.load_english(place)
    assert sorted(sentences(place) - known.keys()) == []


@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_no_english_is_left_over(place: Path) -> None:
    text = "\n".join(path.read_text() for path in sources(place))
    entries = own_entries(place)
    assert [one for one in entries if one not in text] == []


@pytest.mark.parametrize("place", PLACES[1:], ids=name_of)
def test_a_service_does_not_translate_what_is_shared(place: Path) -> None:
    """Two entries could differ."""
    shared = i18n.load_english()
    assert [one for one in own_entries(place) if one in shared] == []


@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_places_to_fill_in_are_the_same_in_both_languages(place: Path) -> None:
    for vietnamese, english in own_entries(place).items():
        assert places(vietnamese) == places(english), vietnamese


def test_every_entry_of_the_menu_has_its_english() -> None:
    assert {entry.label for entry in ENTRIES} <= i18n.load_english().keys()


def own_entries(place: Path) -> dict[str, str]:
    with (place / "en.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def places(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name)
