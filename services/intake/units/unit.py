"""Agency units come and go: each has the days on which it exists, and who takes over its work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.refusals import FieldError, InvalidInput, Refusal, Text


@dataclass(frozen=True, slots=True)
class Unit:
    """`valid_to` is the last day; None: still there."""

    id: str
    name: str
    valid_from: date
    valid_to: date | None = None
    successor_id: str | None = None

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


ENDS_FIRST = Text("Chọn ngày kết thúc không trước ngày bắt đầu", "Choose a last day that is not before the first")


def check_days(unit: Unit) -> None:
    """Raises InvalidInput for a unit that ends before it begins."""
    if unit.valid_to is not None and unit.valid_to < unit.valid_from:
        raise InvalidInput(errors=(FieldError("valid_to", "before_valid_from", ENDS_FIRST),))


class UnitEnded(Refusal):
    status = 409
    title = Text("{name} đã chấm dứt hoạt động", "{name} has ceased to exist")
    advice = Text(
        "Đăng nhập bằng tài khoản của đơn vị kế thừa ({successor}) và nêu tên cũ trong đề bài.",
        "Sign in for the unit that took over ({successor}) and name the old unit in the text.",
    )


class UnknownUnit(Refusal):
    status = 422
    title = Text("Không có đơn vị «{unit_id}» trong danh sách", "There is no unit «{unit_id}» in the register")
    advice = Text("Chọn đơn vị trong danh sách tại /intake/v1/units.", "Choose one of the units at /intake/v1/units.")


def check_valid(lineage: Sequence[Unit], day: date, *, unit_id: str | None) -> Unit:
    """`lineage`: the unit of this id, then whoever took over from it, in order; empty for an id that is not in the register.
    Raises UnknownUnit, UnitEnded."""
    if not lineage:
        raise UnknownUnit(unit_id=unit_id or "–")
    unit, *later = lineage
    if not unit.valid_on(day):
        successor = next((one.name for one in later if one.valid_on(day)), unit.successor_id or "–")
        raise UnitEnded(name=unit.name, successor=successor)
    return unit
