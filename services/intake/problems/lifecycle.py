"""The table of a problem's life: states, and the rows (command, from, to) with who may and what must hold.

The whole table lies in lifecycle.json. Its guards are sentences; `guards.py` holds those that are built.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.identity import Role
from shared.refusals import Refusal, Text

TABLE = Path(__file__).parent / "lifecycle.json"
STAGES = (
    Text("Xác định", "Define"),
    Text("Tìm giải pháp", "Find a solution"),
    Text("Áp dụng thử", "Pilot"),
    Text("Hoàn thiện", "Refine"),
    Text("Triển khai rộng", "Roll out"),
)
OFFERED = frozenset(
    {
        "create", "edit", "submit", "discard", "recall", "return", "answer_clarification", "resubmit",
        "start_review", "decline", "approve", "publish", "adopt_existing", "withdraw",
    }
)  # fmt: skip
"""Commands whose guards are built; the others stand in the table and are refused."""


@dataclass(frozen=True, slots=True)
class State:
    """`step` 1 to 5 is the stage, 0 a side state; `kind`: active, parked or end."""

    code: str
    step: int
    kind: str
    label: Text


@dataclass(frozen=True, slots=True)
class Transition:
    """`who` holds role names, some of which no one has yet (council_secretary, coach)."""

    command: str
    frm: str
    to: str
    who: frozenset[str]
    guards: tuple[str, ...]
    event: str
    label: Text

    @property
    def starred(self) -> bool:
        """True: the event stays in the service's own log."""
        return self.event.endswith("*")


class IllegalStep(Refusal):
    status = 409
    title = Text("Không thể «{command}» khi đề bài đang «{state}»", "Cannot “{command}” while the problem is “{state}”")
    advice = Text(
        "Tải lại đề bài để xem các việc làm được lúc này.", "Load the problem again to see what can be done now."
    )


class StepNotOffered(Refusal):
    status = 409
    title = Text("Bước «{command}» chưa mở trong bản này", "The step “{command}” is not open in this release")
    advice = Text(
        "Dùng một trong các bước đang hiện trên trang đề bài.", "Use one of the steps shown on the problem's page."
    )


class UnknownCommand(Refusal):
    status = 404
    title = Text("Không có bước «{command}»", "There is no step “{command}”")
    advice = Text("Xem các bước ở /intake/docs.", "See the steps at /intake/docs.")


@cache
def states() -> dict[str, State]:
    rows = json.loads(TABLE.read_text())["states"]
    return {r["code"]: State(r["code"], r["step"], r["kind"], Text(r["vi"], r["en"])) for r in rows}


@cache
def transitions() -> tuple[Transition, ...]:
    return tuple(
        Transition(
            command=row["command"],
            frm=row["frm"],
            to=row["to"],
            who=frozenset(row["who"]),
            guards=tuple(row["guards"]),
            event=row["event"],
            label=Text(row["label_vi"], row["label_en"]),
        )
        for row in json.loads(TABLE.read_text())["transitions"]
    )


def rows_of(command: str) -> tuple[Transition, ...]:
    found = tuple(row for row in transitions() if row.command == command)
    if not found:
        raise UnknownCommand(command=command[:40])
    return found


def step(command: str, state: str) -> Transition:
    """The row for this command in this state. Raises UnknownCommand, StepNotOffered or IllegalStep."""
    rows = rows_of(command)
    if command not in OFFERED:
        raise StepNotOffered(command=rows[0].label.vi)
    for row in rows:
        if row.frm == state:
            return row
    raise IllegalStep(command=rows[0].label.vi, state=states()[state].label.vi)


def steps_from(state: str, roles: frozenset[Role]) -> Iterator[Transition]:
    """What someone with these roles may try now, in the table's order."""
    return (row for row in transitions() if row.frm == state and row.command in OFFERED and row.who & roles)
