"""Where the diagram's parts stand."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from nnsim.picture.layout import LARGEST, LOSS_HEIGHT, LOSS_WIDTH, SMALLEST, UNFOLDED, Facts, Layout, layout

VIEW = (824.0, 384.0)


def boxes(plan: Layout) -> list[tuple[float, float, float, float]]:
    return [(column.x - column.width / 2, y - column.height / 2, column.x + column.width / 2, y + column.height / 2)
            for column in plan.columns for y in column.ys]


@pytest.mark.parametrize("sizes", [(2, 3, 2, 1), (1, 1), (2, *[8] * 7, 1), (30, 8, 1), (4, 6, 3), (13, 40, 3), (2, 128, 60, 1)])
@pytest.mark.parametrize("view", [VIEW, (724.0, 287.0), (420.0, 280.0), (2600.0, 1400.0)])
def test_no_neuron_leaves_the_view_or_covers_another(sizes: tuple[int, ...], view: tuple[float, float]) -> None:
    plan = layout(Facts(sizes), *view)
    for left, top, right, bottom in boxes(plan):
        assert left >= 0 and top >= 0 and right <= plan.loss_x and bottom <= view[1]
    for one, other in itertools.combinations(boxes(plan), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)


def test_columns_stand_equally_far_apart_with_the_loss_last() -> None:
    plan = layout(Facts((2, 3, 2, 1)), *VIEW)
    steps = np.diff([column.x for column in plan.columns])
    assert np.allclose(steps, plan.step, atol=1)
    assert plan.columns[-1].x < plan.loss_x < VIEW[0]


def test_tiles_have_the_sizes_of_the_two_reference_windows() -> None:
    large, small = layout(Facts((2, 3, 2, 1)), 824, 384), layout(Facts((2, 3, 2, 1)), 724, 287)
    assert large.column(0).width == pytest.approx(60, abs=2)
    assert small.column(0).width == pytest.approx(42, abs=4)
    assert {column.width for column in large.columns} == {large.column(0).width}


def test_tiles_of_a_crowded_layer_take_the_height_between_the_heads_and_what_lies_below() -> None:
    plan = layout(Facts((2, 8, 8, 1), legend="all"), 799, 362)
    column = plan.column(0)
    assert column.height >= 26 and 4 <= column.pitch - column.height <= 6
    floor = plan.floor(column.left, column.right)
    assert column.ys[-1] + column.height / 2 == pytest.approx(floor, abs=6)


def test_tiles_grow_with_the_view_up_to_a_limit() -> None:
    widths = [layout(Facts((2, 3, 2, 1)), 3000, height).column(0).width for height in (300, 500, 700, 3000)]
    assert widths == sorted(widths)
    assert widths[0] >= SMALLEST and widths[-1] == LARGEST


@pytest.mark.parametrize(("count", "form"), [(8, "tile"), (9, "dot"), (40, "dot"), (41, "block")])
def test_a_layer_takes_the_form_that_its_width_asks_for(count: int, form: str) -> None:
    assert layout(Facts((2, count, 1)), *VIEW).column(0).form == form


def test_inputs_that_are_pixels_are_one_picture_in_the_pixels_proportions() -> None:
    column = layout(Facts((48, 4, 1), picture=(6, 8)), *VIEW).column(-1)
    assert column.form == "picture"
    assert column.width / column.height == pytest.approx(8 / 6)
    assert len(column.port_ys) == 48
    assert column.port_ys.min() >= column.ys[0] - column.height / 2
    assert column.port_ys.max() <= column.ys[0] + column.height / 2


def test_an_unfolded_layer_shows_the_units_asked_for_and_counts_the_rest() -> None:
    units = tuple(range(3, 3 + UNFOLDED))
    column = layout(Facts((2, 128, 1), unfolded=((0, units),)), *VIEW).column(0)
    assert column.units == units
    assert column.hidden == 128 - UNFOLDED
    assert column.targets[0] == (0, 3)


def test_edges_at_one_tile_end_apart_but_within_the_tile() -> None:
    column = layout(Facts((2, 3, 2, 1)), *VIEW).column(1)
    spread = column.spread(3)
    assert spread.tolist() == [-12, 0, 12]
    assert np.abs(column.spread(40)).max() <= column.height / 2


def test_many_outputs_of_classes_leave_room_for_bars() -> None:
    plain, classes = (layout(Facts((64, 16, 10), (8, 8), False, chips), *VIEW) for chips in (False, True))
    assert classes.columns[-1].form == "chip"
    assert classes.loss_x - classes.columns[-1].x > plain.loss_x - plain.columns[-1].x


@pytest.mark.parametrize("facts", [
    Facts((2, 4, 1)), Facts((2, 3, 2, 1)), Facts((2, 2, 2)), Facts((2, *[8] * 6, 1)), Facts((13, 6, 3), named_inputs=True),
    Facts((64, 32, 16, 10), (8, 8), False, True, noted=True), Facts((784, 128, 64, 10), noted=True, classes=True),
    Facts((2, 3, 8, 8)),
])
@pytest.mark.parametrize("view", [VIEW, (722.0, 251.0), (644.0, 251.0), (1200.0, 560.0)])
def test_nothing_stands_below_the_legend_or_the_controls(facts: Facts, view: tuple[float, float]) -> None:
    plan = layout(facts, *view)
    wide, high = LOSS_WIDTH / 2, LOSS_HEIGHT / 2
    loss = (plan.loss_x - wide, plan.loss_y - high, plan.loss_x + wide, plan.loss_y + high)
    below = {column.layer: 10 if column.plates else 22 if column.form in ("block", "picture") else 0 for column in plan.columns}
    reaches = [(*box[:3], box[3] + below[column.layer])
               for column in plan.columns for box in boxes(replace(plan, columns=(column,)))]
    for left, _, right, bottom in (*reaches, loss):
        for corner in plan.corners:
            assert right <= corner.left or corner.right <= left or bottom <= corner.top, (bottom, corner)


def test_a_layer_between_the_corners_has_the_height_down_to_the_view_s_end() -> None:
    plan = layout(Facts((2, 4, 1)), 722, 251)
    assert plan.column(0).ys[-1] + plan.column(0).height / 2 > plan.corners[1].top


def test_layers_of_one_width_look_alike() -> None:
    plan = layout(Facts((2, *[8] * 6, 1)), 722, 251)
    assert len({(column.width, column.pitch, column.ys) for column in plan.columns[1:7]}) == 1
