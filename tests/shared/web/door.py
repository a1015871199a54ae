"""A small service around the shared manners: one page, one form, one API, one stream."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Header
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from shared.mongo import connect
from shared.refusals import FieldError, InvalidInput, Text, VersionMismatch
from shared.settings import Mode, Settings
from shared.web.application import api_router, application, page_router
from shared.web.forms import read_form
from shared.web.pages import Pages, render
from shared.web.session import Person, sign_in

HERE = Path(__file__).parent
ABOUT = Text("Chỉ để thử.", "Only for <b>trials</b>.")
api = api_router("thu")
pages = page_router()


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=3, max_length=20)
    count: int = Field(ge=1)


@api.post("/notes")
async def take(note: Note) -> Note:
    return note


@api.get("/mine")
async def mine(actor: Person) -> dict[str, str]:
    return {"name": actor.name}


@api.get("/refused/{kind}")
async def refused(kind: str, request: Request) -> None:
    if kind == "database":
        await request.app.state.database.notes.find_one()
    if kind == "bug":
        raise RuntimeError("what a person must not see")
    raise VersionMismatch(current=7)


@api.get("/headers")
async def headers(traceparent: Annotated[str, Header()] = "") -> dict[str, str]:
    return {"traceparent": traceparent}


@api.get("/stream")
async def stream(request: Request) -> StreamingResponse:
    """Its second word comes only after `request.app.state.go` is set."""
    return StreamingResponse(_words(request.app.state.go), media_type="text/event-stream")


async def _words(go: asyncio.Event) -> AsyncIterator[str]:
    yield "data: one\n\n"
    await go.wait()
    yield "data: two\n\n"


@pages.get("/trang")
async def page(request: Request) -> Response:
    return render(request, "door.html", form={}, active="/")


@pages.post("/trang")
async def post(request: Request) -> Response:
    return render(request, "door.html", form=await read_form(request), active="/")


@pages.get("/hong/{kind}")
async def broken(kind: str, request: Request) -> None:
    if kind == "fields":
        raise InvalidInput(errors=(FieldError("title", "missing", Text("Điền mục này", "Fill this in")),))
    await refused(kind, request)


@pages.get("/cua-toi")
async def own_page(request: Request, actor: Person) -> Response:
    return render(request, "door.html", form={"name": actor.name}, active="")


@pages.get("/vao")
async def enter(request: Request) -> Response:
    response = Response()
    sign_in(response, "token", secure=request.url.scheme == "https")
    return response


def door(public_key_file: Path, mongo_url: str, *, public_url: str = "http://debai.test") -> FastAPI:
    settings = Settings(
        mode=Mode.LOCAL,
        http_port=1,
        public_url=public_url,
        mongo_url=mongo_url,
        kafka_bootstrap="127.0.0.1:1",
        session_public_key_file=public_key_file,
    )
    app = application("thu", ABOUT, settings, pages=Pages(HERE / "templates", english=HERE), ready=_ready)
    app.state.database = connect(mongo_url, app_name="door")["test_door"]
    app.state.go = asyncio.Event()
    app.include_router(api)
    app.include_router(pages)
    return app


async def _ready() -> dict[str, str]:
    return {}
