"""People, records and problems for intake's tests."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.intake.problems.adoption import Adoption, Consent
from services.intake.problems.coached import digest_of
from services.intake.problems.duplicates import Decision, Likeness
from services.intake.problems.existing import Existing
from services.intake.problems.judgement import Judgement
from services.intake.problems.pilot import PilotPlan
from services.intake.problems.problem import Given, Problem, Question, Terms, draft
from services.intake.problems.record import Record
from services.intake.units.unit import Unit
from shared.events.problem import (
    Affected,
    Baseline,
    BudgetSource,
    DataOffer,
    PersonalData,
    Place,
    Statement,
    Target,
    Tried,
    Visibility,
)
from shared.identity import Actor, Role

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
MARKET = Unit("so-cong-thuong", "Sở Công Thương", date(2008, 1, 1))
OTHER = Unit("so-y-te", "Sở Y tế", date(1976, 1, 1))
ENDED = Unit("q11", "UBND Quận 11", date(1997, 4, 1), date(2025, 6, 30), "p-binh-thoi")
SUCCESSOR = Unit("p-binh-thoi", "UBND Phường Bình Thới", date(2025, 7, 1))
WARD = Unit("p-binh-thoi", "UBND Phường Bình Thới", date(2025, 7, 1))
PROBLEM_ID = "01a210c7-7409-752d-95d7-9b42cdf0d425"


def person(role: Role, *, unit: str | None = MARKET.id, name: str = "") -> Actor:
    return Actor(name or f"{role}-1", "Trần Thị Mai", frozenset({role}), unit)


DRAFTER, APPROVER = person(Role.DRAFTER), person(Role.APPROVER)
COORDINATOR, LEADER = person(Role.COORDINATOR, unit="so-khcn"), person(Role.DEPT_LEADER, unit="so-khcn")
RESEARCHER, OPERATOR = person(Role.RESEARCHER, unit=None), person(Role.OPS, unit=None)

COMPLETE = Record(
    title="Ban quản lý chợ không biết sạp nào bỏ trống",
    statement=Statement(
        who="Ban quản lý 3 chợ",
        trouble="không biết sạp nào bỏ trống trong ngày",
        cause="mỗi chợ kiểm đếm giấy 2 lần/tuần",
        consequence="thu phí sót, thất thu ước 6%",
    ),
    place=(Place(name="Phường Chợ Lớn", unit_id="p-cho-lon"),),
    field_codes=("502",),
    affected=(Affected(group="tiểu thương", count=1200, source="sổ thu phí"),),
    baseline=(Baseline(metric="thất thu phí chợ", value=6, unit="%", period="năm 2021"),),
    target=(Target(metric="thất thu phí chợ", value=2, unit="%", due=date(2027, 12, 31)),),
    data=(DataOffer(name="sổ thu phí", since="2018"),),
    tried=(Tried(what="sổ ký tên", year="2020", result="bỏ sót giờ cao điểm"),),
    owner="Phó Trưởng phòng Quản lý thương mại",
    needed_by=date(2027, 12, 31),
    must_connect=("sổ thu phí của ban quản lý chợ",),
    expected_output="Ban quản lý biết sạp nào bỏ trống ngay trong ngày",
    adopters=("Ban quản lý 3 chợ",),
    illustrative=True,
)
EVERYTHING = replace(
    COMPLETE,
    place=(*COMPLETE.place, Place(name="Phường Bình Thới", unit_id=WARD.id)),
    field_codes=("5", "502", "101"),
    baseline=(Baseline(metric="thất thu phí chợ", value=6.5, unit="%", period="năm 2021", source="sổ thu phí"),),
    data=(DataOffer(name="sổ thu phí", since="2018", format="giấy", personal=PersonalData.BASIC, access="tại chợ"),),
    never_tried=True,
    budget=500_000_000,
    budget_source=BudgetSource.STATE,
    must_not=("không tăng nhân sự",),
    legal_basis=("Nghị định 60/2024/NĐ-CP",),
    no_data=True,
    expected_benefit="thu đủ phí của sạp có người bán",
    pilot_site="Chợ Bình Tây",
    pilot_from=date(2027, 1, 15),
    visibility=Visibility.REGISTERED,
    existing=Existing(what="Sổ sạp điện tử", whose="UBND Phường Bình Thới", where="DB-7K2Q4M"),
)
"""Says something in every field and in every part of its rows, though some contradict each other."""
JUDGED = Judgement(
    version=1,
    at=NOW,
    clear=5,
    of=6,
    verdicts={"solution": "pass"},
    versions={"rubric": "1", "words": "1", "model": "m"},
    digest=digest_of(COMPLETE),
)
ASKED = Question("q1", "baseline", "Con số 6% lấy từ đâu?")
ADOPTION = Adoption(
    Existing(what="Sổ sạp điện tử", whose="UBND Phường Bình Thới", where="https://binhthoi.example.vn/so-sap"),
    Consent("UBND Phường Bình Thới", date(2026, 11, 20), "123/UBND-KT"),
    PilotPlan(
        site="Chợ Bình Tây",
        unit="Ban quản lý chợ Bình Tây",
        starts=date(2026, 12, 1),
        ends=date(2027, 5, 30),
        measures=COMPLETE.target,
        stop_rule="Sau 60 ngày, thất thu chưa dưới 6 %",
        budget=0,
        data_agreement="45/TT-SCT",
    ),
)
"""A pilot of 180 days."""
GIVEN: dict[str, Given] = {
    "edit": Given(record=replace(COMPLETE, title="Ban quản lý chợ không biết sạp nào trống")),
    "submit": Given(no_secrets=True, no_personal_data=True, judgements=(JUDGED, JUDGED)),
    "resubmit": Given(no_secrets=True, no_personal_data=True, judgements=(JUDGED, JUDGED)),
    "discard": Given(reason="Đã gộp vào một đề bài khác của đơn vị."),
    "withdraw": Given(reason="Đơn vị đã tự giải quyết được."),
    "decline": Given(reason="Không thuộc phạm vi khoa học và công nghệ."),
    "return": Given(questions=(ASKED,), answer_due=NOW.date() + timedelta(days=10)),
    "answer_clarification": Given(question_id="q1", answer="Sổ thu phí năm 2021."),
    "start_review": Given(duplicates=Decision(Likeness.DIFFERENT)),
    "approve": Given(reason="Vấn đề rõ, đo được."),
    "publish": Given(
        closes_at=NOW + timedelta(days=30), terms=Terms.SHARED, contact_unit_id=MARKET.id, contact_lineage=(MARKET,)
    ),
    "adopt_existing": Given(adoption=ADOPTION),
}
"""What each command needs to pass its guards."""
ACTORS = {
    "edit": DRAFTER,
    "submit": APPROVER,
    "resubmit": APPROVER,
    "discard": DRAFTER,
    "recall": DRAFTER,
    "withdraw": APPROVER,
    "return": COORDINATOR,
    "answer_clarification": DRAFTER,
    "start_review": COORDINATOR,
    "decline": COORDINATOR,
    "approve": LEADER,
    "publish": COORDINATOR,
    "adopt_existing": COORDINATOR,
}
"""Someone who may take each command."""


def new_problem(record: Record = COMPLETE) -> Problem:
    return draft(PROBLEM_ID, Given(record=record), unit=MARKET, actor=DRAFTER, now=NOW)


def in_state(state: str) -> Problem:
    """A problem that got there the usual way; its questions are answered."""
    sent = replace(new_problem(), version=5, submitted_by=APPROVER.person_id, submitted_at=NOW)
    answered = replace(ASKED, answer="Sổ thu phí năm 2021.")
    if state == "draft":
        return new_problem()
    published = NOW if state not in ("submitted", "returned", "under_review", "approved") else None
    return replace(sent, state=state, questions=(answered,), returned_version=3, published_at=published)


RECORD_BODY: dict[str, Any] = {
    "title": COMPLETE.title,
    "statement": COMPLETE.statement.model_dump(),
    "place": [{"name": "Phường Chợ Lớn", "unit_id": "p-cho-lon"}],
    "field_codes": ["502"],
    "affected": [{"group": "tiểu thương", "count": 1200, "source": "sổ thu phí"}],
    "baseline": [{"metric": "thất thu phí chợ", "value": 6, "unit": "%", "period": "năm 2021"}],
    "target": [{"metric": "thất thu phí chợ", "value": 2, "unit": "%", "due": "2027-12-31"}],
    "data": [{"name": "sổ thu phí", "since": "2018"}],
    "tried": [{"what": "sổ ký tên", "year": "2020", "result": "bỏ sót giờ cao điểm"}],
    "owner": COMPLETE.owner,
    "needed_by": "2027-12-31",
    "must_connect": list(COMPLETE.must_connect),
    "expected_output": COMPLETE.expected_output,
    "adopters": list(COMPLETE.adopters),
}


def in_days(days: int) -> datetime:
    """From the real now, which the doors use."""
    return datetime.now(UTC) + timedelta(days=days)
