"""A problem goes to review with a decision on what is like it, and the decision is kept for DOST."""

from typing import Any

import pytest

from services.intake.problems.duplicates import Decision, DuplicatesUndecided, Likeness, SameProblem
from services.intake.problems.problem import Given, reference
from services.intake.problems.protected import MarkedSecret, PersonalDataFound
from services.intake.problems.step import act
from shared.identity import ANONYMOUS
from shared.mongo import Database
from shared.refusals import InvalidInput, Refusal
from tests.services.intake.builders import COORDINATOR, DRAFTER, LEADER, NOW, PROBLEM_ID, in_state
from tests.services.intake.conftest import Desk
from tests.services.intake.path import DIFFERENT, Body, take, walk
from tests.services.intake.problems.test_refused_requests import check_refusal

OTHER_ID = "01a210c7-7409-752d-95d7-9b42cdf0d426"
OTHER_REF = reference(OTHER_ID)
KNOWN = {OTHER_ID: OTHER_ID, OTHER_REF: OTHER_ID, PROBLEM_ID: PROBLEM_ID}
WHY = "Cùng chợ, cùng con số, cùng đơn vị."


def reviewed(decision: Decision | None, command: str = "start_review") -> tuple[Decision, ...]:
    given = Given(duplicates=decision, known=KNOWN, reason="Đã có đề bài khác cùng vấn đề.")
    after, _ = act(in_state("submitted"), command, given, version=5, actor=COORDINATOR, now=NOW)
    return after.duplicates


def refused(kind: type[Refusal], decision: Decision | None, command: str = "start_review") -> list[tuple[str, str]]:
    with pytest.raises(kind) as caught:
        reviewed(decision, command)
    return [(error.field, error.code) for error in caught.value.errors]


def test_a_review_needs_a_decision() -> None:
    assert refused(DuplicatesUndecided, None) == [("duplicates.likeness", "missing")]


def test_a_different_problem_goes_to_review_and_who_decided_on_what_is_kept() -> None:
    (kept,) = reviewed(Decision(Likeness.DIFFERENT, (OTHER_ID,)))
    assert (kept.shown, kept.of, kept.by, kept.at, kept.version) == ((OTHER_ID,), "", COORDINATOR.person_id, NOW, 5)


@pytest.mark.parametrize("name", [OTHER_ID, OTHER_REF])
def test_a_related_problem_is_named_by_id_or_reference_and_kept_by_id(name: str) -> None:
    (kept,) = reviewed(Decision(Likeness.RELATED, of=name))
    assert (kept.likeness, kept.of) == (Likeness.RELATED, OTHER_ID)


def test_what_was_looked_at_is_kept_by_id_and_each_once() -> None:
    (kept,) = reviewed(Decision(Likeness.DIFFERENT, (OTHER_REF, OTHER_ID, OTHER_REF)))
    assert kept.shown == (OTHER_ID,)


def test_nothing_is_declined_for_being_like_no_other() -> None:
    assert refused(InvalidInput, Decision(Likeness.DIFFERENT), "decline") == [("duplicates.likeness", "different")]


@pytest.mark.parametrize(
    ("decision", "field", "code"),
    [
        (Decision(Likeness.RELATED), "duplicates.of", "missing"),
        (Decision(Likeness.SAME, reason=WHY), "duplicates.of", "missing"),
        (Decision(Likeness.RELATED, of=PROBLEM_ID), "duplicates.of", "itself"),
        (Decision(Likeness.RELATED, of="DB-000000"), "duplicates.of", "unknown"),
        (Decision(Likeness.SAME, of=OTHER_REF, reason="trùng"), "duplicates.reason", "missing"),
        (Decision(Likeness.DIFFERENT, (OTHER_ID, "unseen")), "duplicates.shown.1", "unknown"),
        (Decision(Likeness.DIFFERENT, (PROBLEM_ID,)), "duplicates.shown.0", "unknown"),
    ],
    ids=str,
)
@pytest.mark.parametrize("command", ["start_review", "decline"])
def test_a_decision_that_names_nothing_or_gives_no_reason_is_refused(
    command: str, decision: Decision, field: str, code: str
) -> None:
    assert refused(InvalidInput, decision, command) == [(field, code)]


def test_the_same_problem_is_not_reviewed_and_the_way_out_is_told() -> None:
    with pytest.raises(SameProblem) as caught:
        reviewed(Decision(Likeness.SAME, of=OTHER_ID, reason=WHY))
    assert OTHER_REF in caught.value.advises().vi and "không tiếp nhận" in caught.value.advises().vi


def test_the_same_problem_is_declined_and_what_it_is_a_duplicate_of_is_kept() -> None:
    (kept,) = reviewed(Decision(Likeness.SAME, of=OTHER_REF, reason=WHY), "decline")
    assert (kept.of, kept.reason, kept.likeness) == (OTHER_ID, WHY, Likeness.SAME)


def test_declining_needs_no_decision() -> None:
    assert reviewed(None, "decline") == ()


