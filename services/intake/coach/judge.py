"""Ten verdicts on a statement. The coach asks rather than condemns: it fails only what it is sure of, and what is missing it
asks for. A field of the form that is filled in answers for the text."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.intake.coach.criteria import Criterion, Verdict, rubric
from services.intake.coach.deadlines import deadline_in
from services.intake.coach.lexicon import abbreviations, vague_words
from services.intake.coach.reading import ONLY_ORDERED, Reading
from services.intake.coach.roles import Label, Role
from shared.refusals import Text

SHORT = 25
"""Words. What is judged by the absence of faults says nothing of a shorter text."""
NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the form's own fields say already. `affected_counted`: a group with its number. `same_metric`: some target is one of
    something whose present state is given."""

    affected: bool = False
    affected_counted: bool = False
    baseline: bool = False
    target: bool = False
    same_metric: bool = True
    cause: bool = False
    consequence: bool = False
    tried: bool = False
    deadline: bool = False
    constraint: bool = False
    data: bool = False
    lines: tuple[Role | None, ...] = ()
    """What the field says that a line of the text comes from; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """`sure`: right in 99 of 100 of the statements by hands not seen. `even`: where precision and recall together are
    best. `asked`: worth a question; never above `even`."""

    sure: float
    even: float
    asked: float


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict. `sentence`: the number of the one it speaks of; None: of the whole."""

    criterion: Criterion
    verdict: Verdict
    reason: Text
    advice: Text | None
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    reading: Reading
    fields: Fields
    limits: Mapping[str, Threshold]

    def does(self, *roles: Role) -> int | None:
        """The sentence that does one of these, if the statement does."""
        done = [role for role in roles if self._told(role) >= self.limits[WHOLE.get(role, role)].even]
        return self.reading.best(*done)[0] if done else None

    def _told(self, role: Role) -> float:
        return self.reading.labels[WHOLE[role]] if role in WHOLE else self.reading.best(role)[1]


WHOLE = {
    Role.AFFECTED: Label.AFFECTED,
    Role.BASELINE: Label.BASELINE,
    Role.TARGET: Label.TARGET,
    Role.CAUSE: Label.CAUSE,
    Role.CONSEQUENCE: Label.CONSEQUENCE,
    Role.ORDER: Label.SOLUTION,
}
"""Where the trees for the statement as a whole tell better whether one of its sentences does it (F1 .01 to .02 more)."""

Judged = tuple[Verdict, int | None]


def judge(reading: Reading, fields: Fields, limits: Mapping[str, Threshold]) -> tuple[Said, ...]:
    case = _Case(reading, fields, limits)
    return tuple(_said(criterion, *JUDGES[criterion](case), case) for criterion in Criterion)


def _said(criterion: Criterion, verdict: Verdict, sentence: int | None, case: _Case) -> Said:
    words = rubric().criteria[criterion]
    if criterion is Criterion.SOLUTION and not case.reading.sentences:
        return Said(criterion, verdict, NOTHING_WRITTEN, TELL_FIRST)
    reason = words.reasons.get(verdict, TOO_SHORT)
    if criterion is Criterion.CAUSE:
        missing = _missing(case)
        reason = Text(reason.vi.format(missing=missing.vi), reason.en.format(missing=missing.en))
    advice = None if verdict in (Verdict.PASS, Verdict.NA) else words.advice
    return Said(criterion, verdict, reason, advice, sentence)


TOO_SHORT = Text("Viết thêm vài câu rồi mới xét được.", "Write a few sentences more, then this can be judged.")
NOTHING_WRITTEN = Text("Chưa có câu nào để xét.", "There is no sentence to look at yet.")
TELL_FIRST = Text(
    "Trước hết cho biết ai không làm được gì. Ví dụ: «Ban quản lý 3 chợ không biết sạp nào bỏ trống trong ngày.»",
    "First tell who cannot do what. For example: “The boards of 3 markets cannot tell which stalls are empty on a day.”",
)


def _solution(case: _Case) -> Judged:
    if not case.reading.sentences:
        return Verdict.ASK, None
    at, _ = case.reading.best(Role.ORDER)
    if case.reading.labels[Label.SOLUTION] < case.limits[Label.SOLUTION].asked:
        return Verdict.PASS, None
    if case.reading.only_ordered >= case.limits[ONLY_ORDERED].sure:
        return Verdict.FAIL, at
    troubled = case.does(Role.TROUBLE, Role.CONSEQUENCE, Role.BASELINE) is not None
    return (Verdict.WARN if troubled and case.does(Role.ORDER) is not None else Verdict.ASK), at


