"""The coach's opinion as other programs get it."""

from pydantic import BaseModel, ConfigDict

from services.intake.coach.coach import Opinion
from services.intake.coach.criteria import Criterion, Group, Verdict, rubric
from services.intake.coach.gates import Finding
from services.intake.coach.judge import Said
from services.intake.coach.roles import SAYS, Role
from shared.refusals import Text


class Out(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class TextOut(Out):
    """The same sentence in both languages."""

    vi: str
    """In Vietnamese."""
    en: str
    """In English."""


class RoleOut(Out):
    role: Role
    """What the sentence does in the statement."""
    name: TextOut
    """Of the role, for people."""
    probability: float
    """From 0 to 1: how surely the sentence does this."""


class SentenceOut(Out):
    text: str
    """The sentence itself."""
    start: int
    """Its place in `text` of the answer, in characters from 0."""
    end: int
    """The place after its last character."""
    roles: list[RoleOut]
    """What it does in the statement, the surest first: the likeliest, and whatever else has a probability of 0.5 or more."""


class VerdictOut(Out):
    criterion: Criterion
    """One of the ten things that make a statement clear."""
    group: Group
    """The group in which the criterion is shown."""
    name: TextOut
    """Of the criterion, for people."""
    verdict: Verdict
    """`fail` is for the criterion `solution` alone."""
    reason: TextOut
    """Why: one sentence to show to the writer."""
    advice: TextOut | None
    """What to add, with an example; null where there is nothing to add."""
    sentence: int | None
    """The number in `sentences`, from 0, of the one that it speaks of; null: of the whole."""


class GroupOut(Out):
    group: Group
    """Criteria that are shown together."""
    name: TextOut
    """Of the group, for people."""
    verdict: Verdict
    """The gravest of its criteria: `fail`, then `ask`, `warn`, `pass`, `na`."""


class FoundOut(Out):
    """Personal data or a marking of secrecy. What it is, is not repeated."""

    finding: Finding
    """A kind of personal data, or `secret`."""
    start: int
    """Its place in `text` of the answer, in characters from 0."""
    end: int
    """The place after its last character."""


class OpinionOut(Out):
    text: str
    """As it was read: Unicode NFC, in which all places count. Of a record, its title and its statement, a line for each part."""
    sentences: list[SentenceOut]
    """In the order of the text."""
    verdicts: list[VerdictOut]
    """One for each of the ten criteria."""
    groups: list[GroupOut]
    """Six, in the order in which the form shows them."""
    clear: int
    """How many groups need no answer any more: neither `fail` nor `ask`."""
    of: int
    """How many groups there are."""
    blocking: list[Criterion]
    """Criteria with `fail`: they keep a problem from being submitted, unless `override` gives a reason of 30 characters."""
    in_the_way: list[FoundOut]
    """What must be taken out before the statement is submitted; with a marking of secrecy (`secret`) it is not even stored."""
    unmarked: bool
    """Vietnamese typed without diacritics. It is judged all the same."""
    versions: dict[str, str]
    """Of the `rubric`, the lists of `words` and the `model`: another version may judge otherwise."""


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
