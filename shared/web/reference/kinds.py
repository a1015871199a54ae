"""What a JSON Schema says of one value: how its type is written, and what bounds it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
REF = "#/components/schemas/"
CHOICES = {"anyOf": " | ", "oneOf": " | ", "allOf": " & "}
RULES = (
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
)


@dataclass(frozen=True, slots=True)
class Part:
    """Of a type as it is written. `shape`: the name of the one it stands for; empty for `string`, `[]`, ` | `."""

    text: str
    shape: str = ""


Kind = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """`rule`: JSON Schema's word for it. `each`: of every item, not of the whole list."""

    rule: str
    value: Any
    each: bool = False


def own_title(schema: Schema) -> str:
    """Of an object that is written out where it is used, but has a name."""
    return str(schema.get("title", "")) if schema.get("type") == "object" and schema.get("properties") else ""


def name_of(schema: Schema) -> str:
    return str(schema["$ref"]).removeprefix(REF) if "$ref" in schema else own_title(schema)


def called(name: str) -> str:
    """Without the module, which FastAPI adds where two have the same name."""
    return name.rsplit("__", 1)[-1]


def kind_of(schema: Schema) -> Kind:
    """As one would write it: `Line[]`, `integer | null`, `{string: number}`, `string (date)`."""
    if name := name_of(schema):
        return (Part(called(name), name),)
    for word, sign in CHOICES.items():
        if word in schema:
            return _joined(schema[word], sign)
    if schema.get("type") == "array":
        return _list_of(schema.get("items", {}))
    if isinstance(schema.get("additionalProperties"), Mapping):
        return (Part("{string: "), *kind_of(schema["additionalProperties"]), Part("}"))
    return (Part(_plain(schema)),)


def _joined(schemas: Iterable[Schema], sign: str) -> Kind:
    parts = [part for one in schemas for part in (Part(sign), *kind_of(one))]
    return tuple(parts[1:])


def _list_of(items: Schema) -> Kind:
    inner = kind_of(items)
    return (Part("("), *inner, Part(")[]")) if len(inner) > 1 else (*inner, Part("[]"))


def _plain(schema: Schema) -> str:
    if words := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return " | ".join(map(as_json, words))
    kind, form = schema.get("type", "any"), schema.get("format")
    return f"{kind} ({form})" if form else str(kind)


def limits_of(schema: Schema, *, each: bool = False) -> Iterator[Limit]:
    yield from (Limit(rule, _whole(schema[rule]), each) for rule in RULES if rule in schema)
    for one in schema.get("anyOf", ()):
        yield from limits_of(one, each=each)
    if "items" in schema:
        yield from limits_of(schema["items"], each=True)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
