"""The network learns what the wheel's engine then computes, the same to the byte each time."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.intake.coach.attention import FORM, heard, of_one
from services.intake.coach.embedding import OfflineE5
from services.intake.coach.encoder import AS_PUBLISHED, LAYER, LAYERS, SIZE, TUNED
from services.intake.coach.learning import batches, remembered, tune
from services.intake.coach.learning.batches import PLACES, SENTENCES, Pack, batch, packs
from services.intake.coach.learning.network import FORM as LAYER_FORM
from services.intake.coach.learning.network import four_bits, meanings, read, through, written
from services.intake.coach.learning.statements import Statement, load
from services.intake.coach.learning.tune import Tuned, Tuner
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


def test_a_batch_tells_whose_a_sentence_is(few: Sequence[Statement]) -> None:
    pack = Pack()
    for number in (3, 5):
        pack.add(number, [np.zeros((2, SIZE), np.float32) for _ in few[number].sentences])
    first, second = (len(few[number].sentences) for number in (3, 5))
    found, told = batch(pack, few), first + second
    assert np.flatnonzero(found.whose[0]).tolist() == list(range(first))
    assert np.flatnonzero(found.whose[1]).tolist() == list(range(first, told)) and not found.whose[2:].any()
    assert found.told.sum() == told and found.whole.sum() == 2
    assert [list(Role)[n] in few[5].sentences[0].roles for n in range(len(Role))] == found.roles[first].tolist()


def test_a_layer_is_written_as_it_was_read(tuner: Tuner) -> None:
    assert LAYER_FORM.itemsize == LAYER
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


def test_in_training_sentences_hear_those_of_their_statement_alone_as_at_work() -> None:
    attention = {name: 3 * weights for name, weights in tune._attention().items()}
    at_work = {name: np.asarray(weights) for name, weights in attention.items()}
    found = meanings_of(9)
    whose = np.array([[1] * 5 + [0] * 4, [0] * 5 + [1] * 3 + [0], [0] * 9], np.float32)
    roles, labels = heard(attention, jnp.asarray(found), jnp.asarray(whose), jnp)
    for n, part in enumerate((slice(5), slice(5, 8))):
        alone, whole = of_one(at_work, found[part])
        assert np.allclose(alone, roles[part], atol=1e-4) and np.allclose(whole, labels[n], atol=1e-4)
    assert np.isfinite(np.asarray(roles)).all() and np.isfinite(np.asarray(labels)).all()


def test_what_a_sentence_tells_depends_on_the_others_and_on_its_place() -> None:
    attention = {name: 3 * np.asarray(weights) for name, weights in tune._attention().items()}
    found = meanings_of(3)
    (one, *_), _ = of_one(attention, found)
    (beside_another, *_), _ = of_one(attention, np.vstack([found[:2], -found[2:]]))
    (*_, later), _ = of_one(attention, found[[1, 2, 0]])
    assert np.abs(one - beside_another).max() > 0.01 and np.abs(one - later).max() > 0.01


def meanings_of(sentences: int) -> NDArray[np.float32]:
    drawn = np.random.default_rng(2).standard_normal((sentences, SIZE))
    found: NDArray[np.float32] = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return found


def test_it_learns_what_the_statements_do(
    tuner: Tuner, few: Sequence[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tune, "EPOCHS", 8)
    found = tuner(few)
    embedding, (attention,) = OfflineE5(found.layers), found.attention
    told = np.vstack([of_one(attention, np.array([*map(embedding, one.texts)]))[0] for one in few])
    order = np.array([Role.ORDER in sentence.roles for one in few for sentence in one.sentences])
    column = told[:, list(Role).index(Role.ORDER)]
    assert column[order].min() > np.median(column[~order])


@pytest.mark.usefixtures("quick")
def test_tuning_twice_gives_the_same_bytes(tuner: Tuner, few: Sequence[Statement]) -> None:
    one, other = tuner(few), Tuner()(few)
    assert one.layers == other.layers and one.attention.tobytes() == other.attention.tobytes()
    assert len(one.layers) == TUNED and one.attention.dtype == FORM
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
        return Tuned(bytes([len(asked)] * 4), np.full(2, len(asked), np.float32))

    monkeypatch.setattr(remembered, "FOLDER", tmp_path / "coach")
    monkeypatch.setattr(remembered, "_tuner", lambda: tuning)
    first, again = remembered.tuned(few), remembered.tuned(few)
    assert first.layers == again.layers == b"\1\1\1\1" and np.array_equal(first.attention, again.attention)
    for change in ({"labels": frozenset(Label)}, {"language": "en"}, {"sentences": few[0].sentences[:1]}):
        assert remembered.tuned([replace(few[0], **change), *few[1:]]).layers == bytes([len(asked)] * 4)
    assert asked == [12] * 4
