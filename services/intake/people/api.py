"""A session token for a program, in local mode."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from services.intake.people.repository import LocalPeople
from shared.web.application import api_router

router = api_router("intake")


class SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person_id: str = Field(max_length=60)


class Token(BaseModel):
    token: str


async def people(request: Request) -> LocalPeople:
    found: LocalPeople = request.app.state.people
    return found


@router.post("/sessions", status_code=201)
async def open_session(given: SignIn, people: Annotated[LocalPeople, Depends(people)]) -> Token:
    """Local mode only: no password is asked. Send the token as `Authorization: Bearer …`."""
    return Token(token=people.token(given.person_id))
