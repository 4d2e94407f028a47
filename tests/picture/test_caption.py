"""Captions hold the trace's own numbers, and nothing that the moment does not know yet."""

import math
import re
from typing import Any

import numpy as np
import pytest

from nnsim.core.losses import LOSSES
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.caption import Caption, caption
from nnsim.picture.caption_optimizers import FORMULAS, LINES
from nnsim.picture.caption_parts import Number
from nnsim.picture.caption_place import MOST_ROWS
from nnsim.picture.caption_rounding import MOST_WRITTEN, Rounding
from nnsim.picture.caption_text import plain_text
from nnsim.picture.latex_parts import DOTS
from nnsim.picture.latex_text import plain
from nnsim.picture.targets import EdgeTarget, NeuronTarget

LAYERS = (Layer(width=3), Layer(width=2, activation="relu"), Layer(width=1, activation="sigmoid"))


def experiment(layers: tuple[Layer, ...] = LAYERS, source: str = "ring", batch_size: int = 3, **learning: object) -> Experiment:
    return Experiment(data=Data(source=source, samples=30), layers=layers, batch_size=batch_size, seed=4,
                      learning=Learning.model_validate({"rate": 0.05, **learning}))


def step_to(
    sim: Simulation, phase: str, layer: int | None = None, neuron: int | None = None, term: int | str | None = "any"
) -> Frame:
    """Step term by term to the first such mark."""
    for _ in range(5000):
        sim.step("term")
        mark = sim.frame.mark
        assert mark is not None
        if mark.phase == phase and layer in (None, mark.layer) and neuron in (None, mark.neuron) and term in ("any", mark.term):
            return sim.frame
    raise AssertionError("the batch has no such mark")


def all_numbers(shown: Caption) -> list[Number]:
    numbers = [card.number for card in shown.cards] + [line.number for line in shown.lines]
    if shown.terms is not None:
        for row in shown.terms.rows:
            numbers += [row.input, row.factor, row.product, *([row.total] if row.total else [])]
        numbers += [shown.terms.sum] if shown.terms.sum else []
    numbers += [shown.result.number] if shown.result else []
    numbers += [shown.move.old, shown.move.new] if shown.move else []
    return numbers


def test_the_start_says_what_to_press() -> None:
    shown = caption(Simulation(experiment()).frame)
    assert shown.phase == "start"
    assert "Press →" in shown.sentence
    assert any("20 parameters" in fact for fact in shown.facts)


def test_after_an_edit_on_the_way_the_network_is_not_called_untouched() -> None:
    made = Simulation(experiment())
    made.run(batches=7)
    made.set_parameter(0, 0, 0, 0.5)
    frame = made.frame
    assert frame.trace is None and frame.moment.batch == 7
    shown = caption(frame)
    told = " ".join((shown.title, shown.sentence, *shown.facts))
    assert shown.title == f"Before batch {frame.batch + 1} of epoch {frame.epoch + 1}"
    assert "untouched" not in told and "drawn by" not in told and "Press → to go on." in told


def test_after_an_edit_at_the_very_start_the_network_is_not_called_untouched_and_is_again_without_it() -> None:
    made = Simulation(experiment())
    first = float(made.frame.weights[0][0, 0])
    assert caption(made.frame).title == "The untouched network"
    made.set_parameter(0, 0, 0, first + 0.5)
    shown = caption(made.frame)
    told = " ".join((shown.title, shown.sentence, *shown.facts))
    assert made.moment == Moment(0, 0) and "untouched" not in told
    assert shown.title == "Before batch 1 of epoch 1, edited" and "then edited." in shown.facts[0]
    made.set_parameter(0, 0, 0, first)
    assert caption(made.frame).title == "The untouched network"


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_start_says_what_a_batch_is_and_what_to_press(precision: str) -> None:
    shown = caption(Simulation(experiment().replace(precision=precision)).frame)
    assert shown.title == "The untouched network"
    assert shown.facts[-2:] == ("A batch goes forward to its loss, then backward, and ends in the update of the parameters.",
                                "Press → to begin, or Space to play.")


