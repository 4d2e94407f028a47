"""Everything one batch computed, as a frozen copy of the kernel's own numbers.

A trace is taken only for the batch that somebody looks at. It holds no second computation: each array is what the kernel's
operations left in its buffers. Columns are samples.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nnsim.core.activations import Array


@dataclass(frozen=True, eq=False)
class Trace:
    """One batch: forward, loss, backward, update. Tuples have one entry a layer; arrays are read-only."""

    rows: Array
    """(samples,) which rows of the data set the batch holds."""
    inputs: Array
    """(inputs, samples)"""
    targets: Array
    """(outputs, samples)"""
    sums: tuple[Array, ...]
    """(neurons, samples) z = Wᵀx + b"""
    outputs: tuple[Array, ...]
    """(neurons, samples) a = f(z)"""
    passed: tuple[Array, ...]
    """(neurons, samples) what goes on to the next layer: the outputs, or with dropout the outputs times the mask."""
    masks: tuple[Array | None, ...]
    """(neurons, samples) dropout's mask, 0 or 1 / (1 - share); None where there is none."""
    losses: Array
    """(samples,) each sample's loss, before the mean over samples."""
    loss: float
    """The batch's loss: the mean of ``losses``."""
    output_gradients: tuple[Array | None, ...]
    """(neurons, samples) ∂L/∂a, L the batch's loss, so a 1/n is in it; None where loss and activation are fused."""
    slopes: tuple[Array | None, ...]
    """(neurons, samples) f'(z); None where loss and activation are fused, for softmax, and under the perceptron rule."""
    deltas: tuple[Array, ...]
    """(neurons, samples) δ = ∂L/∂z (under the perceptron rule: outputs - targets, which is not a gradient)."""
    gradient: Array
    """(parameters,) ∂L/∂θ of the batch's loss, summed over its samples."""
    step_gradient: Array
    """(parameters,) what the optimizer was given: the gradient with penalties added, then clipped."""
    clip_factor: float
    """What clipping multiplied the gradient by; 1 where it did nothing."""
    before: Array
    """(parameters,)"""
    after: Array
    """(parameters,)"""
    memory_before: Mapping[str, Array]
    """The optimizer's memory by name, (parameters,) each, before this update."""
    memory_after: Mapping[str, Array]
    rate: float
    """The schedule's rate in this batch."""
    step: int
    """How many updates the optimizer has made, this one included."""

    @property
    def samples(self) -> int:
        """The number of samples in the batch."""
        return int(self.rows.shape[0])
