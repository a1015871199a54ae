"""Researchers' profiles."""

from collections.abc import AsyncIterator

from pydantic import TypeAdapter

from services.matching.profiles.profile import Profile
from shared.mongo import Database, Document, Session

PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)


class ProfileRepository:
    def __init__(self, database: Database) -> None:
        self._profiles = database.profiles

    async def get(self, person_id: str, *, session: Session | None = None) -> Profile:
        """An empty one for whoever has saved none."""
        found = await self._profiles.find_one({"_id": person_id}, session=session)
        return profile_of(found) if found else Profile(person_id)

    async def save(self, profile: Profile, *, session: Session) -> None:
        fields: Document = PROFILE.dump_python(profile, mode="json")
        document = {"_id": fields.pop("id"), **fields, "updated_at": profile.updated_at}
        await self._profiles.replace_one({"_id": profile.id}, document, upsert=True, session=session)

    async def all(self) -> AsyncIterator[Profile]:
        async for document in self._profiles.find():
            yield profile_of(document)


def profile_of(document: Document) -> Profile:
    return PROFILE.validate_python({"id": document["_id"], **document})
