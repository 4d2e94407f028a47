"""The probe in words and numbers: which sample is shown apart from training, what goes in, and what comes out.

It is apart from the inspector because it is about a sample, not about a place in the network. Its numbers are those of the probe's
own frame. It refuses to judge an answer beyond saying what the target was.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.datasets import Dataset
from nnsim.engine.frame import Frame
from nnsim.engine.probe import Probe
from nnsim.picture import numbers
from nnsim.picture.class_shares import ClassShare, class_shares
from nnsim.picture.context_words import is_text


@dataclass(frozen=True)
class ProbeOutput:
    """One output: its name, the network's number, and the target where it is known."""

    name: str
    value: float
    target: float | None
    best: bool
    """Whether it is the class that the network says."""


@dataclass(frozen=True)
class ProbePicture:
    """What the probe's panel shows."""

    probe: Probe | None
    """None: the panel follows training, and the inputs are those of the sample under the cursor."""
    name: str
    """Such as "row 12 (training)"."""
    row: int | None
    rows: int
    """How many rows the data set has."""
    input_names: tuple[str, ...]
    inputs: tuple[float, ...]
    """In the data's own units."""
    outputs: tuple[ProbeOutput, ...]
    """Empty where the panel follows training: those numbers belong to the batch, and the diagram shows them."""
    loss: float | None
    sentence: str
    shares: tuple[ClassShare, ...] = ()
    """The outputs as probabilities of classes, where they are some."""
    kind: Literal["numbers", "picture", "words"] = "numbers"
    """How the inputs are best looked at."""


def probe_picture(frame: Frame) -> ProbePicture:
    """The panel's content for a frame, with or without a probe."""
    dataset, probed, kind = frame.dataset, frame.probed, _kind(frame)
    if probed is None or probed.probe is None or probed.trace is None:
        row = frame.row
        inputs = dataset.inputs[row] if row is not None else dataset.inputs[dataset.train].mean(axis=0)
        name = f"row {row + 1} (training)" if row is not None else "the mean of the training rows"
        follows = _FOLLOWS[kind]
        return ProbePicture(None, name, row, len(dataset.inputs), dataset.input_names, tuple(map(float, inputs)), (), None, follows,
                            kind=kind)
    trace, probe = probed.trace, probed.probe
    outputs, targets = trace.outputs[-1][:, 0], trace.targets[:, 0]
    known = probe.row is not None
    names = _output_names(dataset)
    best = int(np.argmax(outputs)) if dataset.task == "classes" else -1
    told = tuple(ProbeOutput(names[place], float(value), float(targets[place]) if known else None, place == best)
                 for place, value in enumerate(outputs))
    inputs = probed.dataset.inputs[int(trace.rows[0])]
    loss = float(trace.losses[0]) if known else None
    shares = class_shares(frame, outputs, targets if known else None)
    name = "typed words" if kind == "words" and not known else probe.name(dataset)
    return ProbePicture(probe, name, probe.row, len(dataset.inputs), dataset.input_names, tuple(map(float, inputs)),
                        told, loss, _sentence(dataset, told, loss, shares, _beside(frame, probe.row)), shares, kind)


_FOLLOWS = {
    "numbers": "Diagram and equations follow training. Choose a row, type inputs, or click a point to look at one sample.",
    "picture": "Diagram and equations follow training. Draw something, or choose a row, to see what the network makes of it.",
    "words": "Diagram and equations follow training. Type some words: after each the likeliest next ones stand here.",
}


def _kind(frame: Frame) -> Literal["numbers", "picture", "words"]:
    if is_text(frame.experiment.data):
        return "words"
    return "numbers" if frame.dataset.picture is None else "picture"


def _output_names(dataset: Dataset) -> tuple[str, ...]:
    if dataset.task == "binary":
        return (f"output (1 = {dataset.target_names[1]})" if len(dataset.target_names) == 2 else "output",)
    return dataset.target_names


def _beside(frame: Frame, row: int | None) -> str:
    """What the batch's loss is beside a row's own, in half a sentence; empty where no batch has begun."""
    if frame.trace is None:
        return ""
    rows = frame.trace.rows.tolist()
    if row not in rows:
        return f"; the batch's is a mean over {numbers.count(len(rows), 'sample')}, of which it is none"
    if len(rows) == 1:
        return "; it is the batch's only sample"
    return f"; the batch's is the mean over its {numbers.whole(len(rows))} samples, of which it is one"


def _sentence(dataset: Dataset, outputs: tuple[ProbeOutput, ...], loss: float | None, shares: tuple[ClassShare, ...],
              beside: str) -> str:
    said = next((each for each in outputs if each.best), None)
    likeliest = next((each for each in shares if each.best), None)
    if likeliest is not None:
        says = f"The network says {likeliest.name} with {numbers.percent(round(likeliest.share, 3))}."
        if likeliest.true:
            says += " That is right."
        elif loss is not None:
            says += f" It is {next((each.name for each in shares if each.true), 'another')}."
    elif said is not None:
        says = f"The network says {said.name} with {numbers.fixed(said.value, signed=False)}."
        target = next((each.name for each in outputs if each.target == 1), None)
        if target is not None:
            says += " That is right." if target == said.name else f" It is {target}."
    else:
        says = " ".join(f"{each.name}: {numbers.fixed(each.value)}." for each in outputs[:3])
    own = "" if loss is None else f" Its own loss is {numbers.loss(loss)}{beside}."
    return f"{says}{own} Nothing is learned from a probe."
