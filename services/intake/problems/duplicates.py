"""What a coordinator decided after having looked at the problems that are like one: different, related, or the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.intake.problems.another import naming_error
from services.intake.problems.reasons import REASON_MIN
from shared.refusals import FieldError, InvalidInput, Refusal, Text


class Likeness(StrEnum):
    DIFFERENT = "different"
    RELATED = "related"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Decision:
    """`shown`: the ids that were looked at, the nearest first, each once; none where the asker says so: what a person has looked at
    cannot be known here. `of`: the other problem, unless there is none. `version`: the one of the problem that was decided about.
    Read by DOST alone: it names problems that the agency may not see."""

    likeness: Likeness
    shown: tuple[str, ...] = ()
    of: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    version: int = 0

    @property
    def named(self) -> tuple[str, ...]:
        return (*self.shown, self.of) if self.of else self.shown

    def signed(self, *, known: Mapping[str, str], by: str, at: datetime, version: int) -> "Decision":
        """As it is kept. `known` as in `check_decision`."""
        shown = tuple(dict.fromkeys(known[one] for one in self.shown))
        return replace(self, shown=shown, of=known.get(self.of, ""), by=by, at=at, version=version)


class DuplicatesUndecided(Refusal):
    status = 422
    title = Text("Chưa quyết định đề bài này có trùng không", "It is not decided whether this problem is a duplicate")
    advice = Text(
        "Xem các đề bài gần giống, rồi chọn: khác, có liên quan hay trùng.",
        "Look at the problems that are like it, then choose: different, related or the same.",
    )


class SameProblem(Refusal):
    status = 409
    title = Text("Đề bài trùng không đưa ra thẩm định", "A duplicate is not put to review")
    advice = Text(
        "Trả lại đơn vị, hoặc không tiếp nhận và dẫn tới đề bài {of}.",
        "Return it to the agency, or decline it and point to {of}.",
    )


CHOOSE = Text("Chọn khác, có liên quan hay trùng", "Choose different, related or the same")
WHICH = Text("Ghi mã của đề bài kia, ví dụ DB-7K2Q4M", "Give the other problem's code, such as DB-7K2Q4M")
NOT_DIFFERENT = Text(
    "Chọn có liên quan hay trùng, hoặc bỏ quyết định này", "Choose related or the same, or leave the decision out"
)
CHANGED = Text("Danh sách vừa đổi: xem lại rồi chọn", "The list has changed: look again, then choose")
WHY = Text(
    f"Nêu vì sao là trùng, ít nhất {REASON_MIN} ký tự", f"Say why it is the same, in at least {REASON_MIN} characters"
)


def check_decision(decision: Decision | None, *, problem_id: str, known: Mapping[str, str]) -> None:
    """`known`: the id of each problem that is named (by id or reference) and that the actor sees."""
    if decision is None:
        raise DuplicatesUndecided(errors=(FieldError("duplicates.likeness", "missing", CHOOSE),))
    if errors := tuple(_wrong(decision, problem_id, known)):
        raise InvalidInput(errors=errors)


def refuse_different(decision: Decision) -> None:
    """Where a decision tells why a step is taken: nothing is declined for being like no other problem."""
    if decision.likeness is Likeness.DIFFERENT:
        raise InvalidInput(errors=(FieldError("duplicates.likeness", "different", NOT_DIFFERENT),))


def _wrong(decision: Decision, problem_id: str, known: Mapping[str, str]) -> Iterator[FieldError]:
    for n, one in enumerate(decision.shown):
        if known.get(one) in (None, problem_id):
            yield FieldError(f"duplicates.shown.{n}", "unknown", CHANGED)
    if decision.of:
        error = naming_error("duplicates.of", decision.of, problem_id=problem_id, known=known)
        yield from () if error is None else (error,)
    elif decision.likeness is not Likeness.DIFFERENT:
        yield FieldError("duplicates.of", "missing", WHICH)
    if decision.likeness is Likeness.SAME and len(decision.reason) < REASON_MIN:
        yield FieldError("duplicates.reason", "missing", WHY)
