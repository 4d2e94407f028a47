"""What the optimizer is given: penalties, clipping and schedule stand with the kernel's own formulas and numbers."""

import math
from typing import Any

import numpy as np
import pytest

from nnsim.core.training import CLIP_GUARD
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.caption import Caption, caption
from nnsim.picture.caption_given import norm_line
from nnsim.picture.caption_parts import Line
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_text import plain
from nnsim.picture.lengths import penalised
from nnsim.picture.shown_arithmetic import worked_out
from nnsim.picture.targets import EdgeTarget


def updated(target: EdgeTarget, epochs: int = 0, **learning: Any) -> tuple[Frame, Caption]:
    sim = Simulation(Experiment(
        data=Data(source="ring", samples=30), layers=(Layer(width=3), Layer(width=1, activation="sigmoid")), batch_size=3, seed=4,
        learning=Learning.model_validate({"rate": 0.5, **learning})))
    if epochs:
        sim.step("epoch", epochs)
    sim.step("batch")
    return sim.frame, caption(sim.frame, target)


def line(shown: Caption, symbol: str) -> Line:
    return next(each for each in shown.lines if plain(each.symbol) == symbol)


def test_the_clip_factor_follows_from_the_gradients_length() -> None:
    frame, shown = updated(EdgeTarget(0, 0, 0), clip_norm=0.001)
    trace = frame.trace
    assert trace is not None
    norm, factor = line(shown, "‖g‖"), line(shown, "k")
    assert norm.number.value == pytest.approx(float(np.linalg.norm(trace.gradient)))
    assert norm.number.value is not None and factor.number.value == trace.clip_factor
    assert factor.number.value == pytest.approx(0.001 / (norm.number.value + CLIP_GUARD))
    assert worked_out(factor.latex) == pytest.approx(trace.clip_factor, rel=0.01)
    rules = [plain(each) for each in shown.formulas]
    assert "k = min(1, c / (‖g‖ + 10⁻⁶))" in rules and "g′ = k g" in rules
    assert rules[0] == "w ← w − η g′"


def test_the_length_is_made_of_the_layers_squares() -> None:
    _, shown = updated(EdgeTarget(0, 0, 0), clip_norm=0.001, l2=0.1)
    norm = line(shown, "‖p‖")
    assert norm.parts is not None
    parts = norm.parts()
    assert [part.meaning for part in parts] == ["L1: 9 squares added up", "L2: 4 squares added up"]
    assert math.sqrt(sum(part.number.value or 0 for part in parts)) == pytest.approx(norm.number.value)
    assert worked_out(norm.latex) == pytest.approx(norm.number.value, rel=0.01)
    assert "p = g + λ₂ w" in [plain(each) for each in shown.formulas]


def test_a_length_whose_squares_overflow_is_told_as_it_is_computed() -> None:
    network = updated(EdgeTarget(0, 0, 0))[0].network
    vector = np.linspace(-1, 1, network.parameter_count) * 1.309e156
    norm = norm_line(network, vector, "g", "length of the gradient", Rounding())
    assert "∞" not in plain(norm.latex) and "over the greatest" in norm.meaning
    assert norm.number.value == pytest.approx(1.309e156 * float(np.linalg.norm(vector / 1.309e156)))
    parts = [part.number.value or 0.0 for part in norm.parts()] if norm.parts else []
    assert len(parts) == network.depth and 1.309e156 * math.sqrt(sum(parts)) == pytest.approx(norm.number.value)
    # what is not finite itself is said to be so
    assert norm_line(network, np.full_like(vector, np.inf), "g", "length", Rounding()).number.text in ("∞", "NaN")


def test_penalties_are_named_by_what_they_are() -> None:
    frame, shown = updated(EdgeTarget(0, 0, 0), l1=0.01, l2=0.02)
    assert {"λ₁ sign(w)", "λ₂ w"} <= {plain(each.symbol) for each in shown.lines}
    assert "g′ = g + λ₁ sign(w) + λ₂ w" in [plain(each) for each in shown.formulas]
    bias = caption(frame, EdgeTarget(0, 2, 0))
    assert not any("λ" in plain(each) for each in bias.formulas)


