"""The caption of an update: how one weight's gradient became its step, line by line, and where the weight went.

The numbers are the trace's own arrays at one place. Penalties, clipping and the schedule have their lines where they did something.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnsim.core.losses import LOSSES
from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.caption_given import GIVEN, given_lines, held, rules, schedule_line
from nnsim.picture.caption_optimizers import LINES, W, decayed
from nnsim.picture.caption_optimizers import Place as Parameter
from nnsim.picture.caption_parts import Caption, Line, Move, Number, unknown
from nnsim.picture.caption_place import Place, coming, entering
from nnsim.picture.caption_rounding import Rounding, exact
from nnsim.picture.holding import holds, is_cut
from nnsim.picture.latex_parts import guarded, number, product, text
from nnsim.picture.targets import EdgeTarget

MOST_PARTS = 200
"""So many samples have a line of their own among what makes up a gradient."""


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
        if holds(self.learning, self.edge, self.is_bias):
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
            f"{short}: {title}, step {numbers.whole(self.trace.step)}",
            short,
            rules(self.learning, self.frame.network, self.is_bias, self.trace.clip_factor != 1),
            self._sentence(),
            lines=lines,
            move=self._move(),
        )

    def _gradient_line(self) -> Line:
        learning, n = self.learning, self.trace.samples
        if learning.optimizer == "perceptron":
            told = self.parameter.line(
                "g", "correction of this batch", text(f"sum over {numbers.count(n, 'sample')}"), self.gradient
            )
            return replace(told, terms=self._shares(), parts=self._parts)
        share = LOSSES[learning.loss].count(self.frame.network.widths[-1], n)
        # each delta is of the batch's loss, so what is a mean over samples is here a sum of shares
        holds_share = f"; δ holds 1/{numbers.whole(share)}" if share > 1 else ""
        told = self.parameter.line(
            "g", "gradient of this batch", text(f"sum over {numbers.count(n, 'sample')}{holds_share}"), self.gradient
        )
        return replace(told, terms=self._shares(), parts=self._parts)

    def _parts(self) -> tuple[Line, ...]:
        """What each sample adds to the gradient; of many, the rest as one line."""
        deltas = self.trace.deltas[self.layer][self.neuron]
        inputs = np.ones_like(deltas) if self.is_bias else entering(self.frame, self.trace, self.layer)[self.row]
        shares, show = inputs * deltas, self.rounding.small
        lines = []
        for at in range(min(len(shares), MOST_PARTS)):
            delta = number(show(float(deltas[at])))
            how = delta if self.is_bias else product(number(self.rounding.fixed(float(inputs[at]))), delta)
            lines.append(self.parameter.line("", f"sample {at + 1}", "" if self.is_bias else how, float(shares[at])))
        rest = shares[MOST_PARTS:]
        if len(rest):
            lines.append(self.parameter.line("", f"the other {numbers.count(len(rest), 'sample')}", "", float(rest.sum())))
        return tuple(lines)

    def _shares(self) -> str:
        """What each sample adds to the gradient, an input times a delta, where all digits are asked for."""
        deltas = self.trace.deltas[self.layer][self.neuron]
        if self.is_bias:
            return self.rounding.in_full([number(exact(each)) for each in self.rounding.listed(deltas)])
        inputs = entering(self.frame, self.trace, self.layer)[self.row]
        pairs = zip(self.rounding.listed(inputs), self.rounding.listed(deltas), strict=True)
        return self.rounding.in_full([product(number(exact(x)), number(exact(delta))) for x, delta in pairs])

    def _lines(self) -> Iterator[Line]:
        yield self._gradient_line()
        learning = self.learning
        if self.held:
            yield self.parameter.line(GIVEN, "given to the optimizer", held(self.held), self.parameter.given)
        else:
            yield from given_lines(learning, self.frame.network, self.parameter, self.gradient, self.is_bias)
        if learning.schedule != "constant":
            yield schedule_line(learning, self.frame.epoch, self.parameter)
        yield from LINES[learning.optimizer](self.parameter)
        yield self.last_line()

    def last_line(self) -> Line:
        """The new parameter: the old one less its step."""
        step = self.parameter.step
        start = decayed(self.parameter)
        meaning = "new bias" if self.is_bias else "new weight"
        if self.held:
            arithmetic = f"{number(self.rounding.fixed(self.old))}{text(f', as it is {self.held}')}"
            return Line(W, meaning, arithmetic, Number(self.rounding.fixed(self.new), self.new, self.edge))
        finer = Rounding(None if self.rounding.digits is None else self.rounding.digits + 1)
        old, new = finer.moving(start, self.new)
        arithmetic = f"{number(old)} - {guarded(self.parameter.show(step))}"
        return Line(W, meaning, arithmetic, Number(new, self.new, self.edge))

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
