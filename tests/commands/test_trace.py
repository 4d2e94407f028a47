"""``nnsim trace``: that its numbers are those of the textbook, by hand, and that every grain tells of the same run."""

import json
import math
import re
from typing import Any

import numpy as np
import pytest

import nnsim
from nnsim.cli import main
from nnsim.commands.arguments import GRAINS
from nnsim.commands.terminal import plain
from nnsim.commands.trace import frames
from nnsim.commands.trace_values import stop
from nnsim.engine.experiment import changed
from nnsim.engine.marks import Grain
from nnsim.files.session import Session

Stop = dict[str, Any]


def trace(source: Session | str, grain: str, steps: int) -> list[Stop]:
    """The stops, as a program reads them."""
    session = nnsim.open(source) if isinstance(source, str) else source
    return [plain(stop(frame, Grain.named(grain))) for frame in frames(session, Grain.named(grain), steps)]


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_the_command_prints_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "xor", "--grain", "neuron", "--steps", "40", "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    stops = [json.loads(line) for line in lines]
    assert stops == trace("xor", "neuron", 40)
    assert [s["moment"]["mark"] for s in stops[:3]] == [4, 8, 12]
    assert [(s["layer"], s["neuron"]) for s in stops[:6]] == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (None, None)]


def test_the_worked_example_is_told_digit_by_digit() -> None:
    stops = trace("textbook-2-2-2", "neuron", 13)
    first = stops[0]["values"]
    assert (first["inputs"], first["weights"], first["bias"]) == ([0.05, 0.10], [0.15, 0.20], 0.35)
    assert first["sum"] == pytest.approx(0.3775, abs=1e-15)
    assert first["output"] == pytest.approx(0.593269992, abs=5e-10)
    loss = stops[4]
    assert loss["phase"] == "loss"
    assert loss["values"]["outputs"] == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert loss["values"]["targets"] == [0.01, 0.99]
    assert loss["values"]["loss"] == pytest.approx(0.298371109, abs=5e-10)
    output = stops[5]["values"]
    assert output["output_gradient"] == pytest.approx(0.74136507, abs=5e-9)
    assert output["slope"] == pytest.approx(0.186815602, abs=5e-10)
    assert output["weight_gradients"][0] == pytest.approx(0.082167041, abs=5e-10)
    updates = [s["values"] for s in stops if s["phase"] == "update"]
    assert updates[0]["weights"]["after"] == pytest.approx([0.149780716, 0.19956143], abs=5e-9)
    assert updates[2]["weights"]["after"] == pytest.approx([0.35891648, 0.408666186], abs=5e-9)


def test_each_backward_stop_follows_from_the_forward_ones_by_hand() -> None:
    stops = trace("xor", "neuron", 11)
    forward = [s["values"] for s in stops if s["phase"] == "forward"]
    for neuron in forward[:4]:
        z = sum(x * w for x, w in zip(neuron["inputs"], neuron["weights"], strict=True)) + neuron["bias"]
        assert neuron["sum"] == pytest.approx(z, rel=1e-14)
        assert neuron["output"] == pytest.approx(math.tanh(z), rel=1e-14)
    out = forward[4]
    assert out["inputs"] == [neuron["output"] for neuron in forward[:4]]
    assert out["output"] == pytest.approx(sigmoid(out["sum"]), rel=1e-14)
    target = stops[5]["values"]["targets"][0]
    back = [s["values"] for s in stops if s["phase"] == "backward"]
    delta = 2 * (out["output"] - target) / 4 * out["output"] * (1 - out["output"])
    assert back[0]["delta"] == pytest.approx(delta, rel=1e-13)
    assert back[0]["weight_gradients"] == pytest.approx([delta * x for x in out["inputs"]], rel=1e-13)
    hidden = delta * out["weights"][2] * (1 - forward[2]["output"] ** 2)
    assert stops[9]["neuron"] == 3
    assert back[3]["delta"] == back[3]["bias_gradient"] == pytest.approx(hidden, rel=1e-13)


