"""Contacts."""

from collections.abc import Iterable

from pydantic import TypeAdapter

from services.notify.preferences.contact import Contact
from shared.identity import Role
from shared.mongo import Database, Document, Session

CONTACT: TypeAdapter[Contact] = TypeAdapter(Contact)


class ContactRepository:
    def __init__(self, database: Database) -> None:
        self._contacts = database.contacts

    async def prepare(self) -> None:
        await self._contacts.create_index([("unit_id", 1), ("roles", 1)])
        await self._contacts.create_index([("roles", 1)])

    async def get(self, person_id: str, *, session: Session | None = None) -> Contact:
        """One without a mail address for whoever has given none."""
        found = await self._contacts.find_one({"_id": person_id}, session=session)
        return _contact(found) if found else Contact(person_id)

    async def save(self, contact: Contact, *, session: Session) -> None:
        fields: Document = CONTACT.dump_python(contact, mode="json")
        fields["roles"] = sorted(fields["roles"])
        document = {"_id": fields.pop("person_id"), **fields}
        await self._contacts.replace_one({"_id": contact.person_id}, document, upsert=True, session=session)

    async def people(self, roles: Iterable[Role], *, unit_id: str | None = None, session: Session) -> list[str]:
        """Ids of those who have one of the roles, in that unit if one is named."""
        which: Document = {"roles": {"$in": [str(role) for role in roles]}}
        if unit_id is not None:
            which["unit_id"] = unit_id
        return sorted(await self._contacts.distinct("_id", which, session=session))


def _contact(document: Document) -> Contact:
    return CONTACT.validate_python({"person_id": document["_id"], **document})
