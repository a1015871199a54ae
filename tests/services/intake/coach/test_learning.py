"""The weights come from the statements that lie beside them, the same to the byte."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from services.intake.coach.learning import train as training
from services.intake.coach.learning.statements import FOLDER, load
from services.intake.coach.learning.thresholds import NEVER
from services.intake.coach.model import WEIGHTS, RoleModel, Vector
from services.intake.coach.roles import Label, Role

FILES = ("about.json", "features.txt", "meaning.npy", "rarity.npy", "words.npy")


class Scattered:
    """An embedding that knows nothing, at no cost."""

    name = "scattered"

    def __call__(self, sentence: str) -> Vector:
        seed = int.from_bytes(hashlib.sha256(sentence.encode()).digest()[:4])
        found: Vector = np.random.default_rng(seed).standard_normal(384).astype(np.float32)
        return found / np.linalg.norm(found)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Some statements by two hands."""
    folder = tmp_path / "statements"
    folder.mkdir()
    for name in ("wards", "english"):
        lines = (FOLDER / f"{name}.jsonl").read_text().splitlines()[:20]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    return folder


def test_the_weights_are_those_of_the_statements_and_of_the_code() -> None:
    """When this fails: `make coach-train`, and look at `make coach-eval`."""
    about = json.loads((WEIGHTS / "about.json").read_text())
    assert about["version"] == training.version(FOLDER)
    assert about["statements"] == len(load())


def test_training_twice_gives_the_same_bytes(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "OfflineE5", Scattered)
    for name in ("one", "two"):
        training.train(few, tmp_path / name)
    for file in FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_was_trained_runs_and_knows_its_own_statements(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "OfflineE5", Scattered)
    training.train(few, tmp_path / "weights")
    model = RoleModel(None, tmp_path / "weights")
    sentences = [sentence for one in load(few) for sentence in one.sentences]
    told = np.array([model.roles(sentence.text) for sentence in sentences])
    true = np.array([[role in sentence.roles for role in Role] for sentence in sentences])
    assert ((told > 0.5) == true).mean() > 0.95


def test_changed_statements_are_another_version(few: Path) -> None:
    before = training.version(few)
    shutil.copy(FOLDER / "hard.jsonl", few)
    assert training.version(few) != before


def test_every_role_and_label_has_its_thresholds_in_order() -> None:
    for signal in json.loads((WEIGHTS / "about.json").read_text())["thresholds"].values():
        assert signal.keys() == {*Role, *Label}
        assert all(0 <= one["asked"] <= NEVER and 0 < one["sure"] <= NEVER for one in signal.values())


def test_statements_are_well_formed_and_no_sentence_is_there_twice() -> None:
    statements = load()
    assert len({(one.hand, one.id) for one in statements}) == len(statements)
    assert all(one.sentences and 1 <= one.quality <= 5 for one in statements)
    assert all(sentence.roles for one in statements for sentence in one.sentences)
    texts = [s.text for one in statements for s in one.sentences if len(s.text) > 40]
    assert len(set(texts)) == len(texts)
