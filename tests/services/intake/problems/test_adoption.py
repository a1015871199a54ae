"""This exists, so it is piloted: which solution, that its owner agrees, and the plan; what is kept, told and shown of it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.problems.adoption import NO_CONSENT, Adoption, SolutionNotAgreed
from services.intake.problems.existing import NOTHING, Existing
from services.intake.problems.pilot import NO_PLAN, PilotPlanIncomplete
from services.intake.problems.problem import Given, Problem, reference
from services.intake.problems.protected import MarkedSecret, PersonalDataFound
from services.intake.problems.step import act
from shared.identity import ANONYMOUS
from shared.mongo import Database
from shared.refusals import Refusal
from tests.services.intake.builders import ADOPTION, COORDINATOR, DRAFTER, LEADER, NOW, PROBLEM_ID, in_state
from tests.services.intake.conftest import Desk
from tests.services.intake.path import adoption, take, walk
from tests.services.intake.problems.test_refused_requests import check_refusal

ELSEWHERE = "01a210c7-7409-752d-95d7-9b42cdf0d426"
UNSOLVED = "01a210c7-7409-752d-95d7-9b42cdf0d427"
KNOWN = {name: one for one in (ELSEWHERE, UNSOLVED, PROBLEM_ID) for name in (one, reference(one))}
SOLUTION = {"solution.what", "solution.whose", "solution.where", "consent.by", "consent.on", "consent.document"}
PLAN = {
    f"plan.{name}"
    for name in ("site", "unit", "starts", "ends", "measures", "stop_rule", "budget", "data_agreement")
}  # fmt: skip


def adopted(given: Adoption | None, state: str = "open") -> Problem:
    found = Given(adoption=given, known=KNOWN, in_use=frozenset({ELSEWHERE}))
    after, _ = act(in_state(state), "adopt_existing", found, version=5, actor=COORDINATOR, now=NOW)
    return after


def refused(kind: type[Refusal], given: Adoption | None) -> list[tuple[str, str]]:
    with pytest.raises(kind) as caught:
        adopted(given)
    return [(error.field, error.code) for error in caught.value.errors]


def planned(**changed: Any) -> Adoption:
    return replace(ADOPTION, plan=replace(ADOPTION.plan, **changed))


def solved_by(where: str) -> Adoption:
    return replace(ADOPTION, solution=ADOPTION.solution.model_copy(update={"where": where}))


@pytest.mark.parametrize("state", ["approved", "open"])
def test_what_was_adopted_is_kept(state: str) -> None:
    after = adopted(ADOPTION, state)
    assert (after.state, after.adoption) == ("piloting", ADOPTION)


@pytest.mark.parametrize("given", [None, Adoption()])
def test_everything_that_is_missing_is_named_at_once(given: Adoption | None) -> None:
    assert {field for field, _ in refused(SolutionNotAgreed, given)} == SOLUTION | PLAN


def test_a_plan_alone_that_lacks_something_is_refused_by_its_own_name() -> None:
    assert {field for field, _ in refused(PilotPlanIncomplete, replace(ADOPTION, plan=NO_PLAN))} == PLAN


@pytest.mark.parametrize("part", ["what", "whose", "where"])
def test_a_solution_says_what_it_is_and_whose_and_where(part: str) -> None:
    solution = ADOPTION.solution.model_copy(update={part: ""})
    assert refused(SolutionNotAgreed, replace(ADOPTION, solution=solution)) == [(f"solution.{part}", "missing")]


@pytest.mark.parametrize(
    "where",
    ["javascript:alert(1)", "http://", "ftp://a.vn/x", "https://a.vn x", "https://mai@a.vn/", "DB-000000", "xem sau"],
)
def test_what_is_neither_a_page_nor_a_problem_is_no_reference(where: str) -> None:
    assert ("solution.where", "unknown") in refused(SolutionNotAgreed, solved_by(where))


@pytest.mark.parametrize("where", ["http://a.vn", "https://a.vn/sáng-kiến?số=1#2"])
def test_the_address_of_a_page_is_a_reference(where: str) -> None:
    after = adopted(solved_by(where))
    assert after.adoption and (after.adoption.solution.link, after.adoption.of) == (where, "")


@pytest.mark.parametrize("where", [ELSEWHERE, reference(ELSEWHERE)])
def test_a_problem_whose_solution_is_in_use_is_a_reference_and_is_kept_by_id_alone(where: str) -> None:
    after = adopted(solved_by(where))
    assert after.adoption and (after.adoption.solution.where, after.adoption.of) == ("", ELSEWHERE)


@pytest.mark.parametrize(("where", "code"), [(reference(UNSOLVED), "not_in_use"), (PROBLEM_ID, "itself")])
def test_a_problem_without_a_solution_in_use_is_no_reference(where: str, code: str) -> None:
    assert refused(SolutionNotAgreed, solved_by(where)) == [("solution.where", code)]


@pytest.mark.parametrize(
    ("changed", "code"), [({"by": ""}, "missing"), ({"document": ""}, "missing"), ({"on": None}, "missing")]
)
def test_a_consent_says_who_when_and_by_which_document(changed: dict[str, Any], code: str) -> None:
    given = replace(ADOPTION, consent=replace(ADOPTION.consent, **changed))
    assert refused(SolutionNotAgreed, given) == [(f"consent.{name}", code) for name in changed]


def test_nobody_has_agreed_tomorrow() -> None:
    today, tomorrow = date(2026, 11, 23), date(2026, 11, 24)
    given = replace(ADOPTION, consent=replace(ADOPTION.consent, on=tomorrow))
    assert refused(SolutionNotAgreed, given) == [("consent.on", "future")]
    assert adopted(replace(given, consent=replace(given.consent, on=today))).state == "piloting"


@pytest.mark.parametrize("starts", [date(2026, 11, 22), date(2027, 11, 29)])
def test_a_pilot_begins_from_today_on_within_a_year(starts: date) -> None:
    plan = planned(starts=starts, ends=starts + timedelta(days=30))
    assert refused(PilotPlanIncomplete, plan) == [("plan.starts", "window")]


@pytest.mark.parametrize("days", [0, -1, 181])
def test_a_pilot_ends_after_it_began_within_180_days(days: int) -> None:
    plan = planned(ends=ADOPTION.plan.starts and ADOPTION.plan.starts + timedelta(days=days))
    assert refused(PilotPlanIncomplete, plan) == [("plan.ends", "period")]


def test_a_pilot_that_costs_nothing_says_so() -> None:
    assert refused(PilotPlanIncomplete, planned(budget=None)) == [("plan.budget", "missing")]
    assert adopted(planned(budget=0)).state == "piloting"


def test_a_private_persons_data_is_refused_wherever_it_is_written() -> None:
    given = replace(
        planned(site="nhà ông Tư, 0903 123 456"), solution=Existing(what="Sổ", whose="a@b.vn", where="https://a.vn")
    )
    assert refused(PersonalDataFound, given) == [("solution.whose", "mail"), ("plan.site", "phone")]


def test_a_private_persons_data_is_named_together_with_what_is_missing() -> None:
    given = replace(planned(site="gọi 0903 123 456"), consent=NO_CONSENT, solution=NOTHING)
    assert ("plan.site", "phone") in refused(SolutionNotAgreed, given)


def test_what_is_marked_secret_is_not_stored() -> None:
    measures = tuple(one.model_copy(update={"metric": "(MẬT) thất thu"}) for one in ADOPTION.plan.measures)
    assert refused(MarkedSecret, planned(measures=measures)) == [("plan.measures.0.metric", "secret")]


def test_the_event_tells_until_when_and_neither_whose_nor_which() -> None:
    given = Given(adoption=ADOPTION)
    _, event = act(in_state("open"), "adopt_existing", given, version=5, actor=COORDINATOR, now=NOW)
    told = event.data.model_dump(mode="json")
    assert (event.type, told["to_state"]) == ("vn.debai.problem.pilot_started.v1", "piloting")
    assert (told["existing_solution"], told["pilot_from"], told["pilot_to"]) == (True, "2026-12-01", "2027-05-30")
    written = [ADOPTION.solution.what, ADOPTION.consent.by, ADOPTION.consent.document, ADOPTION.plan.site]
    assert not [text for text in (*written, COORDINATOR.person_id) if text in event.data.model_dump_json()]


@pytest.mark.mongo
async def test_an_open_problem_is_piloted_by_api_and_the_event_waits_to_be_sent(program: Desk, store: Database) -> None:
    problem = await walk(program, "piloting")
    assert problem["adoption"]["solution"] == ADOPTION.solution.model_dump()
    waiting = [event["type"] async for row in store.outbox.find().sort("at", 1) for event in row["events"]]
    assert waiting[-1] == "vn.debai.problem.pilot_started.v1"
    stored = await store.problems.find_one({"_id": problem["id"]})
    assert stored is not None and stored["adoption"]["consent"]["document"] == ADOPTION.consent.document


@pytest.mark.mongo
async def test_a_refusal_by_api_names_every_field(program: Desk) -> None:
    problem = await walk(program, "approved")
    answer = await take(program, problem, "adopt_existing", solution={}, consent={}, plan={})
    check_refusal(answer, 422, "solution_not_agreed")
    assert {one["field"] for one in answer.json()["errors"]} == SOLUTION | PLAN


@pytest.mark.mongo
@pytest.mark.parametrize("actor", [LEADER, DRAFTER])
async def test_only_a_coordinator_adopts(program: Desk, actor: Any) -> None:
    problem = await walk(program, "open")
    check_refusal(await take(program, problem, "adopt_existing", actor=actor), 403, "not_allowed")


@pytest.mark.mongo
async def test_asked_again_with_the_same_key_it_is_adopted_once(program: Desk, store: Database) -> None:
    problem, given = await walk(program, "open"), adoption()
    answers = [await take(program, problem, "adopt_existing", key="k", **given) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200] and answers[0].json() == answers[1].json()
    assert await store.events.count_documents({"type": "vn.debai.problem.pilot_started.v1"}) == 1


@pytest.mark.mongo
async def test_another_problem_is_named_in_any_letters_once_its_solution_is_in_use(program: Desk) -> None:
    first, second = await walk(program, "open"), await walk(program, "open")
    solution = {"what": "Sổ sạp", "whose": "Sở Công Thương", "where": first["ref"].lower()}
    answer = await take(program, second, "adopt_existing", **adoption(solution=solution))
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [("solution.where", "not_in_use")]
    assert (await take(program, first, "adopt_existing")).status_code == 200
    answer = await take(program, second, "adopt_existing", **adoption(solution=solution))
    assert (answer.status_code, answer.json()["adoption"]["of"]) == (200, first["id"])


@pytest.mark.mongo
async def test_the_public_reads_the_solution_and_the_place_but_no_number_of_a_document(program: Desk) -> None:
    source, problem = await walk(program, "piloting"), await walk(program, "open")
    solution = {"what": "Sổ sạp", "whose": "Sở Công Thương", "where": source["ref"]}
    assert (await take(program, problem, "adopt_existing", **adoption(solution=solution))).status_code == 200
    path = f"/problems/{problem['id']}"
    public, agency, dost = [(await program(who).get(path)).json()["adoption"] for who in (ANONYMOUS, DRAFTER, LEADER)]
    assert (public["solution"]["what"], public["plan"]["site"]) == ("Sổ sạp", ADOPTION.plan.site)
    hidden = (ADOPTION.consent.document, ADOPTION.plan.data_agreement, source["id"], source["ref"])
    assert not [text for text in hidden if text in json.dumps(public, ensure_ascii=False)]
    assert "of" not in agency and agency["consent"]["document"] == ADOPTION.consent.document
    assert dost["of"] == source["id"]
