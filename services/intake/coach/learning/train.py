"""`make coach-train`: the weights that the coach runs on, from the labelled statements, the same to the byte each time."""

import hashlib
import json
from pathlib import Path

import numpy as np
from rich.console import Console

from services.intake.coach.embedding import OfflineE5, embedding_of
from services.intake.coach.learning.fit import boost
from services.intake.coach.learning.material import Material
from services.intake.coach.learning.statements import FOLDER, load
from services.intake.coach.learning.thresholds import thresholds
from services.intake.coach.learning.trained import SIGNALS, Fitted, Unseen, unseen_scores
from services.intake.coach.model import THOUSANDTH, WEIGHTS, Embedding
from services.intake.settings import CoachSettings

LOOKED_AT = tuple(WEIGHTS.parent / f"{name}.py" for name in ("context", "features", "roles", "trees"))


def embedding_in_use() -> Embedding:
    """The service's own by its settings; the wheel's where it has none, for the weights are for both signals."""
    settings = CoachSettings()
    return embedding_of(settings.coach_embedding, settings.coach_embedding_folder) or OfflineE5()


def train(statements: Path, weights: Path, embedding: Embedding) -> None:
    console = Console(stderr=True)
    console.log("what each sentence means")
    material = Material.of(load(statements), embedding)
    console.log("weights that know nothing of a hand, for each part of the hands")
    scores = unseen_scores(material)
    console.log("trees that know nothing of a hand")
    told = {signal: Unseen.of(material, scores, signal) for signal in SIGNALS}
    console.log("the weights and trees of all hands")
    about = {
        "version": version(statements),
        "statements": len(material.statements),
        "thresholds": {signal: thresholds(material, told[signal]) for signal in SIGNALS},
    }
    _write_sentences(weights, Fitted(material))
    for signal in SIGNALS:
        _write_forests(weights, signal, material, told[signal])
    (weights / "about.json").write_text(json.dumps(about, indent=1) + "\n")


def version(folder: Path) -> str:
    """Changes with the statements, with the code that learns from them and with what it looks at."""
    read = hashlib.sha256()
    for path in (*sorted(folder.glob("*.jsonl")), *sorted(Path(__file__).parent.glob("*.py")), *LOOKED_AT):
        read.update(path.read_bytes())
    return read.hexdigest()[:12]


def _write_sentences(folder: Path, fitted: Fitted) -> None:
    folder.mkdir(exist_ok=True)
    lines = [f"{view}{feature}" for view, rows in enumerate(fitted.vocabulary.rows) for feature in rows]
    (folder / "features.txt").write_text("\n".join(lines))
    np.save(folder / "rarity.npy", fitted.vocabulary.rarity.astype(np.float32))
    np.save(folder / "words.npy", np.round(fitted.words / THOUSANDTH).astype(np.int16))
    np.save(folder / "meaning.npy", fitted.meaning.astype(np.float32))


def _write_forests(folder: Path, signal: str, material: Material, told: Unseen) -> None:
    """The trees learn from what is told of unseen hands: of its own statements a model is surer than it will be at work."""
    np.save(folder / f"roles_{signal}.npy", boost(np.concatenate(told.rows), material.wanted_roles()))
    np.save(folder / f"labels_{signal}.npy", boost(np.concatenate(told.wholes), material.wanted_labels()))


if __name__ == "__main__":
    train(FOLDER, WEIGHTS, embedding_in_use())
