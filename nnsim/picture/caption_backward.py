"""The caption of a backward step: the chain rule, and the gradients of the weights that enter the neuron.

A sample's share is the product of two of the trace's numbers; the batch's gradient is the trace's own.
"""

import numpy as np

from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture.caption_chain import ChainRule
from nnsim.picture.caption_curve import curve
from nnsim.picture.caption_forward import ONE
from nnsim.picture.caption_parts import Caption, Curve, Number, State, Term, Terms, unknown
from nnsim.picture.caption_place import Place, arrangement, badge, coming, entering, source_name
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_parts import partial, variable
from nnsim.picture.pushes import gradient_so_far
from nnsim.picture.targets import EdgeTarget, NeuronTarget


class BackwardStep(ChainRule):
    """One neuron's way back for one sample, as far as the frame knows it."""

    def __init__(self, frame: Frame, trace: Trace, place: Place, sample: int, rounding: Rounding) -> None:
        super().__init__(frame, trace, place, sample, rounding)
        self.inputs = frame.network.sizes[place.layer]
        known = frame.known
        in_progress = known.working == (place.layer, place.neuron) and frame.phase == "backward"
        self.finished = place.neuron < known.gradients[place.layer]
        self.done = self.inputs + 1 if self.finished else known.terms if in_progress else 0

    def caption(self) -> Caption:
        """The whole."""
        layer, neuron = self.layer, self.neuron
        short = f"L{layer + 1} · neuron {neuron + 1}"
        what = "the perceptron rule" if self.perceptron else "the chain rule"
        return Caption(
            "backward",
            f"{short}: {what}",
            short,
            self._formulas(),
            self._sentence(),
            terms=self._terms(),
            curve=self._curve(),
            cards=tuple(self.cards()),
        )

    def _formulas(self) -> tuple[str, ...]:
        """A weight's gradient, the bias's, and where delta comes from."""
        delta, x = variable(r"\delta", self.neuron), variable("x", "r")
        if self.perceptron:
            difference = f"{variable('y', self.neuron, hat=True)} - {variable('y', self.neuron)}"
            return rf"g = {x} \, {delta}", f"{delta} = {difference}"
        weight, bias = variable("W", "r", self.neuron), variable("b", self.neuron)
        gradients = rf"{partial('L', weight)} = {x} \, {delta}", f"{partial('L', bias)} = {delta}"
        return *gradients, *self.rules()

    def _terms(self) -> Terms:
        trace, s = self.trace, self.sample
        x = np.append(entering(self.frame, trace, self.layer)[:, s], 1.0)
        # a neuron that is done is looked at as a whole; of many rows the one that was just computed comes first
        order, note = arrangement(x, None if self.finished else self.place.term)
        if self.finished and self.place.working and note:
            order = [self.inputs, *(r for r in order if r != self.inputs)]
        totals = gradient_so_far(self.frame, self.layer, self.neuron, s)
        rows = tuple(self._row(r, float(x[r]), float(totals[r])) for r in order)
        gradient = "correction" if self.perceptron else f"∂L/∂W[r,{self.neuron + 1}]"
        so_far = "this batch" if s + 1 == trace.samples else "sample 1" if s == 0 else f"samples 1–{s + 1}"
        return Terms(("input xᵣ", "δ", gradient, so_far), rows, "", None, (), note)

    def _row(self, r: int, x: float, total: float) -> Term:
        edge, bias = EdgeTarget(self.layer, r, self.neuron), r == self.inputs
        show = self.rounding.small
        source = NeuronTarget(self.layer - 1, r)
        given = ONE if bias else Number(self.rounding.fixed(x), x, source)
        delta = Number(show(self.delta), self.delta, self.here) if self.delta_known else unknown(self.here)
        done = r < self.done
        product = Number(show(x * self.delta), x * self.delta, edge) if done else unknown(edge)
        so_far = Number(show(total), total, edge) if done else unknown(edge)
        state: State = "waiting" if not done else "working" if r == self.place.term else "done"
        return Term(
            badge(self.frame, self.layer, r),
            source_name(self.frame, self.layer, r),
            given,
            delta,
            product,
            so_far,
            state,
            edge,
        )

    def _curve(self) -> Curve | None:
        slopes = self.trace.slopes[self.layer]
        slope = None if slopes is None else float(slopes[self.neuron, self.sample])
        return curve(self.name, *self.at(), slope, self.rounding)

    def _sentence(self) -> str:
        show = self.rounding.small
        if not self.delta_known:
            return "This neuron's delta is not known yet: the way back reaches it later."
        ahead = f" {coming(self.frame)}" if self.place.working and self.frame.phase == "backward" else ""
        delta = show(self.delta)
        if self.perceptron:
            word = (
                "The answer is right, so nothing is corrected."
                if self.delta == 0
                else (f"The answer is wrong by {delta}: each weight is corrected by that times its input.")
            )
            return word + ahead
        if self.delta == 0:
            return f"Delta is 0: this neuron's sum does not change the loss here, and its weights get nothing.{ahead}"
        direction = "raise" if self.delta > 0 else "lower"
        return f"Delta is {delta}: a larger sum would {direction} the loss. Gradients are delta times input.{ahead}"
