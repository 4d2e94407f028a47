"""The numbers between a gradient and its step, by name: what an update shows on its way, for whichever optimizer is in use.

The kernel computes whole vectors in place and keeps only what it must remember; what lies between (penalties, bias-corrected means,
the step itself) is told here from its trace, for one parameter or for many, in the order of the optimizers' own definitions. It
refuses to replace the kernel: nothing learns from these numbers.
"""

from collections.abc import Callable, Iterator

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.trace import Trace
from nnsim.engine.experiment import Learning

Index = int | Array
"""A place in theta, or an array of places of any shape."""
Named = Iterator[tuple[str, Array]]


def update_numbers(trace: Trace, learning: Learning, index: Index, is_weight: Array) -> dict[str, Array]:
    """Numbers by name, each of ``index``'s shape: penalties where there are any, the optimizer's own, and last the ``step``.

    The new parameter is the old one, or under AdamW the ``decayed`` one, less the step. ``is_weight``: which places of ``index``
    hold weights; biases have no penalty. Arithmetic is in the precision of the run.
    """
    with np.errstate(all="ignore"):
        return dict(_penalties(trace, learning, index, is_weight)) | dict(_RULES[learning.optimizer](trace, learning, index))


def _penalties(trace: Trace, learning: Learning, index: Index, is_weight: Array) -> Named:
    old = trace.before[index]
    kind = old.dtype.type
    if learning.l1:
        yield "l1_penalty", np.sign(old) * kind(learning.l1) * is_weight
    if learning.l2:
        yield "l2_penalty", old * kind(learning.l2) * is_weight


def _plain(trace: Trace, learning: Learning, index: Index) -> Named:
    given = trace.step_gradient[index]
    yield "step", given * given.dtype.type(trace.rate)


def _momentum(trace: Trace, learning: Learning, index: Index) -> Named:
    velocity = trace.memory_after["velocity"][index]
    yield "step", velocity * velocity.dtype.type(trace.rate)


def _nesterov(trace: Trace, learning: Learning, index: Index) -> Named:
    velocity = trace.memory_after["velocity"][index]
    kind = velocity.dtype.type
    ahead = velocity * kind(learning.setting("momentum")) + trace.step_gradient[index]
    yield "look_ahead", ahead
    yield "step", ahead * kind(trace.rate)


def _scaled(trace: Trace, learning: Learning, index: Index) -> Named:
    squares = trace.memory_after["squares"][index]
    kind = squares.dtype.type
    root = np.sqrt(squares) + kind(learning.setting("epsilon"))
    yield "root", root
    yield "step", trace.step_gradient[index] / root * kind(trace.rate)


def _adam(trace: Trace, learning: Learning, index: Index) -> Named:
    m, v = trace.memory_after["m"][index], trace.memory_after["v"][index]
    kind = m.dtype.type
    m_due, v_due = (1 - learning.setting(beta) ** trace.step for beta in ("beta1", "beta2"))
    v_hat = v / kind(v_due)
    root = np.sqrt(v_hat) + kind(learning.setting("epsilon"))
    yield "m_hat", m / kind(m_due)
    yield "v_hat", v_hat
    yield "root", root
    # the kernel divides the rate, not m, by what m lacks at the start: one multiplication less for each parameter
    yield "step", m / root * kind(trace.rate / m_due)


def _adamw(trace: Trace, learning: Learning, index: Index) -> Named:
    old = trace.before[index]
    yield "decayed", old * old.dtype.type(1 - trace.rate * learning.setting("weight_decay"))
    yield from _adam(trace, learning, index)


_RULES: dict[str, Callable[[Trace, Learning, Index], Named]] = {
    "gradient-descent": _plain, "momentum": _momentum, "nesterov": _nesterov, "adagrad": _scaled, "rmsprop": _scaled,
    "adam": _adam, "adamw": _adamw, "perceptron": _plain,
}
