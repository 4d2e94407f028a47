"""What the diagram says at each moment of a real run."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.labels import GRADIENT_PLATE, LARGE
from nnsim.picture.layout import HALF_PLATE, layout
from nnsim.picture.network_picture import _facts, network_picture
from nnsim.picture.neurons import PLATE_HEIGHT
from nnsim.picture.palette import THEMES, blend
from nnsim.picture.picture import Cell, DiagramView, Picture, Strand, along
from nnsim.picture.reading import Reading, stable_scale, to_tones
from nnsim.picture.targets import EdgeTarget, NeuronTarget

VIEW = DiagramView(824, 384)
LIGHT = THEMES["light"]


def small(**learning: object) -> Simulation:
    layers = (Layer(width=3), Layer(width=2), Layer(width=1, activation="sigmoid"))
    method = Learning.model_validate({"rate": 1.0, **learning})
    experiment = Experiment(data=Data(source="ring"), layers=layers, seed=10, learning=method)
    simulation = Simulation(experiment)
    simulation.run(epochs=3)
    return simulation


def seek(simulation: Simulation, **place: object) -> Simulation:
    """Go to the first mark of the next batch that has these fields."""
    batch = simulation.moment.batch + 1
    marks = simulation.marks(batch)
    number = next(number for number in range(1, marks.count + 1)
                  if all(getattr(marks.at(number), name) == value for name, value in place.items()))
    simulation.seek(Moment(batch, number))
    return simulation


def draw(simulation: Simulation, view: DiagramView = VIEW, theme: str = "light", maps: int = 8) -> tuple[Frame, Picture]:
    frame = simulation.look(Wants(maps=maps))
    return frame, network_picture(frame, view, THEMES[theme])


def cell(picture: Picture, layer: int, neuron: int) -> Cell:
    return picture.cell_of[NeuronTarget(layer, neuron)]


def texts(picture: Picture) -> set[str]:
    return {plate.text for plate in picture.plates} | {words.text for words in picture.words}


def strand_of(picture: Picture, target: EdgeTarget) -> Strand:
    """The strand that holds an edge."""
    index = next(index for index in range(len(picture.edges)) if picture.edges.target(index) == target)
    ends = picture.edges.ends[index]
    return next(strand for strand in picture.strands if (strand.ends == ends).all(axis=1).any())


def test_at_the_start_maps_and_weights_are_shown_and_every_output_is_a_question() -> None:
    simulation = small()
    simulation.rewind()
    _, picture = draw(simulation)
    assert cell(picture, 0, 0).pixels is not None
    assert len(picture.edges) == 14 + 6
    assert {plate.text for plate in picture.plates} == {"?"}
    assert len(picture.plates) == 6
    assert "Press → to compute the first neuron" in texts(picture)
    assert picture.cell_of[NeuronTarget(-1, 0)].dot is None


def test_going_forward_the_neuron_at_work_carries_ring_plate_and_its_weights() -> None:
    frame, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None))
    here = cell(picture, 1, 0)
    assert here.ring == LIGHT.forward and here.pixels is not None and not here.dotted
    assert frame.trace is not None
    output = numbers.fixed(float(frame.trace.outputs[1][0, 3]))
    plate = next(plate for plate in picture.plates if plate.text == output)
    assert (plate.ground, plate.ink) == (LIGHT.forward, LIGHT.base)
    badges = {plate.badge: plate.text for plate in picture.plates if plate.badge}
    weights = [*frame.weights[1][:, 0].tolist(), float(frame.biases[1][0])]
    assert badges == dict(zip("123b", map(numbers.fixed, weights), strict=True))


def test_what_is_not_yet_computed_is_hollow_dotted_and_a_question() -> None:
    frame, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None))
    later = cell(picture, 1, 1)
    assert later.dotted and later.pixels is None and later.ground == LIGHT.base and later.ring is None
    assert frame.trace is not None
    assert numbers.fixed(float(frame.trace.outputs[1][1, 3])) not in texts(picture)
    assert cell(picture, 0, 2).pixels is not None


def test_a_neuron_at_work_keeps_its_output_to_itself_until_it_is_computed() -> None:
    frame, picture = draw(seek(small(), phase="forward", sample=0, layer=0, neuron=0, term=0))
    assert frame.trace is not None
    assert numbers.fixed(float(frame.trace.outputs[0][0, 0])) not in texts(picture)
    assert cell(picture, 0, 0).pixels is None
    assert {plate.badge for plate in picture.plates if plate.badge} == {"1"}
    frame, picture = draw(seek(small(), phase="forward", sample=0, layer=0, neuron=0, term=2))
    assert frame.trace is not None
    assert f"z {numbers.fixed(float(frame.trace.sums[0][0, 0]))}" in texts(picture)


def test_the_column_at_work_is_tinted_and_its_head_takes_the_phase() -> None:
    _, picture = draw(seek(small(), phase="forward", sample=0, layer=1, neuron=1, term=None))
    head = next(head for head in picture.heads if head.layer == 1)
    tint = picture.slabs[0]
    assert head.colour == LIGHT.forward
    assert tint.ground == LIGHT.column_tint("forward")
    assert tint.left + tint.width / 2 == pytest.approx(head.x)
    assert [head.colour for head in picture.heads if head.layer != 1] == [LIGHT.ink] * 4


def test_in_high_contrast_the_column_is_outlined_instead() -> None:
    _, picture = draw(seek(small(), phase="forward", sample=0, layer=1, neuron=1, term=None), theme="high-contrast")
    assert picture.slabs[0].ground is None
    assert picture.slabs[0].outline == THEMES["high-contrast"].forward


def test_width_and_dash_tell_size_and_sign() -> None:
    simulation = small()
    simulation.rewind()
    frame, picture = draw(simulation)
    scale = stable_scale(max(float(np.abs(weights).max()) for weights in frame.weights))
    for index in range(len(picture.edges)):
        layer, row, neuron = target = picture.edges.target(index)
        if row == frame.network.sizes[layer]:
            continue
        weight = float(frame.weights[layer][row, neuron])
        strand = strand_of(picture, target)
        assert strand.width == pytest.approx(1.2 + 8.8 * min(1, abs(weight) / scale), abs=0.051)
        assert strand.dash == ("dashed" if weight < 0 else "solid")


def test_edges_at_work_are_at_full_tone_and_others_blend_into_the_base() -> None:
    frame, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None))
    weights = frame.weights
    assert strand_of(picture, EdgeTarget(1, 0, 0)).colour == LIGHT.sign(float(weights[1][0, 0]))
    assert strand_of(picture, EdgeTarget(1, 0, 0)).casings[0][0] == LIGHT.base
    assert strand_of(picture, EdgeTarget(0, 0, 0)).colour == blend(LIGHT.sign(float(weights[0][0, 0])), LIGHT.base, 0.6)
    waiting = blend(LIGHT.sign(float(weights[2][0, 0])), LIGHT.base, 0.72)
    assert strand_of(picture, EdgeTarget(2, 0, 0)).colour == waiting


def test_high_contrast_halves_the_dimming() -> None:
    theme = THEMES["high-contrast"]
    frame, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None), theme="high-contrast")
    assert strand_of(picture, EdgeTarget(0, 0, 0)).colour == blend(theme.sign(float(frame.weights[0][0, 0])), theme.base, 0.3)


def test_strong_edges_are_painted_over_weak_ones_and_those_at_work_last() -> None:
    _, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None))
    cased = [bool(strand.casings) for strand in picture.strands]
    assert cased == sorted(cased)
    for at_work in (False, True):
        widths = [strand.width for strand in picture.strands if bool(strand.casings) == at_work]
        assert widths == sorted(widths)


def test_going_backward_edges_show_this_samples_gradients_as_far_as_they_are_known() -> None:
    frame, picture = draw(seek(small(), phase="backward", sample=3, layer=1, neuron=0, term=3))
    trace = frame.trace
    assert trace is not None and picture.edges.quantity == "∂L/∂W"
    shown = {picture.edges.target(index): float(picture.edges.shown[index]) for index in range(len(picture.edges))}
    for row in range(3):
        gradient = float(trace.passed[0][row, 3] * trace.deltas[1][0, 3])
        assert shown[EdgeTarget(1, row, 0)] == pytest.approx(gradient, rel=1e-12)
        assert math.isnan(shown[EdgeTarget(1, row, 1)])
    assert all(math.isnan(shown[EdgeTarget(0, 0, neuron)]) for neuron in range(3))
    assert strand_of(picture, EdgeTarget(0, 0, 0)).dash == "dotted"
    badges = {plate.badge: plate.text for plate in picture.plates if plate.badge}
    assert badges["2"] == numbers.significant(shown[EdgeTarget(1, 1, 0)])
    assert {sign.kind for sign in picture.signs} == {"chevron"}


def test_gradients_of_single_samples_sum_to_the_batch_gradient() -> None:
    simulation = seek(small(), phase="backward", sample=0, layer=0, neuron=2, term=2)
    batch, _ = simulation.moment
    total = np.zeros((3, 2))
    marks = simulation.marks(batch)
    for sample in range(marks.samples):
        simulation.seek(Moment(batch, (sample + 1) * marks.sample_length))
        frame, picture = draw(simulation, maps=0)
        for index in range(len(picture.edges)):
            layer, row, neuron = picture.edges.target(index)
            if layer == 1 and row < 3:
                total[row, neuron] += picture.edges.shown[index]
    assert frame.trace is not None
    assert np.allclose(total, frame.network.weights(frame.trace.gradient)[1], rtol=1e-10)


def test_a_known_delta_is_one_tone_with_its_number_and_an_unknown_one_a_faint_map() -> None:
    frame, picture = draw(seek(small(), phase="backward", sample=3, layer=1, neuron=0, term=None))
    trace = frame.trace
    assert trace is not None
    deltas = [layer[:, 3] for layer in trace.deltas]
    largest = max(float(np.abs(layer).max()) for layer in deltas)
    known = cell(picture, 1, 0)
    assert known.pixels is None and known.ground == LIGHT.tone(float(deltas[1][0]) / largest)
    assert numbers.significant(float(deltas[1][0])) in texts(picture)
    unknown = cell(picture, 0, 0)
    assert unknown.dotted and unknown.pixels is not None
    assert frame.maps is not None
    full = LIGHT.pixels(to_tones(frame.maps.maps[0][0][::-1], "tanh", 1.0))
    red = (unknown.pixels >> 16 & 255).astype(float)
    assert np.abs(red - (255 + 0.22 * ((full >> 16 & 255).astype(float) - 255))).max() <= 2
    assert "δ ?" in texts(picture)
    assert f"a {numbers.fixed(float(trace.outputs[0][0, 3]))}" in texts(picture)


def test_in_the_update_the_weight_at_work_says_old_and_new_and_the_changed_ones_rose_or_fell() -> None:
    frame, picture = draw(seek(small(optimizer="adam", rate=0.02), phase="update", layer=1, neuron=0, term=1), theme="dark")
    trace = frame.trace
    assert trace is not None
    old, new = (float(frame.network.weights(theta)[1][1, 0]) for theta in (trace.before, trace.after))
    assert f"{numbers.fixed(old)} → {numbers.fixed(new)}" in texts(picture)
    dark = THEMES["dark"]
    assert [colour for colour, _ in strand_of(picture, EdgeTarget(1, 1, 0)).casings] == [dark.update, dark.base]
    change = frame.network.weights(trace.after - trace.before)
    done = [float(change[0][row, neuron]) for row in range(2) for neuron in range(3)] + [float(change[1][0, 0])]
    assert sorted(sign.kind for sign in picture.signs) == sorted("rose" if value > 0 else "fell" for value in done)
    assert cell(picture, 0, 0).pixels is not None
    assert {"samples", "batch loss", numbers.loss(trace.loss)} <= texts(picture)


def test_response_maps_stand_upright_with_the_sample_where_its_inputs_say() -> None:
    frame, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None))
    assert frame.maps is not None and frame.row is not None
    here = cell(picture, 0, 1)
    assert here.pixels is not None
    assert np.array_equal(here.pixels, LIGHT.pixels(frame.maps.maps[0][1])[::-1])
    left, right, bottom, top = frame.maps.extent
    x, y = frame.dataset.inputs[frame.row]
    assert here.dot is not None
    assert (here.dot.x, here.dot.y) == pytest.approx(((x - left) / (right - left), (top - y) / (top - bottom)))
    first, second = (picture.cell_of[NeuronTarget(-1, unit)].pixels for unit in (0, 1))
    assert first is not None and second is not None
    assert (first == first[0]).all() and (second == second[:, :1]).all()


def test_without_maps_a_tile_is_filled_with_its_value() -> None:
    frame, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None), maps=0)
    assert frame.trace is not None
    assert cell(picture, 0, 1).pixels is None
    assert cell(picture, 0, 1).ground == LIGHT.tone(float(frame.trace.outputs[0][1, 3]))


def test_saturated_and_dead_neurons_are_flagged() -> None:
    _, picture = draw(seek(small(), phase="loss", sample=0))
    frame = seek(small(), phase="loss", sample=0).look(Wants())
    assert frame.trace is not None
    flat = sum(int((np.abs(frame.trace.outputs[layer][:, 0]) > 0.995).sum()) for layer in (0, 1))
    last = float(frame.trace.outputs[2][0, 0])
    assert sum(plate.text == "sat." for plate in picture.plates) == flat + (min(last, 1 - last) < 0.005)
    relu = Experiment(data=Data(source="ring"), layers=(Layer(width=3, activation="relu"), Layer(width=1, activation="sigmoid")))
    simulation = Simulation(relu)
    simulation.set_parameter(0, 2, 1, -1000.0)
    _, picture = draw(seek(simulation, phase="loss", sample=0))
    assert cell(picture, 0, 1).struck == LIGHT.line2 and cell(picture, 0, 1).pixels is None
    assert [plate.text for plate in picture.plates].count("dead") == 1


def test_in_a_crowded_layer_a_saturated_neuron_says_so_beside_itself() -> None:
    simulation = Simulation(Experiment(data=Data(source="spiral"), layers=(Layer(width=8), Layer(width=1, activation="sigmoid"))))
    simulation.set_parameter(0, 2, 3, 100.0)
    _, picture = draw(seek(simulation, phase="loss", sample=0))
    [flag] = [words for words in picture.words if words.text == "sat." and abs(words.y - cell(picture, 0, 3).y) < 12]
    at = cell(picture, 0, 3)
    assert flag.x > at.x + at.width / 2 and flag.colour == LIGHT.warn


def test_the_badge_of_an_edge_is_not_hidden_by_the_number_of_the_input_that_it_leaves() -> None:
    simulation = Simulation(Experiment(data=Data(source="spiral"), layers=(
        Layer(width=8), Layer(width=8), Layer(width=1, activation="sigmoid"))))
    seek(simulation, phase="backward", layer=0, neuron=0)
    simulation.step(Grain.NEURON)
    _, picture = draw(simulation, DiagramView(799, 362))
    badged = [plate for plate in picture.plates if plate.badge in ("1", "2")]
    number = next(plate for plate in picture.plates if abs(plate.x - cell(picture, -1, 0).x) < 1)
    assert len(badged) == 2
    for plate in badged:
        assert plate.align == "right" and plate.x - GRADIENT_PLATE * plate.size / LARGE >= number.x + HALF_PLATE


def test_a_number_that_is_not_finite_is_shown_as_diverged() -> None:
    frame, _ = draw(seek(small(), phase="loss", sample=0))
    assert frame.trace is not None
    outputs = tuple(layer.copy() for layer in frame.trace.outputs)
    outputs[0][1, 0] = math.inf
    broken = replace(frame, trace=replace(frame.trace, outputs=outputs))
    picture = network_picture(broken, VIEW, LIGHT)
    assert (cell(picture, 0, 1).outline, cell(picture, 0, 1).outline_width) == (LIGHT.error, 3)
    assert "∞" in texts(picture)


def test_selecting_a_neuron_outlines_it_and_brings_its_edges_out() -> None:
    simulation = seek(small(), phase="forward", sample=0, layer=0, neuron=0, term=None)
    frame, picture = draw(simulation, replace(VIEW, selected=NeuronTarget(1, 1), hovered=NeuronTarget(0, 2)))
    assert (cell(picture, 1, 1).outline, cell(picture, 1, 1).outline_width) == (LIGHT.ink, 3)
    assert (cell(picture, 0, 2).outline, cell(picture, 0, 2).outline_width) == (LIGHT.ink, 2)
    for target in (EdgeTarget(1, 0, 1), EdgeTarget(2, 1, 0), EdgeTarget(0, 1, 2)):
        weight = float(frame.weights[target.layer][target.row, target.neuron])
        assert strand_of(picture, target).colour == LIGHT.sign(weight)


def test_the_choice_of_edges_overrides_the_phase() -> None:
    simulation = seek(small(), phase="update", layer=2, neuron=0, term=2)
    frame, picture = draw(simulation, replace(VIEW, edges="gradients"))
    trace = frame.trace
    assert trace is not None
    values = {picture.edges.target(index): float(picture.edges.shown[index]) for index in range(len(picture.edges))}
    assert values[EdgeTarget(0, 1, 2)] == float(frame.network.weights(trace.gradient)[0][1, 2])
    _, picture = draw(simulation, replace(VIEW, edges="change"))
    values = {picture.edges.target(index): float(picture.edges.shown[index]) for index in range(len(picture.edges))}
    assert values[EdgeTarget(0, 1, 2)] == float(frame.network.weights(trace.after - trace.before)[0][1, 2])
    _, picture = draw(simulation, replace(VIEW, edges="none"))
    assert len(picture.edges) == 0 and picture.strands == () and picture.legend is None


def test_all_labels_put_a_number_on_every_weight() -> None:
    simulation = seek(small(), phase="loss", sample=0)
    frame, picture = draw(simulation, replace(VIEW, labels_all=True))
    labels = sorted(plate.text for plate in picture.plates if plate.badge)
    assert labels == sorted(numbers.fixed(float(weight)) for weights in frame.weights for weight in weights.ravel())


def test_plates_in_one_gap_do_not_cover_each_other() -> None:
    _, picture = draw(seek(small(), phase="loss", sample=0), replace(VIEW, labels_all=True))
    plates = [plate for plate in picture.plates if plate.badge]
    for x in {plate.x for plate in plates}:
        ys = sorted(plate.y for plate in plates if plate.x == x)
        assert all(after - before > 20 for before, after in itertools.pairwise(ys))


def test_too_many_edges_are_reduced_to_the_strongest_and_the_number_is_said() -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.step("batch", 3)
    for playing, budget in ((True, 300), (False, 800)):
        frame, picture = draw(simulation, replace(VIEW, playing=playing), maps=0)
        drawn = list(map(picture.edges.target, range(len(picture.edges))))
        assert len(drawn) <= budget + 1
        assert picture.note == f"{len(drawn):,} of 2,720 weights drawn: the strongest of each layer"
        kept = {(target.row, target.neuron) for target in drawn if target.layer == 0}
        strengths = np.abs(frame.weights[0])
        weakest = min(strengths[place] for place in kept)
        left_out = [strengths[place] for place in np.ndindex(*strengths.shape) if place not in kept]
        assert max(left_out) <= weakest


def test_while_playing_there_are_no_badges_rings_or_tints() -> None:
    simulation = seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None)
    _, picture = draw(simulation, replace(VIEW, playing=True))
    assert all(cell.ring is None for cell in picture.cells)
    assert not any(plate.badge for plate in picture.plates)
    assert picture.slabs == () and picture.signs == ()


def test_digits_are_a_picture_and_classes_carry_bars_that_say_their_shares() -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.step("batch", 30)
    frame, picture = draw(seek(simulation, phase="loss", sample=2), maps=0)
    pixels = picture.cell_of[NeuronTarget(-1, 0)]
    assert pixels.pixels is not None and pixels.pixels.shape == (8, 8) and pixels.units == 64
    assert pixels.target_at(pixels.x - pixels.width / 2 + 1, pixels.y + pixels.height / 2 - 1) == NeuronTarget(-1, 56)
    assert frame.trace is not None
    shares = frame.trace.outputs[-1][:, 2]
    assert f"{shares.max() * 100:.0f} %" in texts(picture)
    assert len([slab for slab in picture.slabs if slab.ground == LIGHT.pos]) == int((shares * 62 >= 0.5).sum())


def test_wide_layers_fold_into_a_block_and_unfold_to_their_strongest() -> None:
    layers = (Layer(width=128), Layer(width=1, activation="sigmoid"))
    simulation = Simulation(Experiment(data=Data(source="ring"), layers=layers))
    simulation.step("batch")
    frame, picture = draw(simulation, maps=0)
    block = picture.cell_of[NeuronTarget(0, 0)]
    assert block.units == 128 and block.pixels is not None and "128 neurons" in texts(picture)
    assert next(head.fold for head in picture.heads if head.layer == 0) == "folded"
    assert picture.holding(NeuronTarget(0, 99)) is block
    _, picture = draw(simulation, replace(VIEW, unfolded=frozenset({0})), maps=0)
    shown = {cell.target.neuron for cell in picture.cells if isinstance(cell.target, NeuronTarget) and cell.target.layer == 0}
    strength = np.abs(frame.weights[0]).sum(axis=0)
    assert shown == set(np.argsort(-strength, kind="stable")[:16].tolist())
    assert "112 more" in texts(picture)
    assert next(head.fold for head in picture.heads if head.layer == 0) == "unfolded"


def test_the_sentence_says_where_the_walk_stands() -> None:
    frame, picture = draw(seek(small(), phase="forward", sample=3, layer=1, neuron=0, term=None))
    assert frame.trace is not None
    output = numbers.fixed(float(frame.trace.outputs[1][0, 3]))
    place = "Network 2-3-2-1, forward, sample 4 of 10: layer 2, neuron 1 of 2 is at work"
    assert picture.sentence == f"{place}; its output is {output}."


@pytest.mark.parametrize("name", ["one-neuron", "perceptron", "xor", "spiral", "plane", "digits", "iris", "wine",
                                  "breast-cancer", "textbook-2-2-2"])
@pytest.mark.parametrize("theme", list(THEMES))
def test_every_example_has_a_picture_in_every_phase(name: str, theme: str) -> None:
    simulation = Simulation(example(name).experiment)
    _, picture = draw(simulation, theme=theme)
    assert picture.sentence.endswith("nothing computed yet.")
    for phase in ("forward", "loss", "backward", "update"):
        seek(simulation, phase=phase)
        for view in (VIEW, replace(VIEW, playing=True), DiagramView(420, 280)):
            _, picture = draw(simulation, view, theme)
            assert phase in picture.sentence
            assert all(np.isfinite(strand.ends).all() for strand in picture.strands)


@pytest.mark.parametrize(("top", "scale"), [(0.0, 1), (1.0, 1), (1.01, 2), (2.7, 5), (5.1, 10), (0.0049, 0.005), (math.inf, 1)])
def test_scales_go_in_steps(top: float, scale: float) -> None:
    assert stable_scale(top) == pytest.approx(scale)


def test_a_curved_edge_leaves_and_arrives_level_at_its_ends() -> None:
    ends = np.array([[10.0, 20.0, 110.0, 80.0]])
    assert np.allclose(along(ends, 0.0, True), [[10], [20]])
    assert np.allclose(along(ends, 1.0, True), [[110], [80]])
    assert np.allclose(along(ends, 0.5, True), [[60], [50]])
    assert along(ends, 0.01, True)[1][0] - 20 < 0.1


@pytest.mark.parametrize("grain", list(Grain))
def test_a_start_says_what_the_first_step_computes(grain: Grain) -> None:
    frame = Simulation(example("ring").experiment).look(Wants(maps=8))
    said = {words.text for words in network_picture(frame, DiagramView(824, 384, grain=grain), THEMES["light"]).words}
    first = {Grain.TERM: "product", Grain.PASS: "forward pass"}.get(grain, grain.name.lower())
    assert f"Press → to compute the first {first}" in said


@pytest.mark.parametrize("size", [(800, 362), (800, 300), (1290, 450)])
def test_the_number_of_every_neuron_at_work_keeps_clear_of_the_views_end_and_of_what_lies_in_its_corners(
        size: tuple[int, int]) -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.step("pass", 2)
    view = DiagramView(*size)
    seen = 0
    for _ in range(10 + 16 + 32):
        simulation.step("neuron")
        frame, picture = draw(simulation, view)
        plan = layout(_facts(Reading(frame, view)), *size)
        for plate in picture.plates:
            if plate.ground == LIGHT.backward:
                seen += 1
                assert plate.y + PLATE_HEIGHT / 2 <= plan.floor(plate.x - 36, plate.x + 36)
    assert seen > 40


@pytest.mark.parametrize(("size", "said"), [((824, 384), True), ((720, 250), False), ((720, 215), False)])
def test_what_to_press_first_is_left_to_the_equations_where_names_need_its_place(size: tuple[int, int], said: bool) -> None:
    for name, is_there in (("spiral", False), ("ring", said)):
        frame = Simulation(example(name).experiment).look(Wants(maps=8))
        picture = network_picture(frame, DiagramView(*size), LIGHT)
        hints = [words for words in picture.words if words.text.startswith("Press →")]
        names = [words for words in picture.words if "·" in words.text and abs(words.x - size[0] / 2) < 130]
        assert all(abs(words.y - hint.y) >= 12 for words in names for hint in hints)
        if name == "ring":
            assert bool(hints) == is_there
