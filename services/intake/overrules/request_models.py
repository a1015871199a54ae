"""What the doors of this room take in."""

from pydantic import Field

from services.intake.coach.criteria import Criterion, Verdict
from services.intake.coach.roles import Role
from services.intake.overrules.objection import Objection
from services.intake.problems.request_models import Paragraph, Strict


class OverruleIn(Strict):
    """`version`: of the problem, as you have seen it. `wanted`: `pass`, `warn`, `fail` or `ask`. `sentence`: its number from 0, as
    `/coach` counts them in the record's text, with the `roles` that it really has; both or neither."""

    version: int = Field(ge=1)
    criterion: Criterion
    wanted: Verdict = Verdict.NA
    reason: Paragraph = ""
    sentence: int | None = Field(default=None, ge=0)
    roles: list[Role] = Field(default=[], max_length=len(Role))

    def objection(self) -> Objection:
        roles = tuple(role for role in Role if role in self.roles)
        return Objection(self.version, self.criterion, self.wanted, self.reason, self.sentence, roles)
