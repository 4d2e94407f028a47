"""``nnsim bench``: how fast the kernel is, as ratios that mean the same on every machine.

The contenders take turns in short rounds of one run, so that a busy or throttled machine slows all alike; medians over the rounds
are compared. It refuses to judge: it prints what it measured.
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nnsim import __version__
from nnsim.commands.contenders import (
    SHAPES,
    Contender,
    Shape,
    bare_products,
    our_kernel,
    pytorch_eager,
    pytorch_version,
)
from nnsim.commands.terminal import FINE, print_json, say
from nnsim.engine.experiment import Data, Experiment, Layer
from nnsim.engine.simulation import Simulation

ROUNDS = 9
LEAST_ROUND = 0.004
"""Seconds: shorter ones are mostly the clock and the scheduler."""


def run(arguments: argparse.Namespace) -> int:
    """Race and print."""
    torch = pytorch_version()
    makers: dict[str, Callable[[Shape], Contender]] = {"nnsim": our_kernel, "matrix_products": bare_products}
    if torch:
        makers["pytorch"] = pytorch_eager
    share = arguments.seconds / (len(SHAPES) + 1)
    races = [_race(shape, makers, share) for shape in SHAPES]
    result = {
        "machine": {"processor": platform.machine(), "system": platform.system(), "python": platform.python_version(),
                    "numpy": np.__version__, "pytorch": torch, "nnsim": __version__},
        "kernel": races,
        "simulation": _simulation(share),
    }
    if arguments.json:
        print_json(result, indent=2)
    else:
        _print(result)
    return FINE


def _race(shape: Shape, makers: dict[str, Callable[[Shape], Contender]], seconds: float) -> dict[str, Any]:
    """Mini-batches a second of each contender, and our ratios."""
    contenders = {name: make(shape) for name, make in makers.items()}
    round_seconds = max(LEAST_ROUND, seconds / len(contenders) / (ROUNDS + 2))
    counts = {name: _warm_up(contender, round_seconds) for name, contender in contenders.items()}
    paces: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, contender in contenders.items():
            paces[name].append(counts[name] / _timed(contender, counts[name]))
    median = {name: statistics.median(values) for name, values in paces.items()}
    others = [name for name in median if name != "nnsim"]
    # the ratio of each round, then its median: a slow spell hits both sides of a ratio
    ratios = {name: statistics.median(ours / theirs for ours, theirs in zip(paces["nnsim"], paces[name], strict=True))
              for name in others}
    return {"network": shape.name, "batch": shape.samples, "precision": shape.precision, "batches_per_second": median,
            "microseconds_per_batch": 1e6 / median["nnsim"], "times_as_fast_as": ratios}


def _warm_up(contender: Contender, seconds: float) -> int:
    """How many batches a round needs to last so long."""
    batches = 1
    while (took := _timed(contender, batches)) < seconds / 4:
        batches *= 2
    return max(1, round(batches * seconds / took))


def _timed(contender: Contender, batches: int) -> float:
    began = time.perf_counter()
    contender(batches)
    return time.perf_counter() - began


def _simulation(seconds: float) -> dict[str, Any]:
    """Epochs a second of a whole run: shuffling, history, checkpoints and the scores of every epoch included."""
    layers = (*(Layer(width=8) for _ in range(6)), Layer(width=1))
    experiment = Experiment(data=Data(source="ring"), layers=layers)
    simulation = Simulation(experiment)
    epochs = 1
    paces: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(paces) < 3:
        began = time.perf_counter()
        simulation.run(epochs=epochs)
        took = time.perf_counter() - began
        paces.append(epochs / took)
        epochs = max(1, round(epochs * min(2.0, seconds / ROUNDS / took)))
    return {"network": "-".join(map(str, simulation.network.sizes)), "batch": experiment.batch_size,
            "rows": len(simulation.dataset.train), "epochs_per_second": statistics.median(paces[1:])}


def _print(result: dict[str, Any]) -> None:
    machine = result["machine"]
    say(f"one thread; NumPy {machine['numpy']}, Python {machine['python']}, "
        + (f"PyTorch {machine['pytorch']}" if machine["pytorch"] else "PyTorch is not installed, so nothing to compare with"))
    say(f"{'network':16} {'batch':>5} {'numbers':8} {'batches/s':>10} {'µs/batch':>9} {'of the products':>15} {'PyTorch':>10}")
    for race in result["kernel"]:
        ratios = race["times_as_fast_as"]
        beside = f"{ratios['pytorch']:.1f} times" if "pytorch" in ratios else "–"
        name = race["network"].replace("8-8-8-8-8-8", "8×6")
        say(f"{name:16} {race['batch']:>5} {race['precision']:8} {race['batches_per_second']['nnsim']:>10,.0f} "
            f"{race['microseconds_per_batch']:>9.1f} {ratios['matrix_products']:>13.0%}   {beside:>10}")
    whole = result["simulation"]
    say(f"a whole run on {whole['network']}, {whole['rows']} rows: {whole['epochs_per_second']:,.0f} epochs a second")
