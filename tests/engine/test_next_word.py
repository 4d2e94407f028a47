"""Guessing the next word: values worked out by hand, what is said about unknown and absent words, and what the example learns."""

import math
from collections import Counter

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.network import Network, join
from nnsim.core.texts import OTHER, Text, words_of
from nnsim.engine import word_scores
from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, ExperimentError, WordsUse
from nnsim.engine.frame import Frame
from nnsim.engine.materials import keep
from nnsim.engine.next_word import Guesses, Vocabulary, guess, vocabulary_of
from nnsim.engine.resources import resource
from nnsim.engine.simulation import Simulation
from nnsim.engine.word_scores import NextWordScores, scores


def of(text: str, context: int = 1, test_share: float = 0.0, vocabulary: int = 100) -> Data:
    """Data made of a text."""
    return Data(source="text", material=keep(Text("written for a test", text)), test_share=test_share,
                words=WordsUse(vocabulary=vocabulary, context=context))


# stretches a→b, b→a, a→b, b→a for training, and a→c held out
LETTERS = of("a b a b a c", test_share=0.2)
# what follows ‹other›, a, b and c: shares of a, b and c
SHARES = [[0.2, 0.2, 0.6], [0.25, 0.25, 0.5], [0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]


def by_hand(data: Data = LETTERS, output: str = "softmax") -> tuple[Network, Array, Dataset, Vocabulary]:
    """A network of one layer whose outputs after each word are ``SHARES``."""
    return (Network(4, (3,), (output,)), join([(np.log(SHARES), np.zeros(3))]), load_dataset(data), vocabulary_of(data))


def flat(data: Data) -> tuple[Network, Array, Dataset, Vocabulary]:
    """A network to which all words are equally likely."""
    dataset = load_dataset(data)
    network = Network(dataset.fed, (len(dataset.target_names),), ("softmax",))
    return network, np.zeros(network.parameter_count), dataset, vocabulary_of(data)


# vocabulary

def test_the_vocabulary_is_other_and_the_data_sets_words_in_their_order() -> None:
    assert vocabulary_of(LETTERS) == Vocabulary((OTHER, "a", "b", "c"), 1)
    assert vocabulary_of(of("a b a b a c", context=3, vocabulary=2)) == Vocabulary((OTHER, "a", "b"), 3)


def test_without_a_choice_the_usual_context_is_meant() -> None:
    assert vocabulary_of(Data(source="text")).context == WordsUse().context


def test_other_data_have_no_next_word() -> None:
    with pytest.raises(ExperimentError, match="'ring' is no text"):
        vocabulary_of(Data())


# guesses

def told(found: Guesses) -> tuple[list[tuple[str, float]], tuple[str, ...], tuple[str, ...], int]:
    """Each word with its probability, what was read, what was unknown, and how many words were absent."""
    words = [(each.word, round(each.probability, 12)) for each in found.guesses]
    return words, found.stretch.read, found.stretch.unknown, found.stretch.absent


def guessed(typed: str, most: int = 5) -> Guesses:
    """What the network made by hand makes of it."""
    return guess(*by_hand(), typed, most)


def test_the_likeliest_word_comes_first_with_its_probability() -> None:
    assert told(guessed("c")) == ([("b", 0.8), ("a", 0.1), ("c", 0.1)], ("c",), (), 0)


def test_only_the_last_words_are_read_and_capitals_make_no_difference() -> None:
    assert told(guessed("c, a, a, B"))[:2] == ([("a", 0.5), ("b", 0.25), ("c", 0.25)], ("b",))
    assert told(guessed("c, a, a, B")) == told(guessed("b"))


def test_no_more_guesses_are_made_than_asked_for() -> None:
    assert told(guessed("c", 1))[0] == [("b", 0.8)]


def test_an_unknown_word_is_read_as_other_and_said() -> None:
    found = guessed("zebra")
    assert told(found) == ([("c", 0.6), ("a", 0.2), ("b", 0.2)], (OTHER,), ("zebra",), 0)
    assert found.stretch.remark == "'zebra' is not a word it knows: read as ‹other›"
    assert guessed("zebra a").stretch.remark == ""


def test_where_too_little_was_typed_other_stands_and_that_is_said() -> None:
    found = guessed("").stretch
    assert (found.read, found.absent, found.unknown) == ((OTHER,), 1, ())
    assert found.remark == "1 more word is read, and ‹other› stands there"
    three = guess(*flat(of("a b a b a c", context=3)), "b").stretch
    assert (three.read, three.absent) == ((OTHER, OTHER, "b"), 2)
    assert three.remark == "2 more words are read, and ‹other› stands there"


def test_words_are_read_in_the_order_they_were_typed() -> None:
    data = of("a b a b a c", context=2)
    # only the last but one place says anything: after c comes c
    weights = np.zeros((8, 3))
    weights[3, 2] = math.log(8)
    network, theta = Network(8, (3,), ("softmax",)), join([(weights, np.zeros(3))])
    found = guess(network, theta, load_dataset(data), vocabulary_of(data), "a c b")
    assert found.stretch.read == ("c", "b")
    assert found.guesses[0].word == "c"
    assert [each.probability for each in found.guesses] == pytest.approx([0.8, 0.1, 0.1], abs=1e-15)


def test_inputs_are_scaled_as_in_training() -> None:
    data = LETTERS.replace(scaling="standardize")
    network, theta, dataset, vocabulary = by_hand(data)
    # in training a and b stand in half of the rows each, the others in none: offset ½ and scale ½ make 1 of 1 and −1 of 0
    a, b = np.log(SHARES[1]), np.log(SHARES[2])
    shares = np.exp(a - b) / np.exp(a - b).sum()
    found = guess(network, theta, dataset, vocabulary, "a")
    assert {each.word: each.probability for each in found.guesses} == pytest.approx(dict(zip("abc", shares, strict=True)))


@pytest.mark.parametrize("output", ["sigmoid", "tanh", "identity"])
def test_outputs_that_are_no_probabilities_are_refused(output: str) -> None:
    with pytest.raises(ExperimentError, match=f"{output}.*choose softmax"):
        guess(*by_hand(output=output), "a")
    with pytest.raises(ExperimentError, match=f"{output}.*choose softmax"):
        scores(*by_hand(output=output))


def test_numbers_that_are_not_finite_are_refused() -> None:
    network, theta, dataset, vocabulary = by_hand()
    with pytest.raises(ExperimentError, match="not finite"):
        guess(network, np.full_like(theta, np.nan), dataset, vocabulary, "a")


# scores

def test_scores_are_as_worked_out_by_hand() -> None:
    found = scores(*by_hand())
    assert found.test is not None
    assert (found.train.rows, found.test.rows) == (4, 1)
    # a→b has 1/4 and is not the best, b→a has 1/2 and is
    assert (found.train.network.top_1, found.train.network.top_5) == (0.5, 1)
    assert found.train.network.perplexity == pytest.approx(math.sqrt(8))
    assert found.test.network.top_1 == 1
    assert found.test.network.perplexity == pytest.approx(2)


def test_guessing_by_frequency_is_as_worked_out_by_hand() -> None:
    found = scores(*by_hand())
    assert found.test is not None
    # a and b were the answer twice, c never; one more of each makes 3, 3 and 1 of 7; of equals a comes first
    assert found.train.frequency.top_1 == 0.5
    assert found.train.frequency.perplexity == pytest.approx(7 / 3)
    assert found.test.frequency.top_1 == 0
    assert found.test.frequency.perplexity == pytest.approx(7)


def test_guessing_by_pairs_is_as_worked_out_by_hand() -> None:
    found = scores(*by_hand())
    assert found.test is not None
    # after a: b twice, and the frequencies once: (2 + 3/7) / 3 for b, (1/7) / 3 for c
    assert found.train.pairs.top_1 == 1
    assert found.train.pairs.perplexity == pytest.approx(21 / 17)
    assert found.test.pairs.top_1 == 0
    assert found.test.pairs.perplexity == pytest.approx(21)


def test_five_are_five_and_equally_likely_words_are_named_in_the_vocabularys_order() -> None:
    # answers: each of the seven letters once, and a once more
    found = scores(*flat(of("a b c d e f g a a")))
    assert found.test is None
    assert found.train.network.top_5 == 6 / 8
    assert found.train.network.top_1 == 2 / 8
    assert found.train.network.perplexity == pytest.approx(7)


def test_with_two_words_read_pairs_count_the_last_one() -> None:
    found = scores(*flat(of("x a b. y a c. x a b. y a c", context=2)))
    # after a as often b as c, of which b is named first; after a full stop twice y and once x; else there is one follower only
    assert found.train.rows == 13
    assert found.train.pairs.top_1 == 10 / 13


@pytest.mark.parametrize("portion", [1, 3])
def test_portions_make_no_difference(portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scores(*by_hand())
    monkeypatch.setattr(word_scores, "PORTION", portion)
    parts = scores(*by_hand())
    assert parts.train.network.perplexity == pytest.approx(whole.train.network.perplexity, rel=1e-14)
    assert (parts.train.pairs.top_1, parts.train.frequency.top_1) == (whole.train.pairs.top_1, whole.train.frequency.top_1)


def test_a_probability_of_0_is_a_large_surprise_but_a_number() -> None:
    network, _, dataset, vocabulary = by_hand()
    theta = join([(np.array([[0, 0, 0], [0, -2000, 0], [-2000, 0, 0], [0, 0, 0]], np.float64), np.zeros(3))])
    perplexity = scores(network, theta, dataset, vocabulary).train.network.perplexity
    assert 1e300 < perplexity < math.inf


# the example

@pytest.fixture(scope="module")
def learnt() -> Frame:
    simulation = Simulation(example("next-word").experiment)
    simulation.run(epochs=10)
    return simulation.frame


@pytest.fixture(scope="module")
def reached(learnt: Frame) -> NextWordScores:
    return scores(learnt.network, learnt.theta, learnt.dataset, vocabulary_of(learnt.experiment.data))


def test_the_story_has_few_words_and_uses_them_often() -> None:
    words = [word for word in words_of(resource("data", "next-word.txt").read_text("utf-8")) if word.isalpha()]
    often = Counter(words)
    assert 3000 <= len(words) <= 5000
    assert 150 <= len(often) <= 200
    assert min(often.values()) >= 3


def test_the_examples_vocabulary_holds_every_word_of_its_story() -> None:
    words = words_of(resource("data", "next-word.txt").read_text("utf-8"))
    assert set(vocabulary_of(example("next-word").experiment.data).words) == {OTHER, *words}


def test_after_10_epochs_half_of_the_held_out_words_are_guessed_and_most_are_among_five(reached: NextWordScores) -> None:
    assert reached.test is not None
    assert reached.test.rows == 765
    assert reached.test.network.top_1 >= 0.48
    assert reached.test.network.top_5 >= 0.84
    assert reached.test.network.perplexity <= 5.5


def test_the_network_is_far_better_than_counting_words_or_pairs(reached: NextWordScores) -> None:
    assert reached.test is not None
    network, pairs, frequency = reached.test.network, reached.test.pairs, reached.test.frequency
    assert network.top_1 > pairs.top_1 + 0.1 > frequency.top_1 + 0.2
    assert network.top_5 > pairs.top_5 + 0.1 > frequency.top_5 + 0.2
    assert network.perplexity < pairs.perplexity / 1.5 < frequency.perplexity / 5


@pytest.mark.parametrize(("typed", "expected"), [
    ("The cat sat", {"under", "on", "by", "in", "at"}), ("She washed her", {"face", "hands"}),
    ("Grandmother made", {"tea", "soup"}),
    ("The dog ran", {"after", "past", "to"}), ("The water was", {"warm", "blue"}), ("Where are", {"you", "the"}),
    ("bread and", {"cheese", "honey", "milk"}), ("In the", {"evening", "morning", "garden"}),
])
def test_its_guesses_make_sense(typed: str, expected: set[str], learnt: Frame) -> None:
    found = guess(learnt.network, learnt.theta, learnt.dataset, vocabulary_of(learnt.experiment.data), typed)
    assert {each.word for each in found.guesses} >= expected
    assert found.guesses[0].word in expected
    assert found.stretch.remark == ""
