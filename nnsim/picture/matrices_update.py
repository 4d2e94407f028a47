"""The matrices of an update: new parameters are old ones less a step, and what the optimizer made the step of.

Old, new, gradient and memory are the trace's own, the step is the engine's; a parameter whose turn has not come has no new
value, no step and no new memory. It refuses to compute a step of its own.
"""

import re

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trace import Trace
from nnsim.engine.update_numbers import update_numbers
from nnsim.picture import numbers
from nnsim.picture.caption_optimizers import LINES
from nnsim.picture.caption_optimizers import Place as Parameter
from nnsim.picture.caption_parts import Line
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.matrices_layer import LayerMatrices
from nnsim.picture.matrices_parts import Equation, Grid, Symbol
from nnsim.picture.matrices_words import given, guarded
from nnsim.picture.targets import EdgeTarget

LONGEST_RULE = 24
"""Characters of a rule that may stand before the grids; a longer one would push them out of sight, and the sentence has it."""
_MEMORIES = {
    "velocity": (Symbol("<i>V</i>", "V", "V"), "velocity"),
    "squares": (Symbol("<i>Q</i>", "Q", "Q"), "squared gradients"),
    "m": (Symbol("<i>M</i>", "M", "M"), "gradient, averaged"),
    "v": (Symbol("<i>Q</i>", "Q", "Q"), "its square, averaged"),
}


def update_equations(here: LayerMatrices, trace: Trace) -> tuple[Equation, ...]:
    """Where the parameters go, and how far."""
    update, focus = LayerUpdate(here, trace), here.focus_on_parameter()
    rule = step_rule(here, trace)
    shown = re.sub("[GVMQ]", r"<i>\g<0></i>", rule)
    return (
        Equation(update.moves(), focus, here.place.working),
        Equation((f"<i>S</i> = {shown} :" if len(rule) <= LONGEST_RULE else "<i>S</i> of", *update.operands()), focus, False),
    )


def step_rule(here: LayerMatrices, trace: Trace) -> str:
    """The step in terms of the gradient G, and of what the optimizer keeps: velocity V, averages M and Q."""
    learning, write = here.frame.experiment.learning, here.rounding.setting
    eta = write(trace.rate)
    if learning.optimizer == "momentum":
        return f"{eta}·V"
    if learning.optimizer == "nesterov":
        return f"{eta}·(G + {write(learning.setting('momentum'))}·V)"
    if learning.optimizer in ("adagrad", "rmsprop"):
        return f"{eta}·G / (√Q + ε)"
    if learning.optimizer in ("adam", "adamw"):
        m_due, v_due = (1 - learning.setting(beta) ** trace.step for beta in ("beta1", "beta2"))
        return f"{eta}·(M / {_short(m_due)}) / (√(Q / {_short(v_due)}) + ε)"
    return f"{eta}·G"


def _short(value: float) -> str:
    """A factor as it stands in a rule: four digits, without zeros at the end."""
    return numbers.exact(float(f"{value:.4g}"))


class LayerUpdate:
    """One layer's part of a batch's update."""

    def __init__(self, here: LayerMatrices, trace: Trace) -> None:
        self.here, self.trace, self.learning = here, trace, here.frame.experiment.learning
        network = here.frame.network
        self.places = self.part(np.arange(network.parameter_count))
        self.held = np.isin(self.places, network.held(self.learning.frozen, self.learning.cut, self.learning.biases_learn))

    def part(self, vector: Array) -> Array:
        """(inputs + 1, neurons) this layer's part of a vector of all parameters."""
        return self.here.frame.network.layers(vector)[self.here.layer]

    def step(self) -> Array:
        """(inputs + 1, neurons) what is taken off each parameter; 0 where one is frozen or cut."""
        is_weight = np.ones(self.places.shape)
        is_weight[-1] = 0
        steps: Array = update_numbers(self.trace, self.learning, self.places, is_weight)["step"]
        return np.where(self.held, steps.dtype.type(0), steps)

    def moves(self) -> tuple[Grid | str, ...]:
        """W new = W old − S."""
        here, trace, done = self.here, self.trace, self.here.parameters_done
        old, step = self.part(trace.before), self.step()
        # a step is small beside a weight: one digit more, as in the optimizer's lines
        finer = Rounding(None if here.rounding.digits is None else here.rounding.digits + 1)
        factor = ""
        if self.learning.optimizer == "adamw":
            rate, decay = (here.rounding.setting(each) for each in (trace.rate, self.learning.setting("weight_decay")))
            factor = f"(1 − {rate}·{decay})·"

        def move(row: int, column: int) -> str:
            before, taken = finer.fixed(float(old[row, column])), here.rounding.small(float(step[row, column]))
            kept = factor + guarded(before) if factor and not self.held[row, column] else before
            return f"{kept} − {guarded(taken)}"

        return (
            here.per_parameter(_parameters("new"), "parameters", self.part(trace.after), done, finer.fixed, move),
            f"= {factor}",
            here.per_parameter(_parameters("old"), "parameters", old, old.size, finer.fixed, given),
            "−",
            here.per_parameter(Symbol("<i>S</i>", "S", "S"), "step", step, done, here.rounding.small, self._how_far),
        )

    def operands(self) -> tuple[Grid, ...]:
        """The memory after the update, and the gradient that was given."""
        here, trace = self.here, self.trace
        gradient = self.part(trace.step_gradient)
        plain = bool((gradient == self.part(trace.gradient)).all())
        meaning = "gradient of the batch" if plain else "gradient as the optimizer was given it"
        names = OPTIMIZERS[self.learning.optimizer].memory
        return (
            *(self._memory(at, name) for at, name in enumerate(names)),
            here.per_parameter(Symbol("<i>G</i>", "G", "G"), meaning, gradient, gradient.size, here.rounding.small, given),
        )

    def _memory(self, at: int, name: str) -> Grid:
        symbol, meaning = _MEMORIES[name]
        # AdamW's first line is the decay; then memory comes first, in its own order
        line = at + (self.learning.optimizer == "adamw")
        return self.here.per_parameter(
            symbol, meaning, self.part(self.trace.memory_after[name]), self.here.parameters_done, self.here.rounding.small,
            lambda row, column: self._lines(row, column)[line].arithmetic)

    def _how_far(self, row: int, column: int) -> str:
        return "" if self.held[row, column] else self._lines(row, column)[-1].arithmetic

    def _lines(self, row: int, column: int) -> list[Line]:
        """The caption's lines of one parameter."""
        here = self.here
        index, edge = int(self.places[row, column]), EdgeTarget(here.layer, row, column)
        parameter = Parameter(self.trace, index, self.learning, here.rounding, edge, row < here.inputs)
        return list(LINES[self.learning.optimizer](parameter))


def _parameters(word: str) -> Symbol:
    return Symbol(f"<i>W</i><sub>{word}</sub>", f"W {word}", rf"W_{{\mathrm{{{word}}}}}")
