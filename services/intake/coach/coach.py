"""The coach: reads a statement, judges it, and says what is clear already."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from services.intake.coach.criteria import Criterion, Group, Verdict, rubric
from services.intake.coach.embedding import embedding_of
from services.intake.coach.judge import Fields, Said, Threshold, judge
from services.intake.coach.lexicon import lexicon
from services.intake.coach.model import RoleModel
from services.intake.coach.reading import Reading, read
from services.intake.coach.roles import Role

NOTHING_GIVEN = Fields()
UNCLEAR = frozenset({Verdict.FAIL, Verdict.ASK})
GRAVEST = (Verdict.FAIL, Verdict.ASK, Verdict.WARN, Verdict.PASS, Verdict.NA)
SHOWN = 0.5
"""A sentence shows what it does from this probability on; it always shows the likeliest."""


@dataclass(frozen=True)
class Opinion:
    """`versions`: of the rubric, the lists and the model that it comes from."""

    reading: Reading
    said: tuple[Said, ...]
    versions: Mapping[str, str]

    @cached_property
    def groups(self) -> Mapping[Group, Verdict]:
        """The gravest verdict of each group."""
        found: dict[Group, list[Verdict]] = {group: [] for group in Group}
        for one in self.said:
            found[rubric().criteria[one.criterion].group].append(one.verdict)
        return {group: min(verdicts, key=GRAVEST.index) for group, verdicts in found.items()}

    @property
    def clear(self) -> int:
        """How many groups need no answer any more."""
        return sum(verdict not in UNCLEAR for verdict in self.groups.values())

    @property
    def blocking(self) -> tuple[Criterion, ...]:
        return tuple(one.criterion for one in self.said if one.verdict is Verdict.FAIL)

    def does(self, sentence: int) -> tuple[tuple[Role, float], ...]:
        """What a sentence does, the surest first."""
        told = sorted(((role, self.reading.told(sentence, role)) for role in Role), key=lambda one: -one[1])
        return tuple(one for n, one in enumerate(told) if n == 0 or one[1] >= SHOWN)


class Coach:
    def __init__(self, model: RoleModel) -> None:
        self._model = model
        self._limits = {name: Threshold(**given) for name, given in model.thresholds.items()}

    def look(self, text: str, fields: Fields = NOTHING_GIVEN) -> Opinion:
        """Takes some milliseconds of one core, and some 10 more a new sentence where the embedding is on."""
        reading = read(text, self._model, fields.lines)
        versions = {"rubric": rubric().version, "words": lexicon().version, "model": self._model.version}
        return Opinion(reading, judge(reading, fields, self._limits), versions)


@cache
def coach_with(embedding: str, folder: Path | None = None) -> Coach:
    """By the settings; one for the whole process."""
    return Coach(RoleModel(embedding_of(embedding, folder)))
