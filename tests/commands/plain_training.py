"""One batch after the other, computed with scalars the way it is done on paper: what ``nnsim trace`` is held against.

Slopes are complex steps of the plain formulas, so no derivative of nnsim's is written down again; the chain rule, the means and the
optimizers are the textbook's sums, one number at a time. It refuses to import nnsim.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from plain_network import ACTIVATIONS, COMPLEX_STEP, LOSSES, Vector

Numbers = dict[str, Any]


def slope(name: str, z: float) -> float:
    """f'(z)."""
    return float(ACTIVATIONS[name](np.array([complex(z, COMPLEX_STEP)]))[0].imag / COMPLEX_STEP)


def output_deltas(activation: str, loss: str, z: Vector, y: Vector, samples: int) -> list[float]:
    """∂L/∂z of the last layer for one sample, L the mean over ``samples``."""
    deltas = []
    for place in range(len(z)):
        moved = z.astype(np.complex128)
        moved[place] += 1j * COMPLEX_STEP
        deltas.append(float(complex(LOSSES[loss](ACTIVATIONS[activation](moved), y)).imag / COMPLEX_STEP) / samples)
    return deltas


@dataclass
class PlainTraining:
    """A network in training: ``weights[l][r][q]`` and ``biases[l][q]``, changed by each ``batch``."""

    activations: tuple[str, ...]
    loss: str
    optimizer: str
    rate: float
    settings: dict[str, float]
    weights: list[list[list[float]]]
    biases: list[list[float]]
    l1: float = 0.0
    l2: float = 0.0
    memory: dict[tuple[int, int, int, str], float] = field(default_factory=dict)
    steps: int = 0

    def sample(self, x: list[float], y: list[float], samples: int) -> Numbers:
        """Forward, loss and backward for one sample."""
        sums, outputs, signal = [], [], x
        for layer, name in enumerate(self.activations):
            z = [math.fsum(self.weights[layer][r][q] * signal[r] for r in range(len(signal))) + self.biases[layer][q]
                 for q in range(len(self.biases[layer]))]
            signal = [float(a) for a in ACTIVATIONS[name](np.array(z))]
            sums.append(z)
            outputs.append(signal)
        last = np.array(sums[-1])
        if self.optimizer == "perceptron":
            deltas = [[a - t for a, t in zip(outputs[-1], y, strict=True)]]
        else:
            deltas = [output_deltas(self.activations[-1], self.loss, last, np.array(y), samples)]
        for layer in range(len(self.activations) - 2, -1, -1):
            after = deltas[0]
            deltas.insert(0, [
                slope(self.activations[layer], sums[layer][r])
                * math.fsum(self.weights[layer + 1][r][q] * after[q] for q in range(len(after)))
                for r in range(len(sums[layer]))])
        return {"inputs": [x, *outputs[:-1]], "sums": sums, "outputs": outputs, "deltas": deltas,
                "loss": float(LOSSES[self.loss](np.array(outputs[-1]), np.array(y)))}

    def batch(self, inputs: list[list[float]], targets: list[list[float]]) -> list[Numbers]:
        """Learn from one batch; what each sample computed on the way."""
        told = [self.sample(x, y, len(inputs)) for x, y in zip(inputs, targets, strict=True)]
        self.steps += 1
        for layer, biases in enumerate(self.biases):
            for q in range(len(biases)):
                for r in range(len(self.weights[layer])):
                    g = math.fsum(each["inputs"][layer][r] * each["deltas"][layer][q] for each in told)
                    w = self.weights[layer][r][q]
                    g += self.l1 * (w > 0) - self.l1 * (w < 0) + self.l2 * w
                    self.weights[layer][r][q] = self._moved(w, g, (layer, r, q))
                g = math.fsum(each["deltas"][layer][q] for each in told)
                biases[q] = self._moved(biases[q], g, (layer, len(self.weights[layer]), q))
        return told

    def _moved(self, w: float, g: float, place: tuple[int, int, int]) -> float:
        def remember(name: str, value: float) -> float:
            self.memory[(*place, name)] = value
            return value

        def before(name: str) -> float:
            return self.memory.get((*place, name), 0.0)

        s = self.settings
        if self.optimizer in ("gradient-descent", "perceptron"):
            return w - self.rate * g
        if self.optimizer == "momentum":
            return w - self.rate * remember("velocity", s["momentum"] * before("velocity") + g)
        if self.optimizer == "nesterov":
            v = remember("velocity", s["momentum"] * before("velocity") + g)
            return w - self.rate * (g + s["momentum"] * v)
        if self.optimizer == "adagrad":
            return w - self.rate * g / (math.sqrt(remember("squares", before("squares") + g * g)) + s["epsilon"])
        if self.optimizer == "rmsprop":
            squares = remember("squares", s["decay"] * before("squares") + (1 - s["decay"]) * g * g)
            return w - self.rate * g / (math.sqrt(squares) + s["epsilon"])
        if self.optimizer == "adamw":
            w -= self.rate * s["weight_decay"] * w
        m = remember("m", s["beta1"] * before("m") + (1 - s["beta1"]) * g)
        v = remember("v", s["beta2"] * before("v") + (1 - s["beta2"]) * g * g)
        m_hat, v_hat = m / (1 - s["beta1"] ** self.steps), v / (1 - s["beta2"] ** self.steps)
        return w - self.rate * m_hat / (math.sqrt(v_hat) + s["epsilon"])
