"""A page of the form as someone has it open: what is stored under what is typed, and how it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from services.intake.coach.criteria import rubric
from services.intake.problems import form as forms
from services.intake.problems.acts import Acts
from services.intake.problems.advice import FIELDS, VERDICTS, Advice
from services.intake.problems.authorize import authorize_create
from services.intake.problems.carried import carried_over
from services.intake.problems.field_names import named
from services.intake.problems.form import Draft
from services.intake.problems.pages.asking import seen
from services.intake.problems.problem import Problem
from services.intake.problems.record import Record
from services.intake.problems.record_words import CELLS
from services.intake.problems.request_models import Readable, RecordIn, lacking, readable
from services.intake.problems.unfinished import finished
from shared.fields import fields
from shared.identity import Actor
from shared.refusals import NotFound, Refusal
from shared.web.field_errors import field_errors
from shared.web.forms import Form, first
from shared.web.i18n import language_of
from shared.web.pages import render

NUMBERS = {1: "drafting.html", 2: "surroundings.html"}
ADDRESSES = {1: "sua", 2: "boi-canh", 3: "kiem-tra"}
REUSED = "dung-lai"
"""In the address of the second page: the problem whose solution is to be written down."""
NOTHING_SENT: Form = {}
NO_ERRORS: Mapping[str, str] = {}


class FormPage(NamedTuple):
    """`id` is the problem's, also before it is there."""

    request: Request
    actor: Actor
    room: Acts
    number: int
    id: str
    problem: Problem | None

    @property
    def stored(self) -> Record:
        return self.problem.record if self.problem else Record()

    def merged(self, sent: Form) -> Draft:
        return forms.with_page(forms.of_record(self.stored), forms.of_form(sent), self.number)

    def finished(self, draft: Draft) -> Draft:
        """Without the rows that are still being written."""
        return finished(draft, forms.of_record(self.stored), lacking(forms.body(draft)))

    def record(self, draft: Draft) -> Record:
        """As it is to be stored. Raises ValidationError."""
        return carried_over(RecordIn.model_validate(forms.body(draft)).record(), self.stored)

    def words(self, errors: Sequence[ErrorDetails], draft: Draft) -> dict[str, str]:
        """Each with the name of its field, for all of them are told in one list."""
        shown = [replace(one, field=forms.on_screen(one.field, draft)) for one in field_errors(errors)]
        return {one.field: named(one).text.read(language_of(self.request)) for one in shown}

    def place_of(self, field: str) -> str:
        """The address of a field of the record, from this page."""
        page, anchor = forms.page_of(field), f"#{forms.anchor(field)}"
        return anchor if page == self.number else f"/bai-toan/{self.id}/{ADDRESSES[page]}{anchor}"

    async def advise(self, read: Readable) -> Advice:
        return await self.room.advise(carried_over(read.record, self.stored), whole=not read.overlong)

    async def advice(self, draft: Draft) -> dict[str, Any]:
        """What the panel's templates take."""
        return {
            "advice": await self.advise(readable(forms.body(draft))),
            "verdicts": VERDICTS,
            "criteria": rubric().criteria,
            "answered_in": FIELDS,
            "place_of": self.place_of,
            "number": self.number,
            "id": self.id,
        }

    async def show(
        self,
        draft: Draft,
        *,
        sent: Form = NOTHING_SENT,
        errors: Mapping[str, str] = NO_ERRORS,
        refusal: Refusal | None = None,
        status: int = 200,
        focus: str = "",
    ) -> Response:
        """`errors`: field of the form → sentence. `focus`: the field in which one goes on writing."""
        return render(
            self.request,
            NUMBERS[self.number],
            status=status,
            draft=draft,
            cells=CELLS,
            problem=self.problem,
            version=first(sent, "version") or (self.problem.version if self.problem else 0),
            page=first(sent, "page") or str(uuid7()),
            errors=errors,
            refusal=refusal,
            focus=focus,
            fields=fields(),
            active="/cua-toi",
            **await self.advice(draft),
        )


async def open_page(request: Request, actor: Actor, room: Acts, number: int, problem_id: str) -> FormPage:
    """Of a problem of the actor's own, or of one that is not there yet."""
    authorize_create(actor)
    try:
        return await own_page(request, actor, room, number, problem_id)
    except NotFound:
        return FormPage(request, actor, room, number, problem_id, None)


async def own_page(request: Request, actor: Actor, room: Acts, number: int, problem_id: str) -> FormPage:
    return FormPage(request, actor, room, number, problem_id, await own(problem_id, actor, room))


async def own(problem_id: str, actor: Actor, room: Acts) -> Problem:
    problem = await seen(problem_id, actor, room)
    if actor.unit_id != problem.agency.unit_id:
        raise NotFound
    return problem
