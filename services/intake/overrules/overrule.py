"""A coordinator's word that a verdict of the coach was wrong. It is kept whole, with the text it speaks of, for the coach learns
from it and the record may change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.coach.criteria import Criterion, Verdict
from services.intake.coach.roles import Role as Does
from services.intake.coach.sentences import compose, split
from services.intake.overrules.objection import Objection, check
from services.intake.problems.authorize import authorize_overrule
from services.intake.problems.coached import text_of
from services.intake.problems.judgement import Correction, Judgement
from services.intake.problems.problem import Problem, judged_now
from shared.identity import Actor, Role
from shared.refusals import Refusal, Text, VersionMismatch


class TextNotJudged(Refusal):
    status = 409
    title = Text("Nội dung hiện tại của đề bài chưa được góp ý", "The present text of the problem is not judged yet")
    advice = Text(
        "Đợi đơn vị gửi lại đề bài, rồi sửa đánh giá mới.",
        "Wait until the agency sends it again, then correct the new verdict.",
    )


class AlreadyOverruled(Refusal):
    status = 409
    title = Text("Đánh giá này đã được sửa", "This verdict is corrected already")
    advice = Text("Rút lần sửa trước, rồi sửa lại.", "Take the former correction back, then correct it again.")


@dataclass(frozen=True, slots=True)
class Overrule:
    """`version`: of the problem when its `text` was judged. `versions`: of the rubric, the lists and the model that gave the
    verdict. `by`, `withdrawn_by`: ids of persons."""

    id: str
    problem_id: str
    ref: str
    version: int
    criterion: Criterion
    given: Verdict
    wanted: Verdict
    reason: str
    text: str
    versions: Mapping[str, str]
    at: datetime
    by: str
    sentence: str = ""
    roles: tuple[Does, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    def withdrawn(self, actor: Actor, now: datetime) -> "Overrule":
        """Taking it back twice is taking it back once."""
        return self if self.withdrawn_at else replace(self, withdrawn_at=now, withdrawn_by=actor.person_id)


def overrule(
    problem: Problem, said: Objection, *, overrule_id: str, actor: Actor, now: datetime
) -> tuple[Problem, Overrule]:
    """The problem with the corrected verdict, and what is kept of it. The problem's version stays: what the agency wrote has not
    changed. Raises NotAllowed, VersionMismatch, TextNotJudged, AlreadyOverruled, InvalidInput, MarkedSecret, PersonalDataFound."""
    authorize_overrule(actor)
    if said.version != problem.version:
        raise VersionMismatch(current=problem.version)
    judged = open_judgement(problem, said.criterion)
    kept = _kept(problem, judged, said, overrule_id=overrule_id, actor=actor, now=now)
    corrected = judged.corrected(_correction(kept))
    return replace(problem, judgements=(*problem.judgements[:-1], corrected)), kept


def withdraw(problem: Problem, kept: Overrule, *, actor: Actor, now: datetime) -> tuple[Problem, Overrule]:
    """The coach's own verdict stands again, also where the same text was sent once more. Raises NotAllowed."""
    authorize_overrule(actor)
    judgements = tuple(one.without(kept.id) for one in problem.judgements)
    return replace(problem, judgements=judgements), kept.withdrawn(actor, now)


def open_judgement(problem: Problem, criterion: Criterion) -> Judgement:
    """The one whose verdict on this criterion may be overruled. Raises TextNotJudged, AlreadyOverruled."""
    judged = judged_now(problem)
    if judged is None or criterion not in judged.verdicts:
        raise TextNotJudged
    if judged.correction(criterion):
        raise AlreadyOverruled
    return judged


def last_given(problem: Problem, criterion: Criterion) -> Verdict:
    """What the coach said last, corrected or not, of this text or of a former one. Raises TextNotJudged where it never did."""
    given = problem.judgements[-1].verdicts.get(criterion) if problem.judgements else None
    if given is None:
        raise TextNotJudged
    return Verdict(given)


def _kept(
    problem: Problem, judged: Judgement, said: Objection, *, overrule_id: str, actor: Actor, now: datetime
) -> Overrule:
    text, given = compose(text_of(problem.record)), Verdict(judged.verdicts[said.criterion])
    sentences = [sentence.text for sentence in split(text)]
    check(said, given, sentences)
    return Overrule(
        id=overrule_id,
        problem_id=problem.id,
        ref=problem.ref,
        version=judged.version,
        criterion=said.criterion,
        given=given,
        wanted=said.wanted,
        reason=said.reason,
        text=text,
        versions=judged.versions,
        at=now,
        by=actor.person_id,
        sentence="" if said.sentence is None else sentences[said.sentence],
        roles=said.roles,
    )


def _correction(kept: Overrule) -> Correction:
    return Correction(kept.id, kept.criterion, kept.given, kept.wanted, kept.reason, Role.COORDINATOR, kept.at)
