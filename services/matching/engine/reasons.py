"""Why a problem and a researcher fit: the parts of the score, which add up to it exactly."""

from dataclasses import dataclass

from services.matching.engine.postings import Term, Weights
from services.matching.engine.text import Kind, Text
from shared.events.match import Reason, ReasonKind

NAMED = 8
DIGITS = 4
"""Shares are rounded before they are added: the sum of what is shown is the score."""


@dataclass(frozen=True, slots=True)
class Fit:
    """`other_id` is a profile's for a problem, and a problem's for a profile. `score`: 0 to 1."""

    other_id: str
    score: float
    reasons: tuple[Reason, ...]


def explain(other_id: str, products: Weights, problem: Text) -> Fit:
    """`products`: term → its part of the score. A word with its marks, the same one folded, and a pair of words that holds
    it are one reason: its longest form."""
    written = {term: problem.surface.get(term, term[1]) for term in products}
    longest = _longest(set(written.values()))
    parts: dict[tuple[ReasonKind, str], float] = {}
    for term, product in products.items():
        place = _reason_kind(term), longest[written[term]]
        parts[place] = parts.get(place, 0.0) + product
    ranked = sorted(((round(share, DIGITS), kind, label) for (kind, label), share in parts.items()), reverse=True)
    named = [Reason(kind=kind, label=label, share=share) for share, kind, label in ranked[:NAMED] if share]
    rest = round(sum(share for share, _, _ in ranked[NAMED:]), DIGITS)
    reasons = (*named, Reason(kind=ReasonKind.OTHER, label="", share=rest)) if rest else tuple(named)
    return Fit(other_id, round(sum(reason.share for reason in reasons), DIGITS), reasons)


def _longest(labels: set[str]) -> dict[str, str]:
    """Each label → the first pair of words that holds it, or itself."""
    pair_of: dict[str, str] = {}
    for pair in sorted(label for label in labels if " " in label):
        for word in pair.split():
            pair_of.setdefault(word, pair)
    return {label: pair_of.get(label, label) for label in labels}


def _reason_kind(term: Term) -> ReasonKind:
    return ReasonKind.FIELD if term[0] is Kind.FIELD else ReasonKind.TERM
