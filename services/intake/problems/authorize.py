"""Who may see a problem, and who may do what with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.intake.problems.lifecycle import Transition, steps_from
from services.intake.problems.problem import Problem
from shared.events.problem import Visibility
from shared.identity import Actor, Role
from shared.refusals import NotAllowed, NotFound

DOST = (Role.COORDINATOR, Role.DEPT_LEADER)
AGENCY = (Role.DRAFTER, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an actor may see: all of one unit's problems, what has been sent to DOST, and published ones of these kinds."""

    unit_id: str | None
    sent: bool
    published: frozenset[Visibility]


def scope(actor: Actor) -> Scope:
    kinds = {Visibility.PUBLIC, Visibility.REGISTERED} if actor.signed_in else {Visibility.PUBLIC}
    own = actor.unit_id if actor.has(*AGENCY) else None
    return Scope(own, actor.has(*DOST), frozenset(kinds))


def sees(actor: Actor, problem: Problem) -> bool:
    seen = scope(actor)
    if problem.agency.unit_id == seen.unit_id or (seen.sent and problem.submitted_at is not None):
        return True
    return problem.published_at is not None and problem.record.visibility in seen.published


def insider(actor: Actor, problem: Problem) -> bool:
    """Sees questions, reasons and who is waited for; others see the public record."""
    return actor.has(*DOST) or (actor.has(*AGENCY) and actor.unit_id == problem.agency.unit_id)


def authorize(actor: Actor, rows: Iterable[Transition], problem: Problem) -> Role:
    """The role in which the actor takes this command; `rows` are the command's rows. Raises NotFound, NotAllowed."""
    if not sees(actor, problem):
        raise NotFound
    wanted = {name for row in rows for name in row.who}
    for role in sorted(actor.roles):
        if role in wanted and _in_reach(actor, role, problem):
            return role
    raise NotAllowed


def allows(actor: Actor, command: str, problem: Problem) -> bool:
    """Whether the actor may try this command in the present state; its guards are asked when it is tried."""
    return any(
        row.command == command and any(role in row.who and _in_reach(actor, role, problem) for role in actor.roles)
        for row in steps_from(problem.state, actor.roles)
    )


def authorize_create(actor: Actor) -> None:
    if not actor.has(Role.DRAFTER) or actor.unit_id is None:
        raise NotAllowed


def may_overrule(actor: Actor) -> bool:
    """Say of a problem that they see that the coach was wrong about it."""
    return actor.has(Role.COORDINATOR)


def authorize_overrule(actor: Actor) -> None:
    if not may_overrule(actor):
        raise NotAllowed


def authorize_reading_overrules(actor: Actor) -> None:
    if not actor.has(*DOST):
        raise NotAllowed


def authorize_clarity(actor: Actor, unit_id: str) -> str:
    """The unit that is told of: an agency's own; for DOST any, or none: the whole city. Raises NotAllowed."""
    if actor.has(*DOST):
        return unit_id
    if not actor.has(*AGENCY) or actor.unit_id is None or unit_id not in ("", actor.unit_id):
        raise NotAllowed
    return actor.unit_id


def _in_reach(actor: Actor, role: Role, problem: Problem) -> bool:
    """An agency's role counts for the agency's own problems alone."""
    return role not in AGENCY or actor.unit_id == problem.agency.unit_id
