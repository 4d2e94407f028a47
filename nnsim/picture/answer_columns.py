"""What a network's outputs mean, in columns: the class it says and how sure it is, or the numbers it says.

It is apart from the table of predictions because new rows, of which nobody knows the target, are answered in the same columns. It
refuses to call a number a probability that is none.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.engine.looking import threshold
from nnsim.picture import numbers
from nnsim.picture.output_picture import classes_of

Value = str | int | float
MOST_CLASS_COLUMNS = 20
"""Classes up to which each has a column beside the prediction's."""


@dataclass(frozen=True)
class AnswerColumn:
    """A column's name, and what stands in it."""

    name: str
    is_number: bool
    tip: str = ""


@dataclass(frozen=True)
class AnswerColumns:
    """How outputs are told."""

    classes: tuple[str, ...] | None
    """The classes' names; None where numbers are predicted."""
    names: tuple[str, ...]
    """The outputs' names."""
    level: float
    """The output at which two classes are told apart."""
    probable: bool
    """Whether outputs are probabilities, or can be made some."""
    logits: bool
    """Whether a sigmoid makes them so."""

    @property
    def judged(self) -> tuple[AnswerColumn, ...]:
        """The columns where the target is known: what it should be, what is said, and how far that is off."""
        if self.classes is None:
            return tuple(AnswerColumn(f"{what}: {name}", True, tip) for name in self.names
                         for what, tip in (("target", ""), ("prediction", ""), ("error", "Prediction minus target")))
        few = len(self.names) <= MOST_CLASS_COLUMNS
        return (AnswerColumn("target", False), AnswerColumn("prediction", False), AnswerColumn("right", False),
                *self._sure, *(self._each if few else ()))

    @property
    def told(self) -> tuple[AnswerColumn, ...]:
        """The columns where no target is known: what is said, and for classes how probable each is."""
        if self.classes is None:
            return tuple(AnswerColumn(f"prediction: {name}", True) for name in self.names)
        return (AnswerColumn("prediction", False), *self._each)

    @property
    def _sure(self) -> tuple[AnswerColumn, ...]:
        return (AnswerColumn("probability", True, "How probable the network takes its prediction to be"),) if self.probable else ()

    @property
    def _each(self) -> tuple[AnswerColumn, ...]:
        assert self.classes is not None
        if self.probable:
            return tuple(AnswerColumn(f"P({name})", True) for name in self.classes)
        if len(self.names) == 1:
            return (AnswerColumn("output", True, f"{self.classes[1]} from {numbers.exact(self.level)} on"),)
        return tuple(AnswerColumn(f"output {name}", True) for name in self.names)

    def judge(self, target: Array, output: Array) -> tuple[Value, ...]:
        """One row's values for ``judged``, from its target (outputs,) and output (outputs,)."""
        if self.classes is None:
            return tuple(float(value) for three in zip(target, output, output - target, strict=True) for value in three)
        true, said = int(self.true(target[np.newaxis])[0]), int(self.said(output[np.newaxis])[0])
        each = self.each(output[np.newaxis])[0].tolist()
        few = len(self.names) <= MOST_CLASS_COLUMNS
        return (self.classes[true], self.classes[said], "right" if true == said else "wrong",
                *((each[said],) if self.probable else ()), *(each if few else ()))

    def tell(self, output: Array) -> tuple[Value, ...]:
        """One row's values for ``told``, from its output (outputs,)."""
        if self.classes is None:
            return tuple(output.astype(float).tolist())
        return (self.classes[int(self.said(output[np.newaxis])[0])], *self.each(output[np.newaxis])[0].tolist())

    def true(self, targets: Array) -> Array:
        """(rows,) class numbers of targets (rows, outputs)."""
        return classes_of(targets, 0.5)

    def said(self, outputs: Array) -> Array:
        """(rows,) class numbers of outputs (rows, outputs)."""
        return classes_of(outputs, self.level)

    def each(self, outputs: Array) -> Array:
        """(rows, classes) probabilities where ``probable``, else the outputs themselves, (rows, outputs)."""
        given = outputs.astype(np.float64)
        if not self.probable:
            return given
        if self.logits:
            with np.errstate(over="ignore"):
                given = 1 / (1 + np.exp(-given))
        return np.hstack([1 - given, given]) if given.shape[1] == 1 else given


def answer_columns(dataset: Dataset, activation: str, loss: str) -> AnswerColumns:
    """How the outputs of a network with this output ``activation``, trained by this ``loss``, are told for such data."""
    if dataset.task == "regression":
        return AnswerColumns(None, dataset.target_names, 0.0, False, False)
    logits = loss == "bce-logits"
    names = dataset.target_names if dataset.task == "classes" else ("output",)
    probable = logits or activation in ("sigmoid", "softmax")
    return AnswerColumns(dataset.target_names, names, threshold(activation, loss), probable, logits)
