"""What every answer has: a trace, safe headers, a bounded body, a bounded time at the database."""

import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import tracing
from shared.metrics import REQUESTS
from shared.mongo import deadline
from shared.refusals import Refusal, Unexpected
from shared.web.problem_json import BODY_LIMIT_KB, show
from shared.web.session import check_own_origin

log = structlog.get_logger()

DATABASE_S = 3.0
"""A request that the database keeps waiting longer is answered with 503."""
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Manners:
    """Outermost middleware, in plain ASGI so that streams pass through unbuffered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with tracing.follow(Headers(scope=scope)), deadline(DATABASE_S):
            await _Exchange(scope, receive, send).run(self._app)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._status, self._taken, self._began = 500, 0, time.perf_counter()
        self._started = False

    async def run(self, app: ASGIApp) -> None:
        request = Request(self._scope, self._receive)
        try:
            check_own_origin(request)
            await app(self._scope, self._read, self._write)
        except Refusal as refusal:
            await self._show(request, refusal)
        except Exception as error:
            await self._own_up(request, error)
        finally:
            self._note()

    async def _own_up(self, request: Request, error: Exception) -> None:
        """A bug. Starlette's own answer to one would lie outside of these manners."""
        log.error("bug", exc_info=error)
        if self._started:
            raise error
        await self._show(request, Unexpected(trace=tracing.trace_id(tracing.current())))

    async def _show(self, request: Request, refusal: Refusal) -> None:
        await show(request, refusal)(self._scope, self._receive, self._write)

    async def _read(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > BODY_LIMIT_KB * 1024:
            raise HTTPException(413)  # FastAPI passes on an HTTPException alone while it reads a body
        return message

    async def _write(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._started = message["status"], True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    def _note(self) -> None:
        route = _route(self._scope)
        seconds = time.perf_counter() - self._began
        REQUESTS.labels(self._scope["method"], route, str(self._status)).observe(seconds)
        if route not in QUIET:
            log.info(
                "request", method=self._scope["method"], route=route, status=self._status, ms=round(seconds * 1000, 1)
            )


def _route(scope: Scope) -> str:
    """The pattern, never the address itself: there may be any number of those."""
    if scope["path"].startswith("/static/"):
        return "/static"
    return str(getattr(scope.get("route"), "path", "none"))


QUIET = frozenset({"/livez", "/readyz", "/metrics", "/static"})
