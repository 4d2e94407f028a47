"""What was read, in a sentence: each kind of one's own data."""

import numpy as np

from nnsim.core.pictures import Pictures
from nnsim.core.tables import Table, numbers_column, words_column
from nnsim.core.texts import Text
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data
from nnsim.files.own_files import experiment_on
from nnsim.picture.own_data_words import gaps_sentence, is_own_file, read_sentence, scaling_lines


def test_a_table_is_told_with_its_target_and_what_was_left_out() -> None:
    data = experiment_on(Table("t", (
        numbers_column("x", np.array([np.nan, *range(1, 20)])), words_column("kind", ["a", "b"] * 10)))).data
    dataset = load_dataset(data)
    assert read_sentence(data, dataset, "t.csv") == "Read 19 rows of t.csv: kind (a, b) is predicted from 1 column. 1 row left out."
    assert gaps_sentence(dataset) == "1 row left out."


def test_scaling_can_be_read_by_input() -> None:
    numbers = np.array([0.0, 2.0] * 10)
    data = experiment_on(Table("t", (numbers_column("x", numbers), words_column("kind", ["a", "b"] * 10)))).data
    assert scaling_lines(data, load_dataset(data)) == (("x", "1.000", "1.000"),)
    plain = data.replace(scaling="none")
    assert scaling_lines(plain, load_dataset(plain)) == ()


def test_pictures_and_texts_are_told_in_their_own_words() -> None:
    pixels = np.zeros((4, 8, 9, 3), np.uint8)
    pixels[::2] = 200
    pictures = experiment_on(Pictures("p", pixels, np.array([0, 1, 0, 1], np.int32), ("cat", "dog"))).data
    assert read_sentence(pictures, load_dataset(pictures), "p") == "Read 4 pictures of cat, dog in p, as 8 × 9 in colour."
    text = experiment_on(Text("t", "The cat sat on the mat. " * 10)).data
    told = read_sentence(text, load_dataset(text), "t.txt")
    assert told.startswith("Read t.txt: ") and told.endswith("of 1 word to guess the next of 6 known words.")


def test_what_comes_along_is_not_ones_own() -> None:
    assert not is_own_file(Data(source="text")) and not is_own_file(Data(source="iris"))
