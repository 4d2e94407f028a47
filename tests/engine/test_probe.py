"""The probe: its numbers are the kernel's own, and the run knows nothing of it."""

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment, changed
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.probe import Probe
from nnsim.engine.prober import SPARE_ROWS
from nnsim.engine.simulation import Simulation


def probed(simulation: Simulation, probe: Probe) -> Frame:
    frame = simulation.look(Wants(probe=probe)).probed
    assert frame is not None
    return frame


@pytest.mark.parametrize("name", ["xor", "ring", "iris", "plane", "textbook-2-2-2"])
def test_a_typed_probe_ends_in_the_outputs_that_predict_gives(name: str) -> None:
    simulation = Simulation(example(name).experiment)
    simulation.run(epochs=3)
    inputs = simulation.dataset.inputs.mean(axis=0) + 0.25
    frame = probed(simulation, Probe(inputs=tuple(inputs)))
    assert frame.trace is not None and frame.phase == "forward" and frame.known.outputs == frame.network.widths
    np.testing.assert_allclose(frame.trace.outputs[-1][:, 0], simulation.predict(inputs)[0], rtol=1e-14)
    assert not frame.known.loss and not any(frame.known.gradients)
    assert frame.row is not None and frame.dataset.inputs[frame.row].tolist() == inputs.tolist()


@pytest.mark.parametrize("name", ["xor", "ring", "iris"])
def test_a_row_probed_has_the_numbers_of_a_batch_of_that_row_alone(name: str) -> None:
    experiment = changed(example(name).experiment, "batch_size", 1)
    simulation = Simulation(experiment)
    simulation.step("neuron")
    real = simulation.frame.trace
    assert real is not None
    row = int(real.rows[0])
    trace = probed(simulation, Probe(row)).trace
    assert trace is not None and trace.rows.tolist() == [row]
    for mine, theirs in ((trace.sums, real.sums), (trace.outputs, real.outputs), (trace.deltas, real.deltas)):
        assert [each.tobytes() for each in mine] == [each.tobytes() for each in theirs]
    assert trace.loss == real.loss and trace.gradient.tobytes() == real.gradient.tobytes()


def test_probing_leaves_the_run_as_it_was() -> None:
    one, other = (Simulation(changed(example("ring").experiment, "learning.optimizer", "adam")) for _ in range(2))
    for batch in range(8):
        probed(one, Probe(batch))
        probed(one, Probe(inputs=(0.5, -1.0)))
        for simulation in (one, other):
            simulation.step("batch")
    assert one.frame.theta.tobytes() == other.frame.theta.tobytes()


def test_dropout_silences_nothing_in_a_probe() -> None:
    simulation = Simulation(changed(example("ring").experiment, "learning.dropout", 0.5))
    simulation.step("neuron")
    frame = probed(simulation, Probe(0))
    assert frame.trace is not None and all(mask is None for mask in frame.trace.masks)
    np.testing.assert_allclose(frame.trace.outputs[-1][:, 0], simulation.predict(simulation.dataset.inputs[0])[0], rtol=1e-14)


@pytest.mark.parametrize("probe", [Probe(350), Probe(-1), Probe(inputs=(1.0,)), Probe(inputs=(float("nan"), 0.0)), Probe()])
def test_a_probe_that_does_not_fit_the_data_shows_nothing(probe: Probe) -> None:
    assert Simulation(Experiment()).look(Wants(probe=probe)).probed is None


def test_a_probe_is_called_by_its_row_and_part() -> None:
    data = Simulation(Experiment()).dataset
    assert Probe(int(data.test[0])).name(data) == f"row {data.test[0] + 1} (test)"
    assert Probe(int(data.train[0])).name(data) == f"row {data.train[0] + 1} (training)"
    assert Probe(inputs=(1.0, 2.0)).name(data) == "typed inputs"


def test_a_surface_over_other_axes_holds_the_rest_at_the_probe_or_at_the_mean() -> None:
    simulation = Simulation(example("iris").experiment)
    simulation.run(epochs=5)
    inputs = tuple(float(value) for value in simulation.dataset.inputs[7])
    surface = simulation.look(Wants(surface=5, axes=(2, 3), probe=Probe(7))).surface
    assert surface is not None and surface.axes == (2, 3)
    left, _, bottom, _ = surface.extent
    there = simulation.predict(np.array([inputs[0], inputs[1], left, bottom]))[0]
    np.testing.assert_allclose(surface.outputs[:, 0, 0], there, rtol=1e-4, atol=1e-6)
    held = simulation.look(Wants(surface=5, axes=(2, 3), probe=Probe(7), hold_mean=True)).surface
    mean = simulation.dataset.inputs[simulation.dataset.train].mean(axis=0)
    assert held is not None
    there = simulation.predict(np.array([mean[0], mean[1], left, bottom]))[0]
    np.testing.assert_allclose(held.outputs[:, 0, 0], there, rtol=1e-4, atol=1e-6)


def test_typed_probes_after_each_other_leave_earlier_frames_as_they_were() -> None:
    simulation = Simulation(example("ring").experiment)
    rows = len(simulation.dataset.inputs)
    frames = [simulation.look(Wants(probe=Probe(inputs=(0.01 * number, -1.0)))).probed for number in range(SPARE_ROWS + 3)]
    for number, frame in enumerate(frames):
        assert frame is not None and frame.trace is not None
        row = int(frame.trace.rows[0])
        assert row == len(frame.dataset.inputs) - 1 >= rows
        assert frame.dataset.inputs[row].tolist() == [0.01 * number, -1.0] and not frame.dataset.targets[row].any()
        assert np.array_equal(frame.dataset.inputs[:rows], simulation.dataset.inputs) and not frame.dataset.inputs.flags.writeable


def test_the_same_typed_probe_at_another_moment_has_the_same_data() -> None:
    simulation = Simulation(example("ring").experiment)
    wants = Wants(probe=Probe(inputs=(0.5, 0.5)))
    first = simulation.look(wants).probed
    simulation.step("batch")
    then = simulation.look(wants).probed
    assert first is not None and then is not None and first.dataset is then.dataset