def test_the_samples_shares_sum_to_the_gradient_of_the_update() -> None:
    stops = trace("xor", "pass", 13)
    shares = [s["values"] for s in stops if s["phase"] == "backward"]
    update = stops[-1]["values"]
    assert len(shares) == 4
    for layer in range(2):
        total = np.sum([share["weight_gradients"][layer] for share in shares], axis=0)
        assert np.allclose(total, update["weights"]["gradient"][layer], rtol=1e-13, atol=0)
        moved = np.array(update["weights"]["before"][layer]) - update["rate"] * np.array(update["weights"]["gradient"][layer])
        assert np.allclose(moved, update["weights"]["after"][layer], rtol=1e-14)


def test_terms_are_products_that_sum_to_the_neurons_sum() -> None:
    stops = trace("xor", "term", 4)
    assert [s["term"] for s in stops] == [1, 2, "bias", None]
    z = sum(s["values"]["product"] for s in stops[:2]) + stops[2]["values"]["bias"]
    assert stops[2]["values"]["sum"] == pytest.approx(z, rel=1e-14)
    assert stops[3]["values"]["output"] == pytest.approx(math.tanh(z), rel=1e-14)


def test_a_whole_batch_of_terms_can_be_told_for_every_phase() -> None:
    session = nnsim.open("xor")
    stops = trace(session, "term", session.marks(0).count)
    assert stops[-1]["moment"]["mark"] == session.marks(0).count
    weight = next(s for s in stops if s["phase"] == "update" and s["term"] == 1)["values"]["weight"]
    assert weight["after"] == weight["before"] - 1.0 * weight["gradient"]
    gradient = next(s for s in stops if s["phase"] == "backward" and s["term"] == 2)["values"]
    assert gradient["weight_gradient"] == gradient["input"] * gradient["delta"]


