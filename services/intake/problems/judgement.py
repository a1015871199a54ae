"""What the coach said of a version of the record, as it is kept with the problem, and what a coordinator says of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.identity import Role

OVERRIDE_MIN = 30


@dataclass(frozen=True, slots=True)
class Correction:
    """A verdict that a coordinator overruled, by another one: what the agency reads of it, so no person. `overrule`: its id."""

    overrule: str
    criterion: str
    given: str
    wanted: str
    reason: str
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of the record at `version` of the problem. `verdicts`: criterion → verdict. `clear` of `of` groups need no answer.
    `blocking`: criteria that keep it from being sent, unless there is an `override`: a reason. `versions`: of the rubric, the lists
    and the model. `digest`: of the text, to know the same one again. All of that is the coach's own, whatever is corrected."""

    version: int
    at: datetime
    clear: int
    of: int
    verdicts: Mapping[str, str]
    versions: Mapping[str, str]
    blocking: tuple[str, ...] = ()
    override: str = ""
    digest: str = ""
    corrections: tuple[Correction, ...] = ()

    @property
    def in_the_way(self) -> tuple[str, ...]:
        """What is blocking and is not overruled. A coordinator's own «fail» blocks nothing: for that there is `return`."""
        return tuple(name for name in self.blocking if self.correction(name) is None)

    def correction(self, criterion: str) -> Correction | None:
        return next((one for one in self.corrections if one.criterion == criterion), None)

    def overridden(self, reason: str) -> "Judgement":
        return replace(self, override=reason) if self.in_the_way else self

    def corrected(self, correction: Correction) -> "Judgement":
        return replace(self, corrections=(*self.corrections, correction))

    def without(self, overrule: str) -> "Judgement":
        return replace(self, corrections=tuple(one for one in self.corrections if one.overrule != overrule))

    def after(self, before: Sequence["Judgement"]) -> "Judgement":
        """What was said of the same text stands, where the coach says the same of it again."""
        same = [one for judged in before if judged.digest == self.digest != "" for one in judged.corrections]
        standing = {one.criterion: one for one in same if self.verdicts.get(one.criterion) == one.given}
        return replace(self, corrections=tuple(standing.values()))
