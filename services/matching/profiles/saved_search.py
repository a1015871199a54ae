"""A standing interest: filters that a problem passes or not, whatever the profile says."""

from dataclasses import dataclass

from services.matching.engine.text import folded_words
from shared.folding import folded


@dataclass(frozen=True, slots=True)
class Traits:
    """What filters look at. `words`: the problem's whole text, folded."""

    words: frozenset[str]
    field_codes: tuple[str, ...]
    unit_id: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """Every word must occur, in any order, marks or not. An empty filter lets everything pass."""

    name: str
    words: str = ""
    field_codes: tuple[str, ...] = ()
    unit_id: str = ""
    place: str = ""

    def finds(self, problem: Traits) -> bool:
        """A field of level 1 takes in its branches."""
        return (
            folded_words(self.words) <= problem.words
            and (not self.field_codes or any(code.startswith(self.field_codes) for code in problem.field_codes))
            and self.unit_id in ("", problem.unit_id)
            and (not self.place or folded(self.place) in map(folded, problem.places))
        )
