"""Who pushed a weight: each sample's share of the batch's gradient, as far as the cursor has come.

It is apart from the other facts because it is an account of its own: a share is a delta times what it came through, and the
shares sum to the trace's own gradient. It refuses to tell a share before the mark that computes it.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.targets import EdgeTarget


@dataclass(frozen=True, eq=False)
class Pushes:
    """Who pushed a weight: each sample's share of the batch's gradient."""

    title: str
    shares: Array
    """(samples,) of which the first ``known`` are known."""
    known: int
    current: int | None
    """The current sample, from 0; None at the start and during the update."""
    sentence: str

    def strongest(self, most: int) -> list[int]:
        """The places of at most so many samples, those that push hardest, in the batch's order."""
        strength = np.where(np.arange(len(self.shares)) < self.known, np.abs(self.shares), -1)
        chosen: list[int] = np.sort(np.argsort(-strength, kind="stable")[:most]).tolist()
        return chosen


def pushes_on(frame: Frame, target: EdgeTarget) -> Pushes:
    """Who pushed a weight in the batch under the cursor, as far as is known."""
    perceptron = frame.experiment.learning.optimizer == "perceptron"
    title = "who pushed: correction by sample" if perceptron else "who pushed: shares of the gradient"
    trace = frame.trace
    if trace is None:
        return Pushes(title, np.zeros(0), 0, None, "No sample has pushed yet: the first batch has not begun.")
    shares = sample_gradients(frame, target)
    known = _samples_known(frame, target)
    total = float(trace.gradient[frame.network.index(*target)])
    return Pushes(title, shares, known, frame.sample, _who(shares, known, total, perceptron))


def sample_gradients(frame: Frame, target: EdgeTarget) -> Array:
    """(samples,) each sample's share of the batch's gradient of one weight; empty at the start."""
    trace = frame.trace
    if trace is None:
        return np.zeros(0)
    deltas = trace.deltas[target.layer][target.neuron]
    shares: Array = deltas
    if target.row < frame.network.sizes[target.layer]:
        arriving = trace.inputs if target.layer == 0 else trace.passed[target.layer - 1]
        shares = arriving[target.row] * deltas
    return shares


def gradient_so_far(frame: Frame, layer: int, neuron: int, sample: int) -> Array:
    """(inputs + 1,) the gradients of a neuron's weights and bias, summed over the samples up to ``sample``.

    After the last one it is the trace's own gradient. Only where there is a trace.
    """
    trace = frame.trace
    assert trace is not None
    stop = sample + 1
    if stop == trace.samples:
        whole: Array = frame.network.layers(trace.gradient)[layer][:, neuron]
        return whole
    arriving = trace.inputs if layer == 0 else trace.passed[layer - 1]
    deltas = trace.deltas[layer][neuron, :stop]
    return np.append(arriving[:, :stop] @ deltas, deltas.sum())


def _samples_known(frame: Frame, target: EdgeTarget) -> int:
    """How many samples' shares are known: the backward passes that have come past this edge."""
    assert frame.trace is not None
    if frame.sample is None:
        return frame.trace.samples
    known, place = frame.known, (target.layer, target.neuron)
    past = known.gradients[target.layer] > target.neuron
    here = frame.phase == "backward" and known.working == place and known.terms > target.row
    return frame.sample + (past or here)


def _who(shares: Array, known: int, total: float, perceptron: bool) -> str:
    """Who pushes hardest, and how the shares make the whole."""
    if not known:
        return "No sample has pushed yet: gradients come with the backward pass."
    done = shares[:known]
    hardest = int(np.argmax(np.abs(done)))
    if not np.isfinite(done).all():
        return "A share is not finite."
    if done[hardest] == 0:
        return "No sample pushes: all shares are 0." if known == len(shares) else "No sample has pushed so far."
    strongest = f"{numbers.significant(float(done[hardest]))}"
    if known == len(shares):
        hard = f"Sample {hardest + 1} pushes hardest: {strongest} of {numbers.significant(total)}"
        if perceptron or known == 1:
            return f"{hard}."
        return f"{hard}, to which the shares add up. Each is 1/{known} of that sample’s own gradient, as the loss is a mean."
    so_far = f"Sample 1 so far: {numbers.significant(float(done[0]))}."
    if known == 1:
        return so_far
    return (f"Samples 1–{known} so far: {numbers.significant(float(done.sum()))}. "
            f"Sample {hardest + 1} pushes hardest: {strongest}.")
