"""The form in which a researcher says what they can do."""

from dataclasses import replace
from typing import Any

from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from services.matching.matches.acts import Room
from services.matching.matches.pages.saving import checked
from services.matching.profiles.profile import Profile, authorize
from shared.fields import fields
from shared.refusals import Refusal
from shared.web.application import page_router
from shared.web.field_errors import sentences
from shared.web.forms import Form, first, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
PLACE = "/ket-noi/ho-so"
FIELDS_SHOWN = 3


@router.get(PLACE)
async def show(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    profile = await room.profiles.get(actor.person_id)
    return _page(request, profile, version=str(profile.version))


@router.post(PLACE)
async def save(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    form = await read_form(request)
    typed = _typed(form)
    try:
        given = checked(form, {"statement": typed.statement, "field_codes": typed.field_codes})
        parts: dict[str, Any] = {"statement": given.statement, "field_codes": tuple(given.field_codes)}
        await room.change_profile(actor.person_id, lambda known: replace(known, **parts), version=given.version)
    except Refusal as refusal:
        return _page(request, typed, version=first(form, "version"), refusal=refusal)
    return RedirectResponse(f"{PLACE}?da-luu", 303)


def _typed(form: Form) -> Profile:
    codes = tuple(dict.fromkeys(code for code in form.get("field_codes", []) if code))
    return Profile("", statement=first(form, "statement"), field_codes=codes)


def _page(request: Request, profile: Profile, *, version: str, refusal: Refusal | None = None) -> Response:
    errors = sentences(refusal.errors if refusal else (), language_of(request))
    return render(
        request,
        "profile.html",
        status=refusal.status if refusal else 200,
        profile=profile,
        version=version,
        errors={name.partition(".")[0]: sentence for name, sentence in errors.items()},
        refusal=refusal,
        saved="da-luu" in request.query_params,
        fields=fields(),
        shown=max(FIELDS_SHOWN, len(profile.field_codes)),
        active=PLACE,
    )
