"""How the rate changes with the epochs. Closed forms of PyTorch's StepLR, ExponentialLR and CosineAnnealingLR."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """``factor(epoch, epochs, factor)``: what the rate is multiplied by in ``epoch`` (from 0)."""

    name: str
    title: str
    formula: str
    factor: Callable[[int, int, float], float]


_SCHEDULES = (
    Schedule("constant", "constant", r"\eta_{0}", lambda e, n, f: 1.0),
    Schedule("step", "step", r"\eta_{0} \, f^{\lfloor e/n\rfloor}", lambda e, n, f: f ** (e // n)),
    Schedule("exponential", "exponential", r"\eta_{0} \, f^{e}", lambda e, n, f: f**e),
    Schedule("cosine", "cosine", r"\eta_{0} \, (1 + \cos(\pi \, \min(e, n) / n)) / 2",
             lambda e, n, f: (1 + math.cos(math.pi * min(e / n, 1))) / 2),
)
SCHEDULES = {schedule.name: schedule for schedule in _SCHEDULES}
"""Every schedule by name."""
