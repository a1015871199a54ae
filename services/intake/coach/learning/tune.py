"""Tunes the upper layers of the wheel's network to the roles and labels of some statements, together with the attention between
sentences that reads them.

On one processor it learns the same to the byte each time; another kind of processor adds in another order, and what is learned
differs a little.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)  # jax reads it once

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from services.intake.coach.attention import BIASES, FORM, SCALES, SHAPES, heard
from services.intake.coach.encoder import AS_PUBLISHED, LAYERS, WHEEL
from services.intake.coach.learning.batches import PLACES, SENTENCES, Batch, batch, packs
from services.intake.coach.learning.fit import Matrix
from services.intake.coach.learning.network import Array, Layer, meanings, normed, read, through, written
from services.intake.coach.learning.statements import Statement
from services.intake.coach.learning.wheel import Numbers, Wheel
from shared.folding import without_marks

EPOCHS = 3
PACE, PACE_OF_ATTENTION, WARMING = 1e-4, 1e-3, 0.06
"""How fast the layers and the attention learn at most, and for which share of the steps the pace still rises."""
UNMARKED = 0.15
"""Share of the Vietnamese statements that are read as if typed without marks, others in each epoch."""
OF_LABELS = 0.3
"""How much the labels of a statement count beside the roles of its sentences."""
SMALL, CAREFUL = 0.02, ("from_first", "from_last", "out", "narrow", "roles", "labels")
"""How far what these weights add is from nothing at first."""
Attention = Mapping[str, Array]
Learned = tuple[Sequence[Layer], Attention]


@dataclass(frozen=True, slots=True)
class Tuned:
    """`layers`: as the wheel's file has them. `attention`: one record of its FORM."""

    layers: bytes
    attention: NDArray[Any]


class Tuner:
    """Keeps what the lower layers, which are not tuned, tell of a sentence: some 700 MB for all statements."""

    def __init__(self) -> None:
        self._wheel, self._lower = Wheel(WHEEL.read_bytes()), jax.jit(through)
        self._below = dict[str, NDArray[np.float16]]()

    def __call__(self, statements: Sequence[Statement]) -> Tuned:
        draw = np.random.default_rng(0)
        epochs = [[_typed(statements[n], draw) for n in draw.permutation(len(statements))] for _ in range(EPOCHS)]
        self._read(text for epoch in epochs for one in epoch for text in one.texts)
        steps = sum(1 for epoch in epochs for _ in self._batches(epoch))
        learning = _Learning(self._layers(AS_PUBLISHED, LAYERS), self._wheel.epsilon, steps)
        for one in track(
            chain.from_iterable(map(self._batches, epochs)), "tuning", steps, console=Console(stderr=True)
        ):
            learning.step(one)
        return learning.tuned()

    def _batches(self, statements: Sequence[Statement]) -> Iterator[Batch]:
        texts = ([self._below[text] for text in one.texts] for one in statements)
        return (batch(pack, statements) for pack in packs(texts))

    def _layers(self, first: int, end: int) -> Sequence[Layer]:
        return [read(self._wheel.layer(n)) for n in range(first, end)]

    def _read(self, texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._below]
        layers = self._layers(0, AS_PUBLISHED)
        for pack in packs([tokens] for tokens in self._tokens(new)):
            found = np.asarray(self._lower(layers, *pack.packed, self._wheel.epsilon))
            self._below |= {
                new[n]: found[place].astype(np.float16) for n, place in zip(pack.texts, pack.places, strict=True)
            }

    def _tokens(self, texts: Iterable[str]) -> Iterator[Numbers]:
        words, places, kind, scale, shift = map(
            self._wheel.vectors, ("emb.word", "emb.pos", "emb.type", "emb.ln.w", "emb.ln.b")
        )
        for text in texts:
            tokens = self._wheel.tokens(text)[:PLACES]
            yield np.asarray(
                normed(words[tokens] + places[: len(tokens)] + kind[0], (scale, shift), self._wheel.epsilon)
            )


def _typed(one: Statement, draw: np.random.Generator) -> Statement:
    if draw.random() >= UNMARKED or one.language != "vi":
        return one
    return replace(
        one, sentences=tuple(replace(sentence, text=without_marks(sentence.text)) for sentence in one.sentences)
    )


class _Learning:
    """`steps`: how many there will be."""

    def __init__(self, layers: Sequence[Layer], epsilon: float, steps: int) -> None:
        self._optimizer = _optimizer(steps)
        self._learned: Learned = (layers, _attention())
        self._state = self._optimizer.init(self._learned)
        self._step = jax.jit(partial(_step, self._optimizer, epsilon))

    def step(self, one: Batch) -> None:
        self._learned, self._state = self._step(self._learned, self._state, one)

    def tuned(self) -> Tuned:
        layers, attention = self._learned
        found = np.empty(1, FORM)
        for name, weights in attention.items():
            found[name] = weights
        return Tuned(b"".join(map(written, layers)), found)


def _attention() -> Attention:
    """The scales are 1, the biases nothing."""
    draw = np.random.default_rng(1)
    return {name: jnp.asarray(_drawn(name, shape, draw), jnp.float32) for name, shape in SHAPES.items()}


def _drawn(name: str, shape: tuple[int, ...], draw: np.random.Generator) -> Matrix:
    if name in SCALES:
        return np.ones(shape)
    if name in BIASES:
        return np.zeros(shape)
    return draw.normal(0, SMALL if name in CAREFUL else shape[-2] ** -0.5, shape)


def _optimizer(steps: int) -> optax.GradientTransformationExtraArgs:
    """Adam with a pace for the layers and one for the attention; no gradient counts for more than one of length 1."""

    def pace(most: float) -> optax.GradientTransformationExtraArgs:
        return optax.adamw(optax.warmup_cosine_decay_schedule(0, most, int(WARMING * steps), steps), weight_decay=0.01)

    paces = optax.partition({"layers": pace(PACE), "attention": pace(PACE_OF_ATTENTION)}, ("layers", "attention"))
    return optax.chain(optax.clip_by_global_norm(1.0), paces)


def _step(
    optimizer: optax.GradientTransformationExtraArgs,
    epsilon: float,
    learned: Learned,
    state: optax.OptState,
    one: Batch,
) -> tuple[Learned, optax.OptState]:
    change, state = optimizer.update(jax.grad(_wrong)(learned, one, epsilon), state, learned)
    found: Learned = optax.apply_updates(learned, change)
    return found, state


def _wrong(learned: Learned, one: Batch, epsilon: float) -> Array:
    """How far what is told is from what is wanted: of the roles of the sentences, and of the labels of the statements."""
    layers, attention = learned
    tokens, whose = one.packed
    found = meanings(through(layers, tokens, whose, epsilon), whose, SENTENCES)
    roles, labels = heard(attention, found, one.whose, jnp)
    return _apart(roles, one.roles, one.told) + OF_LABELS * _apart(labels, one.labels, one.whole)


def _apart(told: Array, wanted: Array, counts: Array) -> Array:
    each = optax.sigmoid_binary_cross_entropy(told, wanted).mean(1)
    return jnp.vdot(each, counts) / jnp.sum(counts)
