"""How clear problems were: as first drafted, and as they first reached the reviewers; and how often those returned them. It helps
the next draft, tells of units and of the city, and knows no person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from services.intake.coach.coach import UNCLEAR
from services.intake.coach.criteria import Criterion
from services.intake.problems.judgement import Judgement
from services.intake.problems.problem import Problem, asked_at
from shared.display import ZONE
from shared.events.problem import Agency
from shared.folding import folded

ENOUGH = 3
"""The median of fewer problems tells of each of them, not of the unit."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""That may be asked for."""
MOST_UNCLEAR = 3


@dataclass(frozen=True, slots=True)
class Journey:
    """`first`, `sent`: how many of `of` groups were clear. `unclear`: what was not, in the first draft. `rounds`: how often it was
    returned. `year`: of the sending."""

    id: str
    ref: str
    title: str
    illustrative: bool
    agency: Agency
    year: int
    first: int
    sent: int
    of: int
    unclear: tuple[Criterion, ...]
    rounds: int


@dataclass(frozen=True, slots=True)
class Medians:
    first: float
    sent: float
    rounds: float


@dataclass(frozen=True, slots=True)
class Clarity:
    """Of several problems together. No `medians`: too few to say. `unclear`: in how many first drafts, the most frequent first."""

    problems: int
    medians: Medians | None
    unclear: tuple[tuple[Criterion, int], ...]


@dataclass(frozen=True, slots=True)
class OfUnit:
    agency: Agency
    clarity: Clarity


@dataclass(frozen=True, slots=True)
class Report:
    """`city` and its `units`, by name: for DOST. `unit` and its `problems`: of the one that was chosen."""

    years: tuple[int, ...]
    city: Clarity | None
    units: tuple[OfUnit, ...]
    unit: Clarity | None
    problems: tuple[Journey, ...]

    @property
    def shown(self) -> Clarity:
        """Of what was asked for: the unit, or the city."""
        return self.unit or self.city or clarity(())


def journey(problem: Problem) -> Journey:
    """Of a problem that was judged and sent."""
    returned = sorted({asked_at(question.id) for question in problem.questions})
    first, sent = problem.judgements[0], _first_read(problem.judgements[1:], returned)
    return Journey(
        id=problem.id,
        ref=problem.ref,
        title=problem.record.title,
        illustrative=problem.record.illustrative,
        agency=problem.agency,
        year=sent.at.astimezone(ZONE).year,
        first=first.clear,
        sent=sent.clear,
        of=sent.of,
        unclear=tuple(one for one in Criterion if first.verdicts.get(one) in UNCLEAR),
        rounds=len(returned),
    )


def _first_read(sendings: Sequence[Judgement], returned: Sequence[int]) -> Judgement:
    """The last before the first return: what was recalled and sent again has not been read."""
    before = [one for one in sendings if not returned or one.version < returned[0]]
    return (sendings[0], *before)[-1]


def clarity(journeys: Sequence[Journey]) -> Clarity:
    counted = [(one, sum(one in told.unclear for told in journeys)) for one in Criterion]
    often = sorted((one for one in counted if one[1]), key=lambda one: -one[1])
    return Clarity(len(journeys), _medians(journeys), tuple(often[:MOST_UNCLEAR]))


def _medians(journeys: Sequence[Journey]) -> Medians | None:
    if len(journeys) < ENOUGH:
        return None
    return Medians(
        first=median(one.first for one in journeys),
        sent=median(one.sent for one in journeys),
        rounds=median(one.rounds for one in journeys),
    )


def report(journeys: Iterable[Journey], unit_id: str, year: int | None, *, city: bool) -> Report:
    """`unit_id` is empty where none was chosen, `year` None for all of them; `city`: the journeys are those of every unit."""
    every = tuple(journeys)
    told = [one for one in every if year in (None, one.year)]
    own = tuple(one for one in told if one.agency.unit_id == unit_id)
    return Report(
        years=tuple(sorted({one.year for one in every}, reverse=True)),
        city=clarity(told) if city else None,
        units=_by_unit(told) if city else (),
        unit=clarity(own) if unit_id else None,
        problems=own,
    )


def _by_unit(journeys: Sequence[Journey]) -> tuple[OfUnit, ...]:
    """Under the name of its latest sending: the journeys come latest first."""
    agencies: dict[str, Agency] = {}
    for one in journeys:
        agencies.setdefault(one.agency.unit_id, one.agency)
    return tuple(
        OfUnit(agency, clarity([one for one in journeys if one.agency.unit_id == unit_id]))
        for unit_id, agency in sorted(agencies.items(), key=lambda one: folded(one[1].name))
    )
