"""Watching the conditions of breakpoints while a run is computed: after every batch, at a price far below the batch's own.

A ``Watch`` is asked between two batches, on the kernel's own buffers, whether a condition has just become true. It is apart from
the breakpoints because those are values and this remembers: what was true the batch before. It refuses to stop anything, and costs
nothing where there is none.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.core.training import Workspace
from nnsim.engine.breakpoints import Breakpoint, ConditionBreakpoint, Flip, LossBelow, NeuronDeath, SignChange
from nnsim.engine.deaths import DeathCheck, mortal_neurons
from nnsim.engine.run import Run


class _Check(Protocol):
    """One condition."""

    late: bool
    """Whether a batch is judged only by what the next one computes."""

    def begin(self, theta: Array) -> None:
        """A stretch of batches begins with these parameters, the very vector that the batches will change."""

    def sees(self, space: Workspace, loss: float) -> bool:
        """Judge the batch just run; True if the condition has become true."""


class Watch:
    """The enabled conditions among breakpoints.

    ``rows``: (training rows, inputs + 1) as the network is fed, the last column ones.
    """

    def __init__(self, breakpoints: Iterable[Breakpoint], network: Network, rows: Array) -> None:
        self.met: ConditionBreakpoint | None = None
        """The condition that has become true."""
        self.late = False
        """Whether it became true already in the batch before the last one run."""
        self.at: int | None = None
        """The batch that the watch stands before, of ``run``: what it remembers holds there and nowhere else."""
        self.run: Run | None = None
        self._network = network
        self._epochs: list[tuple[LossBelow, _LossCheck]] = []
        self._checks: list[tuple[ConditionBreakpoint, _Check]] = []
        for each in breakpoints:
            if not each.enabled:
                continue
            if isinstance(each, LossBelow):
                if each.of == "training":
                    self._epochs.append((each, _LossCheck(each.value)))
                else:
                    self._checks.append((each, _LossCheck(each.value)))
            elif isinstance(each, SignChange):
                indices = parameters_of(each, network)
                if len(indices):
                    self._checks.append((each, _SignCheck(indices)))
            elif isinstance(each, NeuronDeath):
                neurons = mortal_neurons(each, network)
                if neurons:
                    # the death of a batch is seen in the next: it has to be asked before those of the next itself
                    self._checks.insert(0, (each, DeathCheck(neurons, network, rows)))

    @property
    def flip(self) -> Flip | None:
        """Where the condition that was met is one on signs: which parameter changed its sign. Its batch is not known here."""
        for each, check in self._checks:
            if each is self.met and isinstance(check, _SignCheck) and check.flipped is not None:
                index, before, after = check.flipped
                layer = bisect_right(self._network.offsets, index) - 1
                row, neuron = divmod(index - self._network.offsets[layer], self._network.widths[layer])
                return Flip(layer, row, neuron, before, after)
        return None

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to watch."""
        return not (self._checks or self._epochs)

    def arm(self, run: Run, batch: int, batch_loss: float, training_loss: float) -> None:
        """Stand before a batch of a run. ``batch_loss``, ``training_loss``: the last ones before; infinite where there is none."""
        self.run, self.at = run, batch
        for _, check in self._checks:
            if isinstance(check, _LossCheck):
                check.arm(batch_loss)
            elif isinstance(check, DeathCheck):
                check.forget()
        for _, epoch_check in self._epochs:
            epoch_check.arm(training_loss)

    @property
    def asks_epochs(self) -> bool:
        """Whether the training loss at the end of an epoch matters."""
        return bool(self._epochs)

    def begin(self, theta: Array) -> None:
        """A stretch of batches begins, any edits made: ``theta`` is the vector that they will change."""
        self.met, self.late = None, False
        for _, check in self._checks:
            check.begin(theta)

    def sees(self, space: Workspace, loss: float) -> bool:
        """Judge the batch just run; True if a condition has become true."""
        for each, check in self._checks:
            # all are asked, since each remembers what it saw
            if check.sees(space, loss) and self.met is None:
                self.met, self.late = each, check.late
        return self.met is not None

    def sees_epoch(self, training_loss: float) -> None:
        """Judge the end of an epoch."""
        for each, check in self._epochs:
            if check.judges(training_loss) and self.met is None:
                self.met = each

    def settle(self) -> None:
        """Judge the last batch by what the next one would have told, since there is none, or since edits come between."""
        for each, check in self._checks:
            if isinstance(check, DeathCheck) and check.settle() and self.met is None:
                self.met = each


class _LossCheck:
    late = False

    def __init__(self, value: float) -> None:
        self._value = value
        self._below = False

    def arm(self, loss: float) -> None:
        self._below = loss < self._value

    def begin(self, theta: Array) -> None:
        """A loss does not ask for parameters."""

    def sees(self, space: Workspace, loss: float) -> bool:
        return self.judges(loss)

    def judges(self, loss: float) -> bool:
        before, self._below = self._below, loss < self._value
        return self._below and not before


class _SignCheck:
    """From below 0 to above it in one update, or the other way: what was 0 has no sign to change, and what becomes 0 has none."""

    late = False

    def __init__(self, indices: Array) -> None:
        self._indices = indices
        self._one = int(indices[0]) if len(indices) == 1 else None
        self._last = 0.0
        self._negative = np.zeros(len(indices), np.bool_)
        self._signs = b""
        self.flipped: tuple[int, float, float] | None = None
        """The place in theta that changed its sign, its value before and after."""

    def begin(self, theta: Array) -> None:
        self._theta, self._zero, self.flipped = theta, theta.dtype.type(0), None
        self._before, self._now = (np.zeros(len(self._indices), theta.dtype) for _ in range(2))
        if self._one is not None:
            self._last = float(theta.item(self._one))
        self._look()

    def sees(self, space: Workspace, loss: float) -> bool:
        if self._one is not None:
            last, self._last = self._last, float(self._theta.item(self._one))
            if last < 0 < self._last or self._last < 0 < last:
                self.flipped = self._one, last, self._last
            return self.flipped is not None
        signs = self._signs
        self._look()
        # no sign changes without a number becoming negative, or ceasing to be
        return self._signs != signs and self._finds()

    def _look(self) -> None:
        """Keep what was, and see what is."""
        self._before, self._now = self._now, self._before
        self._theta.take(self._indices, out=self._now, mode="clip")
        np.less(self._now, self._zero, self._negative)
        self._signs = self._negative.tobytes()

    def _finds(self) -> bool:
        before, now = self._before, self._now
        changed = np.flatnonzero(((before < 0) & (now > 0)) | ((before > 0) & (now < 0)))
        if len(changed):
            # of several, the one that went furthest
            first = changed[np.argmax(np.abs(now[changed] - before[changed]))]
            self.flipped = int(self._indices[first]), float(before[first]), float(now[first])
        return bool(len(changed))


def parameters_of(condition: SignChange, network: Network) -> Array:
    """(n,) the places in theta that a condition on signs speaks of, in rising order."""
    chosen = np.zeros(network.parameter_count, np.bool_)
    for layer, matrix in enumerate(network.layers(chosen)):
        if condition.layer in (None, layer):
            everything = slice(None if condition.biases else len(matrix) - 1)
            rows = everything if condition.row is None else slice(condition.row, condition.row + 1)
            neurons = slice(None) if condition.neuron is None else slice(condition.neuron, condition.neuron + 1)
            matrix[rows, neurons] = True
    indices: Array = np.flatnonzero(chosen)
    return indices
