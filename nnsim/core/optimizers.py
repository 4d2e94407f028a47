"""The optimizers: how a gradient becomes a step.

Each is a row of one table: its settings with limits, the names of what it remembers, and its update as operations on whole
vectors, all of shape (parameters,). The kernel runs those operations after each backward pass. An optimizer's state goes in and
comes out as plain named vectors, so going back in time is copying them. The perceptron rule stands here because it, too, turns
errors into steps, but it is no gradient descent and says so.

Sources: PyTorch's ``torch.optim`` definitions and defaults (SGD, Adagrad, RMSprop, Adam, AdamW), which recorded tests hold them
to; Rosenblatt 1958 for the perceptron rule.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from nnsim.core.activations import Array, Operation, scalar


@dataclass(frozen=True)
class Setting:
    """One number that an optimizer takes."""

    default: float
    limits: tuple[float, float]
    title: str
    description: str


@dataclass
class Stage:
    """What an update works on: the parameters, the gradient, the rate, scratch space, and the number of the step under way."""

    theta: Array
    gradient: Array
    rate: Array
    """Zero-dimensional, changed in place by the schedule."""
    memory: Mapping[str, Array]
    settings: Mapping[str, float]
    steps: int = 0
    scratch: Array = field(init=False)

    def __post_init__(self) -> None:
        self.scratch = np.empty_like(self.theta)

    def constant(self, value: float) -> Array:
        """A number as the buffers' own type."""
        return scalar(value, self.theta)


