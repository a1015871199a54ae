"""The network learns what the wheel's engine then computes, the same to the byte each time."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.coach.context import Scores
from services.intake.coach.embedding import OfflineE5
from services.intake.coach.encoder import AS_PUBLISHED, LAYER, LAYERS, SIZE, TUNED
from services.intake.coach.learning import batches, remembered, tune
from services.intake.coach.learning.batches import PLACES, SENTENCES, Pack, batch, packs
from services.intake.coach.learning.network import FORM, four_bits, meanings, read, through, written
from services.intake.coach.learning.statements import Statement, load
from services.intake.coach.learning.tune import COLUMNS, Tuned, Tuner, parts
from services.intake.coach.roles import Label, Role
from shared.folding import without_marks

SOME = ("Hồ sơ trễ hạn.", "Quý I/2026 mỗi hồ sơ mất 9 ngày, khoảng 1.200 hộ tại 3 chợ phải chờ.", "Files are late.")


@pytest.fixture(scope="module")
def tuner() -> Tuner:
    """Reads what it has read once."""
    return Tuner()


@pytest.fixture(scope="module")
def few() -> Sequence[Statement]:
    return [one for one in load() if one.hand == "wards"][:12]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of the work a step."""
    monkeypatch.setattr(batches, "ROWS", 4)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tune, "EPOCHS", 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(1, PLACES), min_size=1, max_size=4), min_size=1, max_size=30))
def test_each_sentence_lies_whole_in_a_row_and_nobody_else_there(lengths: list[list[int]]) -> None:
    texts = [[np.full((length, SIZE), 1 + n % 7, np.float32) for n, length in enumerate(text)] for text in lengths]
    found = [(pack, sentence, place) for pack in packs(texts) for sentence, place in enumerate(pack.places)]
    sentences = [tokens for text in texts for tokens in text]
    assert [number for pack in packs(texts) for number in pack.texts] == list(range(len(texts)))
    for tokens, (pack, sentence, place) in zip(sentences, found, strict=True):
        assert np.array_equal(pack.packed.tokens[place], tokens)
        assert (pack.packed.whose == sentence).sum() == len(tokens) == (pack.packed.whose[place] == sentence).sum()


def test_a_batch_tells_which_sentence_follows_another_and_whose_it_is(few: Sequence[Statement]) -> None:
    pack = Pack()
    for number in (3, 5):
        pack.add(number, [np.zeros((2, SIZE), np.float32) for _ in few[number].sentences])
    first, second = (len(few[number].sentences) for number in (3, 5))
    found, told = batch(pack, few), first + second
    assert (
        found.follows[:told].tolist() == [n not in (0, first) for n in range(told)] and not found.follows[told:].any()
    )
    assert found.part_of[:told].tolist() == [0] * first + [1] * second and set(found.part_of[told:]) == {SENTENCES}
    assert found.told.sum() == told and found.whole.sum() == 2
    assert [list(Role)[n] in few[5].sentences[0].roles for n in range(len(Role))] == found.roles[first].tolist()


def test_a_layer_is_written_as_it_was_read(tuner: Tuner) -> None:
    assert FORM.itemsize == LAYER
    data = tuner._wheel.layer(4)
    assert written(read(data)) == data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(-4, 4, width=32), min_size=32, max_size=32))
def test_weights_in_four_bits_are_off_by_half_a_step_but_at_the_far_end(given_: list[float]) -> None:
    weights = np.array(given_, np.float32)
    scale, whole = map(np.asarray, four_bits(weights))
    step = scale.astype(np.float32)[0]
    off = np.abs((whole[0] - 8) * step - weights)
    assert off.max() <= abs(step) * 1.01 + 1e-6
    assert off[np.abs(weights) < 7 * abs(step)].max(initial=0) <= abs(step) * 0.51 + 1e-6


