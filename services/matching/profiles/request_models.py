"""What a profile's doors take in."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.matching.profiles.profile import SEARCHES_MAX
from services.matching.profiles.saved_search import SavedSearch
from shared.fields import FieldCode
from shared.folding import composed
from shared.refusals import Text

Line = Annotated[str, Field(max_length=200), AfterValidator(composed)]
Name = Annotated[str, Field(min_length=2, max_length=100), AfterValidator(composed)]
NO_FILTER = Text("Ghi từ khóa, hoặc chọn lĩnh vực, đơn vị, địa bàn", "Give words, or choose a field, a unit or a place")
SAME_NAME = Text("Đặt cho mỗi mục theo dõi một tên khác nhau", "Give each saved search a name of its own")


class FiltersIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Line = ""
    field_codes: list[FieldCode] = Field(default=[], max_length=10)
    unit_id: Line = ""
    place: Line = ""

    @model_validator(mode="after")
    def one_at_least(self) -> Self:
        if not (self.words or self.field_codes or self.unit_id or self.place):
            raise PydanticCustomError("no_filter", "no filter", {"sentence": NO_FILTER})
        return self

    def search(self, name: str) -> SavedSearch:
        return SavedSearch(name, self.words, tuple(dict.fromkeys(self.field_codes)), self.unit_id, self.place)


class SavedSearchIn(FiltersIn):
    name: Name


class SearchIn(FiltersIn):
    """`version`: the profile's that you have seen, 0 for a first one."""

    version: int = Field(ge=0)


class ProfileIn(BaseModel):
    """`version`: the one you have seen, 0 for a first profile."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0)
    statement: Annotated[str, Field(max_length=8000), AfterValidator(composed)] = ""
    field_codes: list[FieldCode] = Field(default=[], max_length=20)
    searches: list[SavedSearchIn] = Field(default=[], max_length=SEARCHES_MAX)

    @model_validator(mode="after")
    def names_differ(self) -> Self:
        if len({search.name for search in self.searches}) < len(self.searches):
            raise PydanticCustomError("same_name", "same name", {"sentence": SAME_NAME})
        return self
