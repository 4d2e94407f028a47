"""Where a frame stands, in words, and where jumps, the batch's strip and the history's band lead: as numbers."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.engine.experiment import Data, Experiment, Layer
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture.all_time import AllTime, ground
from nnsim.picture.batch_strip import BatchStrip, batch_strip
from nnsim.picture.time_picture import RunUntil, crumbs, finished_batches, jump, term_names

LAYERS = (Layer(width=3), Layer(width=2), Layer(width=1, activation="sigmoid"))


@cache
def simulation(batch_size: int = 12) -> Simulation:
    """A 2-3-2-1 network that has been trained for four epochs; with batches of 12, an epoch's last batch is smaller."""
    experiment = Experiment(data=Data(source="ring", samples=140), layers=LAYERS, batch_size=batch_size)
    made = Simulation(experiment)
    made.run(epochs=4)
    return made


def frame_at(moment: Moment, batch_size: int = 12) -> Frame:
    made = simulation(batch_size)
    made.seek(moment)
    return made.frame


def words(frame: Frame, grain: Grain) -> str:
    return " > ".join(crumb.text for crumb in crumbs(frame, grain))


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    made = simulation()
    batch = draw(st.integers(0, 4 * made.batches - 1))
    return Moment(batch, draw(st.integers(1, made.marks(batch).count)))


grains = st.sampled_from(Grain)


# crumbs


def test_crumbs_tell_the_whole_way_at_the_grain_of_a_neuron() -> None:
    frame = frame_at(Moment(10, 3 * simulation().marks(10).sample_length + simulation().marks(10).block(1, Grain.LAYER)[1] + 5))
    assert words(frame, Grain.NEURON) == "epoch 2 > batch 2 of 9 > sample 4 of 12 > forward > layer 2 > neuron 1"


def test_crumbs_fold_with_the_grain() -> None:
    marks = simulation().marks(0)
    assert words(frame_at(Moment(0, marks.count)), Grain.TERM).startswith("epoch 1 > batch 1 of 9 > update > layer 3")
    assert words(frame_at(Moment(0, marks.count)), Grain.BATCH) == "epoch 1 > batch 1 of 9"
    assert words(frame_at(Moment(8, simulation().marks(8).count)), Grain.EPOCH) == "epoch 1"
    assert words(frame_at(Moment(0, marks.sample_length)), Grain.SAMPLE) == "epoch 1 > batch 1 of 9 > sample 1 of 12 > backward"
    assert words(frame_at(Moment(0, marks.pass_length + 1)), Grain.TERM) == "epoch 1 > batch 1 of 9 > sample 1 of 12 > loss"


def test_a_coarse_grain_does_not_hide_that_the_cursor_stands_inside_a_batch() -> None:
    frame = frame_at(Moment(2, 5))
    assert words(frame, Grain.EPOCH) == words(frame, Grain.NEURON)


def test_the_start_is_said_to_be_the_start() -> None:
    assert words(frame_at(START), Grain.TERM) == "epoch 1 > batch 1 of 9 > start"


def test_terms_are_named_in_the_order_they_are_walked() -> None:
    marks = simulation().marks(0)
    assert term_names(frame_at(Moment(0, 1))) == ("weight 1", "weight 2", "bias", "output")
    assert term_names(frame_at(Moment(0, marks.sample_length))) == ("delta", "weight 1", "weight 2", "bias")
    assert term_names(frame_at(Moment(0, marks.count))) == ("weight 1", "weight 2", "bias")
    with pytest.raises(ValueError, match="no neuron"):
        term_names(frame_at(START))


@given(moments())
@settings(max_examples=60, deadline=None)
def test_the_crumb_of_a_term_says_what_the_mark_is(moment: Moment) -> None:
    frame = frame_at(moment)
    assert frame.mark is not None
    if frame.mark.layer is None:
        return
    inputs = frame.network.sizes[frame.mark.layer]
    own = "output" if frame.mark.phase == "forward" else "delta"
    expected = own if frame.mark.term is None else "bias" if frame.mark.term == inputs else f"weight {frame.mark.term + 1}"
    if frame.mark.closes == Grain.TERM:
        assert crumbs(frame, Grain.TERM)[-1].text == expected


