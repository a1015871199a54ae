"""What the coach reads of a record: its text, and which of the form's fields answer already."""

from services.intake.coach.judge import Fields
from services.intake.problems.record import Record


def text_of(record: Record) -> str:
    """A line for the title and for each part of the statement."""
    parts = (record.title, *record.statement.model_dump().values())
    return "\n".join(part for part in parts if part)


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
        deadline=any(one.due for one in record.target),
        data=bool(record.data) or record.no_data,
    )
