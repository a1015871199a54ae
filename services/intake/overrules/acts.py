"""What the doors of this room do alike: one act, one transaction, one receipt."""

from typing import Annotated

from uuid_utils import uuid7

from services.intake.overrules.objection import Objection
from services.intake.overrules.overrule import Overrule, overrule, withdraw
from services.intake.overrules.repository import OVERRULE, OverruleRepository
from services.intake.problems.authorize import authorize_reading_overrules, scope
from services.intake.problems.problem import Problem
from services.intake.problems.repository import ProblemRepository
from services.intake.receipts.acts import Once, this_moment
from services.intake.receipts.repository import Request as Asked
from shared.identity import Actor
from shared.mongo import Database, Session
from shared.refusals import NotFound
from shared.web.application import built


class OverruleActs:
    """No event tells of them: what the coach got wrong leaves intake only as a file that a person has read."""

    def __init__(self, database: Database) -> None:
        self._problems, self._overrules = ProblemRepository(database), OverruleRepository(database)
        self._once = Once(database, OVERRULE)

    async def prepare(self) -> None:
        await self._overrules.prepare()

    async def problem(self, problem_id: str, actor: Actor, session: Session | None = None) -> Problem:
        """As this person sees it. Raises NotFound."""
        problem = await self._problems.get(problem_id, scope(actor), session=session)
        if problem is None:
            raise NotFound
        return problem

    async def overrule(self, problem_id: str, said: Objection, actor: Actor, *, key: str = "") -> Overrule:
        overrule_id, now = str(uuid7()), this_moment()

        async def body(session: Session) -> Overrule:
            problem = await self.problem(problem_id, actor, session)
            after, kept = overrule(problem, said, overrule_id=overrule_id, actor=actor, now=now)
            return await self._save(after, kept, session)

        return await self._once.act(Asked(actor.person_id, key, ("overrule", problem_id, said)), body)

    async def withdraw(self, problem_id: str, overrule_id: str, actor: Actor) -> Overrule:
        """Needs no key: done twice, it is done once."""
        now = this_moment()

        async def body(session: Session) -> Overrule:
            problem = await self.problem(problem_id, actor, session)
            kept = await self._overrules.get(problem_id, overrule_id, session=session)
            if kept is None:
                raise NotFound
            return await self._save(*withdraw(problem, kept, actor=actor, now=now), session)

        return await self._once.act(Asked(actor.person_id, "", ("withdraw", overrule_id)), body)

    async def of_problem(self, problem_id: str, actor: Actor) -> list[Overrule]:
        """All of them, also those that were taken back. Raises NotFound, NotAllowed."""
        await self.problem(problem_id, actor)
        authorize_reading_overrules(actor)
        return await self._overrules.of_problem(problem_id)

    async def _save(self, problem: Problem, kept: Overrule, session: Session) -> Overrule:
        await self._problems.correct(problem, session=session)
        await self._overrules.save(kept, session=session)
        return kept


Room = Annotated[OverruleActs, built("overrules")]
"""What this room's doors ask for."""
