"""What a coordinator says against a verdict of the coach, and what must hold of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.intake.coach.criteria import Criterion, Verdict
from services.intake.coach.roles import Role
from services.intake.problems.protected import refuse_said
from services.intake.problems.reasons import REASON_MIN, TOO_SHORT
from shared.refusals import FieldError, InvalidInput, Text

WANTED = (Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ASK)
SPEAKS_OF: Mapping[Criterion, tuple[Role, ...]] = {
    Criterion.SOLUTION: (Role.ORDER,),
    Criterion.AFFECTED: (Role.AFFECTED,),
    Criterion.BASELINE: (Role.BASELINE,),
    Criterion.TARGET: (Role.TARGET,),
    Criterion.VAGUE: (Role.SLOGAN,),
    Criterion.LIMITS: (Role.CONSTRAINT,),
    Criterion.DATA: (Role.DATA,),
    Criterion.CAUSE: (Role.CAUSE, Role.TRIED, Role.CONSEQUENCE),
}
"""What the sentence does that a criterion looks for; the others look at the whole, or at words."""
NO_VERDICT = Text("Chọn đánh giá đúng", "Choose the right verdict")
SAME_VERDICT = Text("Chọn đánh giá khác với góp ý", "Choose another verdict than the coach's")
NO_SENTENCE = Text("Chọn một câu của đề bài", "Choose one of the statement's sentences")
NO_ROLE = Text("Chọn ít nhất một việc mà câu này làm", "Choose at least one thing that the sentence does")
NO_SENTENCE_ASKED = Text(
    "Tiêu chí này không xét riêng câu nào: bỏ chọn câu", "This criterion looks at no single sentence: choose none"
)


@dataclass(frozen=True, slots=True)
class Objection:
    """`version`: of the problem, as they have seen it. `sentence`: its number in the text, from 0, and the `roles` that it really
    has."""

    version: int
    criterion: Criterion
    wanted: Verdict
    reason: str
    sentence: int | None = None
    roles: tuple[Role, ...] = ()


def check(said: Objection, given: Verdict, sentences: Sequence[str]) -> None:
    """Against the verdict that was given on these sentences. Raises InvalidInput with everything at once, or MarkedSecret, or
    PersonalDataFound."""
    if errors := (*_verdict(said, given), *_sentence(said, len(sentences))):
        raise InvalidInput(errors=errors)
    refuse_said("reason", said.reason)


def _verdict(said: Objection, given: Verdict) -> Iterator[FieldError]:
    if said.wanted not in WANTED:
        yield FieldError("wanted", "unknown", NO_VERDICT)
    elif said.wanted is given:
        yield FieldError("wanted", "same", SAME_VERDICT)
    if len(said.reason) < REASON_MIN:
        yield FieldError("reason", "missing", TOO_SHORT)


def _sentence(said: Objection, count: int) -> Iterator[FieldError]:
    if said.sentence is None and not said.roles:
        return
    if said.criterion not in SPEAKS_OF:
        yield FieldError("sentence", "not_asked", NO_SENTENCE_ASKED)
    elif said.sentence not in range(count):
        yield FieldError("sentence", "unknown", NO_SENTENCE)
    elif not said.roles:
        yield FieldError("roles", "missing", NO_ROLE)
