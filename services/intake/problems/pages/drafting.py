"""The form in which a problem is put, in three pages: the problem, its surroundings, the check. What is typed is saved as one
types, and the coach reads along; without script the same happens by button."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from services.intake.problems import form as forms
from services.intake.problems.acts import Command, Room
from services.intake.problems.authorize import authorize_create
from services.intake.problems.command_models import NAME_MAX, Seen
from services.intake.problems.form import Draft
from services.intake.problems.pages.asking import known_id
from services.intake.problems.pages.form_page import (
    ADDRESSES,
    NO_ERRORS,
    NUMBERS,
    REUSED,
    FormPage,
    open_page,
    own_page,
)
from services.intake.problems.problem import Given, Problem
from services.intake.problems.record import Record
from services.intake.problems.request_models import readable
from shared.refusals import NotFound, Refusal
from shared.web.application import page_router
from shared.web.forms import Form, first, press_key, read_form
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()


@router.get("/bai-toan/moi")
async def new(request: Request, actor: Person, room: Room) -> Response:
    authorize_create(actor)
    return await FormPage(request, actor, room, 1, str(uuid7()), None).show(forms.of_record(Record()))


@router.post("/bai-toan/moi")
async def post(request: Request, actor: Person, room: Room) -> Response:
    sent = await read_form(request)
    return await _take(await open_page(request, actor, room, 1, known_id(first(sent, "id"))), sent)


@router.get("/bai-toan/{problem_id}/sua")
async def edit(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    page = await own_page(request, actor, room, 1, problem_id)
    return await page.show(forms.of_record(page.stored))


@router.post("/bai-toan/{problem_id}/sua")
async def save(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    return await _take(await own_page(request, actor, room, 1, problem_id), await read_form(request))


@router.get("/bai-toan/{problem_id}/boi-canh")
async def surroundings(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    page = await own_page(request, actor, room, 2, problem_id)
    found = await room.solution(request.query_params.get(REUSED, "")[:NAME_MAX], actor)
    return await page.show(forms.of_record(replace(page.stored, existing=found) if found else page.stored))


@router.post("/bai-toan/{problem_id}/boi-canh")
async def save_surroundings(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    return await _take(await own_page(request, actor, room, 2, problem_id), await read_form(request))


@router.post("/bai-toan/{problem_id}/tu-luu/{number}")
async def autosave(problem_id: str, number: int, request: Request, actor: Person, room: Room) -> Response:
    """Answers with a sentence, and with the version that the next saving names. A row that is still being written holds up
    nothing."""
    if number not in NUMBERS:
        raise NotFound
    page, sent = await open_page(request, actor, room, number, known_id(problem_id)), await read_form(request)
    typed = page.merged(sent)
    draft = page.finished(typed)
    try:
        saved = await _store(page, sent, draft, automatic=True)
    except ValidationError as error:
        return _unsaved(request, 422, errors=page.words(error.errors(), draft))
    except Refusal as refusal:
        return _unsaved(request, refusal.status, refusal=refusal)
    answer = render(request, "autosaved.html", problem=saved, waiting=draft != typed)
    if page.problem is None:
        answer.headers["hx-replace-url"] = f"/bai-toan/{saved.id}/{ADDRESSES[number]}"  # a reload finds it again
    return answer


def _unsaved(
    request: Request, status: int, *, errors: Mapping[str, str] = NO_ERRORS, refusal: Refusal | None = None
) -> Response:
    return render(request, "autosaved.html", status=status, problem=None, errors=errors, refusal=refusal)


@router.post("/bai-toan/{problem_id}/gop-y/{number}")
async def coach(problem_id: str, number: int, request: Request, actor: Person, room: Room) -> Response:
    """What the coach says of what stands there now; nothing of it is stored."""
    if number not in NUMBERS:
        raise NotFound
    page, sent = await open_page(request, actor, room, number, known_id(problem_id)), await read_form(request)
    return render(request, "coach_fragment.html", **await page.advice(page.merged(sent)))


async def _take(page: FormPage, sent: Form) -> Response:
    """Keeps what was typed, whatever is wrong with it."""
    draft, act = page.merged(sent), first(sent, "act")
    if act.startswith(("add:", "drop:", "take:")):
        changed = forms.changed_rows(draft, act)
        return await page.show(changed, sent=sent, focus=forms.new_row(changed, act))
    if act == "coach":
        return await page.show(draft, sent=sent)
    if act == "similar":
        return await _similar(page, draft, sent)
    try:
        saved = await _store(page, sent, draft)
    except ValidationError as error:
        return await page.show(draft, sent=sent, errors=page.words(error.errors(), draft), status=422)
    except Refusal as refusal:
        errors = forms.placed(refusal.errors, draft, language_of(page.request))
        return await page.show(draft, sent=sent, errors=errors, refusal=refusal, status=refusal.status)
    return RedirectResponse(f"/bai-toan/{saved.id}{_after(page, act)}", 303)


def _after(page: FormPage, act: str) -> str:
    """«reuse:DB-7K2Q4M»: where the solution of that problem is written down."""
    what, _, name = act.partition(":")
    if what == "reuse":
        return f"/{ADDRESSES[2]}?{urlencode({REUSED: name})}#existing"
    return f"/{ADDRESSES[page.number + 1]}" if act == "next" else "?da-luu"


async def _similar(page: FormPage, draft: Draft, sent: Form) -> Response:
    """Without script: matching answers, unless the text must not leave this service, or is none."""
    read = readable(forms.body(draft))
    if (await page.advise(read)).goes_to_matching:
        return RedirectResponse("/ket-noi/tuong-tu", 307)
    errors = page.words(read.overlong, draft)
    return await page.show(draft, sent=sent, errors=errors, status=422 if errors else 200)


async def _store(page: FormPage, sent: Form, draft: Draft, *, automatic: bool = False) -> Problem:
    """Raises ValidationError, or the refusal of the step."""
    record, named = page.record(draft), Seen.model_validate({"version": first(sent, "version") or 0}).version
    key = "" if automatic else press_key(page.request, sent)
    given = Given(record=record, page=first(sent, "page"), automatic=automatic)
    if page.problem is None or (not named and not page.problem.page):  # not there, or the same button once more
        return await page.room.post(given, page.actor, key=key, problem_id=page.id)
    if automatic and record == page.stored:
        return page.problem
    return await page.room.take(Command(page.id, "edit", named, given, key), page.actor)