def test_of_many_classes_the_samples_own_is_listed_though_it_is_among_the_last() -> None:
    made = Simulation(example("next-word").experiment)
    made.step("batch")
    trace = made.frame.trace
    assert trace is not None
    late = next(sample for sample in range(trace.samples) if trace.targets[:, sample].argmax() >= MOST_ROWS)
    made.seek(Moment(0, late * made.frame.marks.sample_length + made.frame.marks.pass_length + 1))
    loss = caption(made.frame).loss
    assert made.frame.sample == late and loss is not None and len(loss.rows) == MOST_ROWS
    assert loss.rows[-1].state == "working" and loss.rows[-1].term.value == pytest.approx(loss.total.value)
    assert loss.note == f"the first {MOST_ROWS - 1} of {made.network.widths[-1]} outputs, and its own"


def test_a_sum_is_cut_off_only_where_terms_are_left_out() -> None:
    rounding = Rounding(None)
    for count, cut in ((MOST_WRITTEN - 1, False), (MOST_WRITTEN, False), (MOST_WRITTEN + 1, True)):
        terms = [str(each) for each in rounding.listed(np.arange(1.0, count + 1))]
        told = rounding.in_full(terms)
        assert told.endswith(DOTS) == cut and told.count(" + ") == min(count, MOST_WRITTEN) - 1 + cut


def test_a_forward_step_shows_the_traces_sum_and_output() -> None:
    frame = step_to(Simulation(experiment()), "forward", 0, 1, None)
    shown, trace = caption(frame), frame.trace
    assert trace is not None and shown.terms is not None and shown.terms.sum is not None and shown.result is not None
    assert shown.title == "L1 · neuron 2: weighted sum, then tanh"
    assert shown.terms.sum.value == trace.sums[0][1, 0]
    assert shown.result.number.value == trace.outputs[0][1, 0]
    weights = frame.network.weights(trace.before)[0]
    for r, row in enumerate(shown.terms.rows[:-1]):
        assert row.input.value == trace.inputs[r, 0]
        assert row.factor.value == weights[r, 1]
        assert row.product.value == trace.inputs[r, 0] * weights[r, 1]
        assert row.input.target == NeuronTarget(-1, r)
        assert row.factor.target == EdgeTarget(0, r, 1)
    assert [row.badge for row in shown.terms.rows] == ["1", "2", "b"]
    assert [row.source for row in shown.terms.rows[:2]] == list(frame.dataset.input_names)
    assert "squashes it to" in shown.sentence and shown.sentence.endswith("Next: neuron 3.")


def test_the_running_sum_is_a_chain_from_zero_to_the_sum() -> None:
    shown = caption(step_to(Simulation(experiment()), "forward", 1, 0, None))
    assert shown.terms is not None and shown.terms.sum is not None
    running = shown.terms.running
    assert running[0][0] == 0
    assert [stop for _, stop in running[:-1]] == [start for start, _ in running[1:]]
    assert running[-1][1] == pytest.approx(shown.terms.sum.value)


def test_terms_that_are_not_done_are_question_marks() -> None:
    shown = caption(step_to(Simulation(experiment()), "forward", 1, 0, 1))
    assert shown.terms is not None and shown.terms.sum is not None and shown.result is not None
    assert [row.product.text == "?" for row in shown.terms.rows] == [False, False, True, True]
    assert [row.state for row in shown.terms.rows] == ["done", "working", "waiting", "waiting"]
    assert shown.terms.sum.text == shown.result.number.text == "?"
    assert len(shown.terms.running) == 2
    assert shown.sentence.startswith("Term 2 of 4 adds")


