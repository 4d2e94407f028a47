"""Tables: columns of numbers and of words, and what is missing in them."""

import numpy as np
import pytest

from nnsim.core.tables import MISSING, Table, numbers_column, words_column


def test_words_are_counted_in_the_order_of_their_first_appearance() -> None:
    column = words_column("kind", ["dog", "", "cat", "dog"])
    assert column.words == ("dog", "cat")
    assert column.codes is not None and column.codes.tolist() == [0, MISSING, 1, 0]
    assert column.codes.dtype == np.int32
    assert column.numbers is None
    assert column.missing.tolist() == [False, True, False, False]


def test_nan_is_a_missing_number() -> None:
    column = numbers_column("size", np.array([1, np.nan, 3]))
    assert column.codes is None and column.words == ()
    assert column.missing.tolist() == [False, True, False]


def test_columns_cannot_be_written_to_and_are_apart_from_what_they_were_made_of() -> None:
    given = np.array([1.0, 2.0])
    column = numbers_column("size", given)
    given[0] = 9
    assert column.numbers is not None and column.numbers.tolist() == [1, 2]
    for array in (column.numbers, words_column("kind", ["a"]).codes):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_table_knows_its_rows_and_finds_its_columns() -> None:
    size, kind = numbers_column("size", np.array([1.0, 2.0])), words_column("kind", ["a", "b"])
    table = Table("pets", (size, kind))
    assert table.rows == 2
    assert table.column("kind") is kind
    assert table.column("age") is None
    assert Table("nothing", ()).rows == 0
