"""The weights come from the statements that lie beside them, the same to the byte."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from services.intake.coach.attention import FORM, LONGEST
from services.intake.coach.embedding import OfflineE5
from services.intake.coach.encoder import AS_PUBLISHED, IN_ALL, LAYER, TUNED, WHEEL
from services.intake.coach.learning import fit
from services.intake.coach.learning import train as training
from services.intake.coach.learning.agreement import agreements
from services.intake.coach.learning.fit import boost, grown
from services.intake.coach.learning.material import Material
from services.intake.coach.learning.statements import FOLDER, Statement, load
from services.intake.coach.learning.thresholds import NEVER
from services.intake.coach.learning.trained import BOTH, SIGNALS, WORDS, Fitted, label_rows, role_rows
from services.intake.coach.learning.tune import Tuned
from services.intake.coach.model import ATTENTION, ENCODER, WEIGHTS, RoleModel
from services.intake.coach.reading import ONLY_ORDERED
from services.intake.coach.roles import Label, Role
from services.intake.coach.trees import told

FOREST_FILES = tuple(f"{answers}_{signal}.npy" for answers in ("roles", "labels") for signal in SIGNALS)
FILES = ("about.json", ATTENTION.name, ENCODER.name, "features.txt", "rarity.npy", "words.npy", *FOREST_FILES)


def untuned(_: Sequence[Statement]) -> Tuned:
    """The wheel's own layers and an attention that knows nothing, at no cost."""
    upper = WHEEL.read_bytes()[(AS_PUBLISHED - IN_ALL) * LAYER :][:TUNED]
    drawn = np.random.default_rng(3).standard_normal(FORM.itemsize // 4).astype("<f4")
    return Tuned(upper, (drawn / 8).view(FORM))


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some statements by two hands, and few trees."""
    monkeypatch.setattr(fit, "ROUNDS", 5)
    folder = tmp_path / "statements"
    folder.mkdir()
    for name in ("wards", "english"):
        lines = (FOLDER / f"{name}.jsonl").read_text().splitlines()[:12]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    return folder


def test_the_weights_are_those_of_the_statements_and_of_the_code() -> None:
    """When this fails: `make coach-train`, and look at `make coach-eval`."""
    about = json.loads((WEIGHTS / "about.json").read_text())
    assert about["version"] == training.version(FOLDER, WEIGHTS)
    assert about["statements"] == len(load())


def test_training_twice_gives_the_same_bytes(few: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        training.train(few, tmp_path / name, untuned)
    for file in FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("signal", SIGNALS)
def test_at_work_it_tells_what_it_told_in_training(signal: str, few: Path, tmp_path: Path) -> None:
    training.train(few, tmp_path / "weights", untuned)
    material, tuned = Material.of(load(few)), untuned(())
    model = RoleModel({WORDS: None, BOTH: OfflineE5(tuned.layers)}[signal], tmp_path / "weights")
    fitted = Fitted(material, tuned)
    scores = [fitted.scores(c, one.texts) for c, one in zip(material.counted, material.statements, strict=True)]
    forests = np.load(tmp_path / "weights" / f"roles_{signal}.npy")
    for one, rows in zip(material.statements, role_rows(material, scores, signal), strict=True):
        assert np.abs(model.roles(one.texts) - told(forests, rows)).max() < 0.02
    roles = [model.roles(one.texts) for one in material.statements]
    forests = np.load(tmp_path / "weights" / f"labels_{signal}.npy")
    for one, done, rows in zip(material.statements, roles, label_rows(material, roles, scores, signal), strict=True):
        assert np.abs(np.array(list(model.labels(done, one.texts).values())) - told(forests, rows)[0]).max() < 0.02


def test_trees_tell_what_they_told_where_they_grew() -> None:
    draw = np.random.default_rng(5)
    rows = draw.integers(-900, 900, (600, 12)).astype(np.int32)
    wanted = (rows[:, [3]] + rows[:, [7]] > draw.integers(-300, 300, (600, 1))) & (rows[:, [1]] > -500)
    where_they_grew = grown(rows, wanted[:, 0]).predict_proba(rows)[:, 1]
    assert np.abs(told(boost(rows, wanted), rows)[:, 0] - where_they_grew).max() < 0.001


def test_a_sentence_is_read_beside_its_neighbours() -> None:
    model = RoleModel()
    sentence = "Hồ sơ để ở bốn tủ tại hai tầng."
    before = "Cán bộ địa chính không biết hồ sơ nào đã quá hạn."
    cause = list(Role).index(Role.CAUSE)
    assert model.roles([before, sentence])[1, cause] > 2 * model.roles([sentence])[0, cause]


def test_changed_statements_are_another_version(few: Path) -> None:
    before = training.version(few, WEIGHTS)
    shutil.copy(FOLDER / "hard.jsonl", few)
    assert training.version(few, WEIGHTS) != before


def test_a_changed_file_of_weights_is_another_version(few: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(WEIGHTS, weights)
    before = training.version(few, weights)
    (weights / ENCODER.name).write_bytes(b"of another training")
    assert training.version(few, weights) != before


def test_a_tenth_of_the_statements_was_read_twice() -> None:
    found = agreements(load())
    read = sum(
        (found["too_broad"].both, found["too_broad"].first, found["too_broad"].second, found["too_broad"].neither)
    )
    assert read >= len(load()) / 10
    assert found["order"].kappa > 0.9


def test_every_role_and_label_has_its_thresholds_in_order() -> None:
    for signal in json.loads((WEIGHTS / "about.json").read_text())["thresholds"].values():
        assert signal.keys() == {*Role, *Label, ONLY_ORDERED}
        assert all(0 <= one["asked"] <= one["even"] and 0 < one["sure"] <= NEVER for one in signal.values())


def test_statements_are_well_formed_and_no_sentence_is_there_twice() -> None:
    statements = load()
    assert len({(one.hand, one.id) for one in statements}) == len(statements)
    assert all(one.sentences and 1 <= one.quality <= 5 for one in statements)
    assert max(len(one.sentences) for one in statements) == LONGEST
    assert all(sentence.roles for one in statements for sentence in one.sentences)
    texts = [s.text for one in statements for s in one.sentences if len(s.text) > 40]
    assert len(set(texts)) == len(texts)
