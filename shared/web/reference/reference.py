"""An OpenAPI document as plain data: operations in groups, what all of them may refuse, and the shapes that they name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from shared.web.reference.kinds import Schema
from shared.web.reference.operations import Answer, Operation, operation_of
from shared.web.reference.shapes import Shape, linked, schemas_of

METHODS = ("get", "post", "put", "patch", "delete")
ROOM = re.compile(r"^(?:.*/v\d+)?/([^/]*)")
"""The first segment after the version."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`refusals`: what every operation may answer beside its own answers."""

    groups: Mapping[str, Sequence[Operation]]
    refusals: tuple[Answer, ...]
    shapes: tuple[Shape, ...]


def reference_of(document: Schema) -> Reference:
    schemas = schemas_of(document)
    groups: dict[str, list[Operation]] = {}
    for path, method, given in _listed(document["paths"]):
        groups.setdefault(_group(path, given), []).append(operation_of(path, method, given, schemas))
    operations = list(chain.from_iterable(groups.values()))
    refusals = _shared(operations)
    return Reference(
        groups={name: [_without(refusals, one) for one in group] for name, group in groups.items()},
        refusals=refusals,
        shapes=linked(chain.from_iterable(one.kinds() for one in operations), schemas),
    )


def _listed(paths: Schema) -> Iterator[tuple[str, str, Schema]]:
    return ((path, method, given[method]) for path, given in paths.items() for method in METHODS if method in given)


def _group(path: str, given: Schema) -> str:
    first = ROOM.match(path)
    return str(given["tags"][0]) if given.get("tags") else first[1] if first else ""


def _shared(operations: Sequence[Operation]) -> tuple[Answer, ...]:
    first = operations[0].answers if operations else ()
    return tuple(one for one in first if one.refuses and all(one in other.answers for other in operations))


def _without(refusals: tuple[Answer, ...], operation: Operation) -> Operation:
    return replace(operation, answers=tuple(one for one in operation.answers if one not in refusals))
