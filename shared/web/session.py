"""Who sends this request, and whether it comes from our own page."""

import hmac
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import Request
from starlette.responses import Response

from shared.identity import ANONYMOUS, LIFE, Actor, Sessions
from shared.refusals import ForeignOrigin, SignInNeeded

SESSION_COOKIE = "debai_session"
CSRF_COOKIE = "debai_csrf"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def bearer(request: Request) -> str:
    """The token of a program; empty for a browser, which sends its cookies instead."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def actor_of(request: Request) -> Actor:
    """From the bearer token of a program, or the cookie of a browser. Doors and the page's head both ask: the signature is
    checked once a request."""
    if not hasattr(request.state, "actor"):
        request.state.actor = _verified(request)
    found: Actor = request.state.actor
    return found


def _verified(request: Request) -> Actor:
    sessions: Sessions = request.app.state.sessions
    token = bearer(request) or request.cookies.get(SESSION_COOKIE, "")
    return sessions.actor(token, datetime.now(UTC)) if token else ANONYMOUS


async def visitor(request: Request) -> Actor:
    """Async like every dependency here: FastAPI runs a plain function in a thread, which costs more than the function."""
    return actor_of(request)


class SignedIn(SecurityBase):
    """A dependency that is a security scheme: FastAPI declares it at every operation that needs a person."""

    scheme_name = "token"
    model = HTTPBearer(bearerFormat="JWT", description=f"Our own pages send the cookie `{SESSION_COOKIE}` instead.")

    async def __call__(self, request: Request) -> Actor:
        actor = actor_of(request)
        if not actor.signed_in:
            raise SignInNeeded
        return actor


MAY_SIGN_IN: dict[str, Any] = {"security": [{}, {SignedIn.scheme_name: []}]}
"""What OpenAPI says of an operation that anyone may call, and that shows more to whoever signs in."""
Visitor = Annotated[Actor, Depends(visitor)]
Person = Annotated[Actor, Depends(SignedIn())]


def csrf_token(request: Request) -> str:
    """The browser's own token; a new one for a browser that has none (the page that shows it sets the cookie)."""
    if not hasattr(request.state, "csrf"):
        request.state.csrf = request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(24)
    return str(request.state.csrf)


def check_own_origin(request: Request) -> None:
    """Refuses what another site made a browser send. A program with a bearer token brings no cookie and is not asked."""
    if request.method in SAFE_METHODS or bearer(request):
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignOrigin
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != urlsplit(request.app.state.public_url).netloc:
        raise ForeignOrigin


def check_csrf(request: Request, sent: str) -> None:
    """The double-submit check: the form (or the header `x-csrf`) repeats the cookie, which another site cannot read."""
    if bearer(request):
        return
    if not hmac.compare_digest(request.cookies.get(CSRF_COOKIE, "").encode() or b"-", sent.encode()):
        raise ForeignOrigin


async def check_api_csrf(request: Request) -> None:
    """For every API router: a script of a signed-in browser must repeat the CSRF cookie in the header."""
    if request.method not in SAFE_METHODS and SESSION_COOKIE in request.cookies:
        check_csrf(request, request.headers.get(CSRF_HEADER, ""))


def sign_in(response: Response, token: str, *, secure: bool) -> None:
    _set(response, SESSION_COOKIE, token, secure=secure)


def sign_out(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE)


def remember_csrf(request: Request, response: Response) -> None:
    if request.cookies.get(CSRF_COOKIE) != csrf_token(request):
        _set(response, CSRF_COOKIE, csrf_token(request), secure=str(request.app.state.public_url).startswith("https:"))


def _set(response: Response, name: str, value: str, *, secure: bool) -> None:
    response.set_cookie(
        name, value, max_age=int(LIFE.total_seconds()), httponly=True, secure=secure, samesite="lax", path="/"
    )