def test_a_leader_who_declines_names_a_problem_that_is_there() -> None:
    given = Given(duplicates=Decision(Likeness.RELATED, of="DB-000000"), known=KNOWN, reason="Hội đồng không đồng ý.")
    with pytest.raises(InvalidInput):
        act(in_state("under_review"), "decline", given, version=5, actor=LEADER, now=NOW)


def test_a_reason_that_is_marked_secret_is_not_stored() -> None:
    assert refused(MarkedSecret, Decision(Likeness.SAME, of=OTHER_ID, reason="TUYỆT MẬT"))[0][0] == "duplicates.reason"


def test_a_reason_that_holds_personal_data_is_not_stored() -> None:
    decision = Decision(Likeness.SAME, of=OTHER_ID, reason="Hỏi anh Tư, 0903123456, là rõ hai đề bài là một")
    assert refused(PersonalDataFound, decision)[0][0] == "duplicates.reason"


async def decided(program: Desk, **decision: Any) -> tuple[Body, Body]:
    """A problem in review, and the other one that was named."""
    other, problem = await walk(program, "submitted"), await walk(program, "submitted")
    named = {"of": other["ref"].lower()} if decision["likeness"] != "different" else {}
    given = {"shown": [other["id"]], **named, **decision}
    answer = await take(program, problem, "start_review", duplicates=given)
    assert answer.status_code == 200, answer.text
    return answer.json(), other


async def test_the_department_reads_the_decision(program: Desk) -> None:
    problem, other = await decided(program, likeness="related", reason=WHY)
    read = (await program(LEADER).get(f"/problems/{problem['id']}")).json()
    (kept,) = read["duplicates"]
    assert (kept["of"], kept["shown"], kept["reason"]) == (other["id"], [other["id"]], WHY)
    assert kept["by"] == COORDINATOR.person_id


async def test_the_agency_which_may_not_see_the_other_one_does_not(program: Desk) -> None:
    problem, _ = await decided(program, likeness="related", reason=WHY)
    for actor in (DRAFTER, LEADER):
        for path in (f"/problems/{problem['id']}", "/problems?state=under_review"):
            text = (await program(actor).get(path)).text
            assert (WHY in text) is (actor is LEADER)


async def test_neither_the_events_nor_the_public_know_of_it(program: Desk, store: Database) -> None:
    problem, _ = await decided(program, likeness="related", reason=WHY)
    for command in ("approve", "publish"):
        problem = (await take(program, problem, command)).json()
    assert "duplicates" not in (await program(ANONYMOUS).get(f"/problems/{problem['id']}")).json()
    told = b"".join([event["value"] async for row in store.outbox.find() for event in row["events"]])
    logged = str(await store.events.find().to_list(None))
    assert WHY not in told.decode() + logged and "duplicates" not in told.decode() + logged


@pytest.mark.parametrize(
    ("duplicates", "code", "field"),
    [
        (None, "duplicates_undecided", "duplicates.likeness"),
        ({"likeness": "different"}, "invalid_input", "duplicates.shown"),
        ({"likeness": "alike", "shown": []}, "invalid_input", "duplicates.likeness"),
        (DIFFERENT | {"merge": True}, "invalid_input", "duplicates.merge"),
        (DIFFERENT | {"shown": ["x"] * 21}, "invalid_input", "duplicates.shown"),
        (DIFFERENT | {"likeness": "related", "of": "DB-000000"}, "invalid_input", "duplicates.of"),
    ],
    ids=str,
)
async def test_a_request_without_a_whole_decision_says_what_is_missing(
    program: Desk, duplicates: Body | None, code: str, field: str
) -> None:
    problem = await walk(program, "submitted")
    told = check_refusal(await take(program, problem, "start_review", duplicates=duplicates), 422, code)
    assert told["errors"][0]["field"] == field


async def test_what_was_looked_at_may_be_named_by_reference_in_small_letters(program: Desk) -> None:
    problem, other = await decided(program, likeness="different", shown=[])
    assert problem["duplicates"][0]["shown"] == []
    given = {"likeness": "different", "shown": [problem["ref"].lower(), problem["id"]]}
    (kept,) = (await take(program, other, "start_review", duplicates=given)).json()["duplicates"]
    assert kept["shown"] == [problem["id"]]


async def test_a_draft_of_another_unit_is_not_there_to_be_named(program: Desk) -> None:
    draft, problem = await walk(program, "draft"), await walk(program, "submitted")
    given = {"likeness": "related", "shown": [], "of": draft["ref"]}
    told = check_refusal(await take(program, problem, "start_review", duplicates=given), 422, "invalid_input")
    assert told["errors"][0]["code"] == "unknown"


async def test_a_duplicate_is_refused_by_name(program: Desk) -> None:
    other, problem = await walk(program, "open"), await walk(program, "submitted")
    given = {"likeness": "same", "shown": [other["id"]], "of": other["id"], "reason": WHY}
    told = check_refusal(await take(program, problem, "start_review", duplicates=given), 409, "same_problem")
    assert other["ref"] in told["detail"]
