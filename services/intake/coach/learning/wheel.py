"""What lies in the wheel's file, read for training as its e5.c reads it: its tokens, their vectors, and its layers. Only of letters
in a row that it does not know the tokenizer here makes one token, e5.c one each."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from services.intake.coach.encoder import IN_ALL, LAYER, PREFIX, SIZE

Numbers = NDArray[np.float32]
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
"""32 weights in four bits: the low halves of the bytes, then the high ones; 8 is nothing."""


class Wheel:
    """`first`, `last`: the tokens around a sentence. `written`: what a letter is read as. `epsilon`: what a normalisation adds to
    the variance."""

    def __init__(self, data: bytes) -> None:
        self._data, read = data, _Reader(data)
        *_, self.epsilon, _ = read.take("4s 8i f i")
        size, self.first, self.last, _, unknown, letters = read.take("5i Q")
        ends, scores, pieces = read.array("<u4", size + 1), read.array("<f4", size), bytes(read.array("u1", letters))
        named = [(pieces[ends[n] : ends[n + 1]].decode(), float(scores[n])) for n in range(size)]
        self.written = _written(read)
        self.tokenizer = _tokenizer(named, unknown)
        self._places = _places(read)

    def tokens(self, sentence: str) -> Sequence[int]:
        found = self.tokenizer.encode((PREFIX + sentence).translate(self.written), add_special_tokens=False).ids
        return [self.first, *found, self.last]

    def vectors(self, name: str) -> Numbers:
        """A row for each token (`emb.word`), each place (`emb.pos`) …"""
        at, size, in_four_bits = self._places[name]
        found = np.frombuffer(self._data, BLOCK if in_four_bits else "<f4", size // (32 if in_four_bits else 1), at)
        return (opened(found) if in_four_bits else found).reshape(-1, SIZE)

    def layer(self, n: int) -> bytes:
        at = len(self._data) - (IN_ALL - n) * LAYER
        return self._data[at : at + LAYER]


def opened(blocks: NDArray[Any]) -> Numbers:
    """The weights of `BLOCK`s."""
    halves = np.hstack([blocks["halves"] & 15, blocks["halves"] >> 4]).astype(np.float32)
    return (halves - 8) * blocks["scale"].astype(np.float32)[:, None]


def _tokenizer(named: list[tuple[str, float]], unknown: int) -> Tokenizer:
    found = Tokenizer(models.Unigram(named, unknown))
    found.normalizer = normalizers.Replace(Regex("  +"), " ")
    found.pre_tokenizer = pre_tokenizers.Metaspace(split=False)
    return found


def _written(read: "_Reader") -> Mapping[int, str]:
    size, _ = read.take("i I")
    found = {}
    for _ in range(size):
        letter, many = read.take("I B")
        found[letter] = "".join(map(chr, read.take(f"{many}I")))
    return found


def _places(read: "_Reader") -> Mapping[str, tuple[int, int, bool]]:
    """Of each matrix or vector: where it begins, how many numbers it has, and whether they take four bits."""
    found = {}
    for _ in range(*read.take("i")):
        (letters,) = read.take("H")
        name = bytes(read.array("u1", letters)).decode()
        in_four_bits, size, at, _ = read.take("B I Q Q")
        found[name] = (at, size, bool(in_four_bits))
    return found


class _Reader:
    """One thing after the other, little-endian."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def array(self, kind: str, size: int) -> NDArray[Any]:
        found = np.frombuffer(self._data, kind, size, self._at)
        self._at += found.nbytes
        return found
