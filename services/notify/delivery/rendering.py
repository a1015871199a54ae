"""Words for each kind of notification, in both languages. One versioned file a kind: which words were sent stays known."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from shared.fields import labels
from shared.refusals import Text
from shared.web import i18n

FOLDER = Path(__file__).parent / "templates"
VERSION = 1
REASONS_SHOWN = 5
SAVED = Text("mục theo dõi «{label}»", "your saved search “{label}”")
FIELD = Text("lĩnh vực {label}", "the field {label}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """`template` names the words' version, e.g. problem.matched@1."""

    template: str
    subject: str
    body: str
    why: str


def render(kind: str, facts: Mapping[str, Any], language: str) -> Rendered:
    """Raises UndefinedError when a fact is missing that the words speak of."""
    words = _words(kind)[language]
    known = {**facts, "reasons": [_reason(one, language) for one in facts.get("reasons", [])][:REASONS_SHOWN]}
    subject, body, why = (_fill(words[part], known, language) for part in ("subject", "body", "why"))
    return Rendered(f"{kind}@{VERSION}", " ".join(subject.split()), body, why)


def kinds() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{VERSION}.toml"))


@cache
def _words(kind: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((FOLDER / kind / f"{VERSION}.toml").read_text())


@cache
def _environment(language: str) -> Environment:
    """Plain text: what makes HTML of it escapes it."""
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701  # the output is text
    environment.filters["ngay"] = lambda iso: i18n.show_date(datetime.fromisoformat(iso))
    environment.filters["num"] = partial(i18n.show_number, language=language)
    return environment


def _fill(words: str, facts: Mapping[str, Any], language: str) -> str:
    return _environment(language).from_string(words).render(facts).strip()


def _reason(reason: Mapping[str, Any], language: str) -> str:
    label = str(reason["label"])
    match reason["kind"]:
        case "saved_search":
            return SAVED.fill({"label": label}).read(language)
        case "field":
            name = labels().get(label, Text(label, label)).read(language)
            return FIELD.fill({"label": name}).read(language)
        case "other":
            return Text("các từ khác", "other words").read(language)
    return f"«{label}»"