def test_no_mark_of_a_batch_shows_more_than_is_known() -> None:
    sim = Simulation(experiment(optimizer="adam"))
    sim.step("batch")
    last = sim.moment.mark
    for number in range(1, last + 1):
        sim.seek(Moment(sim.moment.batch, number))
        frame, shown = sim.frame, caption(sim.frame)
        known, mark = frame.known, frame.mark
        assert mark is not None and shown.phase == mark.phase
        assert shown.sentence and all((number.text == "?") == (number.value is None) for number in all_numbers(shown))
        if mark.phase == "forward":
            assert mark.layer is not None and mark.neuron is not None and shown.terms and shown.terms.sum and shown.result
            assert shown.terms.sum.known == (mark.neuron < known.sums[mark.layer])
            assert shown.result.number.known == (mark.neuron < known.outputs[mark.layer])
            assert sum(row.product.known for row in shown.terms.rows) == known.terms
        elif mark.phase == "backward":
            assert shown.terms and all(card.number.known for card in shown.cards)
            assert sum(row.product.known for row in shown.terms.rows) == known.terms
        elif mark.phase == "update":
            assert shown.move and shown.move.new.known


def test_the_factor_cards_multiply_to_delta() -> None:
    sim = Simulation(experiment())
    frame = step_to(sim, "backward", 0, 2)
    shown, trace = caption(frame), frame.trace
    assert trace is not None
    arrives, slope, delta = (card.number.value for card in shown.cards)
    assert arrives is not None and slope is not None and arrives * slope == delta == trace.deltas[0][2, 0]
    assert trace.output_gradients[0] is not None and arrives == trace.output_gradients[0][2, 0]
    assert shown.curve is not None and shown.curve.slope == slope
    assert "arrives from L2" in shown.cards[0].label


def test_the_sum_over_all_samples_is_the_traces_gradient() -> None:
    sim = Simulation(experiment())
    sim.step("sample", 3)
    frame, trace = sim.frame, sim.frame.trace
    shown = caption(frame)
    assert trace is not None and frame.phase == "backward" and shown.terms is not None
    assert shown.terms.heads[3] == "this batch"
    totals = [row.total.value for row in shown.terms.rows if row.total is not None]
    assert totals == frame.network.layers(trace.gradient)[0][:, 2].tolist()


def test_the_sum_over_the_samples_so_far_grows_by_this_samples_share() -> None:
    sim = Simulation(experiment())
    sim.step("sample")
    before = caption(sim.frame)
    sim.step("sample")
    after = caption(sim.frame)
    assert before.terms is not None and after.terms is not None and after.terms.heads[3] == "samples 1–2"
    for old, new in zip(before.terms.rows, after.terms.rows, strict=True):
        assert old.total is not None and new.total is not None
        assert old.total.value is not None and new.product.value is not None
        assert new.total.value == pytest.approx(old.total.value + new.product.value)


def test_a_fused_output_layer_says_so() -> None:
    sim = Simulation(experiment(loss="bce"))
    shown = caption(step_to(sim, "backward", 2, 0))
    assert len(shown.cards) == 2
    assert "(ŷ − y) / n" in shown.cards[1].label
    assert shown.cards[1].arithmetic.endswith("/ 3")
    trace = sim.frame.trace
    assert trace is not None and shown.cards[1].number.value == trace.deltas[2][0, 0]
    assert shown.curve is not None and shown.curve.slope is None


def test_a_softmax_under_a_loss_of_its_own_couples_all_outputs() -> None:
    layers = (Layer(width=3, activation="softmax"),)
    shown = caption(step_to(Simulation(experiment(layers, "iris")), "backward", 0, 1))
    assert len(shown.cards) == 2 and "couples" in shown.cards[1].label


def test_a_softmax_shows_shares_that_add_up_to_one_once_all_sums_are_known() -> None:
    sim = Simulation(experiment((Layer(width=3, activation="softmax"),), "iris", loss="cross-entropy"))
    early = caption(step_to(sim, "forward", 0, 1, None))
    assert early.curve is None and [share.number.text for share in early.shares] == ["?"] * 3
    assert "waits" in early.sentence
    late = caption(step_to(sim, "forward", 0, 2, None))
    assert sum(share.number.value or 0 for share in late.shares) == pytest.approx(1)
    assert [share.here for share in late.shares] == [False, False, True]


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "bce-logits"])
def test_every_loss_shows_terms_that_make_up_the_samples_loss(name: str) -> None:
    activation = {"cross-entropy": "softmax", "bce": "sigmoid"}.get(name, "identity")
    layers = (Layer(width=3, activation=activation),)
    frame = step_to(Simulation(experiment(layers, "iris", loss=name)), "loss")
    shown, trace = caption(frame), frame.trace
    assert trace is not None and shown.loss is not None
    terms = [row.term.value or 0 for row in shown.loss.rows]
    total = sum(terms) / (3 if LOSSES[name].per_output else 1)
    assert shown.loss.total.value == trace.losses[0] == pytest.approx(total)
    assert [row.name for row in shown.loss.rows] == list(frame.dataset.target_names)
    assert "It is " in shown.sentence


