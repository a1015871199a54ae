"""What the pages that ask for a step begin with: the problem as this person sees it, and what they sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.intake.problems.acts import Acts
from services.intake.problems.authorize import allows, scope
from services.intake.problems.command_models import COMMANDS, Versioned
from services.intake.problems.field_names import named
from services.intake.problems.problem import Problem
from shared.identity import Actor
from shared.refusals import InvalidInput, NotFound
from shared.web.field_errors import field_errors


def known_id(text: str) -> str:
    """The id that a page was opened with. Raises NotFound for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound from None


async def seen(problem_id: str, actor: Actor, room: Acts) -> Problem:
    problem = await room.problems.get(problem_id, scope(actor))
    if problem is None:
        raise NotFound
    return problem


async def allowed(problem_id: str, command: str, actor: Actor, room: Acts) -> Problem:
    """Not found where the step is not this person's to take now."""
    problem = await seen(problem_id, actor, room)
    if not allows(actor, command, problem):
        raise NotFound
    return problem


def parsed(command: str, body: Mapping[str, Any]) -> Versioned:
    try:
        return COMMANDS[command].model_validate(body)
    except ValidationError as error:
        raise InvalidInput(errors=tuple(map(named, field_errors(error.errors())))) from None
