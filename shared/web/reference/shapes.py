"""The shapes of an OpenAPI document: what has a name, and its fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.web.reference.kinds import Kind, Limit, Schema, as_json, called, kind_of, limits_of, own_title


@dataclass(frozen=True, slots=True)
class Field:
    """`default`: as JSON; empty where there is none, or one that holds nothing. `place`: of a parameter; empty in a body."""

    name: str
    kind: Kind
    required: bool
    limits: tuple[Limit, ...]
    default: str
    about: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind`: what it is where it has no fields. `closed`: it takes no field beside these."""

    name: str
    title: str
    about: str
    kind: Kind
    fields: tuple[Field, ...]
    closed: bool


def field_of(name: str, schema: Schema, *, required: bool, about: str = "", place: str = "") -> Field:
    default = schema.get("default")
    return Field(
        name=name,
        kind=kind_of(schema),
        required=required,
        limits=tuple(limits_of(schema)),
        default="" if default in (None, "", []) or isinstance(default, dict) else as_json(default),
        about=about or schema.get("description", ""),
        place=place,
    )


def shape_of(name: str, schema: Schema) -> Shape:
    needed = schema.get("required", ())
    fields = schema.get("properties", {}).items()
    return Shape(
        name=name,
        title=called(name),
        about=schema.get("description", ""),
        kind=() if fields else kind_of(schema),
        fields=tuple(field_of(one, given, required=one in needed) for one, given in fields),
        closed=schema.get("additionalProperties") is False,
    )


def schemas_of(document: Schema) -> dict[str, Schema]:
    """By name: the document's components, and objects that bear a title where they are used."""
    return {**dict(_titled(document["paths"])), **document.get("components", {}).get("schemas", {})}


def _titled(node: Any) -> Iterator[tuple[str, Schema]]:
    if isinstance(node, Mapping):
        if title := own_title(node):
            yield title, node
        for inner in node.values():
            yield from _titled(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _titled(inner)


def linked(kinds: Iterable[Kind], schemas: Mapping[str, Schema]) -> tuple[Shape, ...]:
    """The shapes that these name, and those that their fields name, each once, by title."""
    found: dict[str, Shape] = {}
    waiting = list(_names(kinds))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = shape_of(name, schemas[name])
            waiting += _names([found[name].kind, *(field.kind for field in found[name].fields)])
    return tuple(sorted(found.values(), key=lambda shape: (shape.title.casefold(), shape.name)))


def _names(kinds: Iterable[Kind]) -> Iterator[str]:
    return (part.shape for kind in kinds for part in kind if part.shape)
