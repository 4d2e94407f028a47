"""Divergence: it is met where it happens, named, shown, and left behind by a lower rate. No warning is ever raised."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from straight_run import GRADIENT_OPTIMIZERS, StraightRun

from nnsim.core.network import Network
from nnsim.engine.divergence import Divergence
from nnsim.engine.experiment import Data, Experiment, ExperimentError, Layer, Learning, Start
from nnsim.engine.frame import Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.run import Run
from nnsim.engine.simulation import Simulation

FAR = 3000
"""Batches within which the cases here have broken down."""


def steep(**changes: Any) -> Experiment:
    """A linear network whose squared loss overflows when the rate is too high."""
    plain = Experiment(data=Data(source="plane", samples=12, test_share=0.25), batch_size=4,
                       layers=(Layer(width=3, activation="identity"), Layer(activation="identity")), learning=Learning(rate=50))
    return plain.replace(**changes)


def learning(optimizer: str, rate: float, **rest: Any) -> Learning:
    return Learning(optimizer=optimizer, rate=rate, **rest)


def given_start(*weights: float, bias: float = 0.0) -> dict[str, Any]:
    """A chain of single neurons behind two inputs, of which only the first counts."""
    first, *others = weights
    matrices = (((first,), (0.0,)), *(((weight,),) for weight in others))
    return {"start": Start(weights=matrices, biases=tuple((bias,) for _ in matrices)),
            "layers": tuple(Layer(width=1, activation="identity") for _ in matrices)}


CASES: dict[str, Experiment] = {}
for _name, _rate, _precision in product(("gradient-descent", "momentum", "nesterov"), (50.0, 1e3, 1e6), ("float64", "float32")):
    CASES[f"{_name} at {_rate:g} in {_precision}"] = steep(learning=learning(_name, _rate), precision=_precision)
for _name, _precision in product(("adagrad", "rmsprop", "adam", "adamw"), ("float64", "float32")):
    # these bound each step, so it takes many layers to overflow
    CASES[f"{_name} through ten layers in {_precision}"] = steep(
        layers=(*(Layer(width=4, activation="identity"),) * (32 if _precision == "float64" else 9), Layer(activation="identity")),
        learning=learning(_name, 1e6), precision=_precision)
for _activation, _precision in product(("relu", "leaky-relu", "elu", "selu", "softplus", "gelu", "swish"), ("float64", "float32")):
    CASES[f"{_activation} in {_precision}"] = steep(
        layers=(Layer(width=6, activation=_activation), Layer(activation="identity")), learning=learning("gradient-descent", 1e4),
        precision=_precision, initializer="constant", initial_scale=0.5)
for _loss, _precision in product(("mse", "mae", "huber"), ("float64", "float32")):
    CASES[f"{_loss} through three layers in {_precision}"] = steep(
        layers=(Layer(width=3, activation="identity"),) * 2 + (Layer(activation="identity"),),
        learning=learning("gradient-descent", 1e5, loss=_loss), precision=_precision)
for _source in ("wine", "breast-cancer"):
    for _precision in ("float64", "float32"):
        CASES[f"raw {_source} in {_precision}"] = Experiment(
            data=Data(source=_source),
            layers=(Layer(width=4, activation="identity"), Layer(width=3 if _source == "wine" else 1, activation="identity")),
            learning=learning("gradient-descent", 0.1), precision=_precision)
for _l2, _precision in product((10.0, 3.0), ("float64", "float32")):
    CASES[f"penalty {_l2:g} times a high rate in {_precision}"] = steep(
        learning=learning("gradient-descent", 5.0, l2=_l2, loss="huber"), precision=_precision)
for _dropout, _shuffle in product((0.0, 0.3), (True, False)):
    CASES[f"dropout {_dropout:g}, shuffled {_shuffle}"] = steep(
        learning=learning("gradient-descent", 1e3, dropout=_dropout), shuffle=_shuffle)
for _schedule in ("step", "exponential", "cosine"):
    CASES[f"{_schedule} schedule"] = steep(learning=learning("momentum", 1e3, schedule=_schedule))


def test_there_are_about_sixty_cases() -> None:
    assert len(CASES) >= 58


@pytest.mark.parametrize("name", CASES)
def test_a_run_stops_at_the_last_finite_moment_and_shows_what_broke(name: str) -> None:
    experiment = CASES[name]
    simulation = Simulation(experiment)
    simulation.run(batches=FAR)
    found = simulation.divergence
    assert found is not None
    last = simulation.frame
    assert last.divergence == found
    assert last.moment == (Moment(found.batch - 1, simulation.marks(found.batch - 1).count) if found.batch else Moment(0, 0))
    assert np.isfinite(last.theta).all()
    assert np.isfinite(last.history.batch_loss.values).all()
    assert len(last.history.batch_loss.values) == found.batch
    # the batch after it is the first that is not finite, by a run without any checkpoint
    straight = StraightRun(Run(experiment))
    done = [straight.batch(number) for number in range(found.batch + 1)]
    finite = [bool(np.isfinite(batch.loss) and np.isfinite(batch.after.theta).all()) for batch in done]
    assert finite == [True] * found.batch + [False]
    assert last.theta.tobytes() == done[-1].before.theta.tobytes()
    # stepping on shows that batch, and no further
    simulation.step("batch")
    shown = simulation.look(Wants(surface=4, maps=4, predictions=True))
    assert shown.moment == Moment(found.batch, simulation.marks(found.batch).count)
    assert shown.trace is not None and shown.trace.after.tobytes() == done[-1].after.theta.tobytes()
    simulation.step("batch")
    assert simulation.moment == shown.moment
    assert_names_the_first(found, shown.trace, simulation.network)
    simulation.step("batch", -1)
    assert simulation.moment == last.moment
    assert simulation.frame.theta.tobytes() == last.theta.tobytes()


def assert_names_the_first(found: Divergence, trace: Any, network: Network) -> None:
    """Of all arrays in the order of the computation, the first that is not finite is the one that is named."""
    for layer in range(network.depth):
        for what, numbers in (("sum", trace.sums[layer]), ("output", trace.outputs[layer])):
            if not np.isfinite(numbers).all():
                neuron = int(np.flatnonzero(~np.isfinite(numbers).all(axis=1))[0]) + 1
                assert (found.layer, found.what) == (layer, f"the {what} of neuron {neuron}")
                return
    if not np.isfinite(trace.loss):
        assert found.layer == network.depth - 1
        assert found.what.startswith("the loss of output ")
        return
    for layer in reversed(range(network.depth)):
        if not np.isfinite(trace.deltas[layer]).all():
            assert found.layer == layer
            assert found.what.startswith("the delta of neuron ")
            return
    vectors = {"the gradient of ": trace.gradient, "the penalised gradient of ": trace.step_gradient, "the ": trace.after}
    for word, vector in vectors.items():
        for layer, matrix in enumerate(network.layers(vector)):
            if not np.isfinite(matrix).all():
                assert found.layer == layer
                assert found.what.startswith(word)
                return
    raise AssertionError("everything is finite")


@pytest.mark.parametrize("name", list(CASES)[::4])
def test_a_lower_rate_goes_on_from_the_last_finite_moment(name: str) -> None:
    simulation = Simulation(CASES[name])
    simulation.run(batches=FAR)
    stopped = simulation.divergence
    assert stopped is not None
    # one batch from the end the parameters are already huge: go back to where they were small
    simulation.rewind()
    simulation.step("batch", stopped.batch // 4)
    assert simulation.divergence == stopped
    simulation.tune(simulation.learning.replace(rate=1e-30, l2=0))
    begun = simulation.batches_finished
    simulation.run(batches=10)
    assert simulation.batches_finished == begun + 10
    frame = simulation.frame
    assert frame.divergence is None
    assert np.isfinite(frame.theta).all()


@pytest.mark.parametrize("grain", list(Grain))
def test_stepping_by_any_grain_enters_the_diverged_batch_and_comes_back(grain: Grain) -> None:
    simulation = Simulation(steep())
    simulation.run(batches=FAR)
    last = simulation.moment
    found = simulation.divergence
    assert found is not None
    for _ in range(3):
        simulation.step(grain)
    assert simulation.moment.batch in (found.batch, last.batch)
    simulation.seek(Moment(found.batch, 1))
    assert simulation.frame.phase == "forward"
    simulation.step("batch", -1)
    assert simulation.moment == last


def test_seeking_past_a_divergence_goes_to_the_last_finite_moment() -> None:
    simulation = Simulation(steep())
    simulation.seek(Moment(FAR, 5))
    found = simulation.divergence
    assert found is not None
    assert simulation.moment == Moment(found.batch - 1, simulation.marks(found.batch - 1).count)
    simulation.step("epoch", 100)
    assert simulation.moment.batch in (found.batch - 1, found.batch)


def test_the_divergence_does_not_depend_on_the_way_there() -> None:
    runs = [Simulation(steep()) for _ in range(3)]
    runs[0].run(batches=FAR)
    while runs[1].divergence is None:
        runs[1].step("batch")
    runs[2].seek(Moment(FAR, 0))
    assert runs[0].divergence == runs[1].divergence == runs[2].divergence is not None


def test_undoing_the_lower_rate_meets_the_divergence_again() -> None:
    simulation = Simulation(steep())
    simulation.run(batches=FAR)
    run, stopped, moment = simulation.run_record, simulation.divergence, simulation.moment
    simulation.rewind()
    simulation.step("batch", 2)
    simulation.tune(Learning(rate=1e-30))
    simulation.run(batches=50)
    assert simulation.divergence is None
    simulation.become(run, moment)
    assert simulation.moment == moment
    simulation.run(batches=FAR)
    assert simulation.divergence == stopped


# where it happens, made to happen there

@pytest.mark.parametrize(("changes", "layer", "what"), [
    (given_start(1e200, 1e200, 1.0), 1, "the sum of neuron 1"),
    (given_start(0.0, 1e200, 1e200) | {"learning": Learning(loss="huber", rate=0.1)}, 0, "the delta of neuron 1"),
    (given_start(0.0, 1e200, 1e200, 1e200) | {"learning": Learning(loss="huber", rate=0.1)}, 1, "the delta of neuron 1"),
    (given_start(0.0, 5e307) | {"learning": Learning(loss="huber", rate=1e-3, l2=10)}, 1,
     "the penalised gradient of weight W[1,1]"),
    (given_start(0.0, 1e305) | {"learning": Learning(loss="huber", rate=1e6)}, 0, "the weight W[1,1]"),
])
def test_the_place_is_named_in_the_order_of_the_computation(changes: dict[str, Any], layer: int | None, what: str) -> None:
    simulation = Simulation(steep(**changes))
    simulation.run(batches=FAR)
    assert simulation.divergence is not None
    assert (simulation.divergence.layer, simulation.divergence.what) == (layer, what)
    mark = simulation.marks(simulation.divergence.batch).at(simulation.divergence.mark)
    phase = "forward" if what.startswith("the sum") else "backward" if what.startswith("the delta") else "update"
    assert (mark.phase, mark.layer, mark.neuron) == (phase, layer, 0)


def test_a_loss_is_named_with_the_output_that_made_it() -> None:
    simulation = Simulation(steep(**given_start(1e200)))
    simulation.run(batches=FAR)
    found = simulation.divergence
    simulation.step("batch")
    trace = simulation.frame.trace
    assert found is not None and trace is not None and np.isfinite(trace.outputs[0]).all()
    sample = int(np.flatnonzero(np.isinf(trace.losses))[0])
    output, target = trace.outputs[0][0, sample], trace.targets[0, sample]
    assert abs(output) > 1e155
    assert found.what == f"the loss of output {{}} against target {{}} (neuron 1, sample {sample + 1})"
    assert found.numbers == (output, target) and found.layer == 0
    mark = simulation.marks(found.batch).at(found.mark)
    assert (mark.phase, mark.sample) == ("loss", sample)


def test_the_remedy_names_the_rate_and_large_inputs() -> None:
    rates = Simulation(steep())
    rates.run(batches=FAR)
    assert rates.divergence is not None and rates.divergence.remedy == "Rewind, then lower the rate (now {}) or clip the gradient."
    clipped = Simulation(steep(learning=Learning(rate=1e6, clip_norm=1e6), layers=(Layer(width=4, activation="identity"),) * 32
                               + (Layer(activation="identity"),)))
    clipped.run(batches=FAR)
    assert clipped.divergence is not None and clipped.divergence.rate == 1e6 and clipped.divergence.remedy.endswith(
        "ower the rate (now {}).")
    large = Simulation(CASES["raw wine in float64"])
    large.run(batches=FAR)
    assert large.divergence is not None and large.divergence.remedy.startswith("The inputs are large: standardize the data")


def test_a_start_too_large_for_single_precision_is_refused() -> None:
    with pytest.raises(ExperimentError, match=r"start: .* larger than float32 can hold"):
        Simulation(steep(**given_start(1e39), precision="float32"))


@pytest.mark.parametrize("optimizer", GRADIENT_OPTIMIZERS)
def test_an_ordinary_run_does_not_diverge(optimizer: str) -> None:
    simulation = Simulation(steep(learning=learning(optimizer, 0.01)))
    simulation.run(batches=FAR // 10)
    assert simulation.divergence is None
    assert simulation.batches_finished == FAR // 10


@pytest.mark.parametrize("optimizer", ["adagrad", "rmsprop", "adam", "adamw"])
def test_squares_that_overflow_are_a_divergence_though_every_weight_stays_finite(optimizer: str) -> None:
    experiment = steep(**given_start(0.1, 1e25), precision="float32", learning=learning(optimizer, 0.01, loss="mae"))
    simulation = Simulation(experiment)
    simulation.run(batches=5)
    found = simulation.divergence
    assert found is not None and found.batch == 0
    name = "squares" if optimizer in ("adagrad", "rmsprop") else "v"
    assert found.what == f"the optimizer's memory ({name}) of weight W[1,1]"
    assert "clip the gradient" in found.remedy
    clipped = Simulation(experiment.replace(learning=learning(optimizer, 0.01, loss="mae", clip_norm=1.0)))
    clipped.run(batches=5)
    assert clipped.divergence is None
