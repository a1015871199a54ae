"""What `alike.html` takes: the problems that are alike, and the words for how much and for what was decided."""

from typing import Any

from services.intake.problems import lifecycle
from services.intake.problems.acts import Acts
from services.intake.problems.alike import Band
from services.intake.problems.duplicates import Likeness
from services.intake.problems.problem import Problem, reference
from shared.events.problem import SOLUTION_IN_USE
from shared.identity import Actor
from shared.refusals import Text

BANDS = {
    Band.HIGH: Text("Rất giống", "Very much alike"),
    Band.MIDDLE: Text("Khá giống", "Rather alike"),
    Band.LOW: Text("Có điểm chung", "Something in common"),
}
LIKENESSES = {
    Likeness.DIFFERENT: Text("Khác: không trùng đề bài nào", "Different: a duplicate of none"),
    Likeness.RELATED: Text("Có liên quan, vẫn là hai bài", "Related, and still two problems"),
    Likeness.SAME: Text("Trùng: cùng một vấn đề", "The same problem"),
}
WORDS = {
    "bands": BANDS,
    "likenesses": LIKENESSES,
    "reference": reference,
    "states": lifecycle.states(),
    "in_use": SOLUTION_IN_USE,
}


async def alike_shown(problem: Problem, actor: Actor, room: Acts) -> dict[str, Any]:
    return {**WORDS, "alike": await room.alike(problem, actor)}
