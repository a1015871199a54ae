"""What a profile's doors take in."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.matching.profiles.profile import SEARCHES_MAX, SavedSearch
from shared.fields import FieldCode
from shared.folding import composed

Line = Annotated[str, Field(max_length=200), AfterValidator(composed)]


class SavedSearchIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Line = Field(min_length=2)
    words: Line = ""
    field_codes: list[FieldCode] = Field(default=[], max_length=10)
    unit_id: Line = ""
    place: Line = ""

    def search(self) -> SavedSearch:
        return SavedSearch(self.name, self.words, tuple(self.field_codes), self.unit_id, self.place)


class ProfileIn(BaseModel):
    """`version`: the one you have seen, 0 for a first profile."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0)
    statement: Annotated[str, Field(max_length=8000), AfterValidator(composed)] = ""
    field_codes: list[FieldCode] = Field(default=[], max_length=20)
    searches: list[SavedSearchIn] = Field(default=[], max_length=SEARCHES_MAX)
