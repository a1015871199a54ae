"""What the contact's doors take in."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ADDRESS = r"^([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)?$"
"""One address as HTML's own e-mail field takes it, with a dot in its domain; or nothing."""


class ContactIn(BaseModel):
    """An empty `mail` means: in the inbox only."""

    model_config = ConfigDict(extra="forbid")

    mail: Annotated[str, Field(max_length=254, pattern=ADDRESS)] = ""
    language: Literal["vi", "en"] = "vi"
