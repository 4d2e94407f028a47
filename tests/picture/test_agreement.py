"""A gradient check in words and as arrays that lie like the weights."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.gradient_check import GradientCheck
from nnsim.engine.checking import check_gradients
from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment, Layer, Learning, changed
from nnsim.engine.simulation import Simulation
from nnsim.picture.agreement import agreement, edge_at, edge_name, measured, sentence
from nnsim.picture.targets import EdgeTarget


def check_of(experiment: Experiment, most: int | None = None) -> GradientCheck:
    return check_gradients(Simulation(experiment), most)


def xor(**learning: float) -> GradientCheck:
    plain = example("xor").experiment
    return check_of(plain.replace(learning=plain.learning.replace(**learning)))


def with_numbers(check: GradientCheck, differences: list[float], verdicts: list[str]) -> GradientCheck:
    """The check, its first places being so; the others agree to the last digit."""
    rest = len(check.places) - len(differences)
    return replace(check, differences=np.array([*differences, *[0.0] * rest]), verdicts=np.array([*verdicts, *["agrees"] * rest]))


def kinks_of_relu() -> GradientCheck:
    return check_of(changed(example("xor").experiment, "layers.0.activation", "relu"))


def test_every_weight_and_bias_has_its_difference_and_verdict_in_its_layers_place() -> None:
    check = xor()
    first, second = agreement(check).layers
    assert first.differences.shape == first.verdicts.shape == (3, 4)
    assert second.differences.shape == (5, 1)
    for place, difference in zip(check.places, check.differences, strict=True):
        layer, row, neuron = edge_at(check.network, int(place))
        assert check.network.index(layer, row, neuron) == place
        assert (first, second)[layer].differences[row, neuron] == difference
        assert (first, second)[layer].verdicts[row, neuron] == "agrees"
    assert not first.differences.flags.writeable


def test_what_was_not_checked_is_unknown_and_not_0() -> None:
    check = check_of(example("xor").experiment, most=4)
    layers = agreement(check).layers
    known = np.concatenate([np.isfinite(layer.differences).ravel() for layer in layers])
    assert np.array_equal(np.flatnonzero(known), check.places)
    assert sum(np.count_nonzero(layer.verdicts == "") for layer in layers) == 13


def test_edges_are_named_from_1_with_biases_apart() -> None:
    network = xor().network
    assert edge_name(network, EdgeTarget(0, 1, 0)) == "L1 W[2,1]"
    assert edge_name(network, EdgeTarget(0, 2, 3)) == "L1 b[4]"
    assert edge_name(network, EdgeTarget(1, 4, 0)) == "L2 b[1]"


def test_agreement_is_said_with_its_worst() -> None:
    check = with_numbers(xor(), [1e-14, 2e-10, 3e-12], ["agrees"] * 3)
    assert sentence(check) == "All 17 gradients agree within 2×10⁻¹⁰; worst: L1 W[1,2]."
    assert agreement(check).passed
    assert agreement(check).worst.target == EdgeTarget(0, 0, 1)


def test_the_batch_that_was_checked_is_named_where_it_is_told() -> None:
    check = with_numbers(xor(), [], [])
    assert agreement(check, (2, 6)).sentence == "Epoch 3, batch 7: all 17 gradients agree in all digits."
    chosen = replace(check_of(example("xor").experiment, most=1), differences=np.zeros(1))
    assert sentence(chosen, (1234, 0)) == "Epoch 1,235, batch 1: 1 of 17 checked: the gradient agrees in all digits."


def test_agreement_in_all_digits_has_no_worst() -> None:
    assert sentence(with_numbers(xor(), [], [])) == "All 17 gradients agree in all digits."


def test_a_difference_is_said_with_both_numbers() -> None:
    check = replace(with_numbers(xor(), [0.0, 0.5], ["agrees", "differs"]),
                    gradients=np.full(17, 0.125), measured=np.full(17, -0.25))
    assert sentence(check) == "1 of 17 gradients differs, L1 W[1,2]: +0.1250, but measured −0.2500."
    check = replace(check, verdicts=np.where(np.arange(17) < 3, "differs", "agrees"))
    assert sentence(check) == "3 of 17 gradients differ, most of all L1 W[1,2]: +0.1250, but measured −0.2500."
    assert not agreement(check).passed


def test_a_kink_is_said_apart_and_is_no_failure() -> None:
    shown = agreement(kinks_of_relu())
    assert shown.sentence.startswith("13 of 17 gradients agree within ")
    assert shown.sentence.endswith("; 4 at a kink of the loss: L1 b[1], L1 b[2], L1 b[3] and 1 more.")
    assert shown.passed
    assert shown.layers[0].verdicts[2].tolist() == ["kink"] * 4


def test_a_kink_beside_a_difference_is_said_too() -> None:
    check = kinks_of_relu()
    first = np.arange(17) == 0
    wrong = replace(check, verdicts=np.where(first, "differs", check.verdicts), differences=np.where(first, 1.0, check.differences))
    assert sentence(wrong).startswith("1 of 17 gradients differs, L1 W[1,1]: ")
    assert sentence(wrong).endswith("; 4 at a kink of the loss: L1 b[1], L1 b[2], L1 b[3] and 1 more.")


def test_nothing_but_kinks_is_said_without_agreement() -> None:
    check = replace(xor(), verdicts=np.full(17, "kink"))
    assert sentence(check) == "17 at a kink of the loss: L1 W[1,1], L1 W[1,2], L1 W[1,3] and 14 more."


def test_a_choice_is_said_to_be_one() -> None:
    check = check_of(example("xor").experiment, most=4)
    assert sentence(replace(check, differences=np.array([0, 0, 0, 3e-15]))).startswith(
        "4 of 17 checked: all 4 gradients agree within 3×10⁻¹⁵; worst: L2 ")
    one = check_of(example("xor").experiment, most=1)
    assert sentence(replace(one, differences=np.zeros(1))) == "1 of 17 checked: the gradient agrees in all digits."


def test_what_is_lost_in_rounding_is_not_said_to_agree() -> None:
    check = replace(xor(), doubts=np.where(np.arange(17) < 2, 1e3, 0))
    assert sentence(check).startswith("15 of 17 gradients agree within ")
    assert sentence(check).endswith("; 2 lost in rounding.")
    assert agreement(check).conditions[-1].startswith("Lost in rounding is ")
    assert sentence(replace(check, doubts=np.full(17, 1e3))) == "17 lost in rounding."


@pytest.mark.parametrize(("learning", "words"), [
    ({}, "mean loss."),
    ({"l1": 0.01}, "mean loss with the L1 penalty."),
    ({"l1": 0.01, "l2": 0.1}, "mean loss with the L1 and L2 penalties."),
    ({"dropout": 0.5}, "mean loss under this batch's dropout mask."),
    ({"clip_norm": 1000.0}, "mean loss before clipping, which does nothing here."),
    ({"l2": 0.1, "dropout": 0.5, "clip_norm": 1e-3},
     "mean loss with the L2 penalty, under this batch's dropout mask, before clipping, which multiplies it by "),
])
def test_the_conditions_say_what_was_compared(learning: dict[str, float], words: str) -> None:
    how, what = agreement(xor(**learning)).conditions
    assert words in what
    assert ("four places" if learning.get("l1") else "imaginary step") in how
    assert ("1×10⁻⁶" if learning.get("l1") else "1×10⁻⁹") in how


def test_a_kink_has_the_slopes_that_it_lies_between() -> None:
    check = kinks_of_relu()
    at_kink, plain = (measured(check, number) for number in (8, 0))
    assert (at_kink.name, at_kink.verdict) == ("L1 b[1]", "kink")
    low, high = at_kink.between
    assert low <= at_kink.gradient <= high and high - low > 0.01
    assert plain.between == (plain.measured, plain.measured)


def test_single_precision_is_said_to_be_judged_more_coarsely() -> None:
    small = Experiment(layers=(Layer(width=2), Layer(activation="sigmoid")), learning=Learning(), precision="float32")
    assert "up to 0.001 is agreement" in agreement(check_of(small)).conditions[0]