def test_the_batchs_loss_is_shown_with_its_last_sample_only() -> None:
    sim = Simulation(experiment())
    first = caption(step_to(sim, "loss"))
    sim.seek(Moment(0, 0))
    for _ in range(3):
        last = caption(step_to(sim, "loss"))
    assert first.loss is not None and last.loss is not None
    assert "batch" not in first.loss.so_far and last.loss.so_far.startswith("the batch's loss")
    assert len(first.loss.losses) == 1 and len(last.loss.losses) == 3


@pytest.mark.parametrize("optimizer", [name for name in LINES if name != "perceptron"])
def test_every_optimizers_step_takes_the_old_weight_to_the_new(optimizer: str) -> None:
    sim = Simulation(experiment(optimizer=optimizer, rate=0.002))
    sim.step("epoch")
    frame = step_to(sim, "update", 0, 1, 0)
    shown, trace = caption(frame), frame.trace
    index = frame.network.index(0, 0, 1)
    assert trace is not None and shown.move is not None and optimizer in FORMULAS
    assert shown.lines[0].number.value == trace.gradient[index] != 0
    assert shown.lines[-1].number.value == shown.move.new.value == trace.after[index]
    step = shown.lines[-2].number.value
    decay = 1 - trace.rate * 0.01 if optimizer == "adamw" else 1
    assert step is not None
    assert trace.before[index] * decay - step == pytest.approx(trace.after[index], rel=1e-12)
    remembered = {memory[index] for memory in trace.memory_after.values()}
    assert remembered <= {line.number.value for line in shown.lines}
    assert shown.short_title == "L1 · weight W[1,2]"
    assert f"step {trace.step}" in shown.title


def test_penalties_clipping_and_the_schedule_have_their_lines() -> None:
    sim = Simulation(experiment(l1=0.01, l2=0.02, clip_norm=0.001, schedule="exponential"))
    sim.step("epoch")
    frame = step_to(sim, "update", 0, 0, 0)
    trace, lines = frame.trace, {plain(line.symbol): line for line in caption(frame).lines}
    assert trace is not None
    index = frame.network.index(0, 0, 0)
    assert lines["λ₁ sign(w)"].number.value == math.copysign(0.01, trace.before[index])
    assert lines["λ₂ w"].number.value == 0.02 * trace.before[index]
    assert lines["g′"].number.value == trace.step_gradient[index]
    assert "clipped" in lines["g′"].meaning
    assert lines["η"].number.value == trace.rate == 0.025


def test_a_bias_has_no_penalty() -> None:
    sim = Simulation(experiment(l2=0.02))
    shown = caption(step_to(sim, "update", 0, 0, 2))
    assert shown.short_title == "L1 · bias b[1]"
    assert not any("penalty" in line.meaning for line in shown.lines)


def test_plain_lines_hold_nothing_that_did_nothing() -> None:
    shown = caption(step_to(Simulation(experiment()), "update", 0, 0, 0))
    assert [plain(line.symbol) for line in shown.lines] == ["g", "step", "w"]
    assert shown.move is not None and shown.move.plain == ""


def test_memory_against_the_gradient_is_pointed_out() -> None:
    sim = Simulation(experiment(optimizer="momentum", settings={"momentum": 0.99}))
    remarks = []
    for _ in range(8):
        sim.step("batch")
        frame, trace = sim.frame, sim.frame.trace
        assert trace is not None
        for row in range(3):
            move, index = caption(frame, EdgeTarget(0, row, 0)).move, frame.network.index(0, row, 0)
            against = (trace.before[index] - trace.after[index]) * trace.gradient[index] < 0
            assert move is not None and ("remembered" in move.remark) == against
            remarks.append(against)
    assert any(remarks) and not all(remarks)


