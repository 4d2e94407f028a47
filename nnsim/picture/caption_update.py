"""The caption of an update: how one weight's gradient became its step, line by line, and where the weight went.

The numbers are the trace's own arrays at one place. Penalties, clipping and the schedule have their lines where they did something.
"""

import math
from collections.abc import Iterator

import numpy as np

from nnsim.core.losses import LOSSES
from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.caption_optimizers import FORMULAS, LINES, MEMORY_FORMULAS, W, decayed, typed
from nnsim.picture.caption_optimizers import Place as Parameter
from nnsim.picture.caption_parts import Caption, Line, Move, Number, unknown
from nnsim.picture.caption_place import Place, coming
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.holding import holds, is_cut
from nnsim.picture.latex_parts import added, factor, guarded, number, product, text
from nnsim.picture.targets import EdgeTarget


class UpdateStep:
    """One parameter's update."""

    def __init__(self, frame: Frame, trace: Trace, place: Place, rounding: Rounding) -> None:
        self.frame, self.trace, self.place, self.rounding = frame, trace, place, rounding
        self.learning = frame.experiment.learning
        self.layer, self.neuron = place.layer, place.neuron
        self.inputs = frame.network.sizes[place.layer]
        self.row = self._row()
        self.edge = EdgeTarget(self.layer, self.row, self.neuron)
        index = frame.network.index(self.layer, self.row, self.neuron)
        self.parameter = Parameter(trace, index, self.learning, rounding, self.edge, self.row < self.inputs)
        self.gradient = float(trace.gradient[index])
        self.old, self.new = float(trace.before[index]), float(trace.after[index])
        self.is_bias = self.row == self.inputs
        self.held = ""
        if holds(self.learning, self.edge):
            self.held = "cut" if is_cut(self.learning, self.edge) else "frozen"
        known = frame.known
        in_progress = known.working == (self.layer, self.neuron) and self.row < known.terms
        self.updated = self.neuron < known.updated[self.layer] or in_progress

    def _row(self) -> int:
        """The term on show; for a neuron chosen as a whole, the weight that moves most."""
        if self.place.term is not None:
            return min(self.place.term, self.inputs)
        network: Network = self.frame.network
        moved = np.abs(self.trace.after - self.trace.before)
        return int(np.argmax(np.nan_to_num(network.layers(moved)[self.layer][:, self.neuron])))

    def caption(self) -> Caption:
        """The whole."""
        name = f"bias b[{self.neuron + 1}]" if self.is_bias else f"weight W[{self.row + 1},{self.neuron + 1}]"
        optimizer = OPTIMIZERS[self.learning.optimizer]
        title = optimizer.title[0].upper() + optimizer.title[1:]
        short = f"L{self.layer + 1} · {name}"
        lines = tuple(self._lines()) if self.updated else (self._gradient_line(),)
        return Caption(
            "update",
            f"{short}: {title}, step {self.trace.step:,}",
            short,
            (FORMULAS[optimizer.name], *MEMORY_FORMULAS[optimizer.name]),
            self._sentence(),
            lines=lines,
            move=self._move(),
        )

    def _gradient_line(self) -> Line:
        learning, n = self.learning, self.trace.samples
        if learning.optimizer == "perceptron":
            return self.parameter.line(
                "g", "correction of this batch", text(f"sum over {numbers.count(n, 'sample')}"), self.gradient
            )
        outputs = self.frame.network.widths[-1]
        shared = f" and {outputs} outputs" if outputs > 1 and LOSSES[learning.loss].per_output else ""
        return self.parameter.line(
            "g", "gradient of this batch", text(f"mean over {numbers.count(n, 'sample')}{shared}"), self.gradient
        )

    def _lines(self) -> Iterator[Line]:
        yield self._gradient_line()
        yield from self._given()
        learning = self.learning
        if learning.schedule != "constant":
            title = SCHEDULES[learning.schedule].title
            yield self.parameter.line(
                r"\eta",
                f"rate in epoch {self.frame.epoch + 1} ({title})",
                text(f"from {learning.rate:g} at the start"),
                self.trace.rate,
                False,
            )
        yield from LINES[learning.optimizer](self.parameter)
        step = self.parameter.step
        start = decayed(self.parameter)
        meaning = "new bias" if self.is_bias else "new weight"
        if self.held:
            arithmetic = text(f"{self.held}: the step is not made")
            yield Line(W, meaning, arithmetic, Number(self.rounding.fixed(self.new), self.new, self.edge))
            return
        finer = Rounding(None if self.rounding.digits is None else self.rounding.digits + 1)
        old, new = finer.moving(start, self.new)
        arithmetic = f"{number(old)} - {guarded(self.parameter.show(step))}"
        yield Line(W, meaning, arithmetic, Number(new, self.new, self.edge))

    def _given(self) -> Iterator[Line]:
        """Penalties and clipping: what the optimizer is given instead of the plain gradient."""
        learning, here = self.learning, self.parameter
        if self.held:
            yield here.line("g′", "given to the optimizer", text(f"0, since it is {self.held}"), here.given)
            return
        parts = [here.show(self.gradient)]
        old = number(self.rounding.fixed(self.old))
        if learning.l1 and not self.is_bias:
            pull = here.between("l1_penalty")
            parts.append(here.show(pull))
            arithmetic = product(typed(learning.l1), rf"\mathrm{{sign}}({old})")
            yield here.line(r"\lambda_{1}", "L1 penalty", arithmetic, pull)
        if learning.l2 and not self.is_bias:
            pull = here.between("l2_penalty")
            parts.append(here.show(pull))
            yield here.line(r"\lambda_{2}", "L2 penalty", product(typed(learning.l2), old), pull)
        clipped = self.trace.clip_factor != 1
        if len(parts) > 1 or clipped:
            total = added(parts)
            if clipped:
                total = product(here.show(self.trace.clip_factor), factor(total))
            meaning = f"clipped to length {learning.clip_norm:g}" if clipped else "with penalty"
            yield here.line("g′", meaning, total, here.given)

    def _move(self) -> Move:
        if not self.updated:
            return Move(Number(self.rounding.fixed(self.old), self.old, self.edge), unknown(self.edge), "", "")
        old, new = self.rounding.moving(self.old, self.new)
        plain = ""
        if self.learning.optimizer not in ("gradient-descent", "perceptron") and not self.held:
            there = self.old - self.trace.rate * self.gradient
            plain = "{} → {}".format(*self.rounding.moving(self.old, there))
        return Move(
            Number(old, self.old, self.edge), Number(new, self.new, self.edge), plain, self._remark() if plain else ""
        )

    def _remark(self) -> str:
        """How the step compares with the plain gradient's, by rule."""
        moved, wanted = self.old - self.new, self.trace.rate * self.gradient
        if not (math.isfinite(moved) and math.isfinite(wanted)) or moved == 0:
            return ""
        if wanted == 0:
            return f"The gradient is 0; {self._other_cause(moved)} moves it."
        way = "down" if self.gradient > 0 else "up"
        if (moved > 0) != (wanted > 0):
            other = "up" if way == "down" else "down"
            return f"This gradient says {way}; {self._other_cause(moved)} still says {other}."
        ratio = moved / wanted
        if 0.95 < ratio < 1.05:
            return f"As far {way} as the plain gradient."
        return f"{numbers.significant(ratio, 2, False)} times as far {way}."

    def _other_cause(self, moved: float) -> str:
        """What, other than this batch's gradient, moved the parameter this way."""
        if (self.parameter.step > 0) != (moved > 0):
            return "decay"
        given = self.parameter.given
        return "the penalty" if given != self.gradient and given * moved > 0 else "what is remembered"

    def _sentence(self) -> str:
        name = "bias" if self.is_bias else "weight"
        if not self.updated:
            return f"This {name} still has its old value: its turn in the update comes later."
        old, new = self.rounding.moving(self.old, self.new)
        ahead = f" {coming(self.frame)}" if self.place.working else ""
        if self.held:
            return f"The {name} is {self.held} and stays at {new}.{ahead}"
        if self.old == self.new:
            return f"The {name} stays at {new}: its step is 0.{ahead}"
        word = "rises" if self.new > self.old else "falls"
        return f"The {name} {word} from {old} to {new}.{ahead}"
