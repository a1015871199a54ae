"""The ten criteria and the six groups they are shown in; what is said of each is data (`rules/criteria.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from shared.refusals import Text

RULES = Path(__file__).parent / "rules"


class Verdict(StrEnum):
    """`pass`: clear. `warn`: in part; the reason says what to mend. `fail`: it says what to buy or build, and nobody's trouble.
    `ask`: the coach is not sure, or something is missing: the person knows. `na`: too little text to tell."""

    PASS = "pass"  # noqa: S105  # a verdict
    WARN = "warn"
    FAIL = "fail"
    ASK = "ask"
    NA = "na"


class Criterion(StrEnum):
    SOLUTION = "solution"
    AFFECTED = "affected"
    BASELINE = "baseline"
    TARGET = "target"
    ONE_PROBLEM = "one_problem"
    VAGUE = "vague"
    LIMITS = "limits"
    DATA = "data"
    ABBREVIATIONS = "abbreviations"
    CAUSE = "cause"


class Group(StrEnum):
    """In the order of the panel."""

    WHO = "who"
    BASELINE = "baseline"
    TARGET = "target"
    WHY = "why"
    OPEN = "open"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a criterion: its name, a reason for each verdict, and one piece of advice with numbers."""

    group: Group
    weight: int
    name: Text
    reasons: Mapping[Verdict, Text]
    advice: Text


@dataclass(frozen=True, slots=True)
class Rubric:
    version: str
    groups: Mapping[Group, Text]
    criteria: Mapping[Criterion, Words]


@cache
def rubric() -> Rubric:
    given = tomllib.loads((RULES / "criteria.toml").read_text())
    return Rubric(
        version=given["version"],
        groups={group: _text(given["groups"][group]) for group in Group},
        criteria={criterion: _words(given["criteria"][criterion]) for criterion in Criterion},
    )


def _words(given: Mapping[str, object]) -> Words:
    return Words(
        group=Group(str(given["group"])),
        weight=int(str(given["weight"])),
        name=_text(given["name"]),
        reasons={verdict: _text(given[verdict]) for verdict in Verdict if verdict in given},
        advice=_text(given["advice"]),
    )


def _text(given: object) -> Text:
    match given:
        case {"vi": str(vi), "en": str(en)}:
            return Text(vi, en)
    raise ValueError(f"{given!r}: vi and en")