# jumps


@given(moments(), grains, st.data())
@settings(max_examples=150, deadline=None)
def test_a_jump_changes_its_part_and_nothing_above_it(moment: Moment, grain: Grain, data: st.DataObject) -> None:
    frame = frame_at(moment)
    crumb = data.draw(st.sampled_from(crumbs(frame, grain)))
    number = data.draw(st.integers(1, crumb.count))
    there = frame_at(jump(frame, crumb.part, number, grain))
    before = {each.part: each.number for each in crumbs(frame, Grain.TERM)}
    after = {each.part: each.number for each in crumbs(there, Grain.TERM)}
    assert after[crumb.part] == number
    above = ("epoch", "batch", "sample", "phase", "layer", "neuron", "term")
    kept = above[: above.index(crumb.part)]
    assert all(after[part] == before[part] for part in kept if part in before and part in after)


@given(moments(), grains)
@settings(max_examples=60, deadline=None)
def test_a_jump_to_the_number_on_show_goes_nowhere(moment: Moment, grain: Grain) -> None:
    frame = frame_at(moment)
    for crumb in crumbs(frame, grain):
        if crumb.part != "phase":
            assert jump(frame, crumb.part, crumb.number, grain) == moment


def test_a_jump_to_another_sample_keeps_the_neuron() -> None:
    frame = frame_at(Moment(0, simulation().marks(0).next_stop(0, Grain.LAYER) or 0))
    there = frame_at(jump(frame, "sample", 5, Grain.NEURON))
    assert there.mark is not None and frame.mark is not None
    assert there.mark == frame.mark._replace(sample=4)


def test_a_jump_into_an_epochs_smaller_last_batch_goes_to_its_last_sample() -> None:
    marks = simulation().marks(0)
    frame = frame_at(Moment(0, 11 * marks.sample_length + 3))
    there = frame_at(jump(frame, "batch", 9, Grain.NEURON))
    assert there.marks.samples == 4
    assert there.mark is not None and (there.mark.sample, there.mark.phase) == (3, "forward")


def test_a_jump_from_the_start_goes_to_the_first_stop_of_the_batch() -> None:
    frame = frame_at(START)
    assert jump(frame, "batch", 3, Grain.NEURON) == Moment(2, 4)
    assert jump(frame, "phase", 2, Grain.NEURON) == Moment(0, simulation().marks(0).pass_length + 1)


def test_a_jump_to_what_does_not_exist_is_refused() -> None:
    frame = frame_at(Moment(0, 1))
    with pytest.raises(ValueError, match="choose 1 to 9"):
        jump(frame, "batch", 10, Grain.NEURON)
    with pytest.raises(ValueError, match="no epoch 0"):
        jump(frame, "epoch", 0, Grain.NEURON)
    with pytest.raises(ValueError, match="no layer"):
        jump(frame_at(START), "layer", 1, Grain.NEURON)


# when a run ends


def test_running_until_epochs_ends_with_the_last_of_them() -> None:
    made = Simulation(Experiment(data=Data(source="ring", samples=140), layers=LAYERS, batch_size=12))
    made.step("batch", 3)
    since, until = made.moment, RunUntil("epochs", 2)
    steps = 0
    while not until.reached(made.frame, since):
        made.step("batch")
        steps += 1
    assert finished_batches(made.frame) == 2 * made.batches
    assert steps == 2 * made.batches - 3


