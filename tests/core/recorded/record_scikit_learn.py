"""Record what scikit-learn says of some predictions, as ``scikit-learn.json`` beside this file.

Run by hand, with ``scikit-learn`` and ``numpy`` installed: ``python tests/core/recorded/record_scikit_learn.py``. The tests read
the recording only, so nobody else needs scikit-learn. It refuses to import nnsim: what is recorded is scikit-learn's own.
"""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np

metrics: Any = importlib.import_module("sklearn.metrics")


def of_classes(true: list[int], predicted: list[int], classes: int) -> dict[str, Any]:
    """Figures of predicted classes; 0 where a denominator is 0."""
    labels = list(range(classes))
    precision, recall, f1, rows = metrics.precision_recall_fscore_support(true, predicted, labels=labels, zero_division=0)
    return {
        "true": true, "predicted": predicted, "classes": classes,
        "counts": metrics.confusion_matrix(true, predicted, labels=labels).tolist(),
        "accuracy": metrics.accuracy_score(true, predicted),
        "macro_f1": metrics.f1_score(true, predicted, average="macro", zero_division=0),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "rows": rows.tolist(),
    }


def of_numbers(targets: list[list[float]], outputs: list[list[float]]) -> dict[str, Any]:
    """Figures of predicted numbers."""
    return {
        "targets": targets, "outputs": outputs,
        "r2": metrics.r2_score(targets, outputs, multioutput="variance_weighted"),
        "root_mean_square": float(np.sqrt(metrics.mean_squared_error(targets, outputs))),
        "mean_absolute": metrics.mean_absolute_error(targets, outputs),
    }


def main() -> None:
    """Write the recording."""
    rng = np.random.default_rng(3)
    true = rng.integers(0, 4, 60)
    predicted = np.where(rng.random(60) < 0.7, true, rng.integers(0, 4, 60))
    targets = np.round(rng.normal(size=(40, 2)) * (1, 5), 3)
    outputs = np.round(targets + rng.normal(size=(40, 2)), 3)
    recording = {
        "made with": f"scikit-learn {importlib.import_module('sklearn').__version__}",
        "classes": [
            of_classes(true.tolist(), predicted.tolist(), 4),
            # class 2 is there but never said, class 3 said but never there, class 4 neither
            of_classes([0, 0, 1, 2, 2, 1, 0], [0, 1, 1, 0, 1, 3, 0], 5),
            of_classes([0, 1, 1, 0, 1], [1, 1, 1, 0, 0], 2),
        ],
        "numbers": [of_numbers(targets.tolist(), outputs.tolist()), of_numbers(targets[:, :1].tolist(), outputs[:, :1].tolist())],
    }
    Path(__file__).with_name("scikit-learn.json").write_text(json.dumps(recording) + "\n", "utf-8")


if __name__ == "__main__":
    main()
