"""An OpenAPI document as plain data, and as a page."""

import re
from typing import Any

import pytest
from httpx import AsyncClient

from shared.web.reference.kinds import Limit, Part, kind_of, limits_of
from shared.web.reference.operations import Operation, SignIn
from shared.web.reference.reference import Reference, reference_of
from shared.web.reference.shapes import shape_of

LINE = {"type": "string", "minLength": 2, "maxLength": 200}
REFUSAL = {
    "description": "Refused.",
    "content": {
        "application/problem+json": {
            "schema": {"type": "object", "title": "Refusal", "properties": {"code": {"type": "string"}}}
        }
    },
}
STALL = {"$ref": "#/components/schemas/Stall"}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/market/v1/stalls/{number}": {
            "put": {
                "operationId": "save",
                "summary": "Save",
                "description": "Replaces a stall.",
                "security": [{"token": []}],
                "parameters": [
                    {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1.0}},
                    {"name": "dry", "in": "query", "schema": {"type": "boolean", "default": False}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": STALL, "examples": {"least": {"value": {"name": "Cá"}}}},
                    },
                },
                "responses": {
                    "200": {"description": "Successful Response", "content": {"application/json": {"schema": STALL}}},
                    "4XX": REFUSAL,
                    "503": REFUSAL,
                },
            },
            "get": {
                "summary": "Read One",
                "security": [{}, {"token": []}],
                "responses": {"204": {"description": "None there."}, "4XX": REFUSAL, "503": REFUSAL},
            },
        },
        "/market/v1/fees": {"get": {"tags": ["money"], "responses": {"4XX": REFUSAL, "503": REFUSAL}}},
    },
    "components": {
        "schemas": {
            "Stall": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": LINE,
                    "goods": {"type": "array", "maxItems": 5, "items": {"$ref": "#/components/schemas/market__Good"}},
                    "owner": {"type": "string", "default": ""},
                },
            },
            "market__Good": {"type": "string", "enum": ["fish", "rice"], "description": "What it sells."},
            "Unused": {"type": "object", "properties": {"x": LINE}},
        }
    },
}


@pytest.fixture
def reference() -> Reference:
    return reference_of(DOCUMENT)


@pytest.fixture
def save(reference: Reference) -> Operation:
    return next(one for one in reference.groups["stalls"] if one.method == "PUT")


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date"}, "string (date)"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer | null"),
        ({"type": "array", "items": STALL}, "Stall[]"),
        ({"type": "array", "items": {"anyOf": [STALL, {"type": "null"}]}}, "(Stall | null)[]"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "{string: number}"),
        ({"enum": ["a", 1]}, '"a" | 1'),
        ({"const": "a"}, '"a"'),
        ({}, "any"),
        ({"type": "object", "title": "Empty", "properties": {}}, "object"),
    ],
)
def test_a_type_is_written_as_one_would_write_it(schema: dict[str, Any], written: str) -> None:
    assert "".join(part.text for part in kind_of(schema)) == written


def test_what_has_a_name_leads_to_its_shape() -> None:
    assert kind_of({"$ref": "#/components/schemas/market__Good"}) == (Part("Good", "market__Good"),)


def test_limits_of_a_list_and_of_each_item_are_told_apart() -> None:
    found = limits_of({"anyOf": [{"type": "array", "maxItems": 9, "items": {"maxLength": 3}}, {"type": "null"}]})
    assert list(found) == [Limit("maxItems", 9), Limit("maxLength", 3, each=True)]


def test_a_whole_number_is_shown_as_one() -> None:
    assert [str(one.value) for one in limits_of({"minimum": 1.0, "maximum": 2.5})] == ["1", "2.5"]


def test_operations_lie_with_their_tag_or_the_first_word_of_their_path(reference: Reference) -> None:
    assert {name: [one.method for one in group] for name, group in reference.groups.items()} == {
        "stalls": ["GET", "PUT"],
        "money": ["GET"],
    }


def test_an_operation_tells_what_it_takes(save: Operation) -> None:
    number, dry = save.parameters
    assert (number.name, number.place, number.required, number.limits) == (
        "number",
        "path",
        True,
        (Limit("minimum", 1),),
    )
    assert (dry.place, dry.required, dry.default) == ("query", False, "false")
    assert save.body is not None and save.body.required
    assert [(one.name, one.required) for one in save.body.shape.fields] == [
        ("name", True),
        ("goods", False),
        ("owner", False),
    ]
    assert save.body.shape.closed
    assert [(one.title, one.text) for one in save.body.examples] == [("least", '{\n  "name": "Cá"\n}')]


