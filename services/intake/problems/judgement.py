"""What the coach said of a version of the record, as it is kept with the problem."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

OVERRIDE_MIN = 30


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of the record at `version` of the problem. `verdicts`: criterion → verdict. `clear` of `of` groups need no answer.
    `blocking`: criteria that keep it from being sent, unless there is an `override`: a reason. `versions`: of the rubric, the lists
    and the model."""

    version: int
    at: datetime
    clear: int
    of: int
    verdicts: Mapping[str, str]
    versions: Mapping[str, str]
    blocking: tuple[str, ...] = ()
    override: str = ""

    def overridden(self, reason: str) -> "Judgement":
        return replace(self, override=reason) if self.blocking else self
