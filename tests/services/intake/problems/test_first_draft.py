"""Which text is the first draft: what its writer left, not what the page saved while it was being typed."""

from dataclasses import replace

import pytest

from services.intake.problems.problem import Given, Problem, draft
from services.intake.problems.record import Record
from services.intake.problems.step import act
from tests.services.intake.builders import COMPLETE, DRAFTER, MARKET, NOW, PROBLEM_ID

SHORT = Record(title=COMPLETE.title)
PART, MORE, ALL = (
    replace(COMPLETE, statement=COMPLETE.statement.model_copy(update={"consequence": text}))
    for text in ("thu phí sót", "thu phí sót, thất thu", "thu phí sót, thất thu ước 6% mỗi năm")
)
LATER = replace(COMPLETE, title="Ban quản lý chợ không nắm được sạp nào bỏ trống")
Saving = tuple[str, Record]
"""By whom: «P» and «Q» are open pages that save by themselves, «P!» is a person's button on that page, «» the API."""


def given(saving: Saving) -> Given:
    by, record = saving
    return Given(record=record, page=by.rstrip("!"), automatic=by in ("P", "Q"))


def saved(first: Saving, *more: Saving) -> Problem:
    problem = draft(PROBLEM_ID, given(first), unit=MARKET, actor=DRAFTER, now=NOW)
    for one in more:
        problem, _ = act(problem, "edit", given(one), version=problem.version, actor=DRAFTER, now=NOW)
    return problem


@pytest.mark.parametrize(
    ("savings", "first"),
    [
        ([("P", PART), ("P", MORE), ("P", ALL)], None),
        ([("P", PART), ("P", MORE), ("P!", ALL), ("Q", LATER)], ALL),
        ([("P", PART), ("P", ALL), ("Q", LATER), ("Q", LATER)], ALL),
        ([("P", PART), ("P", ALL), ("", LATER)], ALL),
        ([("P!", PART), ("Q", MORE), ("Q", ALL)], PART),
        ([("P!", SHORT), ("Q", PART), ("Q", ALL), ("P!", LATER)], ALL),
        ([("P", PART), ("P", SHORT), ("P!", SHORT), ("", ALL), ("", LATER)], ALL),
        ([("", PART), ("", ALL)], PART),
    ],
)
def test_the_first_draft_is_replaced_while_one_page_goes_on_saving_and_then_stays(
    savings: list[Saving], first: Record | None
) -> None:
    """None: not settled yet; sent as it stands, the present text is the first draft."""
    assert saved(*savings).first_draft == first
