"""The batch kernel: forward, loss, backward, update for one batch. The one place where a network learns.

Start reading here: ``Workspace.__init__`` writes the textbook's formulas down once, as a list of whole-array operations on
buffers that are kept, and ``Workspace.run`` walks that list. On small networks the time is the number of NumPy calls, so the
layout that makes fewest calls wins: the bias is the weight of an input that is always 1, all parameters are one vector, and the
slopes of all layers that share an activation are one call. Nothing is allocated per batch. Running does not pay for seeing: a
``Trace`` is a frozen copy of these buffers, taken only for a batch that somebody looks at.

Columns are samples. It refuses to know data sets, epochs, shuffles and clocks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array, Operation
from nnsim.core.forward import after_first_sums, segments
from nnsim.core.losses import LOSSES
from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS, Stage
from nnsim.core.trace import Trace

CLIP_GUARD = 1e-6
"""Added to the norm before dividing, as PyTorch's clip_grad_norm_ does."""


@dataclass(frozen=True)
class Method:
    """How to learn: names from the tables, and the numbers that go with them."""

    loss: str = "mse"
    optimizer: str = "gradient-descent"
    settings: Mapping[str, float] = field(default_factory=dict)
    """All of the optimizer's settings."""
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    clip_norm: float = 0.0
    frozen: tuple[tuple[int, ...], ...] = ()
    """Layers (layer,) and neurons (layer, neuron), from 0, whose parameters stay."""
    cut: tuple[tuple[int, int, int], ...] = ()
    """Weights (layer, row, neuron), from 0, that stay where they are: at 0, once somebody has put them there."""
    biases_learn: bool = True
    """Whether biases are changed at all."""

    @property
    def is_perceptron(self) -> bool:
        """Whether errors themselves, not gradients, drive the update."""
        return self.optimizer == "perceptron"


@dataclass(frozen=True, eq=False)
class State:
    """All that learning changes, as read-only copies: parameters, the optimizer's memory, how many updates it has made."""

    theta: Array
    memory: Mapping[str, Array]
    steps: int

    @property
    def nbytes(self) -> int:
        """Its size in memory, in bytes."""
        return int(self.theta.nbytes + sum(vector.nbytes for vector in self.memory.values()))


class Trainer:
    """Parameters in training: the vectors that every batch changes in place, and a workspace for each batch size."""

    def __init__(self, network: Network, method: Method, dtype: Any = np.float64) -> None:
        count = network.parameter_count
        self.network, self.method, self.dtype = network, method, np.dtype(dtype)
        names = OPTIMIZERS[method.optimizer].memory
        # parameters and memory in one block, so that one quick call sees whether all of it is finite
        learned = np.zeros((1 + len(names), count), dtype)
        self.theta, memory = learned[0], dict(zip(names, learned[1:], strict=True))
        self.gradient = np.zeros(count, dtype)
        self._held = network.held(method.frozen, method.cut, method.biases_learn)
        penalised = bool(method.l1 or method.l2 or method.clip_norm or len(self._held))
        self.step_gradient = np.zeros(count, dtype) if penalised else self.gradient
        self.stage = Stage(self.theta, self.step_gradient, np.zeros((), dtype), memory, method.settings)
        self.clip_factor = 1.0
        operations = [*self._penalties(), *self._holding(OPTIMIZERS[method.optimizer].update(self.stage))]
        self.update_program = [(operation[0], operation[1:]) for operation in operations]
        self._learned, self._nothing = learned.reshape(-1), np.zeros(learned.size, dtype)
        self._workspaces: dict[int, Workspace] = {}

    def workspace(self, samples: int) -> "Workspace":
        """The workspace for batches of this size."""
        if samples not in self._workspaces:
            self._workspaces[samples] = Workspace(self, samples)
        return self._workspaces[samples]

    @property
    def is_finite(self) -> bool:
        """Whether every parameter, and all that the optimizer remembers, is finite: 0 · x is 0 for finite x only, and a dot product
        with zeros is one quick call. A sum of squares that overflows would otherwise bring its weight to a silent halt."""
        return bool(self._learned.dot(self._nothing) == 0)

    def state(self) -> State:
        """A frozen copy of all that learning changes."""
        return State(frozen(self.theta), {n: frozen(v) for n, v in self.stage.memory.items()}, self.stage.steps)

    def load(self, state: State) -> None:
        """Go on from a state. Memory that another optimizer left starts from 0."""
        np.copyto(self.theta, state.theta)
        kept = state.memory.keys() == self.stage.memory.keys()
        for name, vector in self.stage.memory.items():
            np.copyto(vector, state.memory[name]) if kept else vector.fill(0)
        self.stage.steps = state.steps if kept else 0

    def _penalties(self) -> Iterator[Operation]:
        """Turn the gradient of the loss into the one the optimizer is given: plus λ sign(w) and λ w, 0 where held, then clipped."""
        given, method = self.step_gradient, self.method
        if given is self.gradient:
            return
        scratch = np.empty_like(given)
        is_weight = self.network.is_weight().astype(self.dtype)
        yield np.copyto, given, self.gradient
        if method.l1:
            yield np.sign, self.theta, scratch
            yield np.multiply, scratch, is_weight * self.dtype.type(method.l1), scratch
            yield np.add, given, scratch, given
        if method.l2:
            yield np.multiply, self.theta, is_weight * self.dtype.type(method.l2), scratch
            yield np.add, given, scratch, given
        if len(self._held):
            # as if they had no gradient: they do not count for the length that is clipped either
            yield np.put, given, self._held, self.dtype.type(0)
        if method.clip_norm:
            yield (self._clip,)

    def _holding(self, update: Iterator[Operation]) -> Iterator[Operation]:
        """The update, around which held parameters are put back: what an optimizer remembers, or decay, would move them on."""
        held = self._held
        if not len(held):
            yield from update
            return
        kept = np.zeros(len(held), self.dtype)
        yield np.take, self.theta, held, None, kept, "clip"
        yield from update
        yield np.put, self.theta, held, kept

    def _clip(self) -> None:
        norm = float(np.sqrt(self.step_gradient.dot(self.step_gradient)))
        if norm == np.inf:
            # the squares overflow long before the gradient does, and a factor of 0 would bring learning to a silent halt
            largest = float(np.abs(self.step_gradient).max())
            scaled = self.step_gradient / self.dtype.type(largest)
            norm = largest * float(np.sqrt(scaled.dot(scaled)))
        self.clip_factor = min(1.0, self.method.clip_norm / (norm + CLIP_GUARD))
        if self.clip_factor != 1:
            np.multiply(self.step_gradient, self.dtype.type(self.clip_factor), self.step_gradient)


