"""What stands beside the form: how to begin, and whether the text may leave this service."""

from dataclasses import replace

import pytest

from services.intake.coach.coach import coach_with
from services.intake.coach.judge import NOTHING_WRITTEN
from services.intake.problems.advice import Advice, advice
from services.intake.problems.coached import fields_of, text_of
from services.intake.problems.record import Record
from tests.services.intake.builders import COMPLETE


def advised(record: Record, *, whole: bool = True) -> Advice:
    return advice(coach_with("none").look(text_of(record), fields_of(record)), record, whole=whole)


@pytest.mark.parametrize("record", [Record(), replace(COMPLETE, title="", statement=Record().statement)])
def test_while_nothing_is_written_one_is_told_how_to_begin(record: Record) -> None:
    told = advised(record).next
    assert told and told.reason == NOTHING_WRITTEN


@pytest.mark.parametrize(
    ("record", "whole", "goes"),
    [
        (COMPLETE, True, True),
        (COMPLETE, False, False),
        (Record(), True, False),
        (replace(COMPLETE, owner="Trưởng phòng, 0903 123 456"), True, False),
        (replace(COMPLETE, title="Văn bản TỐI MẬT số 5"), True, False),
    ],
    ids=["clean", "not read whole", "empty", "personal data", "secret"],
)
def test_only_a_text_that_may_leave_goes_to_matching(record: Record, whole: bool, goes: bool) -> None:
    assert advised(record, whole=whole).goes_to_matching is goes
