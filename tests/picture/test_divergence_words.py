"""A divergence in a sentence."""

from nnsim.engine.divergence import Divergence
from nnsim.picture.divergence_words import divergence_sentence


def test_a_divergence_is_told_with_numbers_as_people_read_them() -> None:
    found = Divergence(7, 1, 1, "the loss of output {} against target {} (neuron 1, sample 3)", (9.4712e154, -0.496), "Lower the "
                       "rate (now {}).", 1e6, 12)
    assert divergence_sentence(found, 5) == (
        "Diverged at epoch 2, batch 3: L2: the loss of output 9.47×10¹⁵⁴ against target −0.496 (neuron 1, sample 3) is not finite. "
        "Lower the rate (now 1000000).")


def test_an_input_of_the_data_belongs_to_no_layer() -> None:
    found = Divergence(0, 0, None, "an input of the data", (), "Mend the data or choose another data set.", 0.1, 1)
    assert divergence_sentence(found, 5) == (
        "Diverged at epoch 1, batch 1: an input of the data is not finite. Mend the data or choose another data set.")
