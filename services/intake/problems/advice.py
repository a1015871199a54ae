"""What stands beside the form: how clear the problem is, one piece of advice at a time, what each sentence does, and what can be
taken over from the text."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.intake.coach.coach import GRAVEST, Opinion
from services.intake.coach.criteria import Criterion, Group, Verdict, rubric
from services.intake.coach.judge import Said
from services.intake.coach.quantities import quantities
from services.intake.coach.roles import SAYS, Role
from services.intake.coach.sentences import digest
from services.intake.problems.protected import findings
from services.intake.problems.record import Record
from shared.refusals import FieldError, Text

FIELDS = {
    Criterion.SOLUTION: "statement.trouble",
    Criterion.AFFECTED: "affected",
    Criterion.BASELINE: "baseline",
    Criterion.TARGET: "target",
    Criterion.ONE_PROBLEM: "statement.trouble",
    Criterion.VAGUE: "statement.trouble",
    Criterion.LIMITS: "needed_by",
    Criterion.DATA: "data",
    Criterion.ABBREVIATIONS: "title",
    Criterion.CAUSE: "statement.cause",
}
"""Where the advice of a criterion is followed."""
VERDICTS = {
    Verdict.PASS: Text("đã rõ", "clear"),
    Verdict.WARN: Text("nên sửa", "could be better"),
    Verdict.FAIL: Text("cần sửa", "to be changed"),
    Verdict.ASK: Text("cần xem lại", "to be answered"),
    Verdict.NA: Text("chưa đủ chữ để xét", "too short to tell"),
}
PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence, and what it does; `ordering`: it asks for a given solution."""

    text: str
    does: tuple[Text, ...]
    ordering: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """«thấy 9 ngày: đây có phải hiện trạng?» `act` is what its button sends."""

    group: str
    text: str
    act: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`next`: the one piece of advice that is open; None when all is said. `found`: what must not be in it. `whole`: the title and
    the statement were not too long to be looked at."""

    opinion: Opinion
    groups: tuple[tuple[Text, Verdict, tuple[Said, ...]], ...]
    next: Said | None
    sentences: tuple[Marked, ...]
    proposals: tuple[Proposal, ...]
    found: tuple[FieldError, ...]
    whole: bool

    @property
    def key(self) -> str:
        """Another one for another text."""
        return digest(self.opinion.reading.text)

    @property
    def empty(self) -> bool:
        return not self.opinion.reading.sentences

    @property
    def goes_to_matching(self) -> bool:
        """Whether problems like it are asked for: the text leaves this service only if all of it may."""
        return self.whole and not self.empty and not self.found


def advice(opinion: Opinion, record: Record, *, whole: bool = True) -> Advice:
    """Nothing is taken over from a text that holds what must not be in it: a phone number would pass for a quantity."""
    found = findings(record)
    return Advice(
        opinion=opinion,
        groups=tuple(
            (rubric().groups[group], verdict, _of(group, opinion)) for group, verdict in opinion.groups.items()
        ),
        next=_next(opinion),
        sentences=tuple(_marked(opinion, n) for n in range(len(opinion.reading.sentences))),
        proposals=() if found else tuple(_proposals(opinion, record))[:PROPOSALS],
        found=found,
        whole=whole,
    )


def _of(group: Group, opinion: Opinion) -> tuple[Said, ...]:
    return tuple(said for said in opinion.said if rubric().criteria[said.criterion].group is group)


def _next(opinion: Opinion) -> Said | None:
    """The gravest first, then in the order of the groups; while nothing is written, how to begin."""
    order = tuple(Group)
    if not opinion.reading.sentences:
        return next(said for said in opinion.said if said.criterion is Criterion.SOLUTION)

    def rank(said: Said) -> tuple[int, int]:
        return GRAVEST.index(said.verdict), order.index(rubric().criteria[said.criterion].group)

    return min((said for said in opinion.said if said.advice is not None), key=rank, default=None)


def _marked(opinion: Opinion, n: int) -> Marked:
    roles = [role for role, _ in opinion.does(n)]
    return Marked(opinion.reading.sentences[n].text, tuple(SAYS[role] for role in roles), Role.ORDER in roles)


def _proposals(opinion: Opinion, record: Record) -> Iterator[Proposal]:
    """The quantities of sentences that tell how it stands or how it should be, while the field for it is empty."""
    for n, sentence in enumerate(opinion.reading.sentences):
        roles = {role for role, _ in opinion.does(n)}
        group = "target" if Role.TARGET in roles else "baseline" if Role.BASELINE in roles else ""
        if group and not getattr(record, group):
            for one in quantities(sentence.text):
                yield Proposal(group, one.text, f"take:{group}:{one.value}:{one.unit}")
