"""What the coach reads of a record: its text, and which of the form's fields answer already."""

from collections.abc import Iterator
from datetime import datetime

from services.intake.coach.coach import Opinion
from services.intake.coach.judge import Fields
from services.intake.coach.roles import Role
from services.intake.coach.sentences import compose, digest
from services.intake.problems.judgement import Judgement
from services.intake.problems.record import Record


def text_of(record: Record) -> str:
    """A line for the title, for who cannot do what, for the cause and for the consequence."""
    return "\n".join(part for part, _ in _parts(record))


def _parts(record: Record) -> Iterator[tuple[str, Role | None]]:
    """With what its field is for. A trouble is not taken on trust: there the order stands that is no trouble."""
    said = record.statement
    parts = (
        (record.title, None),
        (f"{said.who} {said.trouble}".strip(), None),
        (said.cause, Role.CAUSE),
        (said.consequence, Role.CONSEQUENCE),
    )
    return ((part, role) for part, role in parts if part)


def digest_of(record: Record) -> str:
    """The same for the same text, however it was typed."""
    return digest(compose(text_of(record)))


def fields_of(record: Record) -> Fields:
    measured = {one.metric.casefold() for one in record.baseline}
    return Fields(
        affected=bool(record.affected),
        affected_counted=any(one.count is not None for one in record.affected),
        baseline=bool(record.baseline),
        target=bool(record.target),
        same_metric=not record.baseline or any(one.metric.casefold() in measured for one in record.target),
        cause=bool(record.statement.cause),
        consequence=bool(record.statement.consequence),
        tried=bool(record.tried) or record.never_tried,
        deadline=record.needed_by is not None or any(one.due for one in record.target),
        constraint=bool(record.must_connect or record.must_not or record.budget is not None),
        data=bool(record.data) or record.no_data,
        lines=tuple(role for part, role in _parts(record) for _ in compose(part).split("\n")),
    )


def judgement(opinion: Opinion, record: Record, *, version: int, at: datetime) -> Judgement:
    """What is kept of the opinion on a record; its text is not."""
    return Judgement(
        version=version,
        at=at,
        clear=opinion.clear,
        of=len(opinion.groups),
        verdicts={one.criterion.value: one.verdict.value for one in opinion.said},
        blocking=tuple(one.value for one in opinion.blocking),
        versions=dict(opinion.versions),
        digest=digest_of(record),
    )
