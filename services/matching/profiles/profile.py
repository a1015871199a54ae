"""What a researcher can do and wants to hear of."""

from dataclasses import dataclass
from datetime import datetime

from shared.folding import folded
from shared.identity import Actor, Role
from shared.refusals import NotAllowed

SEARCHES_MAX = 20


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A standing interest. Every word must occur, marks or not; an empty filter lets everything pass."""

    name: str
    words: str = ""
    field_codes: tuple[str, ...] = ()
    unit_id: str = ""
    place: str = ""

    def fits(self, *, words: str, field_codes: tuple[str, ...], unit_id: str, places: tuple[str, ...]) -> bool:
        """`words`: the problem's whole text, folded. A field of level 1 takes in its branches."""
        return (
            all(word in words for word in folded(self.words).split())
            and (not self.field_codes or any(code.startswith(self.field_codes) for code in field_codes))
            and self.unit_id in ("", unit_id)
            and (not self.place or folded(self.place) in map(folded, places))
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """`id` is the person's; `version` 0 has never been saved."""

    id: str
    version: int = 0
    statement: str = ""
    field_codes: tuple[str, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    updated_at: datetime | None = None


def authorize(actor: Actor) -> None:
    """Everyone's profile is their own: a researcher reads and writes that one alone."""
    if not actor.has(Role.RESEARCHER):
        raise NotAllowed