def test_the_perceptron_rule_calls_nothing_a_gradient() -> None:
    experiment_ = experiment((Layer(width=1, activation="step"),), optimizer="perceptron")
    sim = Simulation(experiment_)
    back = caption(step_to(sim, "backward", 0, 0, 2))
    assert back.title.endswith("the perceptron rule") and "error itself" in back.cards[-1].label
    assert not any("gradient of" in line.meaning for line in caption(step_to(sim, "update", 0, 0, 0)).lines)


def test_a_chosen_neuron_is_explained_as_far_as_it_is_known() -> None:
    sim = Simulation(experiment())
    frame = step_to(sim, "forward", 1, 0, None)
    done, waiting = caption(frame, NeuronTarget(0, 2)), caption(frame, NeuronTarget(2, 0))
    assert done.short_title == "L1 · neuron 3" and done.result is not None and done.result.number.known
    assert "Next" not in done.sentence
    assert waiting.result is not None and not waiting.result.number.known
    assert waiting.terms is not None and [row.input.text == "?" for row in waiting.terms.rows] == [False, True, False]


def test_a_chosen_weight_is_marked_in_its_neurons_rows() -> None:
    shown = caption(step_to(Simulation(experiment()), "forward", 1, 0, None), EdgeTarget(0, 1, 2))
    assert shown.terms is not None
    assert [row.state for row in shown.terms.rows] == ["done", "working", "done"]


def test_a_weight_whose_update_is_to_come_shows_its_old_value_only() -> None:
    shown = caption(step_to(Simulation(experiment()), "update", 0, 1, 0), EdgeTarget(2, 0, 0))
    assert shown.move is not None and shown.move.old.known and not shown.move.new.known
    assert len(shown.lines) == 1 and "later" in shown.sentence


def test_dropout_says_what_goes_on() -> None:
    sim = Simulation(experiment(dropout=0.5))
    silent = []
    for neuron in range(3):
        frame = step_to(sim, "forward", 0, neuron, None)
        shown, trace = caption(frame), frame.trace
        assert trace is not None and trace.masks[0] is not None and shown.result is not None
        silenced = trace.masks[0][neuron, 0] == 0
        assert ("silenced" in shown.result.note) == silenced
        assert ("goes on" if silenced else "kept by dropout: × 1 / (1 − 0.5) = 2.000") in shown.result.note
        assert "goes on" in shown.sentence and any(r"\tilde{a}" in formula for formula in shown.formulas)
        silent.append(silenced)
    assert any(silent) and not all(silent)


def test_many_terms_stand_with_the_largest_first_and_the_bias_last() -> None:
    layers = (Layer(width=2), Layer(width=10, activation="softmax"))
    sim = Simulation(experiment(layers, "digits", loss="cross-entropy"))
    frame = step_to(sim, "forward", 0, 0, None)
    terms = caption(frame).terms
    assert terms is not None and terms.note == "65 terms, the largest first"
    sizes = [abs(row.product.value or 0) for row in terms.rows[:-1]]
    assert sizes == sorted(sizes, reverse=True) and terms.rows[-1].badge == "b"
    sim.step("term", -5)
    during = caption(sim.frame).terms
    assert during is not None and [row.badge for row in during.rows[:3]] == ["1", "2", "3"]


def test_a_very_wide_layer_is_cut_to_its_largest_rows() -> None:
    sim = Simulation(experiment((Layer(width=300), Layer(width=1, activation="sigmoid"))))
    terms = caption(step_to(sim, "forward", 1, 0, None)).terms
    assert terms is not None and len(terms.rows) == MOST_ROWS and "of 301" in terms.note
    sim.step("term", -100)
    around = caption(sim.frame).terms
    assert around is not None and sum(row.state == "working" for row in around.rows) == 1


