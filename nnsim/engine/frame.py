"""What may be seen at one moment: a frozen value that pictures, plots, captions and scripts read.

A frame says where the cursor is, which numbers of the batch are known there, and carries those numbers, the parameters as they
stand, the scores, and what was asked for besides (response maps, a decision surface). It refuses to compute: the simulation
fills it.
"""

from dataclasses import dataclass
from functools import cached_property

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.engine.divergence import Divergence
from nnsim.engine.experiment import Experiment
from nnsim.engine.history import Curves
from nnsim.engine.marks import Mark, Marks
from nnsim.engine.moments import Moment
from nnsim.engine.probe import Probe


@dataclass(frozen=True)
class Known:
    """How much of the batch is known at a mark: counts of neurons, from a layer's first, one entry a layer.

    Forward and backward counts are those of the current sample (the last one, during the update).
    """

    sums: tuple[int, ...]
    outputs: tuple[int, ...]
    loss: bool
    deltas: tuple[int, ...]
    gradients: tuple[int, ...]
    updated: tuple[int, ...]
    working: tuple[int, int] | None
    """(layer, neuron) at work, from 0; None at the start and at the loss."""
    terms: int
    """How many terms of the neuron at work are done: products going forward, weight gradients going backward, weights updated."""

    @classmethod
    def at(cls, mark: Mark | None, network: Network) -> "Known":
        """What is known at ``mark``; None is the start."""
        widths, none = network.widths, (0,) * network.depth
        if mark is None:
            return cls(none, none, False, none, none, none, None, 0)
        if mark.phase == "loss":
            return cls(widths, widths, True, none, none, none, None, 0)
        assert mark.layer is not None and mark.neuron is not None
        here, neuron = mark.layer, mark.neuron
        inputs = network.sizes[here]
        terms = 0 if mark.term is None else mark.term + 1

        def upto(count: int, leftwards: bool = False) -> tuple[int, ...]:
            return tuple(
                count if layer == here else (width if (layer > here) == leftwards else 0) for layer, width in enumerate(widths)
            )

        working = (here, neuron)
        if mark.phase == "forward":
            sums = upto(neuron + (mark.term is None or mark.term == inputs))
            outputs = upto(neuron + (mark.term is None))
            if network.activations[here] == "softmax" and outputs[here] < widths[here]:
                # no share is known before the last sum is
                outputs = (*outputs[:here], 0, *outputs[here + 1 :])
            terms = inputs + 1 if mark.term is None else terms
            return cls(sums, outputs, False, none, none, none, working, terms)
        if mark.phase == "backward":
            done = mark.term == inputs
            return cls(widths, widths, True, upto(neuron + 1, True), upto(neuron + done, True), none, working, terms)
        return cls(widths, widths, True, widths, widths, upto(neuron + (mark.term == inputs)), working, terms)


@dataclass(frozen=True)
class Score:
    """How good the parameters of a frame are on one part of the data."""

    loss: float
    metric: float
    """Accuracy (0 to 1) for classes, R² for regression; NaN where it has no meaning."""


@dataclass(frozen=True, eq=False)
class Surface:
    """The network's response over a rectangle of two of its inputs, in the data's own units."""

    extent: tuple[float, float, float, float]
    """left, right, bottom, top"""
    outputs: Array
    """(outputs, rows, columns): row 0 is the bottom."""
    maps: tuple[Array, ...]
    """One (neurons, rows, columns) array a layer, where maps were asked for; else empty."""
    axes: tuple[int, int] = (0, 1)
    """Which inputs run right and up."""


@dataclass(frozen=True)
class Wants:
    """What a frame shall carry besides: each costs a pure computation on the parameters, and disturbs nothing."""

    surface: int = 0
    """Points along each side of the decision surface; 0: none."""
    maps: int = 0
    """Points along each side of every neuron's response map; 0: none."""
    predictions: bool = False
    """The outputs for every training and test row."""
    axes: tuple[int, int] = (0, 1)
    """Which inputs run right and up in surface and maps; the others are held at the probe, or else at the current sample, or else
    at their mean."""
    hold_mean: bool = False
    """Hold the others at their mean over the training rows instead."""
    probe: Probe | None = None
    """A sample to be shown apart from training."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One moment, as it may be seen."""

    experiment: Experiment
    """With the learning in force at this moment."""
    network: Network
    dataset: Dataset
    moment: Moment
    mark: Mark | None
    """Where in the batch; None at the start."""
    marks: Marks
    """The walk of the batch the cursor stands in."""
    epoch: int
    """The epoch the batch belongs to, from 0."""
    batch: int
    """The batch within its epoch, from 0."""
    batches: int
    """Batches in an epoch."""
    known: Known
    trace: Trace | None
    """None at the start."""
    theta: Array
    """(parameters,) as they stand here: during the update some are old, some new."""
    train: Score
    """Over all training rows; within an update, of the parameters before it, as are predictions."""
    test: Score | None
    history: Curves
    parameters_updated: int
    """How many parameters of this batch's update are done."""
    divergence: Divergence | None = None
    surface: Surface | None = None
    maps: Surface | None = None
    train_outputs: Array | None = None
    """(rows, outputs) predictions for the training rows, where asked for."""
    test_outputs: Array | None = None
    probe: Probe | None = None
    """In a probe's own frame: what was probed. Then mark, known and trace are those of a batch that is this sample alone."""
    probed: "Frame | None" = None
    """The frame that shows the probe that was asked for; None where none was, or where it does not fit the data."""
    extent: tuple[int, int] = (0, 0)
    """How far this run has been computed: (batches, epochs)."""
    memory_bytes: int = 0
    memory_limit: int = 0

    @property
    def loss(self) -> float:
        """The mean loss over all training rows, with the parameters as they stand here."""
        return self.train.loss

    @property
    def phase(self) -> str:
        """forward, loss, backward or update; "start" before the first step."""
        return "start" if self.mark is None else self.mark.phase

    @property
    def sample(self) -> int | None:
        """The current sample's place in the batch, from 0; None at the start and during the update."""
        return None if self.mark is None else self.mark.sample

    @property
    def row(self) -> int | None:
        """The current sample's row in the training data."""
        if self.sample is None or self.trace is None:
            return None
        return int(self.trace.rows[self.sample])

    @cached_property
    def weights(self) -> tuple[Array, ...]:
        """(inputs, neurons) a layer: W[r, q] from input r to neuron q."""
        return self.network.weights(self.theta)

    @cached_property
    def biases(self) -> tuple[Array, ...]:
        """(neurons,) a layer."""
        return self.network.biases(self.theta)

    @property
    def epochs_done(self) -> float:
        """Finished epochs, with the share of the present one: the x axis of the loss plot."""
        finished = self.moment.batch + (self.mark is not None and self.moment.mark == self.marks.count)
        return finished / self.batches
