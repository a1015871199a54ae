"""What must hold before a step, and what the person is told when it does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.intake.problems.guards import FindingInTheWay, FourEyes, NotForACall, RecordIncomplete
from services.intake.problems.problem import Given, Problem, Question
from services.intake.problems.protected import MarkedSecret, PersonalDataFound
from services.intake.problems.record import EMPTY_STATEMENT, Record
from services.intake.problems.step import act, create
from services.intake.units.unit import UnitEnded, UnknownUnit
from shared.events.problem import Tried, Visibility
from shared.identity import Role
from shared.refusals import InvalidInput, NotAllowed, NotFound, Refusal, VersionMismatch
from tests.services.intake.builders import (
    ACTORS,
    APPROVER,
    ASKED,
    COMPLETE,
    COORDINATOR,
    DRAFTER,
    ENDED,
    GIVEN,
    JUDGED,
    LEADER,
    MARKET,
    NOW,
    OTHER,
    PROBLEM_ID,
    WARD,
    in_state,
    new_problem,
    person,
)


def refused(kind: type[Refusal], problem: Problem, command: str, given: Given) -> list[str]:
    """The fields that are named."""
    with pytest.raises(kind) as caught:
        act(problem, command, given, version=problem.version, actor=ACTORS[command], now=NOW)
    return [error.field for error in caught.value.errors]


def test_submitting_names_everything_that_is_missing_at_once() -> None:
    empty = new_problem(Record(statement=EMPTY_STATEMENT))
    fields = refused(RecordIncomplete, empty, "submit", GIVEN["submit"])
    parts = ["statement.who", "statement.trouble", "statement.cause", "statement.consequence"]
    numbers, around = ["affected", "baseline", "target"], ["place", "field_codes", "owner", "needed_by"]
    result = ["expected_output", "adopters", "must_connect", "tried", "data"]
    assert fields == ["title", *parts, *numbers, *around, *result]


def test_no_data_is_an_answer() -> None:
    problem = new_problem(replace(COMPLETE, data=(), no_data=True))
    after, _ = act(problem, "submit", GIVEN["submit"], version=1, actor=APPROVER, now=NOW)
    assert after.state == "submitted"


def test_submitting_needs_both_self_checks_signed() -> None:
    assert refused(InvalidInput, new_problem(), "submit", Given(judgements=(JUDGED,))) == [
        "no_secrets",
        "no_personal_data",
    ]


@pytest.mark.parametrize("command", ["discard", "withdraw", "decline"])
def test_a_step_that_stops_a_problem_needs_a_reason(command: str) -> None:
    problem = in_state("draft" if command == "discard" else "submitted")
    assert refused(InvalidInput, problem, command, Given(reason="vì thế")) == ["reason"]


def test_declining_out_of_remit_needs_the_right_place() -> None:
    given = replace(GIVEN["decline"], out_of_remit=True)
    assert refused(InvalidInput, in_state("submitted"), "decline", given) == ["channel"]


def test_returning_needs_a_question() -> None:
    given = replace(GIVEN["return"], questions=())
    assert refused(InvalidInput, in_state("submitted"), "return", given) == ["questions"]


def test_each_question_is_tied_to_a_field_of_the_record() -> None:
    given = replace(GIVEN["return"], questions=(Question("q1", "baseline", "Nguồn?"), Question("q2", "weather", "?")))
    assert refused(InvalidInput, in_state("submitted"), "return", given) == ["questions.1.field"]


def test_the_answer_is_due_after_today() -> None:
    given = replace(GIVEN["return"], answer_due=NOW.date())
    assert refused(InvalidInput, in_state("submitted"), "return", given) == ["answer_due"]


def test_only_a_question_that_was_asked_can_be_answered() -> None:
    given = Given(question_id="q9", answer="Sổ thu phí.")
    assert refused(InvalidInput, in_state("returned"), "answer_clarification", given) == ["question_id"]


def test_sending_again_needs_every_question_answered() -> None:
    problem = replace(in_state("returned"), questions=(Question("q1", "baseline", "Nguồn?"),))
    assert refused(InvalidInput, problem, "resubmit", GIVEN["resubmit"]) == ["questions.q1"]


def test_sending_again_needs_a_change_since_the_return() -> None:
    problem = replace(in_state("returned"), returned_version=5)
    assert refused(InvalidInput, problem, "resubmit", GIVEN["resubmit"]) == ["version"]


def test_whoever_submitted_may_not_approve() -> None:
    problem = replace(in_state("under_review"), submitted_by=LEADER.person_id)
    with pytest.raises(FourEyes):
        act(problem, "approve", GIVEN["approve"], version=5, actor=LEADER, now=NOW)


@pytest.mark.parametrize("days", [None, 1, 15, 400])
def test_a_call_is_open_long_enough_and_not_for_ever(days: int | None) -> None:
    closes_at = NOW + timedelta(days=days) if days else None
    given = replace(GIVEN["publish"], closes_at=closes_at)
    assert refused(InvalidInput, in_state("approved"), "publish", given) == ["closes_at"]


def test_publishing_needs_terms() -> None:
    assert refused(InvalidInput, in_state("approved"), "publish", replace(GIVEN["publish"], terms=None)) == ["terms"]


def test_a_restricted_problem_is_not_put_out_in_a_call() -> None:
    problem = in_state("approved")
    problem = replace(problem, record=replace(problem.record, visibility=Visibility.INVITED))
    refused(NotForACall, problem, "publish", GIVEN["publish"])


def test_the_contact_of_a_call_exists_today() -> None:
    given = replace(GIVEN["publish"], contact_lineage=(ENDED,))
    refused(UnitEnded, in_state("approved"), "publish", given)


def test_a_unit_that_has_ended_posts_nothing_and_learns_its_successor() -> None:
    with pytest.raises(UnitEnded) as caught:
        create(
            PROBLEM_ID,
            Given(record=COMPLETE),
            lineage=(ENDED, WARD),
            actor=person(Role.DRAFTER, unit=ENDED.id),
            now=NOW,
        )
    assert "UBND Phường Bình Thới" in caught.value.advises().vi


def test_an_unknown_unit_posts_nothing() -> None:
    with pytest.raises(UnknownUnit):
        create(PROBLEM_ID, Given(record=COMPLETE), lineage=(), actor=DRAFTER, now=NOW)


def test_a_stale_version_is_refused_with_the_present_one() -> None:
    with pytest.raises(VersionMismatch) as caught:
        act(in_state("submitted"), "start_review", Given(), version=4, actor=COORDINATOR, now=NOW)
    assert "5" in caught.value.advises().vi


def test_another_units_drafter_does_not_learn_that_the_problem_exists() -> None:
    with pytest.raises(NotFound):
        act(new_problem(), "edit", GIVEN["edit"], version=1, actor=person(Role.DRAFTER, unit=OTHER.id), now=NOW)


def test_a_role_that_the_row_does_not_name_is_refused() -> None:
    with pytest.raises(NotAllowed):
        act(new_problem(), "submit", GIVEN["submit"], version=1, actor=DRAFTER, now=NOW)


def test_the_public_event_carries_the_record_and_no_person() -> None:
    _, event = act(in_state("approved"), "publish", GIVEN["publish"], version=5, actor=COORDINATOR, now=NOW)
    told = event.data.model_dump(mode="json")
    assert (told["title"], told["agency"]["name"], told["public"]) == (COMPLETE.title, MARKET.name, True)
    assert told["baseline"][0]["value"] == 6
    people = {DRAFTER.person_id, APPROVER.person_id, COORDINATOR.person_id, DRAFTER.name}
    assert not [person for person in people if person in event.data.model_dump_json()]


@pytest.mark.parametrize("command", ["submit", "return", "start_review", "approve", "withdraw"])
def test_a_step_before_publication_tells_no_title(command: str) -> None:
    states = {"submit": "draft", "approve": "under_review"}
    problem = in_state(states.get(command, "submitted"))
    given, actor = GIVEN.get(command, Given()), ACTORS[command]
    _, event = act(problem, command, given, version=problem.version, actor=actor, now=NOW)
    assert COMPLETE.title not in event.data.model_dump_json()
    assert event.data.public is False


def test_data_listed_and_none_said_contradict_each_other() -> None:
    problem = new_problem(replace(COMPLETE, no_data=True))
    assert refused(RecordIncomplete, problem, "submit", GIVEN["submit"]) == ["no_data"]


def test_today_is_the_citys_date() -> None:
    """18:00 in London is 01:00 of the next day here."""
    evening = NOW.replace(hour=18)
    given = replace(GIVEN["return"], answer_due=evening.date() + timedelta(days=1))
    with pytest.raises(InvalidInput):
        act(in_state("submitted"), "return", given, version=5, actor=COORDINATOR, now=evening)


def test_a_recalled_problem_is_a_draft_that_was_never_sent() -> None:
    after, _ = act(in_state("submitted"), "recall", Given(), version=5, actor=DRAFTER, now=NOW)
    assert (after.state, after.submitted_at, after.submitted_by) == ("draft", None, "")


def test_a_second_round_of_questions_keeps_the_first_with_its_answers() -> None:
    before = in_state("submitted")
    after, event = act(before, "return", GIVEN["return"], version=5, actor=COORDINATOR, now=NOW)
    assert [question.id for question in after.questions] == ["q1", "q6-1"]
    assert after.questions[0] == before.questions[0]
    assert event.data.model_dump()["question_count"] == 1


BLOCKED = replace(JUDGED, blocking=("solution",), verdicts={"solution": "fail"})
SIGNED = Given(no_secrets=True, no_personal_data=True, judgements=(BLOCKED, BLOCKED))


def test_a_blocking_finding_keeps_the_problem_from_being_sent() -> None:
    assert refused(FindingInTheWay, new_problem(), "submit", SIGNED) == ["override"]


def test_a_blocking_finding_keeps_a_returned_problem_from_being_sent_again() -> None:
    assert refused(FindingInTheWay, in_state("returned"), "resubmit", SIGNED) == ["override"]


def test_an_override_needs_thirty_characters() -> None:
    assert refused(FindingInTheWay, new_problem(), "submit", replace(SIGNED, override="x" * 29)) == ["override"]


def test_an_override_is_kept_beside_the_verdicts_it_overrides() -> None:
    why = "Từ «công cụ» ở đây là dụng cụ bốc xếp, không phải phần mềm."
    sent, _ = act(new_problem(), "submit", replace(SIGNED, override=why), version=1, actor=APPROVER, now=NOW)
    assert [one.override for one in sent.judgements] == ["", why]
    assert sent.judgements[-1].verdicts == {"solution": "fail"}


def test_an_override_of_nothing_is_not_kept() -> None:
    given = replace(GIVEN["submit"], override="Không có gì để bỏ qua, chỉ ghi thêm cho đủ.")
    sent, _ = act(new_problem(), "submit", given, version=1, actor=APPROVER, now=NOW)
    assert [one.override for one in sent.judgements] == ["", ""]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"owner": "Phó phòng, 0903 123 456"}, "owner"),
        ({"adopters": ("UBND phường", "thu@phuong.example.vn")}, "adopters.1"),
        ({"tried": (Tried(what="nhắn tin cho anh Ba 0903123456"),)}, "tried.0.what"),
    ],
)
def test_personal_data_anywhere_in_the_record_keeps_it_from_being_sent(changed: dict[str, Any], field: str) -> None:
    problem = new_problem(replace(COMPLETE, **changed))
    assert refused(PersonalDataFound, problem, "submit", GIVEN["submit"]) == [field]


def test_personal_data_is_looked_for_again_before_publishing() -> None:
    problem = in_state("approved")
    problem = replace(problem, record=replace(problem.record, pilot_site="nhà ông Tư, 0903123456"))
    assert refused(PersonalDataFound, problem, "publish", GIVEN["publish"]) == ["pilot_site"]


MARKED = replace(COMPLETE, expected_output="TỐI MẬT\nKết quả")


def test_a_record_marked_secret_is_not_saved() -> None:
    assert refused(MarkedSecret, new_problem(), "edit", Given(record=MARKED)) == ["expected_output"]
    with pytest.raises(MarkedSecret):
        create(PROBLEM_ID, Given(record=MARKED), lineage=(MARKET,), actor=DRAFTER, now=NOW)


@pytest.mark.parametrize(
    ("state", "command", "given", "field"),
    [
        ("draft", "discard", Given(reason="(MẬT) không nêu được"), "reason"),
        ("returned", "answer_clarification", Given(question_id="q1", answer="TUYỆT MẬT"), "answer"),
        (
            "submitted",
            "return",
            replace(GIVEN["return"], questions=(replace(ASKED, text="Độ mật: Mật"),)),
            "questions.0.text",
        ),
    ],
)
def test_nothing_else_that_is_marked_secret_is_stored_either(
    state: str, command: str, given: Given, field: str
) -> None:
    assert refused(MarkedSecret, in_state(state), command, given) == [field]


CALL = "Gọi anh Tư, số 0903123456, để biết vì sao"


@pytest.mark.parametrize(
    ("state", "command", "given", "field"),
    [
        ("draft", "discard", Given(reason=CALL), "reason"),
        ("returned", "answer_clarification", Given(question_id="q1", answer=CALL), "answer"),
        ("draft", "submit", replace(GIVEN["submit"], override=CALL), "override"),
        ("submitted", "return", replace(GIVEN["return"], questions=(replace(ASKED, text=CALL),)), "questions.0.text"),
    ],
)
def test_what_is_said_of_a_problem_holds_no_personal_data(state: str, command: str, given: Given, field: str) -> None:
    assert refused(PersonalDataFound, in_state(state), command, given) == [field]


def test_the_right_place_to_turn_to_may_have_a_number_to_call() -> None:
    given = replace(GIVEN["decline"], out_of_remit=True, channel="Ban Quản lý chợ, 0903123456")
    problem = in_state("submitted")
    after, _ = act(problem, "decline", given, version=problem.version, actor=COORDINATOR, now=NOW)
    assert after.state == "declined"


def test_the_first_text_worth_reading_is_kept_until_it_is_judged() -> None:
    first = new_problem()
    edited, _ = act(first, "edit", GIVEN["edit"], version=1, actor=DRAFTER, now=NOW)
    again, _ = act(edited, "edit", Given(record=Record(title="Tên khác hẳn")), version=2, actor=DRAFTER, now=NOW)
    assert again.first_draft == first.record
    sent, _ = act(edited, "submit", GIVEN["submit"], version=2, actor=APPROVER, now=NOW)
    assert (sent.first_draft, len(sent.judgements)) == (None, 2)


def test_the_page_that_saved_last_may_save_again_from_the_version_it_opened() -> None:
    given = replace(GIVEN["edit"], page="a page", automatic=True)
    once, _ = act(new_problem(), "edit", given, version=1, actor=DRAFTER, now=NOW)
    twice, _ = act(once, "edit", given, version=1, actor=DRAFTER, now=NOW)
    assert twice.version == 3


def test_another_page_may_not_and_no_page_is_no_page() -> None:
    once, _ = act(
        new_problem(), "edit", replace(GIVEN["edit"], page="a page", automatic=True), version=1, actor=DRAFTER, now=NOW
    )
    twice, _ = act(once, "edit", GIVEN["edit"], version=2, actor=DRAFTER, now=NOW)
    for problem, page in ((once, "another"), (once, ""), (twice, ""), (twice, "a page")):
        with pytest.raises(VersionMismatch):
            act(problem, "edit", replace(GIVEN["edit"], page=page), version=1, actor=DRAFTER, now=NOW)
