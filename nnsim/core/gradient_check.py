"""Whether the kernel's gradients are the slopes of its loss: each is measured by moving its parameter, without back-propagation.

Where every formula is smooth, a complex step measures to all digits. Where a slope may jump (ReLU, absolute error, hinge, an L1
penalty), differences do, with ever smaller steps until no kink lies within them. Where one always does, the parameter stands at
a kink: there is no one slope, and any between those on its two sides is right. It refuses to know experiments and time, and to
judge more finely than rounding allows.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.gradient_rounding import rounding
from nnsim.core.loss_slopes import slopes_by_complex_step, slopes_by_differences
from nnsim.core.network import Network
from nnsim.core.plain_loss import KINKED_ACTIVATIONS, KINKED_LOSSES, PlainLoss
from nnsim.core.trace import Trace
from nnsim.core.training import Method, frozen

Verdict = Literal["agrees", "kink", "differs"]
Way = Literal["complex step", "differences"]

TOLERANCES: dict[tuple[Way, str], float] = {
    ("complex step", "float64"): 1e-9, ("differences", "float64"): 1e-6,
    ("complex step", "float32"): 1e-3, ("differences", "float32"): 1e-3,
}
"""The largest relative difference that is agreement, by the way of measuring and the kernel's precision."""
ROUNDINGS = 10
"""How many times the doubt that comes of rounding is no difference."""
STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
"""How far a difference may move any sum: a longer step is finer, a shorter one passes between more kinks."""
JUMP = 1e-6
"""From which share of a slope on its change across a step is a kink, and not a bend."""
NEAREST = {"float64": STEPS[-1], "float32": 1e-5}
"""How near a kink cannot be told from one at the very place, in the kernel's precision."""
NUMBERS_AT_ONCE = 2**15
"""How many sums of a layer are computed together: some milliseconds' work that stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """Gradients beside what was measured. Arrays are read-only and have shape (checked,)."""

    network: Network
    method: Method
    samples: int
    loss: float
    """The batch's, without penalties."""
    way: Way
    tolerance: float
    clip_factor: float
    """What clipping multiplies the gradient by afterwards; 1 where it does nothing."""
    places: Array
    """Which parameters of theta were checked, rising."""
    gradients: Array
    """The kernel's, penalties included, before clipping."""
    measured: Array
    lowest: Array
    """At a kink, the least slope beside it; elsewhere the measured one."""
    highest: Array
    differences: Array
    """|gradient - measured| as a share of the larger, or where both are less, of the least that rounding lets tell so finely."""
    sizes: Array
    """The samples' measured shares of the gradient and the penalty's, summed without their signs."""
    doubts: Array
    """How large a difference rounding may make."""
    verdicts: Array
    """``agrees``, ``kink`` or ``differs``."""

    def count(self, verdict: Verdict) -> int:
        """How many got this verdict."""
        return int(np.count_nonzero(self.verdicts == verdict))

    @property
    def passed(self) -> bool:
        """Whether none differs. A kink is no error."""
        return not self.count("differs")

    @cached_property
    def blurred(self) -> Array:
        """(checked,) whether one agrees only because rounding can make more than all that it is summed from."""
        return np.asarray((self.verdicts == "agrees") & (self.sizes > 0) & (self.sizes < self.doubts))

    @cached_property
    def worst(self) -> int:
        """Which of the checked has the largest difference, kinks and what is blurred aside; if there is no other, the first."""
        return int(np.where(self._is_plain, self.differences, -1.0).argmax())

    @property
    def largest_difference(self) -> float:
        """The worst one's relative difference; 0 where all are kinks or blurred."""
        return float(self.differences[self.worst]) if self._is_plain[self.worst] else 0.0

    @cached_property
    def _is_plain(self) -> Array:
        return np.asarray((self.verdicts != "kink") & ~self.blurred)


