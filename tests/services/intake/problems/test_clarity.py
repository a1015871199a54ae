"""What first drafts and sendings tell together, and what they do not."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from services.intake.coach.criteria import Criterion
from services.intake.problems.clarity import Clarity, Journey, Medians, clarity, journey, report
from services.intake.problems.judgement import Judgement
from services.intake.problems.problem import Problem, Question, asked_at
from services.intake.problems.step import act
from shared.events.problem import Agency
from tests.services.intake.builders import (
    APPROVER,
    COORDINATOR,
    DRAFTER,
    GIVEN,
    JUDGED,
    MARKET,
    NOW,
    OTHER,
    in_state,
)


def judged(version: int, clear: int, **verdicts: str) -> Judgement:
    return replace(JUDGED, version=version, clear=clear, verdicts=verdicts)


def sent(*judgements: Judgement, returned_at: tuple[int, ...] = ()) -> Problem:
    questions = tuple(Question(f"q{at}-{n}", "baseline", "Từ đâu?") for at in returned_at for n in (1, 2))
    return replace(in_state("submitted"), judgements=judgements, questions=questions)


OURS, THEIRS = (Agency(unit_id=unit.id, name=unit.name) for unit in (MARKET, OTHER))


def told(
    first: int, last: int, rounds: int = 0, *unclear: Criterion, agency: Agency = OURS, year: int = NOW.year
) -> Journey:
    one = journey(sent(judged(1, first), judged(2, last)))
    return replace(one, rounds=rounds, unclear=unclear, agency=agency, year=year)


def test_a_journey_goes_from_the_first_draft_to_what_was_sent() -> None:
    one = journey(sent(judged(1, 2, baseline="ask", target="fail", vague="warn", data="na"), judged(4, 5)))
    assert (one.first, one.sent, one.of, one.rounds) == (2, 5, 6, 0)
    assert one.unclear == (Criterion.BASELINE, Criterion.TARGET)


def test_what_was_sent_is_what_the_reviewers_read_first() -> None:
    recalled, read, answered = judged(3, 4), judged(6, 5), judged(10, 6)
    assert journey(sent(judged(1, 2), recalled, read, answered, returned_at=(8,))).sent == 5
    assert journey(sent(judged(1, 2), recalled, read)).sent == 5


def test_what_was_returned_before_it_was_ever_judged_counts_as_sent_then() -> None:
    assert journey(sent(judged(9, 2), judged(9, 4), returned_at=(3,))).sent == 4


def test_a_round_is_counted_once_however_many_questions_it_asked() -> None:
    assert journey(sent(judged(1, 2), judged(2, 3), returned_at=(4, 9))).rounds == 2


def test_a_question_tells_at_which_version_it_was_asked() -> None:
    problem = in_state("submitted")
    returned, _ = act(problem, "return", GIVEN["return"], version=problem.version, actor=COORDINATOR, now=NOW)
    assert [asked_at(question.id) for question in returned.questions[1:]] == [returned.returned_version]


def test_the_year_is_that_of_the_citys_clock() -> None:
    late = replace(judged(2, 5), at=datetime(2026, 12, 31, 17, 30, tzinfo=UTC))
    assert journey(sent(judged(1, 2), late)).year == 2027


def test_a_journey_holds_no_person_and_no_words_of_theirs_but_the_title() -> None:
    one = journey(sent(judged(1, 2), judged(2, 3)))
    names = {field.name for field in fields(Journey)}
    assert names == {
        "id", "ref", "title", "illustrative", "agency", "year", "first", "sent", "of", "unclear", "rounds",
    }  # fmt: skip
    assert DRAFTER.person_id not in str(one) and APPROVER.person_id not in str(one)


def test_medians_need_three_problems() -> None:
    assert clarity([told(1, 4), told(3, 6)]).medians is None
    assert clarity([told(1, 4, 0), told(3, 6, 2), told(2, 6, 1)]).medians == Medians(2, 6, 1)


def test_a_median_of_an_even_number_lies_between() -> None:
    found = clarity([told(1, 5), told(2, 6), told(3, 6), told(6, 6)]).medians
    assert found is not None and (found.first, found.sent) == (2.5, 6)


def test_what_is_most_often_unclear_comes_first_and_three_are_enough() -> None:
    a, b, c, d = Criterion.CAUSE, Criterion.DATA, Criterion.TARGET, Criterion.BASELINE
    found = clarity([told(1, 1, 0, a, b, c, d), told(1, 1, 0, a, b), told(1, 1, 0, a)])
    assert found.unclear == ((a, 3), (b, 2), (d, 1))


def test_of_nothing_nothing_is_said() -> None:
    assert clarity([]) == Clarity(0, None, ())


def test_a_renamed_unit_stands_under_its_present_name() -> None:
    """What was sent latest comes first."""
    former = OURS.model_copy(update={"name": "Sở Thương mại"})
    found = report([told(1, 4), told(1, 4, agency=former)], "", None, city=True)
    assert [(one.agency.name, one.clarity.problems) for one in found.units] == [(MARKET.name, 2)]


def test_units_stand_by_name_and_not_by_what_they_reached() -> None:
    theirs = [told(6, 6, agency=THEIRS)] * 3
    ours = [told(1, 2, agency=OURS)] * 4
    last = [told(6, 6, agency=Agency(unit_id="a", name="Đài Truyền hình"))]
    found = report([*theirs, *ours, *last], "", None, city=True)
    assert [one.agency.name for one in found.units] == ["Đài Truyền hình", MARKET.name, OTHER.name]
    assert [one.clarity.problems for one in found.units] == [1, 4, 3]
    assert found.city is not None and found.city.problems == 8 == found.shown.problems
    assert (found.unit, found.problems) == (None, ())


def test_a_chosen_unit_stands_beside_the_whole_city() -> None:
    found = report([told(1, 4, agency=OURS), told(2, 6, agency=THEIRS)], OTHER.id, None, city=True)
    assert found.city is not None and found.city.problems == 2
    assert [one.first for one in found.problems] == [2]
    assert found.shown is found.unit and found.shown.problems == 1


def test_a_unit_hears_nothing_of_the_city() -> None:
    found = report([told(1, 4, agency=OURS)], MARKET.id, None, city=False)
    assert (found.city, found.units) == (None, ())


@pytest.mark.parametrize(("year", "counted"), [(None, 3), (2026, 2), (2025, 1), (2024, 0)])
def test_a_year_is_of_the_sending_and_all_years_stay_to_choose(year: int | None, counted: int) -> None:
    journeys = [told(1, 4, year=one) for one in (2026, 2025, 2026)]
    found = report(journeys, MARKET.id, year, city=True)
    assert found.years == (2026, 2025)
    assert found.city is not None and found.city.problems == counted == len(found.problems)
