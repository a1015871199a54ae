"""Files under an address made of their content."""

import base64
import hashlib
import json

from httpx import AsyncClient

from shared.web import assets
from shared.web.assets import FOLDER, asset

LOCK = FOLDER.parent / "assets.lock.json"


async def test_a_file_may_be_kept_for_ever(web: AsyncClient) -> None:
    answer = await web.get(asset("debai.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.content == (FOLDER / "debai.css").read_bytes()


async def test_a_font_that_a_style_names_beside_itself_is_found(web: AsyncClient) -> None:
    answer = await web.get(asset("fonts/be-vietnam-pro-latin-400-normal.woff2"))
    assert answer.headers["content-type"] == "font/woff2"


async def test_an_address_of_another_release_is_not_answered_wrongly(web: AsyncClient) -> None:
    for path in ("/static/000000000000/debai.css", "/static/debai.css", asset("../assets.py"), asset("none.css")):
        answer = await web.get(path)
        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("cache-control", "")


async def test_a_page_is_never_kept(web: AsyncClient) -> None:
    assert (await web.get("/trang")).headers["cache-control"] == "no-store"


def test_the_address_is_made_of_every_file() -> None:
    assert len(assets.content_hash()) == 12
    assert assets.content_hash.__wrapped__() == assets.content_hash()


def test_what_others_wrote_is_byte_for_byte_what_the_lock_names() -> None:
    """Their licences lie beside them."""
    for package in json.loads(LOCK.read_text()):
        for name, integrity in package["files"].items():
            algorithm, _, wanted = integrity.partition("-")
            found = hashlib.new(algorithm, (FOLDER / name).read_bytes()).digest()
            assert base64.b64encode(found).decode() == wanted, name
        assert any("LICENSE" in name for name in package["files"])


def test_no_file_of_others_is_missing_from_the_lock() -> None:
    named = {name for package in json.loads(LOCK.read_text()) for name in package["files"]}
    there = {p.relative_to(FOLDER).as_posix() for folder in ("fonts", "vendor") for p in (FOLDER / folder).iterdir()}
    assert there == named


def test_our_own_script_stays_small() -> None:
    assert (FOLDER / "debai.js").stat().st_size <= 3 * 1024
