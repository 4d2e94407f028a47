"""The squares that show the biases: where they stand, what fills them, and what they lead to."""

from collections.abc import Mapping

import numpy as np
import pytest

from nnsim.engine.experiment import Data, Experiment, Layer
from nnsim.engine.frame import Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture.biases import draw_biases
from nnsim.picture.edges import lay_edges
from nnsim.picture.layout import Facts, Layout, layout
from nnsim.picture.neurons import Drawing
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import Cell, DiagramView
from nnsim.picture.reading import Reading
from nnsim.picture.targets import EdgeTarget, Target

SMALL, WIDE = (824.0, 384.0), (4000.0, 2000.0)


def simulation_of(*widths: int) -> Simulation:
    layers = (*(Layer(width=width) for width in widths), Layer(width=1, activation="sigmoid"))
    simulation = Simulation(Experiment(data=Data(source="ring"), layers=layers, seed=10))
    simulation.run(epochs=3)
    return simulation


def drawn(simulation: Simulation, size: tuple[float, float] = SMALL, theme: str = "light", tiles: bool = True,
          selected: Target | None = None, hovered: Target | None = None) -> tuple[Reading, Layout, Mapping[EdgeTarget, Cell]]:
    """The reading, the layout, and the squares by their targets."""
    reading = Reading(simulation.look(Wants(maps=8)), DiagramView(*size, selected=selected, hovered=hovered))
    plan = layout(Facts(reading.frame.network.sizes, tiles=tiles), *size)
    drawing = Drawing()
    draw_biases(drawing, plan.columns, reading, THEMES[theme])
    cells = {cell.target: cell for cell in drawing.cells if isinstance(cell.target, EdgeTarget)}
    assert len(cells) == len(drawing.cells)
    return reading, plan, cells


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_every_neuron_has_a_square_filled_by_the_sign_and_size_of_its_bias(theme: str) -> None:
    simulation = simulation_of(3, 2)
    reading, _, cells = drawn(simulation, theme=theme)
    biases = [(layer, unit, float(value)) for layer, row in enumerate(reading.frame.biases) for unit, value in enumerate(row)]
    assert min(value for *_, value in biases) < 0 < max(value for *_, value in biases)
    assert len(cells) == len(biases) == 6
    for layer, unit, value in biases:
        cell = cells[EdgeTarget(layer, reading.frame.network.sizes[layer], unit)]
        assert cell.width == cell.height and cell.radius < cell.width / 3
        assert cell.ground == THEMES[theme].tone(value / reading.scale)
        assert cell.facts == (("bias b", value),)


def test_the_tone_is_that_of_the_bias_while_the_edges_show_gradients() -> None:
    simulation = simulation_of(3, 2)
    forward, _, before = drawn(simulation)
    simulation.step("pass", 3)
    reading, _, after = drawn(simulation)
    assert forward.quantity == "weights" and reading.quantity == "gradients"
    np.testing.assert_array_equal(forward.frame.theta, reading.frame.theta)
    assert {target: cell.ground for target, cell in after.items()} == {target: cell.ground for target, cell in before.items()}


def test_with_room_the_square_stands_at_the_end_of_its_short_edge() -> None:
    reading, plan, cells = drawn(simulation_of(3, 2))
    table = lay_edges(reading, plan).table
    ends = {table.target(index): table.ends[index] for index in range(len(table))}
    for target, cell in cells.items():
        x, top, _, bottom = ends[target].tolist()
        assert (cell.x, cell.y + cell.height / 2) == (x, top)
        column = plan.column(target.layer)
        assert bottom == column.ys[target.neuron] - column.height / 2


@pytest.mark.parametrize(("width", "tiles"), [(8, True), (8, False), (12, True)])
def test_where_room_is_short_the_square_sits_on_its_own_neuron_and_hides_little_of_it(width: int, tiles: bool) -> None:
    _, plan, cells = drawn(simulation_of(width), tiles=tiles)
    column = plan.column(0)
    assert not column.roomy
    for unit, y in enumerate(column.ys):
        cell = cells[EdgeTarget(0, 2, unit)]
        assert cell.x < column.x and cell.y < y
        assert abs(cell.y - y) < column.height / 2 + 1 and cell.width <= 8
        assert cell.width * cell.height < 0.2 * column.height**2


def test_neurons_too_small_for_a_square_and_folded_ones_have_none() -> None:
    _, plan, cells = drawn(simulation_of(38, 60))
    assert plan.column(0).height < 10 and plan.column(1).form == "block"
    assert {target.layer for target in cells} == {2}
    # on a larger view the same neurons have theirs
    assert EdgeTarget(0, 2, 37) in drawn(simulation_of(38, 60), WIDE)[2]


def test_the_outline_tells_what_is_pointed_at_and_chosen() -> None:
    simulation, light = simulation_of(3, 2), THEMES["light"]
    target = EdgeTarget(0, 2, 1)
    plain = drawn(simulation)[2][target]
    hovered = drawn(simulation, hovered=target)[2][target]
    selected = drawn(simulation, selected=target)[2][target]
    assert plain.outline_width < hovered.outline_width < selected.outline_width
    assert (plain.outline, hovered.outline, selected.outline) == (light.ink2, light.ink, light.ink)