def test_an_operation_tells_who_may_call_it(reference: Reference) -> None:
    assert [one.sign_in for one in reference.groups["stalls"]] == [SignIn.MORE, SignIn.MUST]
    assert reference.groups["money"][0].sign_in is SignIn.NO


def test_what_nothing_is_said_of_has_its_summary(reference: Reference) -> None:
    assert [one.about for one in reference.groups["stalls"]] == ["Read One", "Replaces a stall."]


def test_what_every_operation_refuses_is_told_once(reference: Reference, save: Operation) -> None:
    (refusal,) = reference.refusals
    assert (refusal.statuses, refusal.kind) == (("4XX", "503"), (Part("Refusal", "Refusal"),))
    assert [(one.statuses, one.about) for one in save.answers] == [(("200",), "")]


def test_every_shape_that_is_named_is_told_once_and_no_other(reference: Reference) -> None:
    assert [one.name for one in reference.shapes] == ["market__Good", "Refusal", "Stall"]
    good = reference.shapes[0]
    assert (good.title, good.about, good.kind) == ("Good", "What it sells.", (Part('"fish" | "rice"'),))


def test_a_default_that_holds_nothing_is_not_told() -> None:
    shape = shape_of("S", {"properties": {"a": {"default": ""}, "b": {"default": []}, "c": {"default": 0}}})
    assert [one.default for one in shape.fields] == ["", "", "0"]


async def test_an_api_without_operations_has_a_reference_too() -> None:
    assert reference_of({"paths": {}}) == Reference({}, (), ())


async def page(web: AsyncClient, language: str) -> str:
    answer = await web.get("/thu/docs", params={"lang": language})
    assert answer.status_code == 200
    return answer.text


async def test_the_page_names_every_operation(web: AsyncClient) -> None:
    shown = (await page(web, "en")).replace("<wbr>", "")
    for path, operations in (await web.get("/thu/openapi.json")).json()["paths"].items():
        for method, given in operations.items():
            assert f'href="#{given["operationId"]}"' in shown
            assert re.search(rf'id="{given["operationId"]}".*{method.upper()}.*{re.escape(path)}', shown)


async def test_the_page_tells_what_a_body_needs(web: AsyncClient) -> None:
    shown = await page(web, "en")
    (title,) = re.findall(r"<div><dt><code[^>]*>title</code>(.*?)</dd>", shown[: shown.index('id="shapes"')], re.DOTALL)
    assert "required" in title and "from 3 characters" in title and "at most 20 characters" in title


async def test_every_shape_that_the_page_links_to_is_on_it_once(web: AsyncClient) -> None:
    shown = await page(web, "vi")
    anchors = re.findall(r'id="([^"]*)"', shown)
    assert len(anchors) == len(set(anchors))
    assert {"shape-Note", "shape-Refusal", "shape-FieldError"} <= set(anchors)
    assert set(re.findall(r'href="#([^"]*)"', shown)) <= set(anchors)


async def test_the_page_says_who_may_call(web: AsyncClient) -> None:
    shown = await page(web, "vi")
    assert shown.count("Cần đăng nhập") == 1
    assert "Authorization: Bearer &lt;token&gt;" in shown


async def test_what_the_api_says_of_itself_is_escaped(web: AsyncClient) -> None:
    assert "Only for &lt;b&gt;trials&lt;/b&gt;" in await page(web, "en")


async def test_backticks_are_code(web: AsyncClient) -> None:
    assert 'after <code class="code">request.app.state.go</code> is set' in await page(web, "vi")


async def test_the_frame_speaks_the_readers_language(web: AsyncClient) -> None:
    assert '<h2 id="contents">Mục lục</h2>' in await page(web, "vi")
    assert '<h2 id="contents">Contents</h2>' in await page(web, "en")


async def test_the_page_is_not_part_of_the_api(web: AsyncClient) -> None:
    assert "/thu/docs" not in (await web.get("/thu/openapi.json")).json()["paths"]
