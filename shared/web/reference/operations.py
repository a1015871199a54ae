"""One operation of an OpenAPI document: what it takes and what it answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from shared.web.reference.kinds import Kind, Schema, as_json, kind_of, name_of
from shared.web.reference.shapes import Field, Shape, field_of, shape_of

UNSAID = "Successful Response"
"""What FastAPI puts where nothing is said."""


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    media: str
    required: bool
    shape: Shape
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`statuses` that mean the same. `media` empty: it has no body, or says nothing of it."""

    statuses: tuple[str, ...]
    about: str
    media: str
    kind: Kind
    examples: tuple[Example, ...]

    @property
    def refuses(self) -> bool:
        return not any(status.startswith("2") for status in self.statuses)


class SignIn(StrEnum):
    """Of who calls: not asked, shows more, or a must."""

    NO = "no"
    MORE = "more"
    MUST = "must"


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    about: str
    sign_in: SignIn
    parameters: tuple[Field, ...]
    body: Body | None
    answers: tuple[Answer, ...]

    def kinds(self) -> Iterator[Kind]:
        yield from (one.kind for one in self.parameters)
        yield from (one.kind for one in self.answers)
        if self.body:
            yield self.body.shape.kind
            yield from (one.kind for one in self.body.shape.fields)


def operation_of(path: str, method: str, given: Schema, schemas: Mapping[str, Schema]) -> Operation:
    return Operation(
        id=given.get("operationId", f"{method}-{path}"),
        method=method.upper(),
        path=path,
        about=given.get("description") or given.get("summary", ""),
        sign_in=_sign_in(given.get("security", ())),
        parameters=tuple(map(_parameter, given.get("parameters", ()))),
        body=_body(given["requestBody"], schemas) if "requestBody" in given else None,
        answers=_answers(given["responses"]),
    )


def _sign_in(ways: Sequence[Schema]) -> SignIn:
    """One of these ways is enough; an empty one asks for nothing."""
    if not any(ways):
        return SignIn.NO
    return SignIn.MUST if all(ways) else SignIn.MORE


def _parameter(given: Schema) -> Field:
    required, about = given.get("required", False), given.get("description", "")
    return field_of(given["name"], given.get("schema", {}), required=required, about=about, place=given["in"])


def _body(given: Schema, schemas: Mapping[str, Schema]) -> Body:
    media, content = next(iter(given["content"].items()))
    schema = content.get("schema", {})
    name = name_of(schema)
    shape = shape_of(name, schemas[name] if name else schema)
    return Body(media, given.get("required", False), shape, _examples(content))


def _answers(responses: Schema) -> tuple[Answer, ...]:
    """Those that mean the same as one."""
    found: dict[Answer, list[str]] = {}
    for status, given in responses.items():
        found.setdefault(_answer(given), []).append(status)
    return tuple(replace(answer, statuses=tuple(statuses)) for answer, statuses in found.items())


def _answer(given: Schema) -> Answer:
    contents: Mapping[str, Schema] = given.get("content") or {"": {}}
    media, content = next(iter(contents.items()))
    about = given.get("description", "").removeprefix(UNSAID)
    kind = kind_of(content["schema"]) if content.get("schema") else ()
    return Answer((), about, media, kind, _examples(content))


def _examples(content: Schema) -> tuple[Example, ...]:
    given: Mapping[str, Any] = content.get("examples", {})
    return tuple(
        Example(one.get("summary", name), one.get("description", ""), as_json(one["value"], indent=2))
        for name, one in given.items()
    )
