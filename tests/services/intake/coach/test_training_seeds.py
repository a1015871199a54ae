"""Python orders its sets otherwise in every process; the weights must not show it."""

import os
import subprocess
import sys
from pathlib import Path

from services.intake.coach.learning.statements import FOLDER

TRAINING = """
import sys
from pathlib import Path
from services.intake.coach.learning import fit
from services.intake.coach.learning.train import train
from tests.services.intake.coach.test_learning import untuned
fit.ROUNDS = 2
train(Path(sys.argv[1]), Path(sys.argv[2]), untuned)
"""
SEEDS = ("1", "2")


def few(folder: Path) -> Path:
    """Of two hands."""
    folder.mkdir()
    for name in ("wards", "english"):
        lines = (FOLDER / f"{name}.jsonl").read_text().splitlines()[:12]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    return folder


def trained(statements: Path, weights: Path, seed: str) -> subprocess.Popen[bytes]:
    words = (sys.executable, "-c", TRAINING, str(statements), str(weights))
    return subprocess.Popen(words, env={**os.environ, "PYTHONHASHSEED": seed})


def test_training_gives_the_same_bytes_whatever_the_order_of_sets(tmp_path: Path) -> None:
    statements = few(tmp_path / "statements")
    running = [trained(statements, tmp_path / seed, seed) for seed in SEEDS]
    assert [one.wait() for one in running] == [0, 0]
    one, other = ({file.name: file.read_bytes() for file in (tmp_path / seed).iterdir()} for seed in SEEDS)
    assert one == other and "features.txt" in one
