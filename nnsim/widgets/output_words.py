"""What the pictures of the output say about a row of data, in words: captions, tooltips, screen readers' text.

Apart because every picture of the output says the same. It refuses to know which of them asks.
"""

from PySide6.QtCore import QCoreApplication

from nnsim.core.datasets import Dataset
from nnsim.engine.frame import Frame
from nnsim.picture import numbers

_MOST_INPUTS = 3


def _tr(text: str) -> str:
    return QCoreApplication.translate("OutputView", text)


def sample_words(frame: Frame) -> str:
    """The caption of the current sample; empty where there is none."""
    if frame.row is None:
        return ""
    dataset = frame.dataset
    values = dataset.inputs[frame.row]
    if len(values) > _MOST_INPUTS:
        where = _tr("row {row}").format(row=numbers.whole(frame.row + 1))
    else:
        inputs = numbers.listed(numbers.fixed(float(value), 2, signed=False) for value in values)
        where = f"x = ({inputs})" if len(values) > 1 else f"x = {inputs}"
    return _tr("this sample  {where}   target {target}").format(where=where, target=target_words(dataset, frame.row))


def row_words(dataset: Dataset, row: int) -> str:
    """A row's number as people count, part, inputs and target."""
    part = _tr("test row {row}") if row in dataset.test else _tr("training row {row}")
    values = dataset.inputs[row]
    named = [f"{name} = {numbers.fixed(float(value), 3, signed=False)}"
             for name, value in zip(dataset.input_names, values, strict=False)] if len(values) <= _MOST_INPUTS else []
    target = target_words(dataset, row)
    if dataset.task == "binary":
        target = f"{target} ({dataset.target_names[int(target)]})"
    return "\n".join([part.format(row=numbers.whole(row + 1)), *named, _tr("target {target}").format(target=target)])


def target_words(dataset: Dataset, row: int) -> str:
    """The target of a row: 0 or 1, a class's name, or numbers."""
    target = dataset.targets[row]
    if dataset.task == "binary":
        return str(int(target[0] >= 0.5))
    if dataset.task == "classes":
        return dataset.target_names[int(target.argmax())]
    texts = [numbers.fixed(float(value), 2, signed=False) for value in target[:_MOST_INPUTS]]
    return numbers.listed(texts) + (" …" if len(target) > _MOST_INPUTS else "")
