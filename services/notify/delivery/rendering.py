"""Words for each kind of notification, in both languages: one folder a kind, one in it for each version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from shared.display import show_date
from shared.fields import labels
from shared.refusals import Text

FOLDER = Path(__file__).parent / "templates"
PARTS = ("subject", "body", "why")
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
    version = _version(kind)
    words = _words(kind, version, language)
    known = {**facts, "reasons": [_reason(one, language) for one in facts.get("reasons", [])][:REASONS_SHOWN]}
    subject, body, why = (words[part].render(known).strip() for part in PARTS)
    return Rendered(f"{kind}@{version}", " ".join(subject.split()), body, why)


def kinds() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir())


@cache
def _version(kind: str) -> int:
    """The newest words; older ones stay, for what was sent with them."""
    return max(int(path.name) for path in (FOLDER / kind).iterdir())


@cache
def _words(kind: str, version: int, language: str) -> Mapping[str, Template]:
    folder = FOLDER / kind / str(version) / language
    return {part: _environment().from_string((folder / f"{part}.txt").read_text()) for part in PARTS}


@cache
def _environment() -> Environment:
    """Plain text: what makes HTML of it escapes it."""
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701  # the output is text
    environment.filters["ngay"] = lambda iso: show_date(datetime.fromisoformat(iso))
    return environment


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
