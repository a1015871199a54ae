"""Published problems that are like a text that someone is writing. Held in memory; the text is neither stored nor logged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.matching.engine.index import Engine
from services.matching.engine.reasons import Fit
from services.matching.engine.text import SENTENCE, read
from services.matching.matches.match import OPEN, OpenProblem
from shared.events.match import ReasonKind
from shared.events.problem import SOLUTION_IN_USE
from shared.folding import WORD, folded
from shared.little_words import names_something

LEAST = 0.08
MOST = 5
WORDS = 4


@dataclass(frozen=True, slots=True)
class Similar:
    """`words`: what both say that tells something, if anything. `open`: solutions are still taken. `in_use`: it has a solution that
    is being used."""

    problem: OpenProblem
    score: float
    words: tuple[str, ...]
    open: bool
    in_use: bool = False


class Neighbours:
    """Every problem that was ever published here, open or not: a closed one may have its solution."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._problems: dict[str, OpenProblem] = {}
        self._closed: dict[str, str] = {}
        """Id → the state it was closed in, where that is known."""

    def load(self, problems: Iterable[tuple[OpenProblem, str]]) -> None:
        """(problem, its state)."""
        known = list(problems)
        self._problems = {problem.id: problem for problem, _ in known}
        self._closed = {problem.id: state for problem, state in known if state != OPEN}
        self._engine.load((problem.id, read(problem.text, problem.field_codes)) for problem, _ in known)

    def put(self, problem: OpenProblem) -> None:
        self._problems[problem.id] = problem
        self._closed.pop(problem.id, None)
        self._engine.put(problem.id, read(problem.text, problem.field_codes))

    def close(self, problem_id: str, state: str = "") -> None:
        """Without a state, it is closed in the one that is known."""
        self._closed[problem_id] = state or self._closed.get(problem_id, "")

    def nearest(self, text: str) -> list[Similar]:
        """The best first."""
        asked, said = read(text), _spaced(text)
        fits = self._engine.fits(asked, least=LEAST, most=MOST)
        return [self._similar(fit, said, marked=asked.has_marks) for fit in fits]

    def _similar(self, fit: Fit, said: str, *, marked: bool) -> Similar:
        state = self._closed.get(fit.profile_id, OPEN)
        problem = self._problems[fit.profile_id]
        words = _named(fit, (said, _spaced(problem.text)), marked=marked)
        return Similar(problem, fit.score, words, open=state == OPEN, in_use=state in SOLUTION_IN_USE)


def _named(fit: Fit, texts: Sequence[str], *, marked: bool) -> tuple[str, ...]:
    """What both say: «ban quản», «quản lý» and «lý chợ» are «ban quản lý chợ» where both say that."""
    said = (reason.label for reason in fit.reasons if reason.kind is ReasonKind.TERM)
    telling = (words for words in said if names_something(words, marked=marked))
    return tuple(_joined(telling, texts))[:WORDS]


def _joined(labels: Iterable[str], texts: Sequence[str]) -> list[str]:
    found: list[str] = []
    for label in labels:
        whole, at = label, len(found)
        for phrase in tuple(found):
            longer = _overlapped(phrase, whole) or _overlapped(whole, phrase)
            if longer and all(_spaced(longer) in text for text in texts):
                at = min(at, found.index(phrase))
                found.remove(phrase)
                whole = longer
        found.insert(at, whole)
    return found


def _overlapped(first: str, then: str) -> str:
    """One phrase, where the last word of the first is the first of the other; empty where it is not."""
    start, *rest = then.split()
    return " ".join((first, *rest)) if rest and first.rsplit(maxsplit=1)[-1] == start else ""


def _spaced(text: str) -> str:
    """Its words, without marks; what stands in two sentences is not side by side."""
    return " . ".join(f" {' '.join(WORD.findall(folded(part)))} " for part in SENTENCE.split(text))
