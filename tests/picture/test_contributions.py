"""Edges that show contributions: each is its weight times what came through it, once the forward pass has been there."""

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import DiagramView, EdgeTable

VIEW = DiagramView(width=760, height=420, edges="contributions")


def table(frame: Frame) -> EdgeTable:
    return network_picture(frame, VIEW, THEMES["light"]).edges


def edges(frame: Frame) -> dict[tuple[int, int, int], float]:
    found = table(frame)
    return {(int(layer), int(row), int(neuron)): float(value)
            for (layer, row, neuron), value in zip(found.keys.tolist(), found.shown, strict=True)}


@pytest.mark.parametrize("steps", ["loss", "update"])
def test_the_contributions_into_a_neuron_are_the_terms_of_its_sum(steps: str) -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.step("pass", 2 if steps == "loss" else 12)
    simulation.step("neuron", 2 if steps == "update" else 0)
    frame = simulation.frame
    trace, sample = frame.trace, frame.sample
    assert trace is not None and frame.phase == ("loss" if steps == "loss" else "update")
    shown, network = edges(frame), frame.network
    assert table(frame).quantity == "w·x"
    for layer, width in enumerate(network.widths):
        for neuron in range(width):
            terms = [shown[layer, row, neuron] for row in range(network.sizes[layer] + 1)]
            assert sum(terms) == pytest.approx(float(trace.sums[layer][neuron, -1 if sample is None else sample]), rel=1e-12)


def test_a_contribution_is_unknown_until_its_term_is_computed() -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.step("term", 2)
    shown = edges(simulation.frame)
    known = {key for key, value in shown.items() if not np.isnan(value)}
    assert known == {(0, 0, 0), (0, 1, 0)}


def test_an_untouched_network_has_no_contributions() -> None:
    assert all(np.isnan(value) for value in edges(Simulation(example("xor").experiment).frame).values())