class Workspace:
    """The buffers of one batch size, and the batch's computation as a list of operations on them."""

    def __init__(self, trainer: Trainer, samples: int) -> None:
        network, method, dtype = trainer.network, trainer.method, trainer.dtype
        self.trainer, self.samples = trainer, samples
        size = samples * sum(width + 1 for width in network.widths)

        def buffer(value: float = 0) -> tuple[Array, tuple[Array, ...]]:
            flat = np.full(size, value, dtype)
            return flat, segments(network, flat)

        flat_sums, self.sums = buffer()
        flat_outputs, self.outputs = buffer(1)
        flat_slopes, self.slopes = buffer()
        _, self.output_gradients = buffer()
        _, self.deltas = buffer()
        self.masks = tuple(np.ones((width, samples), dtype) for width in network.widths[:-1]) if method.dropout else None
        self.passed = buffer(1)[1] if method.dropout else self.outputs
        if self.masks is not None:
            self.passed = (*self.passed[:-1], self.outputs[-1])
        self.targets = np.zeros((network.widths[-1], samples), dtype)
        self.terms = np.zeros_like(self.targets)
        layers, gradients = network.layers(trainer.theta), network.layers(trainer.gradient)
        loss = LOSSES[method.loss]
        self._share = 1 / loss.count(*self.targets.shape)
        shares = np.full(self.terms.size, self._share, dtype)
        self.fused = method.is_perceptron or loss.fused_with == network.activations[-1]

        def loss_and_output_delta() -> Iterator[Operation]:
            z, a = self.sums[-1][:-1], self.outputs[-1][:-1]
            arriving, delta = self.output_gradients[-1][:-1], self.deltas[-1][:-1]
            yield from loss.terms(z, a, self.targets, self.terms)
            if self.fused:
                yield np.subtract, a, self.targets, delta
                if not method.is_perceptron:
                    yield np.multiply, delta, np.asarray(self._share, dtype), delta
                return
            yield from loss.gradient(a, self.targets, arriving, np.asarray(self._share, dtype))
            if network.activations[-1] == "softmax":
                yield from _softmax_delta(a, arriving, delta)
            else:
                yield np.multiply, arriving, self.slopes[-1][:-1], delta

        def backward() -> Iterator[Operation]:
            for layer in range(network.depth - 1, 0, -1):
                yield np.dot, self.passed[layer - 1], self.deltas[layer][:-1].T, gradients[layer]
                arriving = self.output_gradients[layer - 1][:-1]
                yield np.dot, layers[layer][:-1], self.deltas[layer][:-1], arriving
                if self.masks is not None:
                    yield np.multiply, arriving, self.masks[layer - 1], arriving
                yield np.multiply, arriving, self.slopes[layer - 1][:-1], self.deltas[layer - 1][:-1]

        operations = [
            *after_first_sums(network, layers, self.sums, self.outputs, self.passed, self.masks),
            *self._all_slopes(flat_sums, flat_outputs, flat_slopes),
            *loss_and_output_delta(),
            *backward(),
        ]
        self._program = [(operation[0], operation[1:]) for operation in operations]
        self._first_weights, self._first_sums = layers[0].T, self.sums[0][:-1]
        self._first_delta, self._first_gradient = self.deltas[0][:-1].T, gradients[0]
        self._flat_terms, self._shares = self.terms.reshape(-1), shares

    def run(self, inputs: Array, targets: Array) -> float:
        """One batch: inputs (inputs + 1, samples), the last row ones; targets (outputs, samples). Returns its loss.

        Call it under ``np.errstate(all="ignore")``: what is not finite is found by looking at the loss and the parameters.
        """
        np.copyto(self.targets, targets)
        np.dot(self._first_weights, inputs, self._first_sums)
        for function, arguments in self._program:
            function(*arguments)
        np.dot(inputs, self._first_delta, self._first_gradient)
        trainer = self.trainer
        trainer.stage.steps += 1
        for function, arguments in trainer.update_program:
            function(*arguments)
        return float(self._flat_terms.dot(self._shares))

    def _all_slopes(self, sums: Array, outputs: Array, slopes: Array) -> Iterator[Operation]:
        """Slopes of all layers: one call for each stretch of layers with the same activation, since their buffers adjoin."""
        network = self.trainer.network
        names = list(network.activations[:-1] if self.fused else network.activations)
        start = layer = 0
        while layer < len(names):
            length, first = 0, layer
            while layer < len(names) and names[layer] == names[first]:
                length += (network.widths[layer] + 1) * self.samples
                layer += 1
            part = slice(start, start + length)
            slope = ACTIVATIONS[names[first]].slope
            if slope is not None:
                yield from slope(sums[part], outputs[part], slopes[part])
            start += length

    def trace(self, rows: Array, inputs: Array, loss: float, before: State) -> Trace:
        """What the last ``run`` computed, as frozen copies. ``before``: the state it began from."""
        trainer, last = self.trainer, len(self.sums) - 1
        per_output = LOSSES[trainer.method.loss].per_output
        softmax = trainer.network.activations[-1] == "softmax"

        def copies(buffers: tuple[Array, ...]) -> tuple[Array, ...]:
            return tuple(frozen(each[:-1]) for each in buffers)

        masks = self.masks or ()
        after = trainer.state()
        return Trace(
            rows=frozen(rows), inputs=frozen(inputs[:-1]), targets=frozen(self.targets),
            sums=copies(self.sums), outputs=copies(self.outputs), passed=copies(self.passed),
            masks=tuple(frozen(masks[layer]) if layer < len(masks) else None for layer in range(last + 1)),
            losses=frozen(self.terms.sum(axis=0) / (len(self.terms) if per_output else 1)), loss=loss,
            output_gradients=tuple(
                None if self.fused and layer == last else each for layer, each in enumerate(copies(self.output_gradients))),
            slopes=tuple(
                None if (self.fused or softmax) and layer == last else each for layer, each in enumerate(copies(self.slopes))),
            deltas=copies(self.deltas),
            gradient=frozen(trainer.gradient), step_gradient=frozen(trainer.step_gradient), clip_factor=trainer.clip_factor,
            before=before.theta, after=after.theta, memory_before=before.memory, memory_after=after.memory,
            rate=float(trainer.stage.rate), step=after.steps,
        )


def _softmax_delta(a: Array, arriving: Array, delta: Array) -> Iterator[Operation]:
    # δ_k = a_k (g_k - Σ_j a_j g_j)
    total = np.empty((1, a.shape[1]), a.dtype)
    yield np.multiply, a, arriving, delta
    yield np.add.reduce, delta, 0, None, total, True
    yield np.subtract, arriving, total, delta
    yield np.multiply, delta, a, delta


def frozen(array: Array) -> Array:
    """A read-only, C-ordered copy."""
    copy = np.array(array, order="C", copy=True)
    copy.flags.writeable = False
    return copy
