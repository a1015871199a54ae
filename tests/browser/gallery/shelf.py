"""Every macro on one page, every kind of field, in both states: what the look is tested and looked at on."""

from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import Response

from shared.identity import Sessions
from shared.web.application import page_router
from shared.web.assets import Assets
from shared.web.forms import read_form
from shared.web.manners import Manners
from shared.web.pages import Pages, render

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
STAGES = ("Xác định", "Tìm giải pháp", "Áp dụng thử", "Hoàn thiện", "Triển khai rộng")
router = page_router()


@router.get("/")
async def show(request: Request) -> Response:
    return render(request, "gallery.html", stages=STAGES, now=NOW, errors={}, active="/")


@router.get("/hop-thu/chua-doc")
async def unread() -> HTMLResponse:
    return HTMLResponse("3")


@router.post("/")
async def refuse(request: Request) -> Response:
    await read_form(request)
    errors = {"title": "Viết ít nhất 12 ký tự", "field": "Chọn một lĩnh vực", "affected.0.count": "Ghi một số nguyên"}
    return render(request, "gallery.html", status=422, stages=STAGES, now=NOW, errors=errors, active="/")


def gallery(public_key: bytes) -> FastAPI:
    """Its `state.public_url` is set by whoever serves it."""
    app = FastAPI(openapi_url=None)
    app.state.name, app.state.public_url = "gallery", ""
    app.state.pages = Pages(HERE / "templates", english=HERE)
    app.state.sessions = Sessions(public_key)
    app.add_middleware(Manners)
    app.include_router(router)
    app.mount("/static", Assets(), name="static")
    return app