def gradient_check(network: Network, method: Method, trace: Trace, places: Array) -> Generator[float, None, GradientCheck]:
    """Check the gradients of a traced batch at ``places`` of theta, rising, at least one. Yields the share done, from 0 to 1.

    All numbers of the trace must be finite, and ``method`` not the perceptron rule, which has no gradient.
    """
    with np.errstate(all="ignore"):
        measurement = _Measurement(network, method, trace, places)
    done = 0
    for layer, (start, stop) in enumerate(zip(network.offsets, network.offsets[1:], strict=False)):
        here = np.flatnonzero((places >= start) & (places < stop))
        at_once = max(1, NUMBERS_AT_ONCE // (trace.samples * max(network.widths[layer:])))
        for first in range(0, len(here), at_once):
            part = here[first : first + at_once]
            yield done / len(places)
            with np.errstate(all="ignore"):
                measurement.measure(layer, part)
            done += len(part)
    yield 1.0
    return measurement.check()


class _Measurement:
    """The arrays of a check while they are being filled."""

    def __init__(self, network: Network, method: Method, trace: Trace, places: Array) -> None:
        self._network, self._method, self._trace, self._places = network, method, trace, places
        kinked = bool(KINKED_ACTIVATIONS.intersection(network.activations)) or method.loss in KINKED_LOSSES or method.l1 > 0
        self._way: Way = "differences" if kinked else "complex step"
        precision = trace.before.dtype.name
        self._tolerance, self._nearest = TOLERANCES[self._way, precision], NEAREST[precision]
        # the check is in double precision, whatever the kernel's is
        theta, inputs, targets = (np.asarray(numbers, np.float64) for numbers in (trace.before, trace.inputs, trace.targets))
        masks = [None if mask is None else mask.astype(np.float64) for mask in trace.masks]
        self._loss = PlainLoss(network, theta, inputs, targets, method.loss, masks, method.l1, method.l2)
        of_kernel = rounding(network, method, trace)
        self._kernel_doubts = ROUNDINGS * of_kernel.gradients[places]
        self._loss_doubt = ROUNDINGS * of_kernel.loss * float(np.finfo(np.float64).eps) / of_kernel.unit
        # clipping only shortens, so dividing by its factor gives back what was clipped
        whole = trace.step_gradient.astype(np.float64) / trace.clip_factor
        held = network.held(method.frozen, method.cut, method.biases_learn)
        # what is held is given no gradient, but it has one: the loss's, and its penalty's
        whole[held] = (trace.gradient + self._penalty(theta))[held]
        self._gradients = whole[places]
        self._measured, self._lowest, self._highest = (np.zeros(len(places)) for _ in range(3))
        self._differences, self._sizes, self._doubts = (np.zeros(len(places)) for _ in range(3))
        self._verdicts = np.full(len(places), "differs")

    def _penalty(self, theta: Array) -> Array:
        return np.asarray(self._network.is_weight() * (self._method.l1 * np.sign(theta) + self._method.l2 * theta))

    def check(self) -> GradientCheck:
        """The result."""
        arrays = (self._places, self._gradients, self._measured, self._lowest, self._highest, self._differences, self._sizes,
                  self._doubts, self._verdicts)
        trace = self._trace
        return GradientCheck(self._network, self._method, trace.samples, trace.loss, self._way, self._tolerance,
                             trace.clip_factor, *map(frozen, arrays))

    def measure(self, layer: int, part: Array) -> None:
        """Fill in some of the places (as numbers in ``places``), all of one layer."""
        if self._way == "differences":
            self._measure_by_differences(layer, part)
        else:
            slopes = slopes_by_complex_step(self._loss, layer, self._places[part])
            self._verdicts[part[self._compare(part, slopes, 0)]] = "agrees"
        plain = part[self._verdicts[part] != "kink"]
        self._lowest[plain] = self._highest[plain] = self._measured[plain]

    def _compare(self, part: Array, slopes: Array, doubts: Array | float) -> Array:
        """Note what was measured, share by share with ``doubts`` in the sum; True where that is within the tolerance."""
        gradients, measured = self._gradients[part], slopes.sum(axis=1)
        self._measured[part], self._sizes[part] = measured, np.abs(slopes).sum(axis=1)
        self._doubts[part] = self._kernel_doubts[part] + doubts
        least = np.maximum(self._doubts[part] / self._tolerance, np.finfo(np.float64).tiny)
        self._differences[part] = np.abs(gradients - measured) / np.maximum(np.maximum(np.abs(gradients), np.abs(measured)), least)
        return np.asarray(self._differences[part] <= self._tolerance)

    def _measure_by_differences(self, layer: int, part: Array) -> None:
        reach = self._loss.reach(layer, self._places[part], np.full(len(part), STEPS[0]))
        lengths = 1 / np.maximum(1, reach / STEPS[0])
        kinked = np.zeros(len(part), np.bool_)
        self._lowest[part], self._highest[part] = np.inf, -np.inf
        rest = np.arange(len(part))
        for step in STEPS:
            here, steps = part[rest], step * lengths[rest]
            beside = slopes_by_differences(self._loss, layer, self._places[here], steps)
            doubts = self._loss_doubt / steps + ROUNDINGS * beside.rounding
            agrees = self._compare(here, beside.slopes, doubts)
            jumps = beside.spread > JUMP * np.abs(self._measured[here]) + doubts
            self._verdicts[here[agrees & ~jumps]] = "agrees"
            if step <= self._nearest:
                kinked[rest] |= jumps
                self._lowest[here] = np.minimum(self._lowest[here], beside.lowest - self._doubts[here])
                self._highest[here] = np.maximum(self._highest[here], beside.highest + self._doubts[here])
            rest = rest[jumps]
            if not len(rest):
                break
        # in single precision a sum may be on the other side of a kink that a shorter step has left behind
        here = part[kinked & (self._verdicts[part] != "agrees")]
        between = (self._lowest[here] <= self._gradients[here]) & (self._gradients[here] <= self._highest[here])
        self._verdicts[here[between]] = "kink"
