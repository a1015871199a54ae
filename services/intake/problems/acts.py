"""What the doors of this room do alike: one act, one transaction, one receipt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from uuid_utils import uuid7

from services.intake.coach.coach import Coach, Opinion
from services.intake.coach.judge import Fields
from services.intake.problems.advice import Advice, advice
from services.intake.problems.alike import Near, nearest, telling
from services.intake.problems.authorize import authorize_create, scope
from services.intake.problems.coached import fields_of, judgement, text_of
from services.intake.problems.judgement import Judgement
from services.intake.problems.problem import Given, Problem
from services.intake.problems.record import Record
from services.intake.problems.repository import PROBLEM, ProblemRepository
from services.intake.problems.step import act, create
from services.intake.receipts.repository import ReceiptRepository
from services.intake.receipts.repository import Request as Asked
from services.intake.units.repository import UnitRepository
from shared.identity import Actor
from shared.messaging.failpoints import hit
from shared.messaging.transaction import transact
from shared.mongo import Database, Session, uncounted
from shared.refusals import NotFound, Refusal
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
        self._receipts = ReceiptRepository(database)

    async def prepare(self) -> None:
        await self.problems.prepare()
        await self._receipts.prepare()

    async def post(self, given: Given, actor: Actor, *, key: str = "", problem_id: str = "") -> Problem:
        """A new draft of the actor's own unit; `problem_id`: the one that its page was opened with."""
        authorize_create(actor)
        problem_id, now = problem_id or str(uuid7()), _now()

        async def body(session: Session) -> Problem:
            lineage = await self.units.lineage(actor.unit_id, session=session)
            problem, event = create(problem_id, given, lineage=lineage, actor=actor, now=now)
            await self.problems.add(problem, event, session=session)
            return problem

        return await self._once(Asked(actor.person_id, key, ("create", given.record)), body)

    async def take(self, command: Command, actor: Actor) -> Problem:
        """One step of a problem's life."""
        now, judged = _now(), await self._judged(command, actor)

        async def body(session: Session) -> Problem:
            problem = await self.problems.get(command.problem_id, scope(actor), session=session)
            if problem is None:
                raise NotFound
            given = await self._with_unit(command.given, problem, session)
            given = replace(given, judgements=judged, known=await self._known(given, actor, session))
            after, event = act(problem, command.name, given, version=command.version, actor=actor, now=now)
            await self.problems.save(after, event, session=session)
            return after

        asked = (command.problem_id, command.name, command.version, command.given)
        return await self._once(Asked(actor.person_id, command.key, asked), body)

    async def advise(self, record: Record) -> Advice:
        """What the coach says of a record that someone is writing. Nothing of it is kept."""
        return advice(await self.look(text_of(record), fields_of(record)), record)

    async def look(self, text: str, fields: Fields) -> Opinion:
        """In a thread, and not on the database's time: a long new text takes the embedding most of a second, on a busy machine
        more than a request may wait for the database. Nothing of it is kept."""
        with uncounted():
            return await asyncio.to_thread(self._coach.look, text, fields)

    async def alike(self, problem: Problem, actor: Actor) -> tuple[Alike, ...]:
        """The problems most like this one among those that the actor sees, the nearest first."""
        seen, text = scope(actor), text_of(problem.record)
        candidates = await self.problems.like(telling(text), seen, besides=problem.id)
        near = await asyncio.to_thread(nearest, text, candidates)
        found = {one.id: one for one in await self.problems.named([one.id for one in near], seen)}
        return tuple(Alike(found[one.id], one) for one in near if one.id in found)

    async def _known(self, given: Given, actor: Actor, session: Session) -> Mapping[str, str]:
        if given.duplicates is None:
            return {}
        found = await self.problems.named(given.duplicates.named, scope(actor), session=session)
        return {name: one.id for one in found for name in (one.id, one.ref)}

    async def _judged(self, command: Command, actor: Actor) -> tuple[Judgement, ...]:
        """What the coach says of the first draft, unless that is kept already, and of the present one. Read before the
        transaction, for it takes a while; the version that the command carries sees to it that the same record is sent."""
        problem = await self.problems.get(command.problem_id, scope(actor)) if command.name in JUDGED else None
        if problem is None:
            return ()
        first = () if problem.judgements else (problem.first_draft or problem.record,)
        return tuple([await self._judge(record, problem.version) for record in (*first, problem.record)])

    async def _judge(self, record: Record, version: int) -> Judgement:
        return judgement(await self.look(text_of(record), fields_of(record)), version=version, at=_now())

    async def _with_unit(self, given: Given, problem: Problem, session: Session) -> Given:
        unit_id = given.contact_unit_id or problem.agency.unit_id
        lineage = await self.units.lineage(unit_id, session=session)
        return replace(given, contact_unit_id=unit_id, contact_lineage=lineage)

    async def _once(self, asked: Asked, body: Callable[[Session], Awaitable[Problem]]) -> Problem:
        """Acts first and looks afterwards: only a request that is refused can have been answered before."""

        async def whole(session: Session) -> Problem:
            problem = await body(session)
            if asked.key:
                await self._receipts.keep(asked, PROBLEM.dump_python(problem, mode="json"), session=session)
            return problem

        try:
            problem = await transact(self._database, whole)
        except Refusal:
            before = await self._receipts.answer(asked)
            if before is None:
                raise
            return PROBLEM.validate_python(before)
        hit("intake.committed_not_acked")
        return problem


def _now() -> datetime:
    """To the millisecond, which is what the store keeps: the first answer reads like every later one."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


Room = Annotated[Acts, built("acts")]
"""What this room's doors ask for."""
