"""How clear problems were from first draft to sending, by API: help for the next draft, no ranking."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from services.intake.coach.answers import TextOut
from services.intake.coach.criteria import Criterion, Group, rubric
from services.intake.problems.acts import Room
from services.intake.problems.clarity import FIRST_YEAR, LAST_YEAR, Clarity, Journey, Medians, Report
from shared.events.problem import Agency
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("intake")


class UnclearOut(BaseModel):
    """`drafts`: in how many first drafts it was not clear. `advice`: what makes the next one clear."""

    criterion: Criterion
    name: TextOut
    drafts: int
    advice: TextOut


class ClarityOut(BaseModel):
    """`medians` are null of fewer than three sent problems."""

    problems: int
    medians: Medians | None
    unclear: list[UnclearOut]


class UnitOut(BaseModel):
    agency: Agency
    clarity: ClarityOut


class ReportOut(BaseModel):
    """Medians count clear groups, out of `of`. `city` and `units`, by name: for DOST alone. `unit` and `problems`: of the unit that
    was asked for."""

    of: int
    years: list[int]
    city: ClarityOut | None
    units: list[UnitOut]
    unit: ClarityOut | None
    problems: list[Journey]


@router.get("/clarity")
async def read_clarity(
    actor: Person,
    room: Room,
    unit: Annotated[str, Query(max_length=60)] = "",
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
) -> ReportOut:
    """How clear first drafts were and how clear what was sent, and how often it was returned: of your own unit, or for DOST of the
    city, its units, and the `unit` you name. For the next draft to be better; it ranks no one."""
    return _report(await room.clarity(unit, year, actor))


def _report(told: Report) -> ReportOut:
    return ReportOut(
        of=len(Group),
        years=list(told.years),
        city=_clarity(told.city),
        units=[UnitOut(agency=one.agency, clarity=_clear(one.clarity)) for one in told.units],
        unit=_clarity(told.unit),
        problems=list(told.problems),
    )


def _clarity(told: Clarity | None) -> ClarityOut | None:
    return _clear(told) if told else None


def _clear(told: Clarity) -> ClarityOut:
    unclear = [_unclear(criterion, drafts) for criterion, drafts in told.unclear]
    return ClarityOut(problems=told.problems, medians=told.medians, unclear=unclear)


def _unclear(criterion: Criterion, drafts: int) -> UnclearOut:
    words = rubric().criteria[criterion]
    name, advice = (TextOut(vi=text.vi, en=text.en) for text in (words.name, words.advice))
    return UnclearOut(criterion=criterion, name=name, drafts=drafts, advice=advice)