def test_digits_change_the_text_and_not_the_value() -> None:
    frame = step_to(Simulation(experiment()), "forward", 0, 0, None)
    three, whole = caption(frame).terms, caption(frame, digits=None).terms
    assert three is not None and three.sum is not None and whole is not None and whole.sum is not None
    assert three.sum.value == whole.sum.value is not None
    assert whole.sum.text.lstrip("+−") == repr(abs(whole.sum.value))
    assert len(three.sum.text) == 6


def test_exact_text_gives_back_every_number_to_the_bit() -> None:
    frame = step_to(Simulation(experiment()), "forward", 0, 0, None)
    shown = caption(frame)
    assert shown.terms is not None and shown.terms.sum is not None
    lines = plain_text(shown, exactly=True).splitlines()
    assert any(line == f"z₁ = {shown.terms.sum.value!r}" for line in lines)
    assert plain_text(shown).splitlines()[0] == shown.title
    assert "<" not in plain_text(shown)


_NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]\d+)?")


@pytest.mark.parametrize("learning", [
    {"optimizer": "adam"}, {"l1": 0.01, "l2": 0.02, "clip_norm": 0.01}, {"optimizer": "nesterov", "schedule": "cosine"}, {}],
    ids=["adam", "penalties", "nesterov", "plain"])
@pytest.mark.parametrize("comma", [False, True])
def test_exact_text_rounds_nothing_in_any_phase(learning: dict[str, Any], comma: bool) -> None:
    sim = Simulation(experiment(**learning))
    told = set()
    numbers.write_decimals_with("," if comma else ".")
    try:
        for _ in range(260):
            sim.step("term")
            shown = caption(sim.frame)
            text = plain_text(shown, exactly=True)
            told.add(shown.phase)
            assert shown.sentence not in text and numbers.MINUS not in text and "×10" not in text
            exact = {repr(abs(number.value)) for number in all_numbers(caption(sim.frame, digits=None)) if number.value is not None}
            written = {each.lstrip("-") for each in _NUMBER.findall(text)}
            assert all(each in text for each in exact)
            # a number of few digits is one that has no more
            known = exact | {repr(value) for value in (0.05, 0.9, 0.1, 0.999, 0.001, 0.01, 0.02, 0.25, 0.5, 1.0, 2.0, 0.0)}
            assert not {each for each in written if len(each) < 8} - known, text
    finally:
        numbers.write_decimals_with(".")
    assert told == {"forward", "loss", "backward", "update"}


def test_exact_text_tells_a_gradient_sample_by_sample() -> None:
    frame = step_to(Simulation(experiment()), "update", 1, 0, 1)
    trace = frame.trace
    assert trace is not None
    line = next(line for line in plain_text(caption(frame), exactly=True).splitlines() if "gradient of this batch" in line)
    pairs = [(float(x), float(d)) for x, d in zip(trace.passed[0][1], trace.deltas[1][0], strict=True)]
    assert all(repr(abs(x)) in line and repr(abs(d)) in line for x, d in pairs if d)
    gradient = float(frame.network.layers(trace.gradient)[1][1, 0])
    assert sum(x * d for x, d in pairs) == pytest.approx(gradient) and line.endswith(f"= {gradient!r}")


@pytest.mark.parametrize("activation", ["identity", "relu", "leaky-relu", "elu", "selu", "gelu", "softplus", "swish", "sine"])
def test_every_activation_has_a_formula_a_curve_and_a_slope(activation: str) -> None:
    sim = Simulation(experiment((Layer(width=2, activation=activation), Layer(width=1, activation="sigmoid"))))
    ahead = caption(step_to(sim, "forward", 0, 0, None))
    assert len(ahead.formulas) == 2 and ahead.curve is not None
    assert ahead.curve.xs[0] < (ahead.curve.z or 0) < ahead.curve.xs[-1]
    back = caption(step_to(sim, "backward", 0, 0))
    assert back.cards[1].arithmetic and back.curve is not None and back.curve.slope == back.cards[1].number.value


def test_every_grain_ends_in_a_caption_that_says_what_comes_next() -> None:
    sim = Simulation(experiment())
    for grain in Grain:
        sim.step(grain)
        assert "Next:" in caption(sim.frame).sentence
