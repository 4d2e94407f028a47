"""The caption of a forward step: the weighted sum term by term, and what the activation makes of it.

Products are of the trace's own inputs and weights; the sum and the output are the trace's own numbers. What the moment does not
know yet is "?".
"""

import math
from collections.abc import Iterator

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture.caption_curve import curve, verb
from nnsim.picture.caption_parts import Caption, Number, Result, Share, State, Term, Terms, unknown
from nnsim.picture.caption_place import (
    Place,
    arrangement,
    badge,
    coming,
    entering,
    layer_before,
    output_name,
    source_name,
)
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_functions import brief_call, call
from nnsim.picture.latex_parts import added, fraction, number, shortened, text, variable
from nnsim.picture.latex_text import plain
from nnsim.picture.shown_arithmetic import relation, sign
from nnsim.picture.targets import EdgeTarget, NeuronTarget

ONE = Number("1", 1.0)
_SHOWN_POWERS = 3


class ForwardStep:
    """One neuron's way forward for one sample, as far as the frame knows it."""

    def __init__(self, frame: Frame, trace: Trace, place: Place, sample: int, rounding: Rounding) -> None:
        self.frame, self.trace, self.sample, self.rounding = frame, trace, sample, rounding
        self.place, self.layer, self.neuron = place, place.layer, place.neuron
        self.name = frame.network.activations[place.layer]
        known = frame.known
        self.inputs = frame.network.sizes[place.layer]
        self.here = NeuronTarget(place.layer, place.neuron)
        self.sum_known = place.neuron < known.sums[place.layer]
        self.output_known = place.neuron < known.outputs[place.layer]
        in_progress = known.working == (place.layer, place.neuron) and frame.phase == "forward"
        self.done = self.inputs + 1 if self.sum_known else known.terms if in_progress else 0
        self.z = float(trace.sums[place.layer][place.neuron, sample])
        self.a = float(trace.outputs[place.layer][place.neuron, sample])

    def caption(self) -> Caption:
        """The whole."""
        layer, neuron, name = self.layer, self.neuron, self.name
        short = f"L{layer + 1} · neuron {neuron + 1}"
        title = ACTIVATIONS[name].title
        then = "weighted sum, passed on as it is" if name == "identity" else f"weighted sum, then {title}"
        z, a = variable("z", neuron), variable("a", neuron)
        formulas: tuple[str, ...] = (
            rf"{z} = \sum_{{r}} {variable('W', 'r', neuron)} \, {variable('x', 'r')} + {variable('b', neuron)}",
            f"{a} = {call(name, z)}",
        )
        if self.trace.masks[layer] is not None:
            formulas = *formulas, f"{self._passed} = {a} / (1 - p){text(' or ')} 0"
        tangent_free = curve(
            name, self.z if self.sum_known else None, self.a if self.output_known else None, None, self.rounding
        )
        return Caption(
            "forward",
            f"{short}: {then}",
            short,
            formulas,
            self._sentence(),
            terms=self._terms(),
            curve=tangent_free,
            shares=tuple(self._shares()),
            result=self._result(),
        )

    def _terms(self) -> Terms:
        x = np.append(entering(self.frame, self.trace, self.layer)[:, self.sample], 1.0)
        w = layer_before(self.frame, self.trace, self.layer)[:, self.neuron]
        products = x * w
        order, note = arrangement(products if self.done > self.inputs else x, self._marked())
        rows = tuple(self._row(r, float(x[r]), float(w[r]), float(products[r])) for r in order)
        running: list[tuple[float, float]] = []
        at = 0.0
        for r in order:
            if r < self.done:
                running.append((at, at + float(products[r])))
                at = running[-1][1]
        total = Number(self.rounding.fixed(self.z), self.z, self.here) if self.sum_known else unknown(self.here)
        return Terms(
            ("input", "weight", "product", ""), rows, variable("z", self.neuron), total, tuple(running), note
        )

    def _marked(self) -> int | None:
        return None if self.place.term is None else min(self.place.term, self.inputs)

    def _row(self, r: int, x: float, w: float, product: float) -> Term:
        edge = EdgeTarget(self.layer, r, self.neuron)
        bias, show = r == self.inputs, self.rounding.fixed
        arrived = bias or self.layer == 0 or r < self.frame.known.outputs[self.layer - 1]
        source = NeuronTarget(self.layer - 1, r)
        given = ONE if bias else Number(show(x), x, source) if arrived else unknown(source)
        result = Number(self.rounding.product(product), product, edge) if r < self.done else unknown(edge)
        state: State = "waiting" if r >= self.done else "working" if r == self.place.term else "done"
        return Term(
            badge(self.frame, self.layer, r),
            source_name(self.frame, self.layer, r),
            given,
            Number(show(w), w, edge),
            result,
            None,
            state,
            edge,
        )

    def _result(self) -> Result:
        show, a = self.rounding.fixed, variable("a", self.neuron)
        known = self.output_known
        output = Number(show(self.a), self.a, self.here) if known else unknown(self.here)
        passed, note = self._dropout() if known else ("", "")
        at = number(show(self.z)) if self.sum_known else variable("z", self.neuron)
        return Result(f"{a} = {self._called()}", f"{a} = {brief_call(self.name, at)}", output, passed, note)

    def _called(self) -> str:
        """f(z) with as many numbers put in as are known."""
        if not self.sum_known:
            return call(self.name, variable("z", self.neuron))
        z = number(self.rounding.fixed(self.z))
        if self.name != "softmax" or not self.output_known:
            return call(self.name, z)
        powers = [f"e^{{{number(self.rounding.fixed(each))}}}" for each in self.trace.sums[self.layer][:, self.sample].tolist()]
        return fraction(f"e^{{{z}}}", added(powers if self.rounding.is_exact else shortened(powers, _SHOWN_POWERS)))

    def _dropout(self) -> tuple[str, str]:
        """What dropout makes of the output, as LaTeX and in words; empty where there is none."""
        mask = self.trace.masks[self.layer]
        if mask is None:
            return "", ""
        show, goes_on = self.rounding.fixed, float(self.trace.passed[self.layer][self.neuron, self.sample])
        if mask[self.neuron, self.sample] == 0:
            return f"{self._passed} = 0", "silenced by dropout: 0 goes on"
        # what is kept makes up for what is silenced, on average
        whole = fraction(number(show(self.a)), f"1 - {number(self.rounding.setting(self.frame.experiment.learning.dropout))}")
        formula = f"{self._passed} = {whole} {relation(whole, show(goes_on))} {number(show(goes_on))}"
        kept = self._kept
        factor = show(float(mask[self.neuron, self.sample]), False)
        return formula, f"kept by dropout: × {plain(kept)} {sign(kept, factor)} {factor}"

    @property
    def _passed(self) -> str:
        """The name of what dropout lets through."""
        return rf"\tilde{{a}}_{{{self.neuron + 1}}}"

    @property
    def _kept(self) -> str:
        """What dropout multiplies by the outputs that it keeps."""
        return fraction("1", f"1 - {number(self.rounding.setting(self.frame.experiment.learning.dropout))}")

    def _shares(self) -> Iterator[Share]:
        if self.name != "softmax":
            return
        shared = self.frame.known.outputs[self.layer] == self.frame.network.widths[self.layer]
        for k, value in enumerate(self.trace.outputs[self.layer][:, self.sample].tolist()):
            target = NeuronTarget(self.layer, k)
            number = Number(self.rounding.fixed(value, False), value, target) if shared else unknown(target)
            yield Share(output_name(self.frame, k), number, k == self.neuron)

    def _sentence(self) -> str:
        place, show = self.place, self.rounding.fixed
        next_words = f" {coming(self.frame)}" if place.working and self.frame.phase == "forward" else ""
        if not self.done:
            return "Nothing is added yet: this neuron's turn comes later in the pass."
        if not self.sum_known:
            row = self.done - 1
            x = float(entering(self.frame, self.trace, self.layer)[row, self.sample])
            w = float(layer_before(self.frame, self.trace, self.layer)[row, self.neuron])
            adds = f"{show(x)} times {show(w)}, that is {self.rounding.product(x * w)}"
            return f"Term {self.done} of {self.inputs + 1} adds {adds}.{next_words}"
        if not math.isfinite(self.z):
            return f"What arrives adds up to {show(self.z)}: the numbers have grown past all bounds."
        if not self.output_known:
            reason = " Softmax waits for the sums of all its neurons." if self.name == "softmax" else ""
            return f"What arrives adds up to {show(self.z)}.{reason}{next_words}"
        dropped = self._dropout()[1]
        dropped = f" {dropped[0].upper()}{dropped[1:]}." if dropped else ""
        if dropped and "goes on" not in dropped:
            passed = float(self.trace.passed[self.layer][self.neuron, self.sample])
            dropped = f"{dropped[:-1]}, so {show(passed)} goes on."
        title = ACTIVATIONS[self.name].title
        return (
            f"What arrives adds up to {show(self.z)}; {title} {verb(self.name, self.a)} {show(self.a)}."
            f"{dropped}{next_words}"
        )
