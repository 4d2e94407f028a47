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
from nnsim.picture.caption_parts import Line, Number
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_parts import added, fraction, number, product, squared, text, variable
from nnsim.picture.targets import EdgeTarget

W = "w"
STEP = text("step")


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

    def show(self, value: float) -> str:
        """An operand, as LaTeX."""
        return number(self.rounding.small(value))

    def rounding_number(self, value: float) -> str:
        """An operand that is no signed quantity, as LaTeX."""
        return number(self.rounding.small(value, False))

    @property
    def eta(self) -> str:
        """The rate as people typed it."""
        return self.typed(self.rate)

    def typed(self, value: float) -> str:
        """A setting as people typed it, as LaTeX."""
        return number(self.rounding.setting(value))


def _step(here: Place, arithmetic: str) -> Line:
    return here.line(STEP, "how far to move", arithmetic, here.step)


def _plain(here: Place) -> Iterator[Line]:
    yield _step(here, product(here.eta, here.show(here.given)))


def _velocity(here: Place) -> Line:
    old, new = here.remembered("velocity")
    kept = product(here.typed(here.setting("momentum")), here.show(old))
    return here.line("v", "velocity", added((kept, here.show(here.given))), new)


def _momentum(here: Place) -> Iterator[Line]:
    velocity = here.remembered("velocity")[1]
    yield _velocity(here)
    yield _step(here, product(here.eta, here.show(velocity)))


def _nesterov(here: Place) -> Iterator[Line]:
    velocity, momentum, ahead = here.remembered("velocity")[1], here.setting("momentum"), here.between("look_ahead")
    yield _velocity(here)
    arithmetic = added((here.show(here.given), product(here.typed(momentum), here.show(velocity))))
    yield here.line(r"g + \mu v", "one look ahead", arithmetic, ahead)
    yield _step(here, product(here.eta, here.show(ahead)))


def _scaled(here: Place, squares: float) -> Line:
    bottom = rf"\sqrt{{{here.show(squares)}}} + {here.typed(here.setting('epsilon'))}"
    return _step(here, product(here.eta, fraction(here.show(here.given), bottom)))


def _adagrad(here: Place) -> Iterator[Line]:
    old, new = here.remembered("squares")
    arithmetic = f"{here.show(old)} + {_squared(here)}"
    yield here.line("s", "all squares so far", arithmetic, new, False)
    yield _scaled(here, new)


def _squared(here: Place) -> str:
    return squared(here.show(here.given))


def _rmsprop(here: Place) -> Iterator[Line]:
    old, new = here.remembered("squares")
    yield _average(here, "s", "its square, averaged", here.setting("decay"), old, _squared(here), new, False)
    yield _scaled(here, new)


def _average(
    here: Place, letter: str, meaning: str, kept: float, old: float, plus: str, new: float, signed: bool
) -> Line:
    arithmetic = f"{product(here.typed(kept), here.show(old))} + {product(here.typed(1 - kept), plus)}"
    return here.line(letter, meaning, arithmetic, new, signed)


def _adam(here: Place) -> Iterator[Line]:
    beta1, beta2 = here.setting("beta1"), here.setting("beta2")
    (m_old, m), (v_old, v) = here.remembered("m"), here.remembered("v")
    m_hat, v_hat = here.between("m_hat"), here.between("v_hat")
    yield _average(here, "m", "gradient, averaged", beta1, m_old, here.show(here.given), m, True)
    yield _average(here, "v", "its square, too", beta2, v_old, _squared(here), v, False)
    yield here.line(variable("m", hat=True), "start-up corrected", _corrected(here, m, beta1), m_hat)
    yield here.line(variable("v", hat=True), "start-up corrected", _corrected(here, v, beta2), v_hat, False)
    bottom = rf"\sqrt{{{here.show(v_hat)}}} + {here.typed(here.setting('epsilon'))}"
    yield _step(here, product(here.eta, fraction(here.show(m_hat), bottom)))


def _corrected(here: Place, value: float, beta: float) -> str:
    """A mean that began at 0, made up for the steps it lags behind."""
    return fraction(here.show(value), f"1 - {here.typed(beta)}^{{{here.trace.step}}}")


def _adamw(here: Place) -> Iterator[Line]:
    decay = here.setting("weight_decay")
    old = number(here.rounding.fixed(float(here.trace.before[here.index])))
    arithmetic = product(f"(1 - {product(here.eta, here.typed(decay))})", old)
    yield here.line("w′", "decayed first", arithmetic, decayed(here))
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

_SCALED_STEP = r"w \leftarrow w - \eta \, g / (\sqrt{s} + \varepsilon)"
_ADAM_STEP = r"\eta \, \hat{m} / (\sqrt{\hat{v}} + \varepsilon)"
FORMULAS = {
    "gradient-descent": r"w \leftarrow w - \eta \, g",
    "momentum": r"w \leftarrow w - \eta \, v",
    "nesterov": r"w \leftarrow w - \eta \, (g + \mu v)",
    "adagrad": _SCALED_STEP,
    "rmsprop": _SCALED_STEP,
    "adam": rf"w \leftarrow w - {_ADAM_STEP}",
    "adamw": rf"w \leftarrow (1 - \eta \lambda) w - {_ADAM_STEP}",
    "perceptron": r"w \leftarrow w + \eta \sum (y - \hat{y}) \, x",
}
"""LaTeX of every optimizer's step, by its name."""
_VELOCITY = (r"v \leftarrow \mu v + g",)
_MEANS = (
    r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g",
    r"v \leftarrow \beta_{2} v + (1 - \beta_{2}) g^{2}",
    r"\hat{m} = m / (1 - \beta_{1}^{t})",
    r"\hat{v} = v / (1 - \beta_{2}^{t})",
)
MEMORY_FORMULAS: dict[str, tuple[str, ...]] = {
    "gradient-descent": (),
    "momentum": _VELOCITY,
    "nesterov": _VELOCITY,
    "adagrad": (r"s \leftarrow s + g^{2}",),
    "rmsprop": (r"s \leftarrow \rho s + (1 - \rho) g^{2}",),
    "adam": _MEANS,
    "adamw": _MEANS,
    "perceptron": (),
}
"""LaTeX of what every optimizer remembers, and corrects, for its step."""