@dataclass(frozen=True)
class Optimizer:
    """One update rule; ``update(stage)`` yields the operations that change theta and memory in place."""

    name: str
    title: str
    formula: str
    update: Callable[[Stage], Iterator[Operation]]
    memory: tuple[str, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    hint: str = ""


def _gradient_descent(s: Stage) -> Iterator[Operation]:
    yield np.multiply, s.gradient, s.rate, s.scratch
    yield np.subtract, s.theta, s.scratch, s.theta


def _momentum(s: Stage) -> Iterator[Operation]:
    velocity = s.memory["velocity"]
    yield np.multiply, velocity, s.constant(s.settings["momentum"]), velocity
    yield np.add, velocity, s.gradient, velocity
    yield np.multiply, velocity, s.rate, s.scratch
    yield np.subtract, s.theta, s.scratch, s.theta


def _nesterov(s: Stage) -> Iterator[Operation]:
    velocity, momentum = s.memory["velocity"], s.constant(s.settings["momentum"])
    yield np.multiply, velocity, momentum, velocity
    yield np.add, velocity, s.gradient, velocity
    yield np.multiply, velocity, momentum, s.scratch
    yield np.add, s.scratch, s.gradient, s.scratch
    yield np.multiply, s.scratch, s.rate, s.scratch
    yield np.subtract, s.theta, s.scratch, s.theta


def _scaled_step(s: Stage, squares: Array) -> Iterator[Operation]:
    # η g / (√squares + ε)
    yield np.sqrt, squares, s.scratch
    yield np.add, s.scratch, s.constant(s.settings["epsilon"]), s.scratch
    yield np.divide, s.gradient, s.scratch, s.scratch
    yield np.multiply, s.scratch, s.rate, s.scratch
    yield np.subtract, s.theta, s.scratch, s.theta


def _adagrad(s: Stage) -> Iterator[Operation]:
    squares = s.memory["squares"]
    yield np.multiply, s.gradient, s.gradient, s.scratch
    yield np.add, squares, s.scratch, squares
    yield from _scaled_step(s, squares)


def _rmsprop(s: Stage) -> Iterator[Operation]:
    squares, decay = s.memory["squares"], s.settings["decay"]
    yield np.multiply, squares, s.constant(decay), squares
    yield np.multiply, s.gradient, s.gradient, s.scratch
    yield np.multiply, s.scratch, s.constant(1 - decay), s.scratch
    yield np.add, squares, s.scratch, squares
    yield from _scaled_step(s, squares)


def _adam(s: Stage) -> Iterator[Operation]:
    m, v = s.memory["m"], s.memory["v"]
    beta1, beta2 = s.settings["beta1"], s.settings["beta2"]
    corrected_rate, v_correction = s.constant(0), s.constant(0)

    def correct() -> None:
        # m and v begin at 0 and lag behind; dividing by 1 - β^t makes up for it
        corrected_rate[()] = s.rate[()] / (1 - beta1**s.steps)
        v_correction[()] = 1 - beta2**s.steps

    yield (correct,)
    yield np.multiply, m, s.constant(beta1), m
    yield np.multiply, s.gradient, s.constant(1 - beta1), s.scratch
    yield np.add, m, s.scratch, m
    yield np.multiply, v, s.constant(beta2), v
    yield np.multiply, s.gradient, s.gradient, s.scratch
    yield np.multiply, s.scratch, s.constant(1 - beta2), s.scratch
    yield np.add, v, s.scratch, v
    yield np.divide, v, v_correction, s.scratch
    yield np.sqrt, s.scratch, s.scratch
    yield np.add, s.scratch, s.constant(s.settings["epsilon"]), s.scratch
    yield np.divide, m, s.scratch, s.scratch
    yield np.multiply, s.scratch, corrected_rate, s.scratch
    yield np.subtract, s.theta, s.scratch, s.theta


def _adamw(s: Stage) -> Iterator[Operation]:
    # the decay works on the weights themselves and never enters m and v
    kept = s.constant(1)
    decay = s.settings["weight_decay"]

    def keep() -> None:
        kept[()] = 1 - s.rate[()] * decay

    yield (keep,)
    yield np.multiply, s.theta, kept, s.theta
    yield from _adam(s)


_MOMENTUM = Setting(0.9, (0, 0.9999), "Momentum", "How much of the last velocity is kept.")
_BETAS = {
    "beta1": Setting(0.9, (0, 0.9999), "β₁", "How much of the averaged gradient is kept."),
    "beta2": Setting(0.999, (0, 0.999999), "β₂", "How much of the averaged square is kept."),
    "epsilon": Setting(1e-8, (1e-16, 1), "ε", "Keeps the division finite."),
}
_OPTIMIZERS = (
    Optimizer("gradient-descent", "gradient descent", r"w \leftarrow w - \eta\,g", _gradient_descent,
              hint="The plain step against the gradient."),
    Optimizer("momentum", "momentum", r"v \leftarrow \mu v + g,\; w \leftarrow w - \eta v", _momentum, ("velocity",),
              {"momentum": _MOMENTUM}, "A heavy ball: it keeps rolling where gradients agree."),
    Optimizer("nesterov", "Nesterov", r"v \leftarrow \mu v + g,\; w \leftarrow w - \eta(g + \mu v)", _nesterov,
              ("velocity",), {"momentum": _MOMENTUM}, "Momentum that looks one step ahead."),
    Optimizer("adagrad", "AdaGrad", r"s \leftarrow s + g^2,\; w \leftarrow w - \eta g/(\sqrt s + \varepsilon)", _adagrad,
              ("squares",), {"epsilon": Setting(1e-10, (1e-16, 1), "ε", "Keeps the division finite.")},
              "Smaller steps for weights that moved much."),
    Optimizer("rmsprop", "RMSProp", r"s \leftarrow \rho s + (1-\rho)g^2,\; w \leftarrow w - \eta g/(\sqrt s + \varepsilon)",
              _rmsprop, ("squares",),
              {"decay": Setting(0.99, (0, 0.9999), "ρ", "How much of the averaged square is kept."),
               "epsilon": Setting(1e-8, (1e-16, 1), "ε", "Keeps the division finite.")},
              "AdaGrad that forgets."),
    Optimizer("adam", "Adam", r"w \leftarrow w - \eta\,\hat m/(\sqrt{\hat v} + \varepsilon)", _adam, ("m", "v"), _BETAS,
              "Momentum and RMSProp together, corrected at the start."),
    Optimizer("adamw", "AdamW", r"w \leftarrow (1 - \eta\lambda) w - \eta\,\hat m/(\sqrt{\hat v} + \varepsilon)", _adamw,
              ("m", "v"), {**_BETAS, "weight_decay": Setting(0.01, (0, 1), "λ", "Share of each weight that decays, times η.")},
              "Adam with weight decay apart from the gradient."),
    Optimizer("perceptron", "perceptron rule", r"w \leftarrow w + \eta (y - \hat y) x", _gradient_descent,
              hint="Rosenblatt's rule for one layer of steps: it corrects only mistakes. Not gradient descent."),
)
OPTIMIZERS = {optimizer.name: optimizer for optimizer in _OPTIMIZERS}
"""Every optimizer by name."""
