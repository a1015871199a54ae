"""The agency's pages: what waits for it, and the form in which a problem is put."""

import secrets
from typing import Any

from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.intake.problems import form as forms
from services.intake.problems import lifecycle
from services.intake.problems.acts import Acts, Command, Room
from services.intake.problems.authorize import AGENCY, authorize_create, scope
from services.intake.problems.form import Draft
from services.intake.problems.problem import Given, Problem
from services.intake.problems.record import Record, missing
from services.intake.problems.repository import Filters, Order
from services.intake.problems.request_models import RecordIn
from shared.fields import fields
from shared.identity import Actor
from shared.refusals import FieldError, NotAllowed, NotFound, Refusal
from shared.web.application import page_router
from shared.web.field_errors import field_errors
from shared.web.forms import Form, first, press_key, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()
WAITS_FOR_US = ("returned", "draft")


@router.get("/cua-toi")
async def ours(request: Request, actor: Person, room: Room) -> Response:
    """What waits for the unit first, then the rest by the latest change."""
    if not actor.has(*AGENCY) or actor.unit_id is None:
        raise NotAllowed
    cursor = request.query_params.get("cursor", "")
    page = await room.problems.page(scope(actor), Filters(unit_id=actor.unit_id), Order("updated_at"), cursor=cursor)
    waiting = [problem for problem in page.items if problem.state in WAITS_FOR_US]
    others = [problem for problem in page.items if problem.state not in WAITS_FOR_US]
    next_page = f"/cua-toi?cursor={page.next}" if page.next else ""
    return render(
        request,
        "ours.html",
        waiting=waiting,
        others=others,
        next=next_page,
        states=lifecycle.states(),
        active="/cua-toi",
    )


@router.get("/bai-toan/moi")
async def new(request: Request, actor: Person) -> Response:
    authorize_create(actor)
    return _form(request, forms.of_record(Record()), problem=None)


@router.post("/bai-toan/moi")
async def post(request: Request, actor: Person, room: Room) -> Response:
    authorize_create(actor)
    return await _saved(request, actor, room, problem=None)


@router.get("/bai-toan/{problem_id}/sua")
async def edit(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    problem = await _own(problem_id, actor, room)
    return _form(request, forms.of_record(problem.record), problem=problem)


@router.post("/bai-toan/{problem_id}/sua")
async def save(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    return await _saved(request, actor, room, problem=await _own(problem_id, actor, room))


async def _own(problem_id: str, actor: Actor, room: Acts) -> Problem:
    problem = await room.problems.get(problem_id, scope(actor))
    if problem is None or actor.unit_id != problem.agency.unit_id:
        raise NotFound
    return problem


async def _saved(request: Request, actor: Actor, room: Acts, *, problem: Problem | None) -> Response:
    """Keeps what was typed, whatever is wrong with it."""
    sent = await read_form(request)
    draft, act = forms.of_form(sent), first(sent, "act")
    if act.startswith(("add:", "drop:")):
        return _form(request, forms.changed_rows(draft, act), problem=problem, version=first(sent, "version"))
    try:
        record = RecordIn.model_validate(forms.body(draft)).record()
    except ValidationError as error:
        return _form(request, draft, problem=problem, errors=field_errors(error.errors()), status=422)
    if act == "check":
        return _form(request, draft, problem=problem, errors=missing(record), checked=True)
    try:
        saved = await _store(request, sent, record, actor=actor, room=room, problem=problem)
    except Refusal as refusal:
        seen = first(sent, "version")
        return _form(request, draft, problem=problem, refusal=refusal, status=refusal.status, version=seen)
    return RedirectResponse(f"/bai-toan/{saved.id}?da-luu", 303)


async def _store(
    request: Request, sent: Form, record: Record, *, actor: Actor, room: Acts, problem: Problem | None
) -> Problem:
    key = press_key(request, sent)
    if problem is None:
        return await room.post(record, actor, key=key)
    version = first(sent, "version")
    seen = int(version) if version.isdecimal() else 0
    return await room.take(Command(problem.id, "edit", seen, Given(record=record), key), actor)


def _form(request: Request, draft: Draft, *, problem: Problem | None, status: int = 200, **said: Any) -> Response:
    """`said`: errors (FieldErrors), refusal, checked, version (the one typed against)."""
    errors: tuple[FieldError, ...] = said.get("errors", ())
    return render(
        request,
        "drafting.html",
        status=status,
        draft=draft,
        problem=problem,
        version=said.get("version") or (problem.version if problem else 0),
        errors=forms.placed(errors, draft, language_of(request)),
        refusal=said.get("refusal"),
        checked=said.get("checked", False),
        fields=fields(),
        once=secrets.token_urlsafe(8),
        active="/cua-toi",
    )
