"""Overrules as labelled statements, in the form of `coach/learning/statements`: what the present model says of the whole text,
corrected where a coordinator spoke. The rest has still to be read by a person: `review`."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from services.intake.coach.coach import Opinion
from services.intake.coach.criteria import Criterion, Verdict
from services.intake.coach.roles import Label, Role
from services.intake.overrules.overrule import Overrule

EVEN = 0.5
TRUE_WHEN: Mapping[Criterion, tuple[Label, frozenset[Verdict]]] = {
    Criterion.AFFECTED: (Label.AFFECTED, frozenset({Verdict.PASS, Verdict.WARN})),
    Criterion.BASELINE: (Label.BASELINE, frozenset({Verdict.PASS, Verdict.WARN})),
    Criterion.TARGET: (Label.TARGET, frozenset({Verdict.PASS, Verdict.WARN})),
    Criterion.ONE_PROBLEM: (Label.SEVERAL, frozenset({Verdict.WARN, Verdict.FAIL, Verdict.ASK})),
}
"""What a verdict says of a whole statement. That of `cause` speaks of two things at once: a person sorts them out."""
DISGUISED = {Verdict.PASS: "no", Verdict.WARN: "partly", Verdict.FAIL: "yes"}


def by_text(overrules: Sequence[Overrule]) -> list[tuple[Overrule, ...]]:
    """Those of one text together, the oldest first; texts in the order of their first."""
    first = {one.text: n for n, one in reversed(list(enumerate(overrules)))}
    ordered = sorted(overrules, key=lambda one: first[one.text])
    return [tuple(group) for _, group in groupby(ordered, key=lambda one: one.text)]


def lost(overrules: Sequence[Overrule], opinion: Opinion) -> tuple[Overrule, ...]:
    """Those whose sentence is none any more: the text is split otherwise than it was."""
    sentences = {sentence.text for sentence in opinion.reading.sentences}
    return tuple(one for one in overrules if one.sentence and one.sentence not in sentences)


def line(overrules: Sequence[Overrule], opinion: Opinion) -> str:
    """Of one text: its overrules, and what the present model says of it."""
    return json.dumps(_row(overrules, opinion), ensure_ascii=False)


def _row(overrules: Sequence[Overrule], opinion: Opinion) -> Mapping[str, Any]:
    oldest, told, reading = overrules[0], _told(overrules), opinion.reading
    sentences = [
        {"t": one.text, "r": [*told.get(one.text, (role for role, _ in opinion.does(n)))]}
        for n, one in enumerate(reading.sentences)
    ]
    return {
        "id": f"{oldest.ref}-{oldest.version}",
        "lang": "vi" if reading.unmarked or not reading.text.isascii() else "en",
        "sentences": sentences,
        "doc": _doc(overrules, opinion, {role for one in sentences for role in one["r"]}),
        "review": True,
        "overruled": [f"{one.criterion}: {one.given} → {one.wanted}" for one in overrules],
    }


def _told(overrules: Sequence[Overrule]) -> Mapping[str, Sequence[Role]]:
    """All that was said of each sentence: every criterion asks for another of the things that it does."""
    said = {(one.sentence, role) for one in overrules for role in one.roles}
    return {one: [role for role in Role if (one, role) in said] for one, _ in said}


def _doc(overrules: Sequence[Overrule], opinion: Opinion, roles: set[Role]) -> Mapping[str, Any]:
    found: dict[str, Any] = {label: told >= EVEN for label, told in opinion.reading.labels.items()}
    if found[Label.SOLUTION]:
        found[Label.SOLUTION] = "partly" if Role.TROUBLE in roles else "yes"
    else:
        found[Label.SOLUTION] = "no"
    for one in overrules:
        if one.criterion is Criterion.SOLUTION:
            found[Label.SOLUTION] = DISGUISED.get(one.wanted, found[Label.SOLUTION])
        elif one.criterion in TRUE_WHEN:
            label, verdicts = TRUE_WHEN[one.criterion]
            found[label] = one.wanted in verdicts
    return {**found, "quality": 1 + round(4 * opinion.clear / len(opinion.groups))}
