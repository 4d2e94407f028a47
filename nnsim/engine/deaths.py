"""Whether a ReLU neuron has died: told from the batches that are trained on anyway, and only in doubt from all training rows.

It is apart because dying is the one condition that a batch's own numbers do not settle. It refuses to train.
"""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.forward import ForwardPass
from nnsim.core.network import Network
from nnsim.core.training import Workspace
from nnsim.engine.breakpoints import NeuronDeath

PORTION = 1_000_000
"""How many outputs of neurons are held at once when all training rows are looked at."""


class DeathCheck:
    """A neuron can only be dead with certain parameters if the batch that runs with them leaves it at 0 for all its samples.

    So each batch's outputs tell which neurons to doubt after the batch before. Most doubts end at the row that moved the neuron
    most when all training rows were last looked at; only for the rest all are looked at again.
    """

    late = True
    """A death is seen in the batch after it."""

    def __init__(self, neurons: list[tuple[int, int]], network: Network, rows: Array) -> None:
        self._neurons, self._rows, self._network = neurons, rows, network
        count, portion = len(rows), max(1, PORTION // (sum(network.widths) + network.depth))
        self._portions = [slice(start, min(start + portion, count)) for start in range(0, count, portion)]
        self._stretches = [*_stretches(neurons)]
        self._witnesses = np.repeat(rows[:1], len(neurons), axis=0)
        self._theta = self._kept = np.zeros(0)
        self._passes: dict[int, ForwardPass] = {}
        self._views: dict[Workspace, tuple[list[tuple[Array, Array]], Array]] = {}
        self._sums = np.zeros(0)
        self._dead, self._silent = np.zeros(len(neurons), np.bool_), np.zeros(len(neurons), np.bool_)
        self._fresh = True

    def forget(self) -> None:
        """What was known holds no longer."""
        self._fresh = True

    def begin(self, theta: Array) -> None:
        """A stretch of batches begins; parameters that were changed by hand are looked at anew, and are no death."""
        if theta is not self._theta:
            self._theta, self._views, self._sums = theta, {}, np.zeros(len(self._neurons), theta.dtype)
        if self._fresh or not np.array_equal(self._kept, theta):
            if self._fresh:
                self._kept, self._passes = np.zeros_like(theta), {}
            np.copyto(self._kept, theta)
            self._fresh = False
            self._bury(np.ones_like(self._dead))

    def sees(self, space: Workspace, loss: float) -> bool:
        """Whether a neuron was found dead with the parameters that the batch just run began with."""
        doubted = self._doubted(space)
        found = doubted is not None and self._bury(doubted)
        np.copyto(self._kept, self._theta)
        return found

    def settle(self) -> bool:
        """Whether a neuron has died in the last batch run."""
        return self._bury(~self._dead)

    def _doubted(self, space: Workspace) -> Array | None:
        """(neurons,) which may have been dead with the parameters that this batch began with, and had not been before; or None."""
        if space.masks is not None:
            # with outputs silenced at random, a batch tells nothing about rows that pass unsilenced
            return ~self._dead
        views = self._views.get(space)
        if views is None:
            stretches = [(space.outputs[layer][rows], self._sums[part]) for layer, rows, part in self._stretches]
            views = self._views[space] = stretches, np.ones(space.samples, self._theta.dtype)
        layers, ones = views
        for outputs, sums in layers:
            # outputs of a ReLU are never negative, so that their sum is 0 only if all are
            outputs.dot(ones, sums)
        np.equal(self._sums, 0, self._silent)
        if self._silent.tobytes() == self._dead.tobytes():
            return None
        doubted: Array = self._silent > self._dead
        self._dead &= self._silent
        return doubted

    def _bury(self, doubted: Array) -> bool:
        """Note which of the ``doubted``, (neurons,), are dead with the parameters kept; whether any is."""
        outputs, neurons = self._run(self._witnesses), self._neurons
        still = [i for i in np.flatnonzero(doubted).tolist() if not outputs[neurons[i][0]][neurons[i][1], i] > 0]
        if not still:
            return False
        self._dead[still] = True
        for rows in self._portions:
            outputs = self._run(self._rows[rows])
            for i in still:
                layer, neuron = neurons[i]
                most = int(outputs[layer][neuron].argmax())
                if outputs[layer][neuron, most] > 0:
                    self._dead[i] = False
                    self._witnesses[i] = self._rows[rows][most]
        return bool(self._dead[still].any())

    def _run(self, rows: Array) -> tuple[Array, ...]:
        """(neurons + 1, rows) each layer's outputs with the parameters kept; the next call overwrites them."""
        count = len(rows)
        if count not in self._passes:
            self._passes[count] = ForwardPass(self._network, self._kept, count)
        self._passes[count].run(rows)
        return self._passes[count].activations


def _stretches(neurons: list[tuple[int, int]]) -> Iterator[tuple[int, slice, slice]]:
    """(layer, which of its neurons, where these stand among all) for neurons that lie side by side in each layer."""
    for layer, group in groupby(enumerate(neurons), lambda numbered: numbered[1][0]):
        members = [*group]
        (first, (_, neuron)), count = members[0], len(members)
        yield layer, slice(neuron, neuron + count), slice(first, first + count)


def mortal_neurons(condition: NeuronDeath, network: Network) -> list[tuple[int, int]]:
    """(layer, neuron) of the neurons that a condition on deaths speaks of; only a ReLU can stay at 0."""
    return [(layer, neuron) for layer, name in enumerate(network.activations) if name == "relu" and condition.layer in (None, layer)
            for neuron in range(network.widths[layer]) if condition.neuron in (None, neuron)]
