"""Styles, script and fonts under an address made of their content, so that they may be cached for ever."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"


@cache
def content_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in FOLDER.rglob("*") if p.is_file()):
        digest.update(path.relative_to(FOLDER).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    return f"/static/{content_hash()}/{name}"


class Assets(StaticFiles):
    """Answers /static/<hash>/<name>; another release's hash is not found rather than cached wrongly."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        release, _, name = path.partition("/")
        if release != content_hash():
            raise HTTPException(404)
        response = await super().get_response(name, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
