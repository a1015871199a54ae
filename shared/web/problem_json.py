"""Shows a refusal: problem+json (RFC 9457) to programs, a page to people."""

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared import tracing
from shared.mongo import unreachable
from shared.refusals import (
    InvalidInput,
    MalformedRequest,
    MethodNotOffered,
    NotFound,
    Refusal,
    RequestTooLarge,
    SignInNeeded,
    Unavailable,
)
from shared.web.field_errors import field_errors
from shared.web.i18n import language_of
from shared.web.pages import render

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
BODY_LIMIT_KB = 512
_TEXT = {"type": "string"}
_ERROR = {
    "type": "object",
    "title": "FieldError",
    "description": "What is wrong with one field, named as in the request: `affected.0.count`.",
    "required": ["field", "code", "message"],
    "properties": {"field": _TEXT, "code": _TEXT, "message": _TEXT},
}
_SCHEMA = {
    "type": "object",
    "title": "Refusal",
    "description": "RFC 9457. `type` leads to the sentence in our help, `trace` finds the request in our logs.",
    "required": ["type", "code", "status", "title", "detail", "errors", "trace"],
    "properties": {
        **dict.fromkeys(("type", "code", "title", "detail", "trace"), _TEXT),
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": _ERROR},
    },
}
DOCUMENTED = {
    "description": "Refused: `title` says what was not done, `detail` what to do, `code` names it for programs.",
    "content": {MEDIA_TYPE: {"schema": _SCHEMA}},
}
"""Every API's refusals, for its OpenAPI document."""


def wants_json(request: Request) -> bool:
    """Everything under /<service>/v1/ is for programs; every other address is a page."""
    return request.url.path.startswith(f"/{request.app.state.name}/v1/")


def show(request: Request, refusal: Refusal) -> Response:
    if wants_json(request):
        return JSONResponse(body(refusal, language_of(request)), refusal.status, media_type=MEDIA_TYPE)
    if isinstance(refusal, SignInNeeded) and request.method == "GET":
        return RedirectResponse(f"/dang-nhap?next={request.url.path}", 303)
    return render(request, "refusal.html", status=refusal.status, refusal=refusal, active="")


def body(refusal: Refusal, language: str) -> dict[str, object]:
    """`type` and `code` are for programs; `title` says what was not done, `detail` what to do, in the asker's language."""
    return {
        "type": f"/tro-giup#{refusal.code()}",
        "code": refusal.code(),
        "status": refusal.status,
        "title": refusal.says().read(language),
        "detail": refusal.advises().read(language),
        "errors": [{"field": e.field, "code": e.code, "message": e.text.read(language)} for e in refusal.errors],
        "trace": tracing.trace_id(tracing.current()),
    }


async def on_refusal(request: Request, error: Refusal) -> Response:
    return show(request, error)


async def on_invalid(request: Request, error: RequestValidationError) -> Response:
    if any(one["type"] == "json_invalid" for one in error.errors()):
        return show(request, MalformedRequest())
    return show(request, InvalidInput(errors=field_errors(error.errors(), skip=1)))


KNOWN: dict[int, type[Refusal]] = {400: MalformedRequest, 404: NotFound, 405: MethodNotOffered, 413: RequestTooLarge}


async def on_http(request: Request, error: HTTPException) -> Response:
    """What Starlette itself refuses: an unknown address, a method that is not offered, a form it cannot read."""
    return show(request, KNOWN.get(error.status_code, MalformedRequest)(limit_kb=BODY_LIMIT_KB))


async def on_database(request: Request, error: PyMongoError) -> Response:
    if not unreachable(error):
        raise error
    log.warning("database_unreachable", error=type(error).__name__)
    return show(request, Unavailable())
