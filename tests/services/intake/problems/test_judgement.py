"""What a coordinator says of the coach's verdicts, and where it takes effect."""

from dataclasses import replace

import pytest

from services.intake.coach.coach import coach_with
from services.intake.coach.criteria import Verdict
from services.intake.problems.coached import digest_of, fields_of, judgement, text_of
from services.intake.problems.guards import FindingInTheWay
from services.intake.problems.judgement import Correction, Judgement
from services.intake.problems.problem import Given, Problem
from services.intake.problems.step import act
from shared.identity import Role
from tests.services.intake.builders import APPROVER, COMPLETE, JUDGED, NOW, in_state, new_problem

BLOCKED = replace(JUDGED, blocking=("solution",), verdicts={"solution": "fail"})
SIGNED = Given(no_secrets=True, no_personal_data=True, judgements=(BLOCKED,))
REASON = "Từ «công cụ» ở đây là dụng cụ bốc xếp."


def correction(wanted: Verdict = Verdict.PASS, given: Verdict = Verdict.FAIL) -> Correction:
    return Correction("o1", "solution", given, wanted, REASON, Role.COORDINATOR, NOW)


def sent_again(before: Judgement, given: Given = SIGNED) -> Problem:
    """After it was recalled."""
    problem = replace(new_problem(), judgements=(before,))
    after, _ = act(problem, "submit", given, version=1, actor=APPROVER, now=NOW)
    return after


def test_the_versions_that_a_verdict_comes_from_are_kept_with_it() -> None:
    opinion = coach_with("none").look(text_of(COMPLETE), fields_of(COMPLETE))
    kept = judgement(opinion, COMPLETE, version=1, at=NOW)
    assert kept.versions.keys() == {"rubric", "words", "model"} and all(kept.versions.values())


@pytest.mark.parametrize("wanted", [Verdict.PASS, Verdict.WARN, Verdict.ASK])
def test_an_overruled_failure_no_longer_blocks_the_same_text(wanted: Verdict) -> None:
    present = sent_again(BLOCKED.corrected(correction(wanted))).judgements[-1]
    assert present.corrections == (correction(wanted),)
    assert (present.verdicts, present.override) == ({"solution": "fail"}, "")


def test_it_still_blocks_another_text() -> None:
    another = replace(SIGNED, judgements=(replace(BLOCKED, digest=digest_of(replace(COMPLETE, title="Chợ"))),))
    with pytest.raises(FindingInTheWay):
        sent_again(BLOCKED.corrected(correction()), another)


def test_texts_of_which_no_digest_was_kept_are_not_taken_for_the_same() -> None:
    unknown = replace(BLOCKED, digest="")
    with pytest.raises(FindingInTheWay):
        sent_again(unknown.corrected(correction()), replace(SIGNED, judgements=(unknown,)))


def test_a_failure_that_was_taken_back_blocks_again() -> None:
    with pytest.raises(FindingInTheWay):
        sent_again(BLOCKED.corrected(correction()).without("o1"))


def test_a_coordinators_own_failure_blocks_nothing() -> None:
    stricter = correction(Verdict.FAIL, given=Verdict.PASS)
    sent = sent_again(JUDGED.corrected(stricter), replace(SIGNED, judgements=(JUDGED,)))
    assert sent.judgements[-1].corrections == (stricter,)


def test_a_correction_of_a_verdict_that_the_coach_no_longer_gives_is_dropped() -> None:
    sent = sent_again(BLOCKED.corrected(correction()), replace(SIGNED, judgements=(JUDGED,)))
    assert sent.judgements[-1].corrections == ()


def test_it_stands_when_a_returned_problem_is_sent_again() -> None:
    problem = replace(in_state("returned"), judgements=(BLOCKED.corrected(correction()),))
    after, _ = act(problem, "resubmit", SIGNED, version=5, actor=APPROVER, now=NOW)
    assert after.judgements[-1].corrections == (correction(),)


def test_no_override_is_kept_where_nothing_is_in_the_way_any_more() -> None:
    given = replace(SIGNED, override="Góp ý này không đúng với đề bài của chúng tôi.")
    assert sent_again(BLOCKED.corrected(correction()), given).judgements[-1].override == ""
