"""A researcher's own profile, saved searches and matches, by API."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import TypeAdapter

from services.matching.matches.acts import Room
from services.matching.matches.match import Found
from services.matching.matches.repository import PAGE
from services.matching.profiles.profile import Profile, authorize
from services.matching.profiles.request_models import Name, ProfileIn, SearchIn
from services.matching.profiles.saved_search import SavedSearch
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("matching")
FOUND: TypeAdapter[tuple[Found, ...]] = TypeAdapter(tuple[Found, ...])
SearchName = Annotated[Name, Path()]
Version = Annotated[int, Query(ge=0)]


@router.get("/profile")
async def read_profile(actor: Person, room: Room) -> Profile:
    authorize(actor)
    return await room.profiles.get(actor.person_id)


@router.put("/profile")
async def save_profile(given: ProfileIn, actor: Person, room: Room) -> Profile:
    """Replaces the whole profile, saved searches included. Matches with open problems are found at once.

    Sending the same again is answered as the first time; with another content, `version` must be the present one."""
    authorize(actor)
    searches = tuple(search.search(search.name) for search in given.searches)
    parts: dict[str, Any] = {
        "statement": given.statement,
        "field_codes": tuple(given.field_codes),
        "searches": searches,
    }
    return await room.change_profile(actor.person_id, lambda known: replace(known, **parts), version=given.version)


@router.get("/searches")
async def read_searches(actor: Person, room: Room) -> dict[str, Any]:
    """`version` is the profile's, which your next change names."""
    authorize(actor)
    profile = await room.profiles.get(actor.person_id)
    return {"version": profile.version, "items": profile.searches, "next": None}


@router.get("/searches/{name:path}")
async def read_search(name: SearchName, actor: Person, room: Room) -> SavedSearch:
    authorize(actor)
    return (await room.profiles.get(actor.person_id)).search(name)


@router.put("/searches/{name:path}")
async def save_search(name: SearchName, given: SearchIn, actor: Person, room: Room) -> Profile:
    """Adds a saved search, or replaces the one of this name. Open problems that pass its filters are found at once."""
    authorize(actor)
    search = given.search(name)
    return await room.change_profile(actor.person_id, lambda known: known.with_search(search), version=given.version)


@router.delete("/searches/{name:path}")
async def drop_search(name: SearchName, version: Version, actor: Person, room: Room) -> Profile:
    """What it has found stays found."""
    authorize(actor)
    return await room.change_profile(actor.person_id, lambda known: known.without_search(name), version=version)


@router.get("/matches")
async def read_matches(
    actor: Person, room: Room, limit: Annotated[int, Query(ge=1, le=100)] = PAGE, cursor: str = ""
) -> dict[str, Any]:
    """Your matches, open ones first, then the best. The shares of a match's reasons add up to its score."""
    authorize(actor)
    page = await room.matches.page(actor.person_id, now=datetime.now(UTC), limit=limit, cursor=cursor)
    return {"items": FOUND.dump_python(page.items, mode="json"), "next": page.next}
