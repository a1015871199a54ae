"""A session token for a program, in local mode."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.intake.people.repository import LocalPeople
from shared.web.application import api_router, built

router = api_router("intake")


class SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person_id: str = Field(max_length=60)


class Token(BaseModel):
    token: str


@router.post("/sessions", status_code=201)
async def open_session(given: SignIn, people: Annotated[LocalPeople, built("people")]) -> Token:
    """Local mode only: no password is asked. Send the token as `Authorization: Bearer …`."""
    return Token(token=people.token(given.person_id))
