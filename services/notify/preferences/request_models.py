"""What the contact's doors take in."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.folding import composed


class ContactIn(BaseModel):
    """An empty `mail` means: in the inbox only."""

    model_config = ConfigDict(extra="forbid")

    mail: Annotated[str, Field(max_length=254, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$"), AfterValidator(composed)] = ""
    language: Literal["vi", "en"] = "vi"
