"""What the doors of this room do alike: one act, one transaction, one receipt."""

import asyncio
from dataclasses import replace
from typing import Annotated, NamedTuple

from uuid_utils import uuid7

from services.intake.coach.coach import Coach, Opinion
from services.intake.coach.judge import Fields
from services.intake.problems.advice import Advice, advice
from services.intake.problems.alike import Near, nearest, telling
from services.intake.problems.authorize import DOST, authorize_clarity, authorize_create, scope
from services.intake.problems.clarity import Report, journey, report
from services.intake.problems.coached import fields_of, judgement, text_of
from services.intake.problems.existing import Existing
from services.intake.problems.judgement import Judgement
from services.intake.problems.problem import Given, Problem, solution_of
from services.intake.problems.record import Record
from services.intake.problems.repository import PROBLEM, ProblemRepository
from services.intake.problems.step import act, create
from services.intake.receipts.acts import Once, this_moment
from services.intake.receipts.repository import Request as Asked
from services.intake.units.repository import UnitRepository
from shared.events.problem import SOLUTION_IN_USE
from shared.identity import Actor
from shared.mongo import Database, Session, uncounted
from shared.refusals import NotFound
from shared.web.application import built

JUDGED = frozenset({"submit", "resubmit"})
"""Commands for which the coach is asked."""


class Command(NamedTuple):
    """`version`: the one that the actor has seen. `key`: theirs, against doing it twice; empty for none."""

    problem_id: str
    name: str
    version: int
    given: Given
    key: str = ""


class Alike(NamedTuple):
    """A problem that is like another one, and how much."""

    problem: Problem
    near: Near


class Acts:
    def __init__(self, database: Database, coach: Coach) -> None:
        self._database, self._coach = database, coach
        self.problems = ProblemRepository(database)
        self.units = UnitRepository(database)
        self._once = Once(database, PROBLEM)

    async def prepare(self) -> None:
        await self.problems.prepare()
        await self._once.prepare()

    async def post(self, given: Given, actor: Actor, *, key: str = "", problem_id: str = "") -> Problem:
        """A new draft of the actor's own unit; `problem_id`: the one that its page was opened with."""
        authorize_create(actor)
        problem_id, now = problem_id or str(uuid7()), this_moment()

        async def body(session: Session) -> Problem:
            lineage = await self.units.lineage(actor.unit_id, session=session)
            problem, event = create(problem_id, given, lineage=lineage, actor=actor, now=now)
            await self.problems.add(problem, event, session=session)
            return problem

        return await self._once.act(Asked(actor.person_id, key, ("create", given.record)), body)

    async def take(self, command: Command, actor: Actor) -> Problem:
        """One step of a problem's life."""
        now, judged = this_moment(), await self._judged(command, actor)

        async def body(session: Session) -> Problem:
            problem = await self.problems.get(command.problem_id, scope(actor), session=session)
            if problem is None:
                raise NotFound
            given = await self._with_unit(command.given, problem, session)
            given = await self._with_named(replace(given, judgements=judged), actor, session)
            after, event = act(problem, command.name, given, version=command.version, actor=actor, now=now)
            await self.problems.save(after, event, session=session)
            return after

        asked = (command.problem_id, command.name, command.version, command.given)
        return await self._once.act(Asked(actor.person_id, command.key, asked), body)

    async def advise(self, record: Record, *, whole: bool = True) -> Advice:
        """What the coach says of a record that someone is writing, all of it or what could be read. Nothing of it is kept."""
        return advice(await self.look(text_of(record), fields_of(record)), record, whole=whole)

    async def look(self, text: str, fields: Fields) -> Opinion:
        """In a thread, and not on the database's time: a long new text takes the embedding most of a second, on a busy machine
        more than a request may wait for the database. Nothing of it is kept."""
        with uncounted():
            return await asyncio.to_thread(self._coach.look, text, fields)

    async def clarity(self, unit_id: str, year: int | None, actor: Actor) -> Report:
        """How clear the problems of a unit were; for DOST also those of all units."""
        unit_id, city = authorize_clarity(actor, unit_id), actor.has(*DOST)
        sent = await self.problems.sent(scope(actor), "" if city else unit_id)
        return report(map(journey, sent), unit_id, year, city=city)

    async def alike(self, problem: Problem, actor: Actor) -> tuple[Alike, ...]:
        """The problems most like this one among those that the actor sees, the nearest first. Comparing is not on the database's
        time: two hundred long texts take most of a second, on a busy machine more."""
        seen, text = scope(actor), text_of(problem.record)
        candidates = await self.problems.like(telling(text), seen, besides=problem.id)
        with uncounted():
            near = await asyncio.to_thread(nearest, text, candidates)
        found = {one.id: one for one in await self.problems.named([one.id for one in near], seen)}
        return tuple(Alike(found[one.id], one) for one in near if one.id in found)

    async def solution(self, name: str, actor: Actor) -> Existing | None:
        """Of a problem by id or reference; None unless the actor sees it and it has a solution in use."""
        found = await self.problems.named([name], scope(actor)) if name else []
        return next((solution_of(one) for one in found if one.state in SOLUTION_IN_USE), None)

    async def _with_named(self, given: Given, actor: Actor, session: Session) -> Given:
        found = await self.problems.named(given.named, scope(actor), session=session) if given.named else []
        known = {name: one.id for one in found for name in (one.id, one.ref)}
        return replace(given, known=known, in_use=frozenset(one.id for one in found if one.state in SOLUTION_IN_USE))

    async def _judged(self, command: Command, actor: Actor) -> tuple[Judgement, ...]:
        """What the coach says of the first draft, unless that is kept already, and of the present one. Read before the
        transaction, for it takes a while; the version that the command carries sees to it that the same record is sent."""
        problem = await self.problems.get(command.problem_id, scope(actor)) if command.name in JUDGED else None
        if problem is None:
            return ()
        present = await self._judge(problem.record, problem.version)
        if problem.judgements:
            return (present,)
        first = problem.first_draft
        return (await self._judge(first, problem.version) if first else present, present)

    async def _judge(self, record: Record, version: int) -> Judgement:
        opinion = await self.look(text_of(record), fields_of(record))
        return judgement(opinion, record, version=version, at=this_moment())

    async def _with_unit(self, given: Given, problem: Problem, session: Session) -> Given:
        unit_id = given.contact_unit_id or problem.agency.unit_id
        lineage = await self.units.lineage(unit_id, session=session)
        return replace(given, contact_unit_id=unit_id, contact_lineage=lineage)


Room = Annotated[Acts, built("acts")]
"""What this room's doors ask for."""
