"""Problems and profiles in real Vietnamese."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.matching.matches.match import OpenProblem
from services.matching.profiles.profile import Profile
from services.matching.profiles.saved_search import SavedSearch
from shared.events.envelope import Event
from shared.events.problem import Agency, ProblemPilotStarted, ProblemPublished, ProblemWithdrawn, Statement

NOW = datetime.now(UTC).replace(microsecond=0)
CLOSES = NOW + timedelta(days=30)

MARKET = "Ban quản lý chợ không biết sạp nào bỏ trống trong ngày nên thu phí sót"
HOSPITAL = "Bệnh nhân chuyển viện phải xét nghiệm lại vì bác sĩ nơi nhận không xem được kết quả cũ"
SCHOOL = "Giáo viên nhập cùng một bộ điểm vào nhiều sổ"
FLOOD = "Ngập kéo dài tại hẻm thấp hơn mặt đường sau mưa lớn"

EXPERTS = {
    "cho": "Kinh tế chợ truyền thống: sắp xếp tiểu thương, thu phí sạp, kiểm đếm chỗ trống.",
    "y-te": "Liên thông kết quả xét nghiệm giữa các bệnh viện, hồ sơ bệnh án điện tử, chuyển viện.",
    "truong": "Sổ điểm điện tử, giảm việc nhập trùng của giáo viên phổ thông.",
    "ngap": "Mô hình ngập đô thị, thoát nước, cảm biến mực nước, mưa lớn và triều cường.",
    "tom": "Nuôi tôm công nghệ cao, dinh dưỡng thủy sản, chất lượng nước ao.",
}


def problem(title: str, *, number: int = 1, codes: tuple[str, ...] = ("502",), **changed: Any) -> OpenProblem:
    given: dict[str, Any] = {
        "id": f"01a210c7-7409-752d-95d7-{number:012d}",
        "ref": f"DB-{number:06d}",
        "version": 9,
        "title": title,
        "text": title,
        "agency_id": "so-cong-thuong",
        "agency_name": "Sở Công Thương",
        "field_codes": codes,
        "places": ("Phường Chợ Lớn",),
        "closes_at": CLOSES,
        "published_at": NOW,
    }
    return OpenProblem(**(given | changed))


def profile(
    person: str, *, version: int = 1, searches: tuple[SavedSearch, ...] = (), codes: tuple[str, ...] = ()
) -> Profile:
    return Profile(person, version, EXPERTS.get(person, ""), codes, searches, NOW)


def published(
    title: str, *, number: int = 1, version: int = 9, closes_at: datetime = CLOSES
) -> Event[ProblemPublished]:
    same = problem(title, number=number)
    data = ProblemPublished(
        problem_id=same.id,
        ref=same.ref,
        problem_version=version,
        from_state="approved",
        to_state="open",
        actor_role="coordinator",
        agency_id=same.agency_id,
        occurred_at=NOW,
        public=True,
        title=title,
        statement=Statement(who="", trouble=title, cause="", consequence=""),
        agency=Agency(unit_id=same.agency_id, name=same.agency_name),
        field_codes=["502"],
        closes_at=closes_at,
    )
    trace = f"00-{number:032x}-00000000000000aa-01"
    return Event(subject=same.id, sequence=version, data=data, time=NOW, traceparent=trace)


def withdrawn(number: int = 1, version: int = 10) -> Event[ProblemWithdrawn]:
    data = ProblemWithdrawn(**_closed(number, version, "withdrawn", "approver"))
    return Event(subject=data.problem_id, sequence=version, data=data, time=NOW)


def pilot_started(number: int = 1, version: int = 10) -> Event[ProblemPilotStarted]:
    data = ProblemPilotStarted(**_closed(number, version, "piloting", "coordinator"), existing_solution=True)
    return Event(subject=data.problem_id, sequence=version, data=data, time=NOW)


def _closed(number: int, version: int, state: str, role: str) -> dict[str, Any]:
    same = problem("", number=number)
    return {
        "problem_id": same.id,
        "ref": same.ref,
        "problem_version": version,
        "from_state": "open",
        "to_state": state,
        "actor_role": role,
        "agency_id": same.agency_id,
        "occurred_at": NOW,
    }
