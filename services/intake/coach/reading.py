"""What the coach has read: sentences, what each does, and where something of public interest is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.gates import Found, personal_data, secrets
from services.intake.coach.lexicon import without_marks
from services.intake.coach.model import RoleModel
from services.intake.coach.roles import Label, Role
from services.intake.coach.sentences import Sentence, compose, split
from shared.folding import folded

ONLY_ORDERED = "only_ordered"
"""The name of its thresholds."""
SAID_AGAIN = 2 / 3
"""The share of its words."""
GIVEN = 0.9
"""How surely a sentence does what its field of the form is for."""
ORDERS = 0.5
"""From this probability on a sentence orders something, whatever its field is for."""
Probability = TypeVar("Probability", float, NDArray[Any])
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
        return only_ordered(self.labels[Label.SOLUTION], self.best(Role.TROUBLE)[1])

    def told(self, sentence: int, role: Role) -> float:
        return float(self.roles[sentence, COLUMNS[role]])

    def best(self, *roles: Role) -> tuple[int, float]:
        """The sentence that does one of these most surely, and how surely; (0, 0) without any sentence."""
        if not self.sentences:
            return 0, 0.0
        found = self.roles[:, [COLUMNS[role] for role in roles]].max(1)
        at = int(np.argmax(found))
        return at, float(found[at])


def only_ordered(solution: Probability, trouble: Probability) -> Probability:
    """Of a statement, from how surely it orders something and how surely its surest sentence tells a trouble."""
    return solution * (1 - trouble)  # type: ignore[no-any-return]  # numpy keeps the type of its argument


def read(text: str, model: RoleModel, lines: Sequence[Role | None] = ()) -> Reading:
    """`lines`: what a line of the text is known to do."""
    whole = compose(text)
    sentences = split(whole)
    texts = [sentence.text for sentence in sentences]
    again = said_again(texts)
    known = [_known(whole, sentence, lines) for sentence in sentences]
    roles, labels = _told(texts, known, again, model)
    return Reading(
        text=whole,
        sentences=sentences,
        roles=roles,
        labels=labels,
        in_the_way=(*secrets(whole), *personal_data(whole)),
        unmarked=without_marks(whole),
    )


def _known(text: str, sentence: Sentence, lines: Sequence[Role | None]) -> Role | None:
    line = text.count("\n", 0, sentence.start)
    return lines[line] if line < len(lines) else None


def _told(
    texts: Sequence[str], known: Sequence[Role | None], again: NDArray[np.bool_], model: RoleModel
) -> tuple[NDArray[Any], dict[Label, float]]:
    """What is said again later is read by itself: a title and the text under it are not two troubles."""
    roles = np.zeros((len(texts), len(Role)))
    kept = [text for text, repeated in zip(texts, again, strict=True) if not repeated]
    roles[~again] = model.roles(kept)
    for n, text in enumerate(texts):
        if again[n]:
            roles[n] = model.roles([text])[0]
        if (role := known[n]) and roles[n, COLUMNS[Role.ORDER]] < ORDERS:
            roles[n, COLUMNS[role]] = max(roles[n, COLUMNS[role]], GIVEN)
    return roles, model.labels(roles[~again], kept)


def said_again(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Of each sentence, whether a later one says most of its words."""
    words = [set(folded(text).split()) for text in texts]
    return np.array(
        [any(len(one & later) >= SAID_AGAIN * len(one) for later in words[n + 1 :]) for n, one in enumerate(words)],
        dtype=bool,
    )
