"""Fits the model: a logistic regression for each role of a sentence by itself, boosted trees for what it does in its place. The
only file that needs scikit-learn.

liblinear is deterministic and uses no threads, the trees look at whole numbers; what is learned is rounded, so that it is the same
to the byte on any machine.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from services.intake.coach.features import VIEWS, Counted
from services.intake.coach.trees import DEPTH, FORKS, LEAVES, TREE

SEEN = 2
"""Features of fewer sentences are left out."""
WORDS_C, WHOLE_C = 8.0, 15.0
"""The words of a sentence have length √3, their mean over a statement less: it needs the weaker regularisation."""
DECIMALS = 3
ROUNDS, PACE, FEWEST, CALM = 100, 0.08, 20, 1.0
"""Trees for each answer, how much of each counts, how many examples a leaf needs, and how far it shrinks."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`rows`: for each view, the row of each feature; rows run on over the views."""

    rows: tuple[Mapping[str, int], ...]
    rarity: Matrix

    @classmethod
    def of(cls, sentences: Sequence[Counted]) -> "Vocabulary":
        seen = [Counter(feature for one in sentences for feature in one.views[view]) for view in range(len(VIEWS))]
        kept = [sorted(feature for feature, times in counted.items() if times >= SEEN) for counted in seen]
        starts = [sum(map(len, kept[:view])) for view in range(len(VIEWS))]
        rows = tuple({f: n for n, f in enumerate(names, start)} for names, start in zip(kept, starts, strict=True))
        times = [counted[feature] for counted, names in zip(seen, kept, strict=True) for feature in names]
        return cls(rows, np.round(np.log((1 + len(sentences)) / (1 + np.array(times))) + 1, DECIMALS))

    def matrix(self, sentences: Sequence[Counted]) -> Any:
        """A row for each sentence; each view of it has length 1."""
        ends, columns, values = [0], list[int](), list[float]()
        for one in sentences:
            for rows, counted in zip(self.rows, one.views, strict=True):
                found = [(rows[f], (1 + math.log(n)) * self.rarity[rows[f]]) for f, n in counted.items() if f in rows]
                length = math.sqrt(sum(value * value for _, value in found)) or 1.0
                columns += [row for row, _ in found]
                values += [value / length for _, value in found]
            ends.append(len(columns))
        return csr_matrix((values, columns, ends), shape=(len(sentences), len(self.rarity)))


def fit(rows: Any, wanted: NDArray[np.bool_], c: float) -> Matrix:
    """A column of weights for each column of `wanted`; the last row is the bias."""
    columns = []
    for column in wanted.T:
        model = LogisticRegression(C=c, class_weight="balanced", solver="liblinear", random_state=0, max_iter=1000)
        model.fit(rows, column)
        columns.append(np.append(model.coef_[0], model.intercept_[0]))
    return np.round(np.array(columns).T, DECIMALS)


def boost(rows: NDArray[Any], wanted: NDArray[np.bool_]) -> NDArray[Any]:
    """A forest for each column of `wanted`. One thread: where cores are busy, OpenMP's threads wait for each other in circles."""
    with threadpool_limits(1, user_api="openmp"):
        return np.stack([_forest(rows, column) for column in wanted.T])


def _forest(rows: NDArray[Any], wanted: NDArray[np.bool_]) -> NDArray[Any]:
    model = grown(rows, wanted)
    trees = np.zeros(ROUNDS, TREE)
    for tree, (found,) in zip(trees, model._predictors, strict=True):  # there is no public way to them
        _plant(found.nodes, 0, 0, tree)
    trees["leaf"][0] += model._baseline_prediction.item()
    trees["leaf"] = np.round(trees["leaf"], 4)
    return trees


def grown(rows: NDArray[Any], wanted: NDArray[np.bool_]) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=ROUNDS,
        learning_rate=PACE,
        max_depth=DEPTH,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=FEWEST,
        l2_regularization=CALM,
        early_stopping=False,
        random_state=0,
    ).fit(rows, wanted)


def _plant(nodes: NDArray[Any], at: int, place: int, tree: Any) -> None:
    """Puts node `at` and what is below it into the heap; an early leaf fills its whole branch."""
    node = nodes[at]
    if place >= FORKS:
        tree["leaf"][place - FORKS] = node["value"]
        return
    if not node["is_leaf"]:
        tree["column"][place], tree["limit"][place] = node["feature_idx"], node["num_threshold"]
    left, right = (at, at) if node["is_leaf"] else (node["left"], node["right"])
    _plant(nodes, left, 2 * place + 1, tree)
    _plant(nodes, right, 2 * place + 2, tree)