def _affected(case: _Case) -> Judged:
    if case.fields.affected_counted:
        return Verdict.PASS, None
    at = case.does(Role.AFFECTED)
    if at is None:
        return (Verdict.WARN if case.fields.affected else Verdict.ASK), None
    counted = any(NUMBER.search(case.reading.sentences[n].text) for n in {at, *_doing(case, Role.AFFECTED)})
    return (Verdict.PASS if counted else Verdict.WARN), at


def _doing(case: _Case, role: Role) -> Iterator[int]:
    return (n for n in range(len(case.reading.sentences)) if case.reading.told(n, role) >= case.limits[role].even)


def _baseline(case: _Case) -> Judged:
    return _there(case, case.fields.baseline, Role.BASELINE)


def _target(case: _Case) -> Judged:
    if case.fields.target and not case.fields.same_metric:
        return Verdict.WARN, None
    return _there(case, case.fields.target, Role.TARGET)


def _data(case: _Case) -> Judged:
    return _there(case, case.fields.data, Role.DATA)


def _there(case: _Case, given: bool, role: Role) -> Judged:
    at = case.does(role)
    return (Verdict.PASS if given or at is not None else Verdict.ASK), at


def _one_problem(case: _Case) -> Judged:
    if case.reading.words < SHORT:
        return Verdict.NA, None
    doubt = case.reading.labels[Label.SEVERAL] >= case.limits[Label.SEVERAL].even
    return (Verdict.ASK if doubt else Verdict.PASS), None


def _vague(case: _Case) -> Judged:
    if case.reading.words < SHORT:
        return Verdict.NA, None
    at, told = case.reading.best(Role.SLOGAN)
    if told >= case.limits[Role.SLOGAN].even:
        return Verdict.WARN, at
    for n, sentence in enumerate(case.reading.sentences):
        if vague_words(sentence.text) and not NUMBER.search(sentence.text):
            return Verdict.ASK, n
    return Verdict.PASS, None


def _limits(case: _Case) -> Judged:
    at = case.does(Role.CONSTRAINT)
    if at is None:
        aims = set(_doing(case, Role.TARGET))
        dated = (n for n, s in enumerate(case.reading.sentences) if deadline_in(s.text, tells_target=n in aims))
        at = next(dated, None)
    given = case.fields.deadline or case.fields.constraint
    return (Verdict.PASS if given or at is not None else Verdict.ASK), at


def _abbreviations(case: _Case) -> Judged:
    if case.reading.words < SHORT:
        return Verdict.NA, None
    found = abbreviations(case.reading.text)
    if not found:
        return Verdict.PASS, None
    place = found[0][1]
    return Verdict.WARN, next((n for n, s in enumerate(case.reading.sentences) if s.start <= place < s.end), None)


def _cause(case: _Case) -> Judged:
    why, after = _why(case), _after(case)
    if why and after:
        return Verdict.PASS, None
    return (Verdict.WARN if why or after else Verdict.ASK), None


def _why(case: _Case) -> bool:
    return case.fields.cause or case.fields.tried or case.does(Role.CAUSE, Role.TRIED) is not None


def _after(case: _Case) -> bool:
    return case.fields.consequence or case.does(Role.CONSEQUENCE) is not None


def _missing(case: _Case) -> Text:
    if _why(case):
        return Text("hậu quả", "what follows from it")
    return Text("nguyên nhân hoặc việc đã thử", "the cause, or what was tried")


JUDGES: Mapping[Criterion, Callable[[_Case], Judged]] = {
    Criterion.SOLUTION: _solution,
    Criterion.AFFECTED: _affected,
    Criterion.BASELINE: _baseline,
    Criterion.TARGET: _target,
    Criterion.ONE_PROBLEM: _one_problem,
    Criterion.VAGUE: _vague,
    Criterion.LIMITS: _limits,
    Criterion.DATA: _data,
    Criterion.ABBREVIATIONS: _abbreviations,
    Criterion.CAUSE: _cause,
}
