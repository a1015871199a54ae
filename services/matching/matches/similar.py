"""Published problems that are like a text that someone is writing. Held in memory; the text is neither stored nor logged."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.matching.engine.index import Engine
from services.matching.engine.reasons import Fit
from services.matching.engine.text import read
from services.matching.matches.match import OpenProblem
from shared.events.match import ReasonKind

LEAST = 0.08
MOST = 5
WORDS = 4


@dataclass(frozen=True, slots=True)
class Similar:
    """`words`: what both say. `open`: solutions are still taken."""

    problem: OpenProblem
    score: float
    words: tuple[str, ...]
    open: bool


class Neighbours:
    """Every problem that was ever published here, open or not: a closed one may have its solution."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._problems: dict[str, OpenProblem] = {}
        self._closed: set[str] = set()

    def load(self, problems: Iterable[tuple[OpenProblem, bool]]) -> None:
        """(problem, whether it is open)."""
        known = list(problems)
        self._problems = {problem.id: problem for problem, _ in known}
        self._closed = {problem.id for problem, is_open in known if not is_open}
        self._engine.load((problem.id, read(problem.text, problem.field_codes)) for problem, _ in known)

    def put(self, problem: OpenProblem) -> None:
        self._problems[problem.id] = problem
        self._closed.discard(problem.id)
        self._engine.put(problem.id, read(problem.text, problem.field_codes))

    def close(self, problem_id: str) -> None:
        self._closed.add(problem_id)

    def nearest(self, text: str) -> list[Similar]:
        """The best first."""
        fits = self._engine.fits(read(text), least=LEAST, most=MOST)
        return [self._similar(fit) for fit in fits]

    def _similar(self, fit: Fit) -> Similar:
        words = [reason.label for reason in fit.reasons if reason.kind is ReasonKind.TERM][:WORDS]
        return Similar(self._problems[fit.profile_id], fit.score, tuple(words), fit.profile_id not in self._closed)
