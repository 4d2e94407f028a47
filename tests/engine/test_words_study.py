"""The study of guessed words: its scores are the scores, its examples are held out, and it comes in slices."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.forward import predict
from nnsim.engine import words_study as module
from nnsim.engine.examples import example
from nnsim.engine.frame import Frame
from nnsim.engine.next_word import vocabulary_of
from nnsim.engine.simulation import Simulation
from nnsim.engine.word_scores import scores
from nnsim.engine.words_study import WordsStudy, words_study


def trained(epochs: int = 1) -> Frame:
    simulation = Simulation(example("next-word").experiment)
    simulation.run(epochs=epochs)
    return simulation.frame


def finished(study: Generator[None, None, WordsStudy]) -> tuple[WordsStudy, int]:
    """What a study finds, and in how many slices."""
    slices = 0
    while True:
        try:
            next(study)
        except StopIteration as end:
            found: WordsStudy = end.value
            return found, slices
        slices += 1


def test_without_a_limit_its_scores_are_those_of_all_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = trained()
    monkeypatch.setattr(module, "MOST_ROWS", 0)
    found, slices = finished(words_study(frame))
    vocabulary = vocabulary_of(frame.experiment.data)
    whole = scores(frame.network, frame.theta, frame.dataset, vocabulary)
    assert found.scores is not None and found.scores.test is not None and whole.test is not None
    assert found.scores.train.network.perplexity == pytest.approx(whole.train.network.perplexity)
    assert found.scores.train.network.top_5 == whole.train.network.top_5
    assert found.scores.test.pairs.top_1 == whole.test.pairs.top_1
    assert slices == -(-len(frame.dataset.train) // 256) + -(-len(frame.dataset.test) // 256)


def test_its_cost_is_limited_by_an_even_choice_of_stretches() -> None:
    frame = trained()
    found, _ = finished(words_study(frame))
    assert found.scores is not None and found.scores.test is not None
    assert found.scores.train.rows <= module.MOST_ROWS < len(frame.dataset.train)
    assert found.scores.test.rows == len(frame.dataset.test)


def test_examples_are_held_out_stretches_with_the_networks_own_guess() -> None:
    frame = trained()
    found, _ = finished(words_study(frame))
    dataset = frame.dataset
    assert len(found.examples) == module.SHOWN
    for each in found.examples:
        assert each.row in dataset.test
        shares = predict(frame.network, frame.theta, dataset.scaled(dataset.inputs[each.row : each.row + 1]))[0]
        answer = int(dataset.targets[each.row].argmax())
        assert (each.answer, each.guess) == (dataset.target_names[answer], dataset.target_names[int(shares.argmax())])
        assert each.rank == 1 + int((shares > shares[answer]).sum()) and each.share == pytest.approx(float(shares.max()))
        assert all(dataset.inputs[each.row][dataset.input_names.index(f"{word} (word −{2 - place})")] == 1
                   for place, word in enumerate(each.before))


def test_outputs_that_are_no_probabilities_are_said() -> None:
    words = example("next-word").experiment
    layers = (words.layers[0], words.layers[1].replace(activation="identity"))
    simulation = Simulation(words.replace(layers=layers, learning=words.learning.replace(loss="mse")))
    found, _ = finished(words_study(simulation.frame))
    assert found.scores is None and found.examples == () and "choose softmax" in found.problem


def test_numbers_that_are_not_finite_are_said() -> None:
    frame = trained(0)
    found, _ = finished(words_study(replace(frame, theta=np.full_like(frame.theta, np.nan))))
    assert "not finite" in found.problem
