"""A researcher's own profile and matches, by API."""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from services.matching.matches.acts import Room
from services.matching.matches.repository import Found
from services.matching.profiles.profile import Profile, authorize
from services.matching.profiles.request_models import ProfileIn
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("matching")
FOUND_LIST: TypeAdapter[list[Found]] = TypeAdapter(list[Found])


@router.get("/profile")
async def read_profile(actor: Person, room: Room) -> Profile:
    authorize(actor)
    return await room.profiles.get(actor.person_id)


@router.put("/profile")
async def save_profile(given: ProfileIn, actor: Person, room: Room) -> Profile:
    """Replaces the whole profile, saved searches included. Matches with open problems are found at once."""
    authorize(actor)
    profile = replace(
        Profile(actor.person_id),
        statement=given.statement,
        field_codes=tuple(given.field_codes),
        searches=tuple(search.search() for search in given.searches),
    )
    return await room.save_profile(profile, version=given.version)


@router.get("/matches")
async def read_matches(actor: Person, room: Room) -> dict[str, Any]:
    """Your matches, best first, each with its reasons: their shares add up to the score."""
    authorize(actor)
    return {"items": FOUND_LIST.dump_python(await room.matches.of_researcher(actor.person_id), mode="json")}
