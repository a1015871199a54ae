"""How one is told, on the page."""

from collections.abc import Collection, Mapping

from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.notify.preferences.contact import contact_of
from services.notify.preferences.repository import ContactRepository
from services.notify.preferences.request_models import ContactIn
from shared.messaging.transaction import transact
from shared.mongo import Session
from shared.refusals import Text
from shared.web.application import page_router
from shared.web.forms import first, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()

ASK_MAIL = Text(
    "Ghi địa chỉ thư dạng ten@coquan.vn, hoặc để trống", "Write an address such as name@office.vn, or leave it empty"
)


ASK_LANGUAGE = Text("Chọn ngôn ngữ của thư", "Choose the language of mails")
ADVICE = {"mail": ASK_MAIL, "language": ASK_LANGUAGE}
PLACE = "/hop-thu/cai-dat"


@router.get(PLACE)
async def show(request: Request, actor: Person) -> Response:
    contact = await ContactRepository(request.app.state.database).get(actor.person_id)
    values = {"mail": contact.mail, "language": contact.language}
    return _page(request, values, saved="da-luu" in request.query_params)


@router.post(PLACE)
async def save(request: Request, actor: Person) -> Response:
    form = await read_form(request)
    values = {"mail": first(form, "mail").strip(), "language": first(form, "language")}
    try:
        given = ContactIn.model_validate(values)
    except ValidationError as error:
        return _page(request, values, wrong={str(one["loc"][0]) for one in error.errors()})
    contact = contact_of(actor, mail=given.mail, language=given.language)

    async def body(session: Session) -> None:
        await ContactRepository(request.app.state.database).save(contact, session=session)

    await transact(request.app.state.database, body)
    return RedirectResponse(f"{PLACE}?da-luu", 303)


def _page(request: Request, values: Mapping[str, str], *, wrong: Collection[str] = (), saved: bool = False) -> Response:
    errors = {field: advice.read(language_of(request)) for field, advice in ADVICE.items() if field in wrong}
    status = 422 if errors else 200
    return render(request, "contact.html", status=status, values=values, errors=errors, saved=saved, active="/hop-thu")
