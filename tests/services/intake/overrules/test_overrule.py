"""A coordinator's word against the coach's: what is kept of it, and when it is refused."""

from dataclasses import replace

import pytest

from services.intake.coach.criteria import Criterion, Verdict
from services.intake.coach.roles import Role as Does
from services.intake.overrules.objection import Objection
from services.intake.overrules.overrule import AlreadyOverruled, Overrule, TextNotJudged, overrule, withdraw
from services.intake.problems.problem import Problem
from services.intake.problems.protected import MarkedSecret, PersonalDataFound
from shared.identity import Actor
from shared.refusals import InvalidInput, NotAllowed, Refusal, VersionMismatch
from tests.services.intake.builders import APPROVER, COMPLETE, COORDINATOR, DRAFTER, JUDGED, LEADER, NOW, in_state

FAILED = replace(JUDGED, blocking=("solution",), verdicts={"solution": "fail", "one_problem": "ask"})
SENT = replace(in_state("submitted"), judgements=(FAILED,))
REASON = "Câu này nêu vấn đề, không đòi mua gì."
SAID = Objection(SENT.version, Criterion.SOLUTION, Verdict.PASS, REASON)


def say(said: Objection = SAID, problem: Problem = SENT, actor: Actor = COORDINATOR) -> tuple[Problem, Overrule]:
    return overrule(problem, said, overrule_id="o1", actor=actor, now=NOW)


def refused(kind: type[Refusal], said: Objection = SAID, problem: Problem = SENT) -> list[tuple[str, str]]:
    with pytest.raises(kind) as caught:
        say(said, problem)
    return [(error.field, error.code) for error in caught.value.errors]


def test_it_is_kept_with_the_text_the_verdict_and_the_versions_it_came_from() -> None:
    _, kept = say(replace(SAID, sentence=0, roles=(Does.TROUBLE, Does.AFFECTED)))
    assert (kept.given, kept.wanted, kept.reason) == (Verdict.FAIL, Verdict.PASS, REASON)
    assert (kept.problem_id, kept.version, kept.versions) == (SENT.id, JUDGED.version, JUDGED.versions)
    assert kept.text.startswith(COMPLETE.title) and COMPLETE.statement.consequence in kept.text
    assert (kept.sentence, kept.roles) == (COMPLETE.title, (Does.TROUBLE, Does.AFFECTED))
    assert (kept.by, kept.at, kept.withdrawn_at) == (COORDINATOR.person_id, NOW, None)


def test_the_problem_shows_the_corrected_verdict_and_names_no_person() -> None:
    after, _ = say()
    found = after.judgements[-1].correction("solution")
    assert found is not None
    assert (found.overrule, found.given, found.wanted, found.reason) == ("o1", "fail", "pass", REASON)
    assert COORDINATOR.person_id not in str(found)


def test_the_problem_is_otherwise_as_it_was() -> None:
    after, _ = say()
    assert replace(after, judgements=SENT.judgements) == SENT
    assert replace(after.judgements[-1], corrections=()) == FAILED


@pytest.mark.parametrize("actor", [LEADER, DRAFTER, APPROVER], ids=lambda actor: actor.person_id)
def test_only_a_coordinator_overrules_and_takes_back(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        say(actor=actor)
    after, kept = say()
    with pytest.raises(NotAllowed):
        withdraw(after, kept, actor=actor, now=NOW)


def test_a_problem_that_has_moved_on_is_looked_at_again_first() -> None:
    refused(VersionMismatch, replace(SAID, version=SENT.version - 1))


@pytest.mark.parametrize(
    "problem",
    [
        replace(SENT, judgements=()),
        replace(SENT, record=replace(COMPLETE, title="Ban quản lý chợ không biết sạp nào trống")),
        replace(SENT, judgements=(replace(FAILED, verdicts={"cause": "ask"}),)),
        replace(in_state("returned"), judgements=(replace(FAILED, digest=""),)),
    ],
    ids=["none", "another text", "another criterion", "of a former release, and may be another text"],
)
def test_what_was_not_judged_cannot_be_overruled(problem: Problem) -> None:
    refused(TextNotJudged, problem=problem)


def test_a_verdict_of_a_former_release_is_corrected_as_long_as_nobody_can_have_edited_the_text() -> None:
    after, _ = say(problem=replace(SENT, judgements=(replace(FAILED, digest=""),)))
    corrected = after.judgements[-1]
    assert corrected.correction("solution") and corrected.digest == JUDGED.digest


def test_a_verdict_is_corrected_once() -> None:
    after, _ = say()
    refused(AlreadyOverruled, problem=after)
    another, _ = say(replace(SAID, criterion=Criterion.ONE_PROBLEM), after)
    assert len(another.judgements[-1].corrections) == 2


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"wanted": Verdict.FAIL}, [("wanted", "same")]),
        ({"wanted": Verdict.NA}, [("wanted", "unknown")]),
        ({"reason": "vì thế"}, [("reason", "missing")]),
        ({"wanted": Verdict.NA, "reason": ""}, [("wanted", "unknown"), ("reason", "missing")]),
        ({"sentence": 99, "roles": (Does.TROUBLE,)}, [("sentence", "unknown")]),
        ({"sentence": -1, "roles": (Does.TROUBLE,)}, [("sentence", "unknown")]),
        ({"roles": (Does.TROUBLE,)}, [("sentence", "unknown")]),
        ({"sentence": 0}, [("roles", "missing")]),
        (
            {"criterion": Criterion.ONE_PROBLEM, "sentence": 0, "roles": (Does.TROUBLE,)},
            [("sentence", "not_asked")],
        ),
    ],
    ids=str,
)
def test_what_is_missing_or_makes_no_sense_is_named_all_at_once(
    changed: dict[str, object], errors: list[tuple[str, str]]
) -> None:
    assert refused(InvalidInput, replace(SAID, **changed)) == errors  # type: ignore[arg-type]  # parts of an objection


def test_a_reason_that_is_marked_secret_is_not_stored() -> None:
    assert refused(MarkedSecret, replace(SAID, reason="TUYỆT MẬT\nkhông nêu được")) == [("reason", "secret")]


def test_a_reason_with_personal_data_is_not_stored_and_every_kind_of_it_is_named() -> None:
    said = replace(SAID, reason="Hỏi anh Ba 0903 123 456 hoặc 0912 345 678, thư nam@vidu.vn")
    assert refused(PersonalDataFound, said) == [("reason", "phone"), ("reason", "mail")]


def test_what_is_taken_back_is_kept_as_such_and_the_verdict_stands_again() -> None:
    after, kept = say()
    before, withdrawn = withdraw(after, kept, actor=COORDINATOR, now=NOW)
    assert before == SENT
    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_by) == (NOW, COORDINATOR.person_id)
    assert withdraw(before, withdrawn, actor=COORDINATOR, now=NOW.replace(year=2027)) == (SENT, withdrawn)


def test_taking_back_reaches_every_sending_of_the_same_text() -> None:
    after, kept = say()
    again = replace(after, judgements=(*after.judgements, FAILED.after(after.judgements)))
    assert again.judgements[-1].correction("solution")
    before, _ = withdraw(again, kept, actor=COORDINATOR, now=NOW)
    assert not [one for one in before.judgements if one.corrections]
