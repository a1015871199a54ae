"""The form of the saved searches: rows that come and go without script."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from services.matching.matches.acts import Acts, Room
from services.matching.matches.pages.saving import checked
from services.matching.profiles.form import Row, empty_row, field_of, read_rows, rows_of, typed, without
from services.matching.profiles.profile import authorize
from shared.fields import fields
from shared.identity import Actor
from shared.refusals import Refusal
from shared.web.application import page_router
from shared.web.field_errors import sentences
from shared.web.forms import Form, first, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
PLACE = "/ket-noi/theo-doi"


@router.get(PLACE)
async def show(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    profile = await room.profiles.get(actor.person_id)
    return await _page(request, room, rows_of(profile.searches), version=str(profile.version))


@router.post(PLACE)
async def save(request: Request, actor: Person, room: Room) -> Response:
    """`act`: save, «add:searches» or «drop:searches.0»."""
    authorize(actor)
    form = await read_form(request)
    rows, (act, _, row) = read_rows(form), first(form, "act").partition(":")
    if act in ("add", "drop"):
        changed = [*rows, empty_row()] if act == "add" else without(rows, row.rpartition(".")[2])
        return await _page(request, room, changed, version=first(form, "version"))
    try:
        await _save(room, actor, form, rows)
    except Refusal as refusal:
        return await _page(request, room, rows, version=first(form, "version"), refusal=refusal)
    return RedirectResponse(f"{PLACE}?da-luu", 303)


async def _save(room: Acts, actor: Actor, form: Form, rows: Sequence[Row]) -> None:
    given = checked(form, {"searches": [typed(row) for row in rows]})
    searches = tuple(search.search(search.name) for search in given.searches)
    await room.change_profile(actor.person_id, lambda known: replace(known, searches=searches), version=given.version)


async def _page(
    request: Request, room: Acts, rows: Sequence[Row], *, version: str, refusal: Refusal | None = None
) -> Response:
    language = language_of(request)
    errors = sentences(refusal.errors if refusal else (), language)
    return render(
        request,
        "searches.html",
        status=refusal.status if refusal else 200,
        searches=rows or [empty_row()],
        version=version,
        errors={field_of(name): sentence for name, sentence in errors.items()},
        refusal=refusal,
        saved="da-luu" in request.query_params,
        fields=_field_options(language, rows),
        agencies=await room.matches.agencies(),
        active=PLACE,
    )


def _field_options(language: str, rows: Sequence[Row]) -> list[tuple[str, Any]]:
    """(code, label); a search that has several fields keeps them as one choice."""
    labels = {one.code: one.label.read(language) for field in fields() for one in (field, *field.branches)}
    several = {row["field_codes"] for row in rows if "," in row["field_codes"]}
    joined = {codes: " + ".join(labels.get(code, code) for code in codes.split(",")) for codes in sorted(several)}
    return [*labels.items(), *joined.items()]
