"""The page of the reference, at /<service>/docs: needs no script and nothing from elsewhere."""

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from shared.identity import LIFE
from shared.web.pages import render
from shared.web.reference.reference import Reference, reference_of

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def show(request: Request) -> Response:
    app: FastAPI = request.app
    return render(
        request,
        "reference.html",
        service=app.state.name,
        about=app.state.about,
        reference=_reference(app),
        document=app.openapi_url,
        hours=LIFE.total_seconds() / 3600,
        active="",
    )


def _reference(app: FastAPI) -> Reference:
    """Read once: the API stays as it is while the process runs."""
    if not hasattr(app.state, "reference"):
        app.state.reference = reference_of(app.openapi())
    found: Reference = app.state.reference
    return found
