"""The history as people read it: savings one after another are one line of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from services.intake.problems.lifecycle import states
from shared.events.problem import ProblemDraftSaved
from shared.identity import Role
from shared.refusals import Text

SAVED = Text("Lưu nháp", "Draft saved")


@dataclass(frozen=True, slots=True)
class Line:
    """`times` steps in this role, from `first` to `last`."""

    label: Text
    role: Role
    first: datetime
    last: datetime
    times: int


def lines(steps: Iterable[Mapping[str, Any]]) -> list[Line]:
    """`steps` are rows of the log, in order."""
    return [_line(list(run)) for _, run in groupby(steps, _run)]


def _saving(step: Mapping[str, Any]) -> bool:
    return bool(step["type"] == ProblemDraftSaved.type)


def _run(step: Mapping[str, Any]) -> str | int:
    """The same for savings that follow each other in one role; every other step has its own."""
    return str(step["data"]["actor_role"]) if _saving(step) else int(step["sequence"])


def _line(run: list[Mapping[str, Any]]) -> Line:
    first, last = run[0], run[-1]
    label = SAVED if _saving(last) else states()[last["data"]["to_state"]].label
    return Line(label, Role(last["data"]["actor_role"]), first["time"], last["time"], len(run))
