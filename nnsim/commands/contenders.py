"""What the benchmark races: our kernel, PyTorch's eager training step, and the bare matrix products of the same sizes.

All train the same shape on the same kind of batch with tanh, mean squared error and plain gradient descent; the products alone
are the floor that no NumPy implementation gets under. It is apart because it needs PyTorch where there is one, and refuses to
measure: the clock is the benchmark's.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nnsim.core.forward import with_ones
from nnsim.core.initializers import generator, initial_parameters
from nnsim.core.network import Network
from nnsim.core.training import Method, State, Trainer

Contender = Callable[[int], None]
"""Trains so many mini-batches."""
RATE = 0.01


@dataclass(frozen=True)
class Shape:
    """Inputs and neurons of each layer, the batch, and the numbers' type."""

    sizes: tuple[int, ...]
    samples: int
    precision: str

    @property
    def name(self) -> str:
        """Such as ``2-4-2-1``."""
        return "-".join(map(str, self.sizes))

    @property
    def network(self) -> Network:
        """With tanh everywhere."""
        return Network(self.sizes[0], self.sizes[1:], ("tanh",) * (len(self.sizes) - 1))

    def batch(self) -> tuple[Any, Any]:
        """Inputs (samples, inputs) and targets (samples, outputs), float64."""
        numbers = generator(0, "data")
        return numbers.normal(size=(self.samples, self.sizes[0])), numbers.uniform(-0.9, 0.9, (self.samples, self.sizes[-1]))


SHAPES = (Shape((2, 4, 2, 1), 10, "float64"), Shape((2, 8, 8, 8, 8, 8, 8, 1), 10, "float64"),
          Shape((64, 32, 16, 10), 32, "float64"), Shape((784, 128, 64, 10), 32, "float32"))


def our_kernel(shape: Shape) -> Contender:
    """The workspace that every run trains with."""
    network, dtype = shape.network, np.dtype(shape.precision)
    trainer = Trainer(network, Method(), dtype)
    trainer.load(State(initial_parameters(network, "xavier", 1, 0).astype(dtype), {}, 0))
    trainer.stage.rate[()] = RATE
    rows, aims = shape.batch()
    inputs, targets = with_ones(rows, dtype).T, np.ascontiguousarray(aims.T, dtype)
    train = trainer.workspace(shape.samples).run

    def race(batches: int) -> None:
        with np.errstate(all="ignore"):
            for _ in range(batches):
                train(inputs, targets)

    return race


def bare_products(shape: Shape) -> Contender:
    """Only the products that forward and backward cannot do without, into buffers that are kept."""
    dtype, samples = np.dtype(shape.precision), shape.samples
    products = []
    for layer, (before, here) in enumerate(pairwise(shape.sizes)):
        entering, weights = np.ones((before + 1, samples), dtype), np.ones((before + 1, here), dtype)
        deltas, arriving = np.ones((here, samples), dtype), np.empty((before, samples), dtype)
        products += [(weights.T, entering, np.empty((here, samples), dtype)), (entering, deltas.T, np.empty_like(weights))]
        products += [(weights[:-1], deltas, arriving)] if layer else []

    def race(batches: int) -> None:
        for _ in range(batches):
            for left, right, into in products:
                np.dot(left, right, into)

    return race


def pytorch_version() -> str | None:
    """The installed PyTorch, or None."""
    try:
        return str(importlib.import_module("torch").__version__)
    except ImportError:
        return None


def pytorch_eager(shape: Shape) -> Contender:
    """The training step that PyTorch's own tutorials write, in float32, on one thread. Raises ImportError."""
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    layers: list[Any] = []
    for before, here in pairwise(shape.sizes):
        layers += [torch.nn.Linear(before, here), torch.nn.Tanh()]
    model, loss = torch.nn.Sequential(*layers), torch.nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, targets = (torch.tensor(rows, dtype=torch.float32) for rows in shape.batch())

    def race(batches: int) -> None:
        for _ in range(batches):
            optimizer.zero_grad()
            loss(model(inputs), targets).backward()
            optimizer.step()

    return race
