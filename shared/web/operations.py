"""The operations page of a service: what waits, what does not answer, what lies in quarantine, and a way to replay it."""

from collections.abc import Sequence

import structlog
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from shared.identity import Actor, Role
from shared.messaging.backlog import backlog
from shared.messaging.health import TROUBLES
from shared.messaging.inbox import Inbox
from shared.messaging.outages import transient
from shared.messaging.quarantine import latest
from shared.mongo import Database
from shared.refusals import NotAllowed, Text
from shared.web.application import page_router
from shared.web.forms import first, read_form
from shared.web.pages import render
from shared.web.session import Person

log = structlog.get_logger()
router = page_router()

NOTICES = {
    "done": ("ok", Text("Đã phát lại.", "Replayed.")),
    "refused": ("err", Text("Vẫn bị từ chối; bản ghi còn nguyên.", "Still refused; the record is kept.")),
    "gone": ("warn", Text("Bản ghi này không còn ở đây.", "This record is no longer here.")),
}


def open_door(app: FastAPI, database: Database, *inboxes: Inbox) -> None:
    """Adds /<service>/van-hanh to a service's application."""
    app.state.operations = database, inboxes
    app.include_router(router, prefix=f"/{app.state.name}")


def check_operator(actor: Actor) -> None:
    if not actor.has(Role.OPS):
        raise NotAllowed


@router.get("/van-hanh")
async def show(request: Request, actor: Person) -> Response:
    check_operator(actor)
    database: Database = request.app.state.operations[0]
    return render(
        request,
        "operations.html",
        service=request.app.state.name,
        waiting=await backlog(database),
        missing=await request.app.state.ready() | TROUBLES,
        quarantined=await latest(database),
        notice=NOTICES.get(request.query_params.get("done", "")),
        active="/intake/van-hanh",
    )


@router.post("/van-hanh")
async def replay(request: Request, actor: Person) -> Response:
    """Runs one quarantined event through its handler again."""
    check_operator(actor)
    row = first(await read_form(request), "row")
    inboxes: Sequence[Inbox] = request.app.state.operations[1]
    return RedirectResponse(f"{request.url.path}?done={await _outcome(row, inboxes)}", 303)


async def _outcome(row: str, inboxes: Sequence[Inbox]) -> str:
    try:
        for inbox in inboxes:
            if await inbox.replay(row):
                return "done"
    except Exception as error:  # whatever the handler still raises
        if transient(error):
            raise
        log.warning("replay_refused", row=row, exc_info=error)
        return "refused"
    return "gone"
