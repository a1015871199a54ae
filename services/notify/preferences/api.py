"""One's own contact, by API."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.notify.preferences.contact import Contact, contact_of
from services.notify.preferences.repository import ContactRepository
from services.notify.preferences.request_models import ContactIn
from shared.messaging.transaction import transact
from shared.mongo import Session
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("notify")


async def contacts(request: Request) -> ContactRepository:
    return ContactRepository(request.app.state.database)


Contacts = Annotated[ContactRepository, Depends(contacts)]


@router.get("/contact")
async def read_contact(actor: Person, contacts: Contacts) -> Contact:
    return await contacts.get(actor.person_id)


@router.put("/contact")
async def save_contact(given: ContactIn, actor: Person, contacts: Contacts, request: Request) -> Contact:
    """Also notes the unit and the roles of your session: agencies' people are told by them."""
    contact = contact_of(actor, mail=given.mail, language=given.language)

    async def body(session: Session) -> None:
        await contacts.save(contact, session=session)

    await transact(request.app.state.database, body)
    return contact
