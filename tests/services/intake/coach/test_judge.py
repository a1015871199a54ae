"""What is said of a reading, whatever model it comes from: where the limits lie."""

from collections.abc import Mapping

import numpy as np
import pytest

from services.intake.coach.criteria import Criterion, Verdict
from services.intake.coach.judge import SHORT, Fields, Threshold, judge
from services.intake.coach.reading import COLUMNS, ONLY_ORDERED, Reading
from services.intake.coach.roles import Label, Role
from services.intake.coach.sentences import split

LIMIT = Threshold(sure=0.8, even=0.5, asked=0.3)
LIMITS = dict.fromkeys((*Role, *Label, ONLY_ORDERED), LIMIT)
BY_ABSENCE = (Criterion.ONE_PROBLEM, Criterion.VAGUE, Criterion.ABBREVIATIONS)
"""What is passed where no fault is found."""


def reading(text: str, solution: float = 0.0, roles: Mapping[Role, float] | None = None) -> Reading:
    """Of one sentence."""
    told = np.zeros((1, len(Role)))
    for role, probability in (roles or {}).items():
        told[0, COLUMNS[role]] = probability
    labels = dict.fromkeys(Label, 0.0) | {Label.SOLUTION: solution}
    return Reading(text, split(text), told, labels, in_the_way=(), unmarked=False)


def verdicts(read: Reading) -> Mapping[Criterion, Verdict]:
    return {one.criterion: one.verdict for one in judge(read, Fields(), LIMITS)}


@pytest.mark.parametrize(
    ("solution", "verdict"),
    [
        (0.29, Verdict.PASS),
        (LIMIT.asked, Verdict.ASK),
        (LIMIT.even, Verdict.ASK),
        (0.65, Verdict.ASK),
        (0.79, Verdict.ASK),
        (LIMIT.sure, Verdict.FAIL),
    ],
)
def test_an_order_alone_is_failed_only_where_that_is_sure(solution: float, verdict: Verdict) -> None:
    read = reading("Mua phần mềm.", solution, {Role.ORDER: solution})
    assert read.only_ordered == solution and verdicts(read)[Criterion.SOLUTION] is verdict


@pytest.mark.parametrize(("trouble", "verdict"), [(0.1, Verdict.FAIL), (0.2, Verdict.ASK), (0.5, Verdict.WARN)])
def test_a_trouble_beside_the_order_makes_it_less_than_sure(trouble: float, verdict: Verdict) -> None:
    read = reading("Mua phần mềm vì chờ lâu.", 0.95, {Role.ORDER: 0.95, Role.TROUBLE: trouble})
    assert verdicts(read)[Criterion.SOLUTION] is verdict


@pytest.mark.parametrize(("words", "judged"), [(SHORT - 1, False), (SHORT, True)])
def test_absence_of_faults_is_judged_from_25_words_on(words: int, judged: bool) -> None:
    told = verdicts(reading(" ".join(["chờ"] * words) + "."))
    assert {told[one] for one in BY_ABSENCE} == {Verdict.PASS if judged else Verdict.NA}
    assert SHORT == 25