def test_the_network_tells_what_the_engine_tells_whatever_lies_beside_a_sentence(tuner: Tuner) -> None:
    tuner._read(SOME)
    layers = tuner._layers(AS_PUBLISHED, LAYERS)
    (pack,) = packs([[tuner._below[text] for text in SOME]])
    told = meanings(through(layers, *pack.packed, tuner._wheel.epsilon), pack.packed.whose, SENTENCES)
    embedding = OfflineE5(b"".join(map(written, layers)))
    assert min(float(found @ embedding(text)) for found, text in zip(np.asarray(told), SOME, strict=False)) > 0.999


def test_what_is_told_has_the_same_parts_as_at_work() -> None:
    told = np.random.default_rng(2).standard_normal((6, COLUMNS)).astype(np.float32)
    alone, labels, among = parts(told, np.array([[0], [1], [1], [0], [1], [1]]))
    for part in (slice(3), slice(3, 6)):
        at_work = Scores.of(told[part, :0], told[part])
        assert np.array_equal(at_work.roles, alone[part]) and np.array_equal(at_work.labels, labels[part])
        assert np.allclose(at_work.with_neighbours(), among[part], atol=1e-5)


def test_it_learns_what_the_statements_do(
    tuner: Tuner, few: Sequence[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tune, "EPOCHS", 8)
    found = tuner(few)
    embedding = OfflineE5(found.layers)
    told = np.array([embedding(s.text) @ found.weights[:-1] + found.weights[-1] for one in few for s in one.sentences])
    order = np.array([Role.ORDER in sentence.roles for one in few for sentence in one.sentences])
    column = told[:, list(Role).index(Role.ORDER)]
    assert column[order].min() > np.median(column[~order])


@pytest.mark.usefixtures("quick")
def test_tuning_twice_gives_the_same_bytes(tuner: Tuner, few: Sequence[Statement]) -> None:
    one, other = tuner(few), Tuner()(few)
    assert one.layers == other.layers and np.array_equal(one.weights, other.weights)
    assert len(one.layers) == TUNED and one.weights.shape == (SIZE + 1, COLUMNS)
    assert one.layers != b"".join(tuner._wheel.layer(n) for n in range(AS_PUBLISHED, LAYERS))


def unmarked(one: Statement) -> Statement:
    return replace(one, sentences=tuple(replace(s, text=without_marks(s.text)) for s in one.sentences))


@pytest.mark.usefixtures("quick")
def test_it_learns_from_what_is_typed_without_marks(
    tuner: Tuner, few: Sequence[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tuner([unmarked(one) for one in few])
    monkeypatch.setattr(tune, "UNMARKED", 1.0)
    assert tuner(few).layers == told.layers


def test_some_in_vietnamese_are_read_as_if_typed_without_marks(few: Sequence[Statement]) -> None:
    draw = np.random.default_rng(4)
    told = [tune._typed(few[0], draw) for _ in range(400)]
    assert 0.1 < sum(one == unmarked(few[0]) for one in told) / 400 < 0.2
    assert {one.texts for one in told} == {few[0].texts, unmarked(few[0]).texts}
    english = replace(few[0], language="en")
    assert all(tune._typed(english, draw) == english for _ in range(100))


def test_what_was_tuned_is_remembered_until_a_label_changes(
    few: Sequence[Statement], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    def tuning(statements: Sequence[Statement]) -> Tuned:
        asked.append(len(statements))
        return Tuned(bytes([len(asked)] * 4), np.full((2, 3), len(asked), np.float64))

    monkeypatch.setattr(remembered, "FOLDER", tmp_path / "coach")
    monkeypatch.setattr(remembered, "_tuner", lambda: tuning)
    first, again = remembered.tuned(few), remembered.tuned(few)
    assert first.layers == again.layers == b"\1\1\1\1" and np.array_equal(first.weights, again.weights)
    for change in ({"labels": frozenset(Label)}, {"language": "en"}, {"sentences": few[0].sentences[:1]}):
        assert remembered.tuned([replace(few[0], **change), *few[1:]]).layers == bytes([len(asked)] * 4)
    assert asked == [12] * 4
