"""The demo's data holds together, and would pass the API's doors."""

from datetime import date, datetime
from pathlib import Path

import pytest

from deploy.demo.cases import HERE, cases, people, profiles, units
from services.intake.people.repository import PEOPLE
from services.intake.problems.guards import CALL_MIN
from services.intake.problems.record import missing
from services.intake.problems.record_words import LABELS
from services.intake.problems.request_models import RecordIn
from services.intake.units.api import UnitIn
from services.matching.profiles.request_models import ProfileIn
from shared.identity import Role

TODAY = date(2026, 3, 2)
CASES = cases(TODAY)
FILES = sorted(HERE.rglob("*.toml"))


def test_there_are_the_twelve_cases_in_order() -> None:
    assert [case.number for case in CASES] == list(range(1, 13))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_every_case_has_all_that_submitting_needs_and_says_it_is_illustrative(case) -> None:  # type: ignore[no-untyped-def]  # parametrized
    record = RecordIn.model_validate(case.record).record()
    assert not missing(record)
    assert record.illustrative


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_marked_as_illustrative_and_says_where_it_is_from(file: Path) -> None:
    first_line, text = file.read_text().splitlines()[0], file.read_text()
    assert "Dữ liệu minh họa" in first_line
    assert any(mark in text for mark in ("[MH]", "[BB]", "[CK]"))


def test_only_the_police_case_is_restricted_and_it_stops_at_submitted() -> None:
    assert [(case.number, case.ends_at) for case in CASES if case.restricted] == [(5, "submitted")]
    assert {case.ends_at for case in CASES if not case.restricted} == {"open"}


def test_the_market_case_begins_as_a_solution_and_is_rewritten_as_a_problem() -> None:
    market = CASES[7]
    assert market.first_record["title"] == "Xây dựng công cụ quản lý chợ"
    assert market.title == "Ban quản lý chợ không biết sạp nào đang hoạt động"
    assert market.questions


def test_questions_are_tied_to_fields_of_the_record_and_have_answers() -> None:
    asked = [question for case in CASES for question in case.questions]
    assert {question["field"] for question in asked} <= set(LABELS)
    assert all(question["answer"] for question in asked)


def test_a_call_stays_open_long_enough_counted_from_today() -> None:
    now = datetime.fromisoformat("2026-03-02T23:59:59+07:00")
    assert all(case.closes_at - now >= CALL_MIN for case in CASES)


def test_a_target_is_due_as_long_after_today_as_it_was_after_the_original() -> None:
    written, due = date(2023, 12, 1), date(2024, 12, 31)
    assert CASES[0].record["target"][0]["due"] == (TODAY + (due - written)).isoformat()
    assert all(date.fromisoformat(row["due"]) > TODAY for case in CASES for row in case.record["target"])


def test_a_case_is_posted_by_a_unit_that_is_valid_today_and_an_ended_one_is_named_in_its_text() -> None:
    known = {unit["id"]: unit for unit in units()}
    assert all("valid_to" not in known[case.unit] for case in CASES)
    ended_before = {unit["successor_id"]: unit["name"].removeprefix("UBND ") for unit in units() if "valid_to" in unit}
    inherited = [case for case in CASES if case.unit in ended_before]
    assert [case.number for case in inherited] == [1, 2, 3, 4, 9]
    assert all(ended_before[case.unit] in case.record["statement"]["who"] for case in inherited)


def test_units_are_as_the_api_takes_them_and_districts_ended_with_june_2025() -> None:
    bodies = [{name: value for name, value in unit.items() if name != "id"} for unit in units()]
    assert [UnitIn.model_validate(body) for body in bodies]
    assert {unit["valid_to"] for unit in units() if "valid_to" in unit} == {"2025-06-30"}


def test_each_agency_has_a_drafter_and_an_approver_and_dost_its_people() -> None:
    known = PEOPLE.validate_python(people())
    ids = {person.id: person.roles for person in known}
    assert all(ids[case.drafter] == {Role.DRAFTER} and ids[case.approver] == {Role.APPROVER} for case in CASES)
    by_role = {role: [person.id for person in known if role in person.roles] for role in Role}
    assert by_role[Role.COORDINATOR] == ["dieu-phoi"]
    assert by_role[Role.DEPT_LEADER] == ["lanh-dao"]
    assert by_role[Role.OPS] == ["van-hanh"]
    assert len(by_role[Role.RESEARCHER]) >= 8


def test_every_researcher_has_a_profile_as_the_api_takes_it() -> None:
    researchers = {person["id"] for person in people() if "researcher" in person["roles"]}
    assert {profile["person"] for profile in profiles()} == researchers
    for profile in profiles():
        body = {name: value for name, value in profile.items() if name != "person"}
        assert ProfileIn.model_validate({"version": 0, **body})
    assert any(profile.get("searches") for profile in profiles())
