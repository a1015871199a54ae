"""`make coach-train`: the weights that the coach runs on, from the labelled statements, the same to the byte each time."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from services.intake.coach.embedding import OfflineE5
from services.intake.coach.learning.statements import FOLDER, load
from services.intake.coach.learning.thresholds import thresholds
from services.intake.coach.learning.trained import (
    BOTH,
    WORDS,
    Fitted,
    Material,
    label_weights,
    unseen_labels,
    unseen_roles,
)
from services.intake.coach.model import THOUSANDTH, WEIGHTS


def train(statements: Path = FOLDER, weights: Path = WEIGHTS) -> None:
    material = Material.of(load(statements), OfflineE5())
    told = unseen_roles(material)
    about = {
        "version": version(statements),
        "statements": len(material.statements),
        "labels": {signal: label_weights(material, told, signal).T.tolist() for signal in (WORDS, BOTH)},
        "thresholds": {
            signal: thresholds(material, told, unseen_labels(material, told, signal), signal)
            for signal in (WORDS, BOTH)
        },
    }
    _write(weights, Fitted(material), about)


def version(folder: Path) -> str:
    """Changes with the statements and with the code that learns from them."""
    read = hashlib.sha256()
    for path in (*sorted(folder.glob("*.jsonl")), *sorted(Path(__file__).parent.glob("*.py"))):
        read.update(path.read_bytes())
    return read.hexdigest()[:12]


def _write(folder: Path, fitted: Fitted, about: Mapping[str, object]) -> None:
    folder.mkdir(exist_ok=True)
    lines = [f"{view}{feature}" for view, rows in enumerate(fitted.vocabulary.rows) for feature in rows]
    (folder / "features.txt").write_text("\n".join(lines))
    np.save(folder / "rarity.npy", fitted.vocabulary.rarity.astype(np.float32))
    np.save(folder / "words.npy", np.round(fitted.words / THOUSANDTH).astype(np.int16))
    np.save(folder / "meaning.npy", fitted.meaning.astype(np.float32))
    (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    train()
