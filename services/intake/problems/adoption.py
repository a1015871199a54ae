"""Adopting a solution that exists: which one, that its owner agrees, and how it is piloted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.intake.problems.existing import NOTHING, Existing, solution_errors
from services.intake.problems.pilot import MEND, NO_PLAN, PilotPlan
from shared.refusals import FieldError, Refusal, Text

BY = Text("Ghi cơ quan hoặc tổ chức đồng ý, không ghi tên người", "Name the body or the office that agrees, no person")
ON = Text("Chọn ngày đồng ý, không sau hôm nay", "Choose the day of the consent, not after today")
DOCUMENT = Text("Ghi số văn bản đồng ý", "Give the number of the document")
PARTS = {
    "solution": Text("Giải pháp đã có", "The existing solution"),
    "consent": Text("Sự đồng ý", "The consent"),
    "plan": Text("Kế hoạch áp dụng thử", "The plan of the pilot"),
}
TYPED = {
    "consent.on": Text("Ngày đồng ý", "Day of the consent"),
    "plan.starts": Text("Từ ngày", "First day"),
    "plan.ends": Text("Đến ngày", "Last day"),
    "plan.budget": Text("Kinh phí", "Budget"),
}
"""Fields that take a day or a number: one sentence may be said of several of them."""


class SolutionNotAgreed(Refusal):
    status = 422
    title = Text(
        "Chưa rõ giải pháp đã có, hoặc chủ giải pháp chưa đồng ý",
        "The existing solution is not clear, or its owner has not agreed",
    )
    advice = MEND


@dataclass(frozen=True, slots=True)
class Consent:
    """Of the solution's owner. `by`: a body or an office, no private person."""

    by: str = ""
    on: date | None = None
    document: str = ""


NO_CONSENT = Consent()


@dataclass(frozen=True, slots=True)
class Adoption:
    """`of`: the id of the problem whose solution it is; empty for one that is found elsewhere. DOST alone reads it: others may
    not see that problem."""

    solution: Existing = NOTHING
    consent: Consent = NO_CONSENT
    plan: PilotPlan = NO_PLAN
    of: str = ""

    def signed(self, known: Mapping[str, str]) -> "Adoption":
        """As it is kept: a problem by its id, in `of` alone. `known` as in `solution_errors`."""
        if not self.solution.problem:
            return self
        return replace(self, solution=self.solution.model_copy(update={"where": ""}), of=known[self.solution.where])


def adoption_errors(
    adoption: Adoption, *, problem_id: str, known: Mapping[str, str], in_use: frozenset[str], today: date
) -> Iterator[FieldError]:
    """What is not clear of the solution and of the consent; the plan is another guard's."""
    yield from solution_errors(adoption.solution, problem_id=problem_id, known=known, in_use=in_use)
    consent = adoption.consent
    if not consent.by:
        yield FieldError("consent.by", "missing", BY)
    if consent.on is None or consent.on > today:
        yield FieldError("consent.on", "missing" if consent.on is None else "future", ON)
    if not consent.document:
        yield FieldError("consent.document", "missing", DOCUMENT)