def test_running_until_a_loss_or_a_metric_looks_at_the_test_rows() -> None:
    frame = frame_at(Moment(20, 1))
    assert frame.test is not None
    assert RunUntil("loss", frame.test.loss).reached(frame, START)
    assert not RunUntil("loss", frame.test.loss * 0.99).reached(frame, START)
    assert RunUntil("metric", frame.test.metric).reached(frame, START)
    assert not RunUntil("metric", frame.test.metric + 0.01).reached(frame, START)
    assert not RunUntil().reached(frame, START)


# the strip of the batch


def covered(strip: BatchStrip) -> list[int]:
    """All marks of all cells, each as often as it is there."""
    return sorted(mark + repeat * cell.every for cell in strip.cells for repeat in range(cell.repeats)
                  for mark in range(cell.first, cell.last + 1))


@given(moments(), grains, st.floats(300, 2500), st.booleans())
@settings(max_examples=120, deadline=None)
def test_the_cells_hold_every_mark_of_the_batch_once(moment: Moment, grain: Grain, width: float, ribbon: bool) -> None:
    frame = frame_at(moment)
    strip = batch_strip(frame, grain, width, ribbon=ribbon)
    assert covered(strip) == list(range(1, frame.marks.count + 1))
    edges = [(cell.left, cell.left + cell.width) for cell in strip.cells]
    assert all(right <= left for (_, right), (left, _) in pairwise(edges))
    assert edges[0][0] == 0
    assert edges[-1][1] == pytest.approx(width, abs=16)


@given(moments(), grains, st.floats(300, 2500))
@settings(max_examples=60, deadline=None)
def test_a_click_on_a_cell_goes_to_its_end(moment: Moment, grain: Grain, width: float) -> None:
    frame = frame_at(moment)
    strip = batch_strip(frame, grain, width)
    for cell in strip.cells:
        ends = [cell.last + repeat * cell.every for repeat in range(cell.repeats)]
        assert strip.moment_at(frame, cell.left + 0.01) == Moment(moment.batch, ends[0])
        assert strip.mark_at(cell.left + cell.width - 0.01) == ends[-1]
    assert strip.mark_at(-50) == strip.cells[0].last
    assert strip.mark_at(width + 50) == frame.marks.count


@given(moments(), grains)
@settings(max_examples=60, deadline=None)
def test_what_is_done_lies_before_the_cursor_and_what_waits_after_it(moment: Moment, grain: Grain) -> None:
    strip = batch_strip(frame_at(moment), grain, 1300)
    for cell in strip.cells:
        state = "waiting" if cell.first > moment.mark else "done" if cell.last < moment.mark else "now"
        if cell.repeats == 1:
            assert cell.state == state
    assert sum(cell.state == "now" for cell in strip.cells if cell.repeats == 1) == 1


def test_the_current_sample_is_opened_to_its_neurons() -> None:
    marks = simulation().marks(0)
    strip = batch_strip(frame_at(Moment(0, 3 * marks.sample_length + 4)), Grain.NEURON, 1313)
    assert strip.opened is not None
    inside = [cell for cell in strip.cells if strip.opened[0] <= cell.left < strip.opened[1]]
    assert [cell.text for cell in inside] == ["1", "2", "3", "1", "2", "1", "loss", "1", "1", "2", "1", "2", "3"]
    assert [head.text for head in strip.heads if head.anchor == "left"] == ["L1 →", "L2 →", "L3 →", "L3 ←", "L2 ←", "L1 ←"]
    assert [head.text for head in strip.heads if head.strong] == ["sample 4"]


def test_the_update_is_opened_to_its_parameters() -> None:
    marks = simulation().marks(0)
    frame = frame_at(Moment(0, marks.update_start + 12))
    strip = batch_strip(frame, Grain.TERM, 1313)
    assert sum(cell.phase == "update" for cell in strip.cells) == frame.network.parameter_count
    closed = frame_at(Moment(0, marks.update_start + 13))
    assert sum(cell.phase == "update" for cell in batch_strip(closed, Grain.NEURON, 1313).cells) == sum(frame.network.widths)
    assert [head.text for head in strip.heads if head.anchor == "left"] == ["L1", "L2", "L3"]


