"""Why a problem and a researcher fit: the parts of the score, which add up to it exactly."""

from dataclasses import dataclass

from services.matching.engine.postings import Weights
from services.matching.engine.text import Kind, Text
from shared.events.match import Reason, ReasonKind

NAMED = 8
GRAINS = 10_000
"""Scores and shares are shown in ten-thousandths."""
DUST = 10**8
"""One grain. Sums are of whole numbers: exact, in any order."""

Place = tuple[ReasonKind, str]


@dataclass(frozen=True, slots=True)
class Fit:
    """`score`: 0 to 1, in steps of one ten-thousandth."""

    profile_id: str
    score: float
    reasons: tuple[Reason, ...]


def score_of(products: Weights) -> float:
    return sum(map(_dust, products.values())) // DUST / GRAINS


def explain(profile_id: str, products: Weights, problem: Text) -> Fit:
    """`products`: term → its part of the score. The largest parts are named; what is left, with all that was rounded off, is
    one part without a name."""
    shares = {place: dust // DUST for place, dust in _merged(products, problem).items() if dust >= DUST}
    named = sorted(shares, key=lambda place: (-shares[place], place))[:NAMED]
    reasons = [Reason(kind=kind, label=label, share=shares[kind, label] / GRAINS) for kind, label in named]
    whole = sum(map(_dust, products.values())) // DUST
    rest = whole - sum(shares[place] for place in named)
    if rest:
        reasons.append(Reason(kind=ReasonKind.OTHER, label="", share=rest / GRAINS))
    return Fit(profile_id, whole / GRAINS, tuple(reasons))


def _dust(share: float) -> int:
    return round(share * GRAINS * DUST)


def _merged(products: Weights, problem: Text) -> dict[Place, int]:
    """A word with its marks, the same one folded, and a pair of words that holds it are one reason: its longest form."""
    written = {term: problem.surface.get(term, term[1]) for term in products if term[0] is not Kind.FIELD}
    longest = _longest(set(written.values()))
    parts: dict[Place, int] = {}
    for term, product in products.items():
        place = (ReasonKind.TERM, longest[written[term]]) if term in written else (ReasonKind.FIELD, term[1])
        parts[place] = parts.get(place, 0) + _dust(product)
    return parts


def _longest(labels: set[str]) -> dict[str, str]:
    """Each label → the first pair of words that holds it, or itself."""
    pair_of: dict[str, str] = {}
    for pair in sorted(label for label in labels if " " in label):
        for word in pair.split():
            pair_of.setdefault(word, pair)
    return {label: pair_of.get(label, label) for label in labels}