@pytest.mark.parametrize(("schedule", "rule", "share"), [
    ("step", "η = η₀ f^(⌊e/n⌋)", 0.5 ** (5 // 2)), ("exponential", "η = η₀ f^e", 0.5**5),
    ("cosine", "η = η₀ (1 + cos(π min(e, n) / n)) / 2", 0.0)])
def test_the_schedule_stands_in_letters_and_in_numbers(schedule: str, rule: str, share: float) -> None:
    frame, shown = updated(EdgeTarget(0, 0, 0), 5, schedule=schedule, schedule_epochs=2)
    rate = line(shown, "η")
    assert frame.epoch == 5 and rate.meaning.startswith("rate in epoch 6, e = 5")
    assert worked_out(rate.latex) == pytest.approx(rate.number.value or 0.0) == pytest.approx(0.5 * share)
    assert rule in [plain(each) for each in shown.formulas]
    assert rate.sign == "="


def test_a_gradient_is_the_sum_of_what_each_sample_adds() -> None:
    for target in (EdgeTarget(0, 1, 2), EdgeTarget(0, 2, 2)):
        _, shown = updated(target)
        gradient = line(shown, "g")
        assert gradient.parts is not None and gradient.arithmetic == "sum over 3 samples; δ holds 1/3"
        parts = gradient.parts()
        assert [part.meaning for part in parts] == ["sample 1", "sample 2", "sample 3"]
        assert sum(part.number.value or 0.0 for part in parts) == pytest.approx(gradient.number.value)
        assert ("×" in parts[0].arithmetic) == (target.row < 2)


def test_a_held_bias_says_that_it_is_frozen_and_its_weights_learn() -> None:
    frame, bias = updated(EdgeTarget(0, 2, 0), biases_learn=False)
    assert bias.move is not None and bias.move.old.value == bias.move.new.value and "frozen" in bias.sentence
    weight = caption(frame, EdgeTarget(0, 0, 0))
    assert weight.move is not None and weight.move.old.value != weight.move.new.value and "frozen" not in weight.sentence


@pytest.mark.parametrize(("learning", "said"), [
    ({"frozen": ((0,),)}, "9 frozen"), ({"cut": ((0, 0, 0),)}, "1 cut"), ({"clip_norm": 0.001}, "clipped"),
    ({"l2": 0.1}, "penalties"), ({"biases_learn": False}, "4 frozen")])
def test_a_batch_says_why_its_step_is_not_the_rate_times_the_gradient(learning: dict[str, Any], said: str) -> None:
    frame, _ = updated(EdgeTarget(0, 0, 0), **learning)
    shown = caption(frame)
    given, step = line(shown, "‖g′‖"), line(shown, "‖Δ‖")
    assert said in given.meaning
    assert given.number.value is not None and step.number.value == pytest.approx(0.5 * given.number.value)
    assert worked_out(step.latex) == pytest.approx(step.number.value or 0.0, rel=0.01)


def test_a_batch_with_momentum_says_that_the_step_is_not_the_gradients() -> None:
    frame, _ = updated(EdgeTarget(0, 0, 0), optimizer="momentum")
    assert line(caption(frame), "‖Δ‖").arithmetic == "by momentum, not η times ‖g‖"


def test_all_numbers_follow_the_decimal_comma() -> None:
    numbers.write_decimals_with(",")
    try:
        _, shown = updated(EdgeTarget(0, 0, 0), clip_norm=0.001, l1=0.01, optimizer="adamw", schedule="step")
        told = [text for each in shown.lines for text in (each.arithmetic, each.meaning, each.number.text)]
    finally:
        numbers.write_decimals_with(".")
    assert not any("." in text for text in told) and sum("," in text for text in told) > 10


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("learning", [
    {}, {"l1": 0.01}, {"l2": 0.3}, {"l1": 0.01, "l2": 0.3}, {"frozen": ((0,),)}, {"cut": ((0, 0, 1),), "l2": 0.1},
    {"biases_learn": False, "l1": 0.2}])
def test_what_is_clipped_is_the_kernels_own_to_the_bit(learning: dict[str, Any], precision: str) -> None:
    sim = Simulation(Experiment(
        data=Data(source="ring", samples=30), layers=(Layer(width=3), Layer(width=1, activation="sigmoid")), batch_size=3, seed=4,
        precision=precision, learning=Learning.model_validate({"rate": 0.5, "clip_norm": 0.01, **learning})))
    for _ in range(10):
        sim.step("batch")
        trace = sim.frame.trace
        assert trace is not None and trace.clip_factor < 1
        whole = penalised(trace, sim.learning, sim.network)
        kept = whole * whole.dtype.type(trace.clip_factor)
        assert kept.tobytes() == trace.step_gradient.tobytes()
        assert learning or whole is trace.gradient


@pytest.mark.parametrize("learning", [{"frozen": ((0,),)}, {"cut": ((0, 0, 0),)}, {"biases_learn": False}])
def test_where_something_is_held_the_length_that_is_clipped_has_another_name_than_the_gradients(learning: dict[str, Any]) -> None:
    frame, shown = updated(EdgeTarget(1, 0, 0), clip_norm=0.001, **learning)
    rules = [plain(each) for each in shown.formulas]
    assert "p = g, 0 where frozen or cut" in rules and "g′ = k p" in rules
    told = caption(frame)
    whole, clipped = line(told, "‖g‖"), line(told, "‖p‖")
    assert [plain(each.symbol) for each in told.lines].count("‖g‖") == 1
    assert clipped.number.value is not None and whole.number.value is not None and clipped.number.value < whole.number.value
