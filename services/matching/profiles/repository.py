"""Researchers' profiles."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from services.matching.profiles.profile import Profile
from shared.mongo import Database, Document, Session

PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)


class ProfileRepository:
    """A saved profile is `unmet` until the open problems have been looked at for it."""

    def __init__(self, database: Database) -> None:
        self._profiles = database.profiles

    async def prepare(self) -> None:
        await self._profiles.create_index("updated_at", partialFilterExpression={"unmet": True}, name="unmet")

    async def get(self, person_id: str, *, session: Session | None = None) -> Profile:
        """An empty one for whoever has saved none."""
        found = await self._profiles.find_one({"_id": person_id}, session=session)
        return profile_of(found) if found else Profile(person_id)

    async def save(self, profile: Profile, *, session: Session) -> None:
        """Replaces the whole document: the change stream then brings this very version."""
        fields: Document = PROFILE.dump_python(profile, mode="json")
        document = {"_id": fields.pop("id"), **fields, "updated_at": profile.updated_at, "unmet": True}
        await self._profiles.replace_one({"_id": profile.id}, document, upsert=True, session=session)

    async def mark_met(self, profile: Profile, *, session: Session) -> None:
        which = {"_id": profile.id, "version": profile.version}
        await self._profiles.update_one(which, {"$unset": {"unmet": ""}}, session=session)

    async def unmet(self, *, before: datetime) -> list[Profile]:
        found = self._profiles.find({"unmet": True, "updated_at": {"$lt": before}}).limit(100)
        return [profile_of(document) async for document in found]

    async def all(self) -> AsyncIterator[Profile]:
        async for document in self._profiles.find():
            yield profile_of(document)


def profile_of(document: Mapping[str, Any]) -> Profile:
    return PROFILE.validate_python({"id": document["_id"], **document})
