"""The last page of the form: what was written, what is missing, what the coach says, and the way to sending."""

from starlette.requests import Request
from starlette.responses import Response

from services.intake.problems import form as forms
from services.intake.problems.acts import Room
from services.intake.problems.authorize import allows
from services.intake.problems.pages.alike_shown import alike_shown
from services.intake.problems.pages.form_page import REUSED, FormPage, own
from services.intake.problems.record import missing
from services.intake.problems.record_words import LABELS
from shared.fields import labels
from shared.web.application import page_router
from shared.web.i18n import language_of
from shared.web.pages import render
from shared.web.session import Person

router = page_router()


@router.get("/bai-toan/{problem_id}/kiem-tra")
async def check(problem_id: str, request: Request, actor: Person, room: Room) -> Response:
    problem = await own(problem_id, actor, room)
    page, language = FormPage(request, actor, room, 3, problem_id, problem), language_of(request)
    shown = await alike_shown(problem, actor, room)
    return render(
        request,
        "checking.html",
        problem=problem,
        lacking=[(page.place_of(error.field), error.text.read(language)) for error in missing(problem.record)],
        labels=LABELS,
        field_labels=labels(),
        reuse=f"/bai-toan/{problem_id}/boi-canh?{REUSED}=" if allows(actor, "edit", problem) else "",
        may_send=allows(actor, "submit", problem) or allows(actor, "resubmit", problem),
        active="/cua-toi",
        of_others=any(one.problem.agency.unit_id != problem.agency.unit_id for one in shown["alike"]),
        **shown,
        **await page.advice(forms.of_record(problem.record)),
    )
