"""The coach's opinion as other programs get it."""

from pydantic import BaseModel

from services.intake.coach.coach import Opinion
from services.intake.coach.criteria import Criterion, Group, Verdict, rubric
from services.intake.coach.gates import Finding
from services.intake.coach.judge import Said
from services.intake.coach.roles import SAYS, Role
from shared.refusals import Text


class TextOut(BaseModel):
    vi: str
    en: str


class RoleOut(BaseModel):
    role: Role
    name: TextOut
    probability: float


class SentenceOut(BaseModel):
    """`start`, `end`: its place in `text` of the answer, in characters."""

    text: str
    start: int
    end: int
    roles: list[RoleOut]


class VerdictOut(BaseModel):
    """`sentence`: the number of the sentence it speaks of, from 0; null: of the whole."""

    criterion: Criterion
    group: Group
    name: TextOut
    verdict: Verdict
    reason: TextOut
    advice: TextOut | None
    sentence: int | None


class GroupOut(BaseModel):
    group: Group
    name: TextOut
    verdict: Verdict


class FoundOut(BaseModel):
    """Personal data or a marking of secrecy: `start`, `end` in `text`."""

    finding: Finding
    start: int
    end: int


class OpinionOut(BaseModel):
    """`text`: as it was read (NFC), which places count in. `clear` of `of` groups need no answer. `blocking`: criteria that keep
    the statement from being sent, unless a reason of 30 characters is given. `unmarked`: Vietnamese typed without diacritics."""

    text: str
    sentences: list[SentenceOut]
    verdicts: list[VerdictOut]
    groups: list[GroupOut]
    clear: int
    of: int
    blocking: list[Criterion]
    in_the_way: list[FoundOut]
    unmarked: bool
    versions: dict[str, str]


def opinion_out(opinion: Opinion) -> OpinionOut:
    reading = opinion.reading
    return OpinionOut(
        text=reading.text,
        sentences=[
            SentenceOut(text=one.text, start=one.start, end=one.end, roles=_roles(opinion, n))
            for n, one in enumerate(reading.sentences)
        ],
        verdicts=[_verdict(said) for said in opinion.said],
        groups=[
            GroupOut(group=group, name=_text(rubric().groups[group]), verdict=verdict)
            for group, verdict in opinion.groups.items()
        ],
        clear=opinion.clear,
        of=len(opinion.groups),
        blocking=list(opinion.blocking),
        in_the_way=[FoundOut(finding=one.finding, start=one.start, end=one.end) for one in reading.in_the_way],
        unmarked=reading.unmarked,
        versions=dict(opinion.versions),
    )


def _roles(opinion: Opinion, sentence: int) -> list[RoleOut]:
    return [
        RoleOut(role=role, name=_text(SAYS[role]), probability=round(told, 3)) for role, told in opinion.does(sentence)
    ]


def _verdict(said: Said) -> VerdictOut:
    words = rubric().criteria[said.criterion]
    return VerdictOut(
        criterion=said.criterion,
        group=words.group,
        name=_text(words.name),
        verdict=said.verdict,
        reason=_text(said.reason),
        advice=_text(said.advice) if said.advice else None,
        sentence=said.sentence,
    )


def _text(text: Text) -> TextOut:
    return TextOut(vi=text.vi, en=text.en)
