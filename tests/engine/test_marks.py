"""The arithmetic of marks against the walk, which is the readable specification."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.network import Network
from nnsim.engine.frame import Known
from nnsim.engine.marks import Grain, Mark, Marks, walk

SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=5).map(tuple)
SAMPLES = st.integers(1, 3)
WITHIN_A_BATCH = tuple(grain for grain in Grain if grain <= Grain.BATCH)


def stops(sizes: tuple[int, ...], samples: int, grain: Grain) -> list[int]:
    """The numbers of all marks that close ``grain`` or more, by walking."""
    return [number for number, mark in enumerate(walk(sizes, samples), 1) if mark.closes >= grain]


@given(SIZES, SAMPLES)
def test_every_mark_number_has_the_place_that_the_walk_gives_it(sizes: tuple[int, ...], samples: int) -> None:
    marks = Marks(sizes, samples)
    assert [marks.at(number) for number in range(1, marks.count + 1)] == list(walk(sizes, samples))


@given(SIZES, SAMPLES)
def test_counts_are_those_of_the_walk(sizes: tuple[int, ...], samples: int) -> None:
    marks, walked = Marks(sizes, samples), list(walk(sizes, samples))
    assert marks.count == len(walked)
    assert marks.update_start == sum(mark.phase != "update" for mark in walked)
    assert marks.sample_length == sum(mark.sample == 0 for mark in walked)
    assert marks.pass_length == sum(mark.sample == 0 and mark.phase == "forward" for mark in walked)
    assert marks.pass_length == sum(mark.sample == 0 and mark.phase == "backward" for mark in walked)
    assert marks.count - marks.update_start == Network(sizes[0], sizes[1:], ("tanh",) * (len(sizes) - 1)).parameter_count


@given(SIZES, SAMPLES, st.sampled_from(WITHIN_A_BATCH))
def test_next_and_previous_stops_are_the_walks_nearest(sizes: tuple[int, ...], samples: int, grain: Grain) -> None:
    marks = Marks(sizes, samples)
    closing = stops(sizes, samples, grain)
    for number in range(marks.count + 1):
        later = [stop for stop in closing if stop > number]
        earlier = [stop for stop in closing if stop < number]
        assert marks.next_stop(number, grain) == (later[0] if later else None)
        assert marks.previous_stop(number, grain) == (earlier[-1] if earlier else 0)


@given(SIZES, SAMPLES, st.sampled_from(WITHIN_A_BATCH))
def test_blocks_part_the_batch_at_its_stops(sizes: tuple[int, ...], samples: int, grain: Grain) -> None:
    marks = Marks(sizes, samples)
    ends = stops(sizes, samples, grain)
    expected = [(first + 1, last) for first, last in zip([0, *ends], ends, strict=False)]
    assert [marks.block(number, grain) for number in range(1, marks.count + 1)] == [
        block for block in expected for _ in range(block[0], block[1] + 1)]


@given(SIZES, SAMPLES)
def test_a_coarser_grain_stops_only_where_a_finer_one_does(sizes: tuple[int, ...], samples: int) -> None:
    found = [set(stops(sizes, samples, grain)) for grain in WITHIN_A_BATCH]
    assert all(coarser <= finer for finer, coarser in pairwise(found))
    assert found[0] == set(range(1, Marks(sizes, samples).count + 1))
    assert found[-1] == {Marks(sizes, samples).count}


def test_the_batch_as_a_block_of_an_epoch_is_itself() -> None:
    marks = Marks((2, 3, 1), 2)
    assert marks.block(5, Grain.EPOCH) == marks.block(5, Grain.BATCH) == (1, marks.count)


@pytest.mark.parametrize("number", [-1, 0, 10**9])
def test_a_mark_outside_the_batch_is_an_index_error(number: int) -> None:
    with pytest.raises(IndexError, match="is not among the batch's 1 to"):
        Marks((2, 3, 1), 2).at(number)


def test_passes_samples_and_batches_are_counted_as_people_count_them() -> None:
    sizes, samples = (2, 4, 2, 1), 3
    assert len(stops(sizes, samples, Grain.PASS)) == 3 * samples + 1  # forward, loss, backward; one update
    assert len(stops(sizes, samples, Grain.SAMPLE)) == samples + 1
    assert len(stops(sizes, samples, Grain.LAYER)) == samples * (3 + 1 + 3) + 3
    assert len(stops(sizes, samples, Grain.NEURON)) == samples * (7 + 1 + 7) + 7


def test_tens_of_millions_of_marks_are_counted_not_listed() -> None:
    marks = Marks((784, 1024, 512, 10), 32)
    middle = marks.at(marks.count // 2)
    assert marks.count > 80_000_000
    assert marks.at(marks.count) == Mark("update", None, 2, 9, 512, Grain.BATCH)
    assert marks.at(marks.update_start) == Mark("backward", 31, 0, 1023, 784, Grain.SAMPLE)
    assert (middle.phase, middle.sample) == ("forward", 16)


def test_grains_are_found_by_name_and_ordered_from_fine_to_coarse() -> None:
    names = ["term", "neuron", "layer", "pass", "sample", "batch", "epoch"]
    assert [Grain.named(name) for name in names] == sorted(Grain)
    assert Grain.named("Layer") is Grain.LAYER
    with pytest.raises(ValueError, match="no grain 'week': choose term, neuron, layer, pass, sample, batch, epoch"):
        Grain.named("week")


# what is known at a mark

def known_by_walking(sizes: tuple[int, ...], samples: int, softmax: bool) -> list[Known]:
    """What is known after each mark, by collecting what the walk has passed."""
    depth = len(sizes) - 1
    found = []
    sums, outputs, deltas, gradients, updated = ([0] * depth for _ in range(5))
    loss = False
    for mark in walk(sizes, samples):
        here, neuron, term = mark.layer, mark.neuron, mark.term
        if mark.phase == "forward" and (here, neuron, term) == (0, 0, 0):
            sums, outputs, deltas, gradients = ([0] * depth for _ in range(4))
            loss = False
        working, terms = None, 0
        if mark.phase == "loss":
            loss = True
        else:
            assert here is not None and neuron is not None
            working, inputs = (here, neuron), sizes[here]
            if mark.phase == "forward":
                terms = inputs + 1 if term is None else term + 1
                if term == inputs:
                    sums[here] += 1
                if term is None:
                    outputs[here] += 1
            elif mark.phase == "backward":
                terms = 0 if term is None else term + 1
                if term is None:
                    deltas[here] += 1
                if term == inputs:
                    gradients[here] += 1
            else:
                assert term is not None
                terms = term + 1
                updated[here] += term == inputs
        shown = list(outputs)
        if softmax and shown[-1] < sizes[-1]:
            shown[-1] = 0
        found.append(Known(tuple(sums), tuple(shown), loss, tuple(deltas), tuple(gradients), tuple(updated), working, terms))
    return found


@given(SIZES, SAMPLES, st.booleans())
def test_what_is_known_is_what_the_walk_has_passed(sizes: tuple[int, ...], samples: int, softmax: bool) -> None:
    activations = ("tanh",) * (len(sizes) - 2) + ("softmax" if softmax else "tanh",)
    network = Network(sizes[0], sizes[1:], activations)
    marks = Marks(sizes, samples)
    found = [Known.at(marks.at(number), network) for number in range(1, marks.count + 1)]
    assert found == known_by_walking(sizes, samples, softmax)


def test_at_the_start_nothing_is_known() -> None:
    known = Known.at(None, Network(2, (3, 1), ("tanh", "tanh")))
    assert known == Known((0, 0), (0, 0), False, (0, 0), (0, 0), (0, 0), None, 0)
