"""Builds a service's HTTP application with the shared manners."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.identity import Sessions
from shared.refusals import Refusal, Text
from shared.settings import Settings
from shared.web import health, problem_json
from shared.web.assets import Assets
from shared.web.health import Check
from shared.web.manners import Manners
from shared.web.pages import Pages
from shared.web.reference import pages as reference
from shared.web.session import check_api_csrf

HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Refusal: problem_json.on_refusal,
    RequestValidationError: problem_json.on_invalid,
    HTTPException: problem_json.on_http,
    PyMongoError: problem_json.on_database,
}


def application(name: str, about: Text, settings: Settings, *, pages: Pages, ready: Check) -> FastAPI:
    """`name` is the service's: its API lies under /<name>/v1/. `about`: what it is for, in a sentence."""
    app = FastAPI(
        title=f"Đề Bài – {name}",
        description=about.en,
        version="1",
        docs_url=None,
        separate_input_output_schemas=False,  # one shape, one name
        redoc_url=None,
        openapi_url=f"/{name}/openapi.json",
        exception_handlers=HANDLERS,
    )
    app.state.name, app.state.about, app.state.pages, app.state.ready = name, about, pages, ready
    app.state.public_url = settings.public_url
    app.state.sessions = Sessions(settings.session_public_key_file.read_bytes())
    app.add_middleware(Manners)
    app.include_router(health.router)
    app.include_router(reference.router, prefix=f"/{name}")
    app.mount("/static", Assets(), name="static")
    return app


def api_router(name: str) -> APIRouter:
    """The router of a room's API: programs send a bearer token, browsers' scripts the CSRF header."""
    refused: dict[int | str, dict[str, Any]] = {"4XX": problem_json.DOCUMENTED, 503: problem_json.DOCUMENTED}
    return APIRouter(prefix=f"/{name}/v1", dependencies=[Depends(check_api_csrf)], responses=refused)


def page_router() -> APIRouter:
    return APIRouter(include_in_schema=False)


def built(name: str) -> Any:
    """A dependency: what main.py has put into the application's state under this name."""

    async def find(request: Request) -> Any:
        return getattr(request.app.state, name)

    return Depends(find)
