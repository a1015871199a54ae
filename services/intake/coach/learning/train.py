"""`make coach-train`: the network and the weights that the coach runs on, from the labelled statements: the same to the byte each
time, but that on another kind of processor the network learns a little otherwise (see tune)."""

import hashlib
import json
from pathlib import Path

import numpy as np
from rich.console import Console

from services.intake.coach.learning.fit import boost
from services.intake.coach.learning.material import Material
from services.intake.coach.learning.remembered import tuned
from services.intake.coach.learning.statements import FOLDER, load
from services.intake.coach.learning.thresholds import thresholds
from services.intake.coach.learning.trained import SIGNALS, Fitted, Tune, Unseen, unseen_scores
from services.intake.coach.model import ATTENTION, ENCODER, THOUSANDTH, WEIGHTS
from shared import folding

LOOKED_AT = (
    *(WEIGHTS.parent / f"{name}.py" for name in ("attention", "context", "encoder", "features", "roles", "trees")),
    Path(str(folding.__file__)),
)


def train(statements: Path, weights: Path, tune: Tune) -> None:
    console = Console(stderr=True)
    material = Material.of(load(statements))
    console.log("a network and weights that know nothing of a hand, for each part of the hands")
    scores = unseen_scores(material, tune)
    console.log("trees that know nothing of a hand")
    told = {signal: Unseen.of(material, scores, signal) for signal in SIGNALS}
    console.log("the network, weights and trees of all hands")
    everything = tune(material.statements)
    _write_sentences(weights, Fitted(material, everything))
    (weights / ENCODER.name).write_bytes(everything.layers)
    np.save(weights / ATTENTION.name, everything.attention)
    for signal in SIGNALS:
        _write_forests(weights, signal, material, told[signal])
    about = {
        "version": version(statements, weights),
        "statements": len(material.statements),
        "thresholds": {signal: thresholds(material, told[signal]) for signal in SIGNALS},
    }
    (weights / "about.json").write_text(json.dumps(about, indent=1) + "\n")


def version(statements: Path, weights: Path) -> str:
    """Changes with the statements, with the code that learns from them, with what it looks at, and with what it wrote."""
    learned = (path for path in weights.iterdir() if path.suffix != ".json")
    code = (*Path(__file__).parent.glob("*.py"), *LOOKED_AT)
    read = hashlib.sha256()
    for path in (*sorted(statements.glob("*.jsonl")), *sorted(code), *sorted(learned)):
        read.update(path.read_bytes())
    return read.hexdigest()[:12]


def _write_sentences(folder: Path, fitted: Fitted) -> None:
    folder.mkdir(exist_ok=True)
    lines = [f"{view}{feature}" for view, rows in enumerate(fitted.vocabulary.rows) for feature in rows]
    (folder / "features.txt").write_text("\n".join(lines))
    np.save(folder / "rarity.npy", fitted.vocabulary.rarity.astype(np.float32))
    np.save(folder / "words.npy", np.round(fitted.words / THOUSANDTH).astype(np.int16))


def _write_forests(folder: Path, signal: str, material: Material, told: Unseen) -> None:
    """The trees learn from what is told of unseen hands: of its own statements a model is surer than it will be at work."""
    np.save(folder / f"roles_{signal}.npy", boost(np.concatenate(told.rows), material.wanted_roles()))
    np.save(folder / f"labels_{signal}.npy", boost(np.concatenate(told.wholes), material.wanted_labels()))


if __name__ == "__main__":
    train(FOLDER, WEIGHTS, tuned)
