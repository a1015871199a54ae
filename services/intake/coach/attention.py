"""How the sentences of a statement hear each other: two layers of attention over what each of them means. One function for numpy,
at work, and for jax, which learns it.

A cause is one beside a trouble, and whether two troubles are one shows only beside each other. By meaning alone, on hands not seen,
the mean F1 of the labels rose from .78 (a regression over a sentence and its two neighbours) to .84.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.intake.coach.encoder import SIZE
from services.intake.coach.roles import Label, Role

WIDTH, DEPTH, HEADS = 128, 2, 4
PLACES = 16
"""What lies further from the first or the last sentence counts as this far."""
SHARP = 16.0
"""A meaning has length 1: what is learned of it is so many times smaller."""
MANY = 4.0
"""By which a sum over the sentences of a statement is divided."""
LONGEST = 11
"""Sentences of a statement in training. What is longer is read in parts: where the sum went on, forty sentences of background alone
passed for a baseline (.82), and the cost grows with the square."""
NEVER = -1e9
SHAPES = {
    "entry": (SIZE, WIDTH),
    "from_first": (PLACES, WIDTH),
    "from_last": (PLACES, WIDTH),
    "heard": (DEPTH, WIDTH),
    "q": (DEPTH, WIDTH, WIDTH),
    "k": (DEPTH, WIDTH, WIDTH),
    "v": (DEPTH, WIDTH, WIDTH),
    "out": (DEPTH, WIDTH, WIDTH),
    "thought": (DEPTH, WIDTH),
    "wide": (DEPTH, WIDTH, 2 * WIDTH),
    "bias": (DEPTH, 2 * WIDTH),
    "narrow": (DEPTH, 2 * WIDTH, WIDTH),
    "told": (WIDTH,),
    "roles": (WIDTH, len(Role)),
    "of_roles": (len(Role),),
    "labels": (3 * WIDTH, len(Label)),
    "of_labels": (len(Label),),
}
"""Of the weights, as they lie in the file."""
SCALES, BIASES = ("heard", "thought", "told"), ("bias", "of_roles", "of_labels")
FORM = np.dtype([(name, "<f4", shape) for name, shape in SHAPES.items()])
"""Of the file: one record."""
Array = Any
"""Of numpy at work, of jax in training."""
Weights = Mapping[str, Array] | NDArray[Any]


def heard(weights: Weights, meanings: Array, whose: Array, xp: Any = np) -> tuple[Array, Array]:
    """The log-odds of the roles of each sentence and of the labels of each statement. `meanings` (sentences × SIZE); `whose`
    (statements × sentences): 1.0 where a sentence is one of the statement, whose sentences hear no others. `xp`: numpy, or
    jax's."""
    same = whose.T @ whose > 0
    found = SHARP * meanings @ weights["entry"] + _places(weights, same, xp)
    for layer in range(DEPTH):
        found = found + _listened(weights, layer, found, same, xp)
        found = found + _thought(weights, layer, found, xp)
    found = _even(found, xp) * weights["told"]
    roles = found @ weights["roles"] + weights["of_roles"]
    return roles, _pooled(found, whose, xp) @ weights["labels"] + weights["of_labels"]


def of_one(weights: Weights, meanings: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The same of one statement; the labels are the mean of its parts'."""
    parts = np.array_split(meanings, -(-len(meanings) // LONGEST))
    told = [heard(weights, part, np.ones((1, len(part)), np.float32)) for part in parts]
    return np.vstack([roles for roles, _ in told]), np.mean([labels for _, (labels,) in told], axis=0)


def _places(weights: Weights, same: Array, xp: Any) -> Array:
    """How many sentences of its statement come before each, and how many after."""
    before, after = (xp.minimum(side.sum(1), PLACES - 1) for side in (xp.tril(same, -1), xp.triu(same, 1)))
    return weights["from_first"][before] + weights["from_last"][after]


def _listened(weights: Weights, layer: int, given: Array, same: Array, xp: Any) -> Array:
    given = _even(given, xp) * weights["heard"][layer]
    q, k, v = ((given @ weights[name][layer]).reshape(len(given), HEADS, -1) for name in "qkv")
    likeness = xp.where(same, xp.einsum("shd,ohd->hso", q, k) / (WIDTH // HEADS) ** 0.5, NEVER)
    share = xp.exp(likeness - likeness.max(-1, keepdims=True))
    share = share / share.sum(-1, keepdims=True)
    return xp.einsum("hso,ohd->shd", share, v).reshape(given.shape) @ weights["out"][layer]


def _thought(weights: Weights, layer: int, given: Array, xp: Any) -> Array:
    given = _even(given, xp) * weights["thought"][layer]
    return xp.maximum(given @ weights["wide"][layer] + weights["bias"][layer], 0) @ weights["narrow"][layer]


def _even(given: Array, xp: Any) -> Array:
    """Each row with mean 0 and variance 1."""
    given = given - given.mean(-1, keepdims=True)
    return given / xp.sqrt((given * given).mean(-1, keepdims=True) + 1e-5)


def _pooled(found: Array, whose: Array, xp: Any) -> Array:
    """Of each statement the mean over its sentences, the greatest, and how much there is in all."""
    size = whose.sum(1, keepdims=True)
    greatest = xp.where(whose[:, :, None] > 0, found, NEVER).max(1) * xp.minimum(size, 1)
    return xp.concatenate([whose @ found / xp.maximum(size, 1), greatest, whose @ xp.maximum(found, 0) / MANY], axis=1)
