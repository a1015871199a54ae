"""The table of a problem's life: every state × command, and what no walk through it may break."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.problems.guards import GUARDS, LATER
from services.intake.problems.lifecycle import (
    OFFERED,
    TABLE,
    IllegalStep,
    StepNotOffered,
    UnknownCommand,
    rows_of,
    states,
    step,
    transitions,
)
from services.intake.problems.problem import Given, Problem
from services.intake.problems.step import CONTRACTS, Step, act
from shared.refusals import NotAllowed, Refusal
from tests.services.intake.builders import ACTORS, GIVEN, LEADER, NOW, in_state, new_problem

COMMANDS = sorted({row.command for row in transitions()})
TABLE_ROWS = {(row["command"], row["frm"]): row for row in json.loads(TABLE.read_text())["transitions"]}


@pytest.mark.parametrize("state", sorted(states()))
@pytest.mark.parametrize("command", sorted(OFFERED - {"create"}))
def test_a_command_leads_where_the_table_says_or_is_refused(state: str, command: str) -> None:
    problem = in_state(state)
    row = TABLE_ROWS.get((command, state))
    if row is None:
        with pytest.raises(IllegalStep):
            step(command, state)
        return
    actor = LEADER if "dept_leader" in row["who"] else ACTORS[command]
    if "council_secretary" in row["who"]:
        with pytest.raises(NotAllowed):
            act(problem, command, GIVEN[command], version=problem.version, actor=actor, now=NOW)
        return
    after, event = act(problem, command, GIVEN.get(command, Given()), version=problem.version, actor=actor, now=NOW)
    assert (after.state, after.version) == (row["to"], problem.version + 1)
    assert (event.data.from_state, event.data.to_state, event.sequence) == (state, row["to"], after.version)
    assert event.type == f"vn.debai.{row['event'].rstrip('*')}.v1"
    assert (event.topic is None) == row["event"].endswith("*")


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - OFFERED))
def test_a_step_of_a_later_issue_is_refused_by_name(command: str) -> None:
    with pytest.raises(StepNotOffered):
        step(command, rows_of(command)[0].frm)


def test_a_command_outside_the_table_is_unknown() -> None:
    with pytest.raises(UnknownCommand):
        step("explode", "draft")


def test_every_guard_of_an_offered_command_is_built_or_named_as_later() -> None:
    sentences = {guard for row in transitions() if row.command in OFFERED for guard in row.guards}
    assert sentences - GUARDS.keys() - LATER == set()


def test_every_event_of_an_offered_command_has_its_contract() -> None:
    assert {row.event for row in transitions() if row.command in OFFERED} <= CONTRACTS.keys()


def test_every_state_and_row_has_both_languages() -> None:
    labels = [state.label for state in states().values()] + [row.label for row in transitions()]
    assert all(label.vi and label.en and label.vi != label.en for label in labels)


@given(st.lists(st.sampled_from(sorted(OFFERED - {"create"})), max_size=25))
def test_any_walk_keeps_versions_and_states_in_step_with_its_events(commands: list[str]) -> None:
    problem, told = new_problem(), []
    for command in commands:
        before = problem
        try:
            problem, event = _try(problem, command)
        except Refusal:
            assert problem is before
            continue
        told.append(event)
    assert [event.sequence for event in told] == list(range(2, len(told) + 2))
    assert problem.version == len(told) + 1
    path = [(event.data.from_state, event.data.to_state) for event in told]
    assert all(earlier[1] == later[0] for earlier, later in pairwise(path))
    assert all(event.data.public == (event.data.to_state == "open") for event in told)


def _try(problem: Problem, command: str) -> Step:
    if command == "answer_clarification" and problem.questions:
        given = replace(GIVEN[command], question_id=problem.questions[-1].id)
        return act(problem, command, given, version=problem.version, actor=ACTORS[command], now=NOW)
    actor = LEADER if (command, problem.state) == ("decline", "under_review") else ACTORS[command]
    return act(problem, command, GIVEN.get(command, Given()), version=problem.version, actor=actor, now=NOW)
