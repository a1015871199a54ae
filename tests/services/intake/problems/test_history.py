"""How the log reads on a page."""

from datetime import timedelta
from typing import Any

from services.intake.problems.history import SAVED, Line, lines
from services.intake.problems.lifecycle import states
from shared.events.problem import ProblemDrafted, ProblemDraftSaved, ProblemReturned, ProblemSubmitted
from shared.identity import Role
from tests.services.intake.builders import NOW

DRAFTED, SAVING, SENT, RETURNED = (
    one.type for one in (ProblemDrafted, ProblemDraftSaved, ProblemSubmitted, ProblemReturned)
)
STATES = {DRAFTED: "draft", SAVING: "draft", SENT: "submitted", RETURNED: "returned"}


def log(*steps: str | tuple[str, Role]) -> list[dict[str, Any]]:
    """A step a minute, the drafter's where no one is named."""
    named = [(step, Role.DRAFTER) if isinstance(step, str) else step for step in steps]
    return [
        {
            "type": kind,
            "sequence": n,
            "time": NOW + timedelta(minutes=n),
            "data": {"to_state": STATES[kind], "actor_role": role.value},
        }
        for n, (kind, role) in enumerate(named, 1)
    ]


def counts(told: list[Line]) -> list[tuple[str, int]]:
    return [(line.label.vi, line.times) for line in told]


def test_savings_one_after_another_are_one_line_with_its_span() -> None:
    saved = lines(log(DRAFTED, SAVING, SAVING, SAVING))[1]
    assert (saved.label, saved.times) == (SAVED, 3)
    assert (saved.first, saved.last) == (NOW + timedelta(minutes=2), NOW + timedelta(minutes=4))


def test_a_step_in_between_parts_them() -> None:
    told = lines(log(SAVING, SAVING, SENT, RETURNED, SAVING))
    named = [states()[code].label.vi for code in ("submitted", "returned")]
    assert counts(told) == [(SAVED.vi, 2), (named[0], 1), (named[1], 1), (SAVED.vi, 1)]


def test_savings_in_two_roles_are_two_lines() -> None:
    told = lines(log(SAVING, (SAVING, Role.APPROVER)))
    assert [(line.role, line.times) for line in told] == [(Role.DRAFTER, 1), (Role.APPROVER, 1)]


def test_other_steps_of_one_kind_stay_apart() -> None:
    assert len(lines(log(RETURNED, RETURNED))) == 2


def test_no_step_is_lost() -> None:
    assert sum(line.times for line in lines(log(DRAFTED, SAVING, SAVING, SENT, RETURNED, SAVING))) == 6
