"""A researcher's pages: the problems that fit, the profile, the saved searches."""

from dataclasses import replace
from typing import Any

from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.matching.matches.acts import Acts, Room
from services.matching.profiles.profile import Profile, SavedSearch, authorize
from services.matching.profiles.request_models import ProfileIn
from shared.fields import fields, labels
from shared.identity import Actor
from shared.refusals import Refusal
from shared.web.application import page_router
from shared.web.field_errors import field_errors
from shared.web.forms import Form, first, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
PROFILE, SEARCHES = "/ket-noi/ho-so", "/ket-noi/theo-doi"


@router.get("/ket-noi")
async def matches(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    found = await room.matches.of_researcher(actor.person_id)
    profile = await room.profiles.get(actor.person_id)
    return render(
        request, "matches.html", found=found, has_profile=profile.version > 0, labels=labels(), active="/ket-noi"
    )


@router.get(PROFILE)
async def profile_page(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    return _profile(request, await room.profiles.get(actor.person_id))


@router.post(PROFILE)
async def save_profile(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    form = await read_form(request)
    typed = {"statement": first(form, "statement"), "field_codes": [c for c in form.get("field_codes", []) if c]}
    return await _saved(request, actor, room, form=form, typed=typed, page=PROFILE)


@router.get(SEARCHES)
async def searches_page(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    return _searches(request, await room.profiles.get(actor.person_id))


@router.post(SEARCHES)
async def save_searches(request: Request, actor: Person, room: Room) -> Response:
    authorize(actor)
    form = await read_form(request)
    rows, act = _rows(form), first(form, "act")
    if act.startswith(("add:", "drop:")):
        shown = await room.profiles.get(actor.person_id)
        return _searches(request, shown, rows=_changed(rows, act), version=first(form, "version"))
    typed = {"searches": [_search(row) for row in rows if row["name"] or row["words"]]}
    return await _saved(request, actor, room, form=form, typed=typed, page=SEARCHES)


async def _saved(
    request: Request, actor: Actor, room: Acts, *, form: Form, typed: dict[str, Any], page: str
) -> Response:
    """Changes the part of the profile that was typed, and keeps the other."""
    profile = await room.profiles.get(actor.person_id)
    version = first(form, "version")
    try:
        given = ProfileIn.model_validate({"version": int(version) if version.isdigit() else 0, **typed})
        await room.save_profile(_merged(profile, given, typed), version=given.version)
    except ValidationError as error:
        language = language_of(request)
        errors = {e.field: e.text.read(language) for e in field_errors(error.errors())}
        return _again(request, profile, form, page=page, errors=errors, status=422)
    except Refusal as refusal:
        return _again(request, profile, form, page=page, refusal=refusal, status=refusal.status)
    return RedirectResponse(f"{page}?da-luu", 303)


def _merged(profile: Profile, given: ProfileIn, typed: dict[str, Any]) -> Profile:
    if "searches" in typed:
        return replace(profile, searches=tuple(one.search() for one in given.searches))
    return replace(profile, statement=given.statement, field_codes=tuple(given.field_codes))


def _again(request: Request, profile: Profile, form: Form, *, page: str, **said: Any) -> Response:
    """The form with everything that was typed."""
    if page == SEARCHES:
        return _searches(request, profile, rows=_rows(form), version=first(form, "version"), **said)
    codes = tuple(code for code in form.get("field_codes", []) if code)
    typed = replace(profile, statement=first(form, "statement"), field_codes=codes)
    return _profile(request, typed, version=first(form, "version"), **said)


def _profile(request: Request, profile: Profile, *, status: int = 200, **said: Any) -> Response:
    return render(
        request,
        "profile.html",
        status=status,
        profile=profile,
        version=said.get("version") or profile.version,
        errors=said.get("errors", {}),
        refusal=said.get("refusal"),
        saved="da-luu" in request.query_params,
        fields=fields(),
        active=PROFILE,
    )


def _searches(request: Request, profile: Profile, *, status: int = 200, **said: Any) -> Response:
    stored = [_row(search) for search in profile.searches] or [_row(SavedSearch(""))]
    return render(
        request,
        "searches.html",
        status=status,
        rows_shown=said.get("rows") or stored,
        version=said.get("version") or profile.version,
        errors=said.get("errors", {}),
        refusal=said.get("refusal"),
        saved="da-luu" in request.query_params,
        fields=fields(),
        active=SEARCHES,
    )


def _row(search: SavedSearch) -> dict[str, str]:
    return {"name": search.name, "words": search.words, "field": next(iter(search.field_codes), "")}


def _rows(form: Form) -> list[dict[str, str]]:
    columns = (form.get("name", []), form.get("words", []), form.get("field", []))
    return [{"name": n, "words": w, "field": f} for n, w, f in zip(*columns, strict=False)]


def _changed(rows: list[dict[str, str]], act: str) -> list[dict[str, str]]:
    if act.startswith("add:"):
        return [*rows, _row(SavedSearch(""))]
    gone = act.rpartition(".")[2]
    return [row for number, row in enumerate(rows) if str(number) != gone] or [_row(SavedSearch(""))]


def _search(row: dict[str, str]) -> dict[str, Any]:
    return {"name": row["name"], "words": row["words"], "field_codes": [row["field"]] if row["field"] else []}
