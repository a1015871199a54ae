"""How one is told, on the page."""

from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.notify.preferences.contact import contact_of
from services.notify.preferences.repository import ContactRepository
from services.notify.preferences.request_models import ContactIn
from shared.messaging.transaction import transact
from shared.mongo import Session
from shared.refusals import FieldError, Text
from shared.web.application import page_router
from shared.web.forms import first, read_form
from shared.web.pages import render
from shared.web.session import Person

router = page_router()

BAD_MAIL = Text(
    "Ghi địa chỉ thư dạng ten@coquan.vn, hoặc để trống", "Write an address such as name@office.vn, or leave it empty"
)


@router.get("/hop-thu/cai-dat")
async def show(request: Request, actor: Person) -> Response:
    contact = await ContactRepository(request.app.state.database).get(actor.person_id)
    saved = "da-luu" in request.query_params
    values = {"mail": contact.mail, "language": contact.language}
    return render(request, "contact.html", values=values, errors=(), saved=saved, active="/hop-thu")


@router.post("/hop-thu/cai-dat")
async def save(request: Request, actor: Person) -> Response:
    form = await read_form(request)
    values = {"mail": first(form, "mail"), "language": first(form, "language")}
    try:
        given = ContactIn.model_validate(values)
    except ValidationError:
        errors = (FieldError("mail", "pattern", BAD_MAIL),)
        return render(request, "contact.html", status=422, values=values, errors=errors, saved=False, active="/hop-thu")
    contact = contact_of(actor, mail=given.mail, language=given.language)

    async def body(session: Session) -> None:
        await ContactRepository(request.app.state.database).save(contact, session=session)

    await transact(request.app.state.database, body)
    return RedirectResponse("/hop-thu/cai-dat?da-luu", 303)
