"""The plan of a pilot: where, by whom, from when until when, and what it is measured by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shared.events.problem import Target
from shared.refusals import FieldError, Refusal, Text

PILOT_MAX = timedelta(days=180)
AHEAD_MAX = timedelta(days=370)
"""A pilot that starts later than in a year is a slip of the pen."""
NEEDED = {
    "site": Text("Ghi nơi áp dụng thử", "Say where it is piloted"),
    "unit": Text("Ghi đơn vị dùng thử", "Name the unit that uses it"),
    "starts": Text("Chọn ngày bắt đầu", "Choose the first day"),
    "ends": Text("Chọn ngày kết thúc", "Choose the last day"),
    "measures": Text("Ghi ít nhất một con số sẽ đo", "Name at least one number that is measured"),
    "stop_rule": Text("Ghi khi nào phải dừng sớm", "Say when it is stopped early"),
    "budget": Text("Ghi kinh phí, hoặc 0 nếu không tốn", "Give the budget, or 0 if it costs nothing"),
    "data_agreement": Text(
        "Ghi thỏa thuận dữ liệu, hoặc «không trao dữ liệu»",
        "Name the data agreement, or say that no data is handed over",
    ),
}
BEGIN = Text("Chọn ngày bắt đầu từ hôm nay, trong vòng một năm", "Choose a first day from today on, within a year")
PERIOD = Text(
    f"Chọn ngày kết thúc sau ngày bắt đầu, nhiều nhất {PILOT_MAX.days} ngày",
    f"Choose a last day after the first one, at most {PILOT_MAX.days} days later",
)
MEND = Text(
    "Bổ sung các mục được nêu rồi gửi lại; những mục khác được giữ nguyên.",
    "Mend the fields named below and send again; the others are kept.",
)


class PilotPlanIncomplete(Refusal):
    status = 422
    title = Text("Kế hoạch áp dụng thử chưa đủ", "The plan of the pilot is not complete")
    advice = MEND


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """`unit`: who uses it. `measures`: each with its target; where it stands now is the record's to say. `budget`: in VND."""

    site: str = ""
    unit: str = ""
    starts: date | None = None
    ends: date | None = None
    measures: tuple[Target, ...] = ()
    stop_rule: str = ""
    budget: int | None = None
    data_agreement: str = ""


NO_PLAN = PilotPlan()


def plan_errors(plan: PilotPlan, today: date) -> Iterator[FieldError]:
    for name, advice in NEEDED.items():
        if getattr(plan, name) in (None, "", ()):
            yield FieldError(f"plan.{name}", "missing", advice)
    if plan.starts and not today <= plan.starts <= today + AHEAD_MAX:
        yield FieldError("plan.starts", "window", BEGIN)
    if plan.starts and plan.ends and not plan.starts < plan.ends <= plan.starts + PILOT_MAX:
        yield FieldError("plan.ends", "period", PERIOD)