@pytest.mark.parametrize("source", ["xor", "digits", "perceptron", "iris"])
@pytest.mark.parametrize("grain", GRAINS)
def test_every_grain_tells_its_stops_in_strict_json(source: str, grain: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", source, "--grain", grain, "--steps", "5", "--json"]) == 0
    stops = [json.loads(line, parse_constant=pytest.fail) for line in capsys.readouterr().out.splitlines()]
    assert len(stops) == 5
    assert all(s["values"] for s in stops)


@pytest.mark.parametrize("grain", GRAINS)
def test_every_grain_tells_its_stops_in_words(grain: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "ring", "--grain", grain, "--steps", "60"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["epoch", "batch", "mark", "phase", "sample", "layer", "neuron", "values"]
    assert len(lines) == 60
    assert lines[0].split()[:2] == ["1", "25" if grain == "epoch" else "1"]


def test_layers_hold_what_their_neurons_hold() -> None:
    neurons, (layer,) = trace("ring", "neuron", 3), trace("ring", "layer", 1)
    assert layer["values"]["output"] == [s["values"]["output"] for s in neurons]
    assert np.array(layer["values"]["weights"]).T.tolist() == [s["values"]["weights"] for s in neurons]
    assert layer["neuron"] is None


def test_a_sample_holds_its_forward_loss_and_backward() -> None:
    passes, (sample,) = trace("ring", "pass", 3), trace("ring", "sample", 1)
    assert [s["phase"] for s in passes] == ["forward", "loss", "backward"]
    assert sample["values"] == passes[0]["values"] | passes[1]["values"] | passes[2]["values"]


def test_stepping_back_tells_the_same_stops_in_reverse() -> None:
    session = nnsim.open("ring")
    there = trace(session, "layer", 9)
    assert trace(session, "layer", -8) == there[-2::-1]


def test_the_optimizers_memory_is_told_by_name_before_and_after() -> None:
    session = Session.open(changed(nnsim.open("xor").experiment, "learning.optimizer", "adam"))
    session.step("batch", 3)
    update = trace(session, "batch", 1)[0]["values"]
    gradient = np.array(update["weights"]["gradient"][0])
    m = {when: np.array(update["memory"]["m"]["weights"][when][0]) for when in ("before", "after")}
    v = {when: np.array(update["memory"]["v"]["weights"][when][0]) for when in ("before", "after")}
    assert np.allclose(m["after"], 0.9 * m["before"] + 0.1 * gradient, rtol=1e-13)
    assert np.allclose(v["after"], 0.999 * v["before"] + 0.001 * gradient**2, rtol=1e-13)
    step, rate = update["step"], update["rate"]
    assert step == 4
    moved = rate * (m["after"] / (1 - 0.9**step)) / (np.sqrt(v["after"] / (1 - 0.999**step)) + 1e-8)
    assert np.allclose(np.array(update["weights"]["before"][0]) - moved, update["weights"]["after"][0], rtol=1e-13)


def test_a_penalty_shows_the_gradient_with_and_without_it() -> None:
    session = Session.open(changed(nnsim.open("xor").experiment, "learning.l2", 0.1))
    update = trace(session, "batch", 1)[0]["values"]
    weights = {name: np.array(layers[0]) for name, layers in update["weights"].items()}
    assert np.allclose(weights["gradient"], weights["loss_gradient"] + 0.1 * weights["before"], rtol=1e-13)
    assert update["bias"]["gradient"] == update["bias"]["loss_gradient"]


def test_dropout_shows_its_mask_and_what_goes_on() -> None:
    session = Session.open(changed(nnsim.open("xor").experiment, "learning.dropout", 0.5))
    hidden, output = trace(session, "layer", 2)
    values = hidden["values"]
    assert set(values["mask"]) <= {0.0, 2.0}
    assert values["passed"] == [a * m for a, m in zip(values["output"], values["mask"], strict=True)]
    assert output["values"]["inputs"] == values["passed"]
    assert "mask" not in output["values"]


def test_a_softmax_output_is_unknown_before_the_layers_last_sum() -> None:
    outputs = [s["values"]["output"] for s in trace("iris", "neuron", 9)[6:]]
    assert outputs[:2] == [None, None]
    assert 0 < outputs[2] < 1


def test_fused_loss_and_activation_have_no_slope_of_their_own() -> None:
    assert (fused := trace("iris", "pass", 3)[2]["values"])["slope"][-1] is None
    assert fused["output_gradient"][-1] is None
    assert len(fused["slope"][0]) == 6


def test_an_epoch_ends_with_the_parameters_and_scores_of_that_moment() -> None:
    session = nnsim.open("ring")
    last = trace(session, "epoch", 3)[-1]
    assert last["values"]["weights"]["after"] == plain(session.frame.weights)
    assert last["values"]["train"]["loss"] == session.frame.loss
    assert last["moment"] == {"epoch": 2, "batch": 74, "mark": session.moment.mark}


def test_the_printed_moment_is_one_that_seek_takes() -> None:
    there = trace("ring", "sample", 17)[-1]
    session = nnsim.open("ring")
    session.seek((there["moment"]["batch"], there["moment"]["mark"]))
    assert plain(stop(session.frame, Grain.SAMPLE)) == there


def test_a_divergence_ends_the_trace_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "plane", "--grain", "batch", "--steps", "900", "--json", "--set", "learning.rate=1e6"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("nnsim: Diverged at ") and captured.err.count("\n") == 1
    lines = [json.loads(line, parse_constant=pytest.fail) for line in captured.out.splitlines()]
    assert 0 < len(lines) < 900


def test_numbers_that_are_not_finite_are_named() -> None:
    assert plain({"a": np.array([math.inf, -math.inf, math.nan])}) == {"a": ["Infinity", "-Infinity", "NaN"]}


def test_in_words_what_an_update_changed_can_be_seen_to_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "xor", "--set", "learning.rate=0.0001", "--grain", "neuron", "--steps", "60"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if " update " in line]
    moves = [(old, new) for line in lines for old, new in re.findall(r"(?:weights|bias) (\S.*?) → (\S.*?) \(gradient", line)]
    assert len(moves) > 4
    for old, new in moves:
        assert old.lstrip("+−") != new.lstrip("+−")
        assert all(one != other for one, other in zip(old.strip("[]").split(", "), new.strip("[]").split(", "), strict=True))


def test_in_words_small_gradients_so_far_keep_their_digits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "ring", "--grain", "neuron", "--steps", "30"]) == 0
    so_far = re.findall(r"gradients so far \[(.*?)\]", capsys.readouterr().out)
    assert so_far and not any(number in ("+0.000", "−0.000") for numbers in so_far for number in numbers.split(", "))
