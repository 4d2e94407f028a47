"""What a run's remembered states tell of its past: parameters, gradients and outputs at places spread over it.

Training records none of this. The timeline keeps states for going back anyway; from those, and where they lie far apart from
batches run again, come the parameters at about evenly spaced places up to now. The gradient there is that of the batch that
follows, by one run of the kernel aside. It takes as long as the caller grants and goes on from there when asked again. It
refuses to move the cursor or the replay, and to touch what they remember.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.core.training import frozen
from nnsim.engine.rerun import Rerun
from nnsim.engine.run import Run
from nnsim.engine.simulation import Simulation
from nnsim.engine.timeline import Timeline

MOST_POINTS = 64
MOST_OUTPUTS = 2000
"""How many of a layer's outputs over a batch are kept at a point: an even choice of them."""
MOST_BYTES = 64 * 1024 * 1024
"""Networks so large that the points' parameters and gradients would need more have fewer points."""
# how many batches, and how many parameters in all of them, are run again for one point: a few milliseconds; about twice as far as
# neighbouring states lie apart while none has been thinned out
_MOST_WALKED, _LEAST_WALKED, _WALKED_PARAMETERS = 512, 16, 400_000


@dataclass(frozen=True, eq=False)
class Look:
    """What the batch that follows a point computes there."""

    gradient: Array
    """(parameters,) ∂L/∂θ, bit for bit that of the batch's trace"""
    outputs: tuple[Array, ...]
    """(kept,) a layer: its outputs over the batch, all of them or an even choice"""
    output_counts: tuple[int, ...]
    """How many outputs each layer has over the batch."""


@dataclass(frozen=True, eq=False)
class Point:
    """The parameters at one place of the past."""

    batch: int
    """The place is before this batch, its edits made."""
    theta: Array
    """(parameters,)"""
    look: Look | None
    """None where there was no time for it yet."""


@dataclass(frozen=True, eq=False)
class Past:
    """A run up to now, at a few places. Arrays are read-only."""

    run: Run
    network: Network
    batches: int
    """Batches in an epoch."""
    finished: int
    """How many batches are finished now."""
    points: tuple[Point, ...]
    """In the order of time, the last one now if there was time for it."""
    complete: bool
    """Whether all is here that the past can tell; otherwise another call with this as ``earlier`` tells more."""

    @cached_property
    def epochs(self) -> Array:
        """(points,) finished epochs at each point."""
        return np.array([point.batch for point in self.points]) / self.batches

    @cached_property
    def thetas(self) -> Array:
        """(points, parameters): a column is one parameter's history."""
        return np.array([point.theta for point in self.points])

    @property
    def looked(self) -> tuple[Point, ...]:
        """The points whose gradient and outputs are known."""
        return tuple(point for point in self.points if point.look is not None)


def past(simulation: Simulation, most: int = MOST_POINTS, budget_ms: float | None = None, looks: bool = True,
         earlier: Past | None = None) -> Past:
    """What is known of the run up to the present moment, at no more than ``most`` (4 or more) places.

    ``budget_ms``: begin no further point after so many milliseconds; None: take the time it needs. One point is always computed,
    so that repeated calls come to an end. ``looks``: gradients and outputs too. ``earlier``: what another call has found; of it
    is taken what this run shares.
    """
    begun = perf_counter()
    finished = simulation.batches_finished
    if simulation.divergence is not None:
        finished = min(finished, simulation.divergence.batch)
    known = _shared(earlier, simulation.run_record, finished)
    timeline = simulation.replay.timeline
    places = _places(finished, _affordable(simulation, most), known, timeline)
    rerun: Rerun | None = None
    done: dict[int, Point] = {batch: known[batch] for batch in places if batch in known}
    missing = [batch for batch in _coarse_to_fine(places) if batch not in done or (looks and done[batch].look is None)]
    complete = True
    for number, batch in enumerate(missing):
        if number and budget_ms is not None and 1000 * (perf_counter() - begun) >= budget_ms:
            complete = False
            break
        rerun = rerun or Rerun(simulation.run_record, simulation.dataset, simulation.network)
        point = _point(rerun, timeline, batch, looks, simulation.network.parameter_count)
        if point is not None:
            done[batch] = point
    return Past(simulation.run_record, simulation.network, simulation.batches, finished,
                tuple(done[batch] for batch in sorted(done)), complete)


def _point(rerun: Rerun, timeline: Timeline, batch: int, looks: bool, parameters: int) -> Point | None:
    """The point before a batch; None where it is too far from all that is remembered."""
    start, state = timeline.nearest(batch)
    if batch - start > max(_LEAST_WALKED, min(_MOST_WALKED, _WALKED_PARAMETERS // parameters)):
        return None
    rerun.stand(start, state)
    rerun.walk(batch)
    theta = rerun.theta
    return Point(batch, theta, _look(rerun) if looks else None)


def _look(rerun: Rerun) -> Look:
    gradient, outputs = rerun.look()
    # the least stride that keeps no more than the most: an even choice, the first sample's neurons first
    kept = tuple(frozen(each.T.ravel()[:: max(1, -(-each.size // MOST_OUTPUTS))]) for each in outputs)
    return Look(gradient, kept, tuple(each.size for each in outputs))


def _shared(earlier: Past | None, run: Run, finished: int) -> dict[int, Point]:
    """The points of an earlier past that belong to this run too, and to its past, by batch."""
    if earlier is None:
        return {}
    shared = earlier.run.shared_batches(run)
    # the point at the batch where runs part has other edits made, and another gradient
    last = -1 if shared is None else min(shared - 1, finished)
    return {point.batch: point for point in earlier.points if point.batch <= last}


def _affordable(simulation: Simulation, most: int) -> int:
    point_bytes = 2 * simulation.network.parameter_count * np.dtype(simulation.experiment.precision).itemsize
    return max(4, min(most, MOST_BYTES // point_bytes))


def _places(finished: int, most: int, known: Collection[int], timeline: Timeline) -> list[int]:
    """At most ``most`` batches from 0 to ``finished``, both among them, a power of two apart: so few of them change as time goes
    on. A point that is known, or else a state that is remembered, takes the place of one that is less than half as far away."""
    step = 1
    while finished // step + 2 > most:
        step *= 2
    half = (step - 1) // 2
    places = {0, finished}
    for place in range(step, finished, step):
        last = min(place + half, finished - 1)
        near = [batch for batch in known if place - half <= batch <= last]
        remembered = place if place in timeline else timeline.nearest(last)[0]
        if near:
            places.add(min(near, key=lambda batch: abs(batch - place)))
        else:
            places.add(remembered if remembered >= place - half else place)
    return sorted(places)


def _coarse_to_fine(places: list[int]) -> Iterator[int]:
    """All places, both ends first, then the middle ones, then those between: what is cut short is still well spread."""
    told = set()
    stride = 1 << len(places).bit_length()
    for index in (len(places) - 1, *(index for power in range(stride.bit_length()) for index in
                                     range(0, len(places), max(1, stride >> power)))):
        if index not in told:
            told.add(index)
            yield places[index]
