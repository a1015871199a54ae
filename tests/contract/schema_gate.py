"""An event contract is for ever: topics keep what was told in the past, and consumers are upgraded one after the other.

So of an accepted contract nothing may change but that optional fields are added (and texts that no program reads). A narrowed field
could not read old events; a widened one could not be read by a consumer of yesterday. A changed meaning is a new type (v2) beside
the old one. The accepted contracts lie in `schemas/`; `python -m tests.contract.schema_gate --accept` writes them.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.events.envelope import EventData
from shared.events.registry import PUBLIC, Registry

SCHEMAS = Path(__file__).parent / "schemas"
TEXTS = ("title", "description")
Contract = Mapping[str, Any]
"""{source, topic, schema}; `schema` is JSON Schema without references."""


def contract_of(event: type[EventData]) -> Contract:
    schema = event.model_json_schema()
    return {"source": event.source, "topic": event.topic, "schema": _whole(schema, schema.get("$defs", {}))}


def contracts_of(registry: Registry) -> dict[str, Contract]:
    return {name: contract_of(event) for name, event in registry.items()}


def _whole(node: Any, parts: Mapping[str, Any]) -> Any:
    """The schema with its references written out and its texts left out."""
    if isinstance(node, list):
        return [_whole(one, parts) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _whole(parts[node["$ref"].removeprefix("#/$defs/")] | beside, parts)
    return {key: _inside(key, value, parts) for key, value in node.items() if key != "$defs" and not _text(key, value)}


def _inside(key: str, value: Any, parts: Mapping[str, Any]) -> Any:
    """Under `properties` the keys are names of fields: one may be called `title`."""
    if key == "properties":
        return {name: _whole(field, parts) for name, field in value.items()}
    return _whole(value, parts)


def _text(key: str, value: Any) -> bool:
    return key in TEXTS and isinstance(value, str)


def breaches(accepted: Mapping[str, Contract], present: Mapping[str, Contract]) -> list[str]:
    """What would break a consumer, each as a sentence."""
    found = [
        f"{name}: the type is gone; what the topic holds of it must stay readable" for name in accepted.keys() - present
    ]
    for name in accepted.keys() & present.keys():
        old, new = accepted[name], present[name]
        found += [f"{name}: {part} is now {new[part]}" for part in ("source", "topic") if old[part] != new[part]]
        found += _changes(old["schema"], new["schema"], name)
    return sorted(found)


def _changes(old: Any, new: Any, place: str) -> Iterator[str]:
    if "properties" in old and "properties" in new:
        yield from _object_changes(old, new, place)
    elif "items" in old and "items" in new:
        yield from _same_but("items", old, new, place)
        yield from _changes(old["items"], new["items"], f"{place}[]")
    elif len(old.get("anyOf", ())) == len(new.get("anyOf", ())) > 0:
        yield from _same_but("anyOf", old, new, place)
        for before, after in zip(old["anyOf"], new["anyOf"], strict=True):
            yield from _changes(before, after, place)
    elif old != new:
        yield f"{place}: was {json.dumps(old)}, is now {json.dumps(new)}"


def _same_but(inner: str, old: Contract, new: Contract, place: str) -> Iterator[str]:
    if _without(old, inner) != _without(new, inner):
        yield f"{place}: was {json.dumps(_without(old, inner))}, is now {json.dumps(_without(new, inner))}"


def _without(node: Contract, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key not in keys}


def _object_changes(old: Contract, new: Contract, place: str) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name, field in old["properties"].items():
        if name not in new["properties"]:
            yield f"{place}.{name}: removed"
            continue
        if (name in before) != (name in after):
            yield f"{place}.{name}: {'no longer' if name in before else 'now'} required"
        yield from _changes(field, new["properties"][name], f"{place}.{name}")
    for name in sorted(after - old["properties"].keys()):
        yield f"{place}.{name}: new and required; give it a default"
    if _without(old, "properties", "required") != _without(new, "properties", "required"):
        yield f"{place}: was {json.dumps(_without(old, 'properties'))}, is now {json.dumps(_without(new, 'properties'))}"


def accepted(folder: Path = SCHEMAS) -> dict[str, Contract]:
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


def accept(registry: Registry, folder: Path = SCHEMAS) -> list[str]:
    """Writes the present contracts, unless one of them would break a consumer. Gives the breaches."""
    present = contracts_of(registry)
    found = breaches(accepted(folder), present)
    for name, contract in () if found else present.items():
        (folder / f"{name}.json").write_text(json.dumps(contract, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return found


def main(arguments: list[str]) -> int:
    found = accept(PUBLIC) if arguments == ["--accept"] else breaches(accepted(), contracts_of(PUBLIC))
    print("\n".join(found) or "Every accepted contract holds.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
