"""What the coach has read: sentences, what each does, and where something of public interest is in the way."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.gates import Found, personal_data, secrets
from services.intake.coach.lexicon import without_marks
from services.intake.coach.model import RoleModel
from services.intake.coach.roles import Label, Role
from services.intake.coach.sentences import Sentence, compose, split

ONLY_ORDERED = "only_ordered"
"""The name of its thresholds."""
COLUMNS = {role: n for n, role in enumerate(Role)}


@dataclass(frozen=True)
class Reading:
    """`text` is composed: places count in it. `roles`: a row of probabilities for each sentence."""

    text: str
    sentences: tuple[Sentence, ...]
    roles: NDArray[Any]
    labels: dict[Label, float]
    in_the_way: tuple[Found, ...]
    unmarked: bool

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def only_ordered(self) -> float:
        """How surely a thing is ordered and nobody's trouble is told."""
        return self.labels[Label.SOLUTION] * (1 - self.best(Role.TROUBLE)[1])

    def told(self, sentence: int, role: Role) -> float:
        return float(self.roles[sentence, COLUMNS[role]])

    def best(self, *roles: Role) -> tuple[int, float]:
        """The sentence that does one of these most surely, and how surely; (0, 0) without any sentence."""
        if not self.sentences:
            return 0, 0.0
        found = self.roles[:, [COLUMNS[role] for role in roles]].max(1)
        at = int(np.argmax(found))
        return at, float(found[at])


def read(text: str, model: RoleModel) -> Reading:
    whole = compose(text)
    sentences = split(whole)
    texts = [sentence.text for sentence in sentences]
    roles = model.roles(texts)
    return Reading(
        text=whole,
        sentences=sentences,
        roles=roles,
        labels=model.labels(roles, texts),
        in_the_way=(*secrets(whole), *personal_data(whole)),
        unmarked=without_marks(whole),
    )