def test_a_coarse_grain_folds_the_batch_into_four_blocks() -> None:
    strip = batch_strip(frame_at(Moment(0, simulation().marks(0).count)), Grain.BATCH, 1313)
    assert strip.folded
    assert [(cell.phase, cell.state) for cell in strip.cells] == [
        ("forward", "done"), ("loss", "done"), ("backward", "done"), ("update", "now")]


def test_samples_that_have_no_room_are_put_together() -> None:
    frame = frame_at(Moment(0, 40 * simulation(100).marks(0).sample_length + 4), 100)
    strip = batch_strip(frame, Grain.NEURON, 900)
    assert [head.text for head in strip.heads if head.anchor == "middle"] == ["1–40", "42–100"]
    assert covered(strip) == list(range(1, frame.marks.count + 1))
    first = strip.cells[0]
    assert strip.mark_at(first.left + 0.51 * first.width) == first.last + 20 * frame.marks.sample_length


def test_layers_too_wide_to_open_show_as_one_cell_each() -> None:
    wide = Simulation(Experiment(data=Data(source="ring", samples=40), layers=(Layer(width=200), Layer(activation="sigmoid"))))
    wide.step("neuron")
    texts = [cell.text for cell in batch_strip(wide.frame, Grain.NEURON, 900).cells if cell.text]
    assert texts == ["L1 →", "L2 →", "loss", "L2 ←", "L1 ←", "update"]


# all time


@given(st.integers(0, 36))
def test_every_batch_is_found_where_it_is_drawn(batch: int) -> None:
    time = AllTime(batches=9, computed=36, marks=100)
    assert time.moment(time.share(Moment(batch, 0))) == Moment(batch, 0)


def test_time_does_not_go_beyond_what_has_been_computed() -> None:
    time = AllTime.of(frame_at(Moment(3, 1)))
    assert time.moment(1.0) == Moment(36, 0)
    assert time.after(1000) == Moment(36, 0)
    assert time.after(-5) == START
    young = AllTime(batches=9, computed=2, marks=100)
    assert young.epochs == 1
    assert young.moment(0.9) == Moment(2, 0)


def test_the_band_ends_where_the_run_ends() -> None:
    frame = frame_at(Moment(36, 0))
    assert AllTime.of(frame).share(frame.moment) == 1
    assert AllTime.of(frame).share(START) == 0


@given(st.integers(1, 10**6), st.floats(100, 3000))
def test_ticks_stand_in_order_on_the_band_and_far_enough_apart(computed: int, width: float) -> None:
    ticks = AllTime(batches=25, computed=computed, marks=10).ticks(width, 60)
    shares = [tick.share for tick in ticks]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] <= 1 + 1e-9
    written = [tick.share * width for tick in ticks if tick.text]
    assert all(right - left >= 60 - 1e-6 for left, right in pairwise(written))


def test_the_ground_falls_with_the_loss_and_is_no_finer_than_asked() -> None:
    frame = frame_at(Moment(36, 0))
    shares, heights = ground(frame, 12)
    assert len(shares) == len(heights) == 12
    assert heights[:3].mean() > heights[-3:].mean()
    assert heights.min() >= 0 and heights.max() <= 1
    assert np.all(np.diff(shares) > 0)
    full, _ = ground(frame, 1000)
    assert len(full) == 36


def test_losses_that_are_not_finite_are_left_out_of_the_ground() -> None:
    made = Simulation(Experiment(data=Data(source="ring", samples=140), layers=LAYERS, batch_size=12))
    made.run(batches=3)
    made.history.batch_loss.record(3, [math.inf, math.nan])
    shares, heights = ground(made.frame, 100)
    assert len(shares) == 3
    assert np.isfinite(heights).all()


def test_an_untouched_network_has_no_ground() -> None:
    assert len(ground(Simulation(Experiment(layers=LAYERS)).frame, 100)[0]) == 0
