"""The optimizers' lines: what turns one parameter's gradient into its step, in the order in which the kernel does it.

Each function reads the trace's own arrays at one place: the gradient given, the memory before and after, the rate, the number
of the step, and what lies between from ``update_numbers``. It is apart from the update's caption because each optimizer is one
short list. It refuses to invent a number: what memory holds is shown as memory holds it.
"""

from collections.abc import Callable, Iterator

import numpy as np

from nnsim.core.trace import Trace
from nnsim.engine.experiment import Learning
from nnsim.engine.update_numbers import update_numbers
from nnsim.picture.caption_parts import Line, Number, variable
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.targets import EdgeTarget

W = "<i>w</i>"
STEP = "<b><i>step</i></b>"


class Place:
    """One parameter in one update: ``index`` in theta."""

    def __init__(self, trace: Trace, index: int, learning: Learning, rounding: Rounding, edge: EdgeTarget, is_weight: bool) -> None:
        self.trace, self.index, self.learning, self.rounding, self.edge = trace, index, learning, rounding, edge
        self.given = float(trace.step_gradient[index])
        self.rate = trace.rate
        self._between = update_numbers(trace, learning, index, np.asarray(is_weight))

    def between(self, name: str) -> float:
        """A number between the gradient and the step."""
        return float(self._between[name])

    @property
    def step(self) -> float:
        """How far the parameter goes down."""
        return self.between("step")

    def remembered(self, name: str) -> tuple[float, float]:
        """A memory's number before and after."""
        return float(self.trace.memory_before[name][self.index]), float(self.trace.memory_after[name][self.index])

    def setting(self, name: str) -> float:
        """A setting of the optimizer."""
        return self.learning.setting(name)

    def line(self, symbol: str, meaning: str, arithmetic: str, value: float, signed: bool = True) -> Line:
        """A line with its number in the lines' digits."""
        return Line(symbol, meaning, arithmetic, Number(self.rounding.line(value, signed), value, self.edge))

    def show(self, value: float, signed: bool = True) -> str:
        """An operand."""
        return self.rounding.small(value, signed)

    @property
    def eta(self) -> str:
        """The rate as people typed it."""
        return f"{self.rate:.6g}"


def _step(here: Place, arithmetic: str) -> Line:
    return here.line(STEP, "how far to move", arithmetic, here.step)


def _plain(here: Place) -> Iterator[Line]:
    yield _step(here, f"{here.eta} × {here.show(here.given)}")


def _velocity(here: Place) -> Line:
    old, new = here.remembered("velocity")
    return here.line(
        variable("v"), "velocity", f"{here.setting('momentum'):g} × {here.show(old)} + ({here.show(here.given)})", new
    )


def _momentum(here: Place) -> Iterator[Line]:
    velocity = here.remembered("velocity")[1]
    yield _velocity(here)
    yield _step(here, f"{here.eta} × {here.show(velocity)}")


def _nesterov(here: Place) -> Iterator[Line]:
    velocity, momentum, ahead = here.remembered("velocity")[1], here.setting("momentum"), here.between("look_ahead")
    yield _velocity(here)
    yield here.line(
        "<i>g</i> + μ<i>v</i>",
        "one look ahead",
        f"{here.show(here.given)} + {momentum:g} × {here.show(velocity)}",
        ahead,
    )
    yield _step(here, f"{here.eta} × {here.show(ahead)}")


def _scaled(here: Place) -> Line:
    return _step(here, f"{here.eta} × {here.show(here.given)} / {here.show(here.between('root'), False)}")


def _adagrad(here: Place) -> Iterator[Line]:
    old, new = here.remembered("squares")
    yield here.line(
        variable("s"), "all squares so far", f"{here.show(old, False)} + {here.show(here.given**2, False)}", new, False
    )
    yield _scaled(here)


def _rmsprop(here: Place) -> Iterator[Line]:
    old, new = here.remembered("squares")
    yield _average(here, "s", "its square, averaged", here.setting("decay"), old, here.given**2, new, False)
    yield _scaled(here)


def _average(
    here: Place, letter: str, meaning: str, kept: float, old: float, added: float, new: float, signed: bool
) -> Line:
    arithmetic = f"{kept:g} × {here.show(old, signed)} + {1 - kept:.6g} × {here.show(added, signed)}"
    return here.line(variable(letter), meaning, arithmetic, new, signed)


def _adam(here: Place) -> Iterator[Line]:
    beta1, beta2, t = here.setting("beta1"), here.setting("beta2"), here.trace.step
    (m_old, m), (v_old, v) = here.remembered("m"), here.remembered("v")
    m_due, v_due = 1 - beta1**t, 1 - beta2**t
    m_hat, v_hat, root = here.between("m_hat"), here.between("v_hat"), here.between("root")
    yield _average(here, "m", "gradient, averaged", beta1, m_old, here.given, m, True)
    yield _average(here, "v", "its square, too", beta2, v_old, here.given**2, v, False)
    yield here.line(variable("m", hat=True), "start-up corrected", f"{here.show(m)} / {m_due:.4f}", m_hat)
    yield here.line(variable("v", hat=True), "start-up corrected", f"{here.show(v, False)} / {v_due:.4f}", v_hat, False)
    yield _step(here, f"{here.eta} × {here.show(m_hat)} / {here.show(root, False)}")


def _adamw(here: Place) -> Iterator[Line]:
    decay = here.setting("weight_decay")
    old = float(here.trace.before[here.index])
    kept = decayed(here)
    yield here.line("<i>w′</i>", "decayed first", f"(1 − {here.eta} × {decay:g}) × ({here.rounding.fixed(old)})", kept)
    yield from _adam(here)


def decayed(here: Place) -> float:
    """What is left of the parameter before the step is taken: less than all under AdamW only."""
    old = float(here.trace.before[here.index])
    return here.between("decayed") if here.learning.optimizer == "adamw" else old


LINES: dict[str, Callable[[Place], Iterator[Line]]] = {
    "gradient-descent": _plain,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
    "perceptron": _plain,
}
"""The lines of every optimizer, by its name: from the gradient it was given to the step."""

FORMULAS = {
    "gradient-descent": f"{W} ← {W} − η · <i>g</i>",
    "momentum": f"<i>v</i> ← μ<i>v</i> + <i>g</i>&nbsp;&nbsp; {W} ← {W} − η · <i>v</i>",
    "nesterov": f"<i>v</i> ← μ<i>v</i> + <i>g</i>&nbsp;&nbsp; {W} ← {W} − η · (<i>g</i> + μ<i>v</i>)",
    "adagrad": f"<i>s</i> ← <i>s</i> + <i>g</i><sup>2</sup>&nbsp;&nbsp; {W} ← {W} − η · <i>g</i> / (√<i>s</i> + ε)",
    "rmsprop": f"<i>s</i> ← ρ<i>s</i> + (1 − ρ)<i>g</i><sup>2</sup>&nbsp;&nbsp; {W} ← {W} − η · <i>g</i> / (√<i>s</i> + ε)",
    "adam": f"{W} ← {W} − η · <i>m̂</i> / (√<i>v̂</i> + ε)",
    "adamw": f"{W} ← (1 − ηλ){W} − η · <i>m̂</i> / (√<i>v̂</i> + ε)",
    "perceptron": f"{W} ← {W} + η · Σ (<i>y</i> − <i>ŷ</i>)·<i>x</i>",
}
"""HTML of every optimizer's rule, by its name."""
