"""What a researcher can do and wants to hear of."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.matching.profiles.saved_search import SavedSearch
from shared.identity import Actor, Role
from shared.refusals import NotAllowed, NotFound, Refusal, Text

SEARCHES_MAX = 20


class TooManySearches(Refusal):
    status = 422
    title = Text("Đã có đủ số mục theo dõi", "There are as many saved searches as can be kept")
    advice = Text(
        "Mỗi người giữ tối đa {most} mục. Bỏ bớt một mục rồi thêm lại.",
        "Everyone keeps at most {most}. Remove one, then add this one again.",
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """`id` is the person's; `version` 0 has never been saved. The names of its searches differ."""

    id: str
    version: int = 0
    statement: str = ""
    field_codes: tuple[str, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    updated_at: datetime | None = None

    def says_the_same(self, other: "Profile") -> bool:
        return replace(self, version=0, updated_at=None) == replace(other, version=0, updated_at=None)

    def search(self, name: str) -> SavedSearch:
        """Raises NotFound."""
        for one in self.searches:
            if one.name == name:
                return one
        raise NotFound

    def with_search(self, search: SavedSearch) -> "Profile":
        """Adds it, or replaces the one of its name. Raises TooManySearches."""
        kept = {one.name: one for one in self.searches} | {search.name: search}
        if len(kept) > SEARCHES_MAX:
            raise TooManySearches(most=SEARCHES_MAX)
        return replace(self, searches=tuple(kept.values()))

    def without_search(self, name: str) -> "Profile":
        """What is not there is gone already."""
        return replace(self, searches=tuple(one for one in self.searches if one.name != name))


def authorize(actor: Actor) -> None:
    """Everyone's profile is their own: a researcher reads and writes that one alone."""
    if not actor.has(Role.RESEARCHER):
        raise NotAllowed
