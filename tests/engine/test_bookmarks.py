"""Bookmarks: whether a run still has the moment that one was put at, to the bit; and names that are safe to show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.bookmarks import LONGEST_NAME, Bookmark, clean_name, holding
from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment
from nnsim.engine.moments import START, Moment
from nnsim.engine.simulation import Simulation

XOR: Experiment = example("xor").experiment


def at(simulation: Simulation, name: str = "here") -> Bookmark:
    return Bookmark(simulation.run_record, simulation.moment, name)


@given(bookmarked=st.integers(0, 12), branched=st.integers(0, 12), amid=st.booleans(), by_hand=st.booleans())
def test_a_bookmark_holds_in_a_branch_only_where_the_branch_has_the_same_numbers(
        bookmarked: int, branched: int, amid: bool, by_hand: bool) -> None:
    simulation = Simulation(XOR)
    simulation.seek(Moment(bookmarked, simulation.marks(bookmarked).count - amid))
    bookmark, theta = at(simulation), simulation.frame.theta
    simulation.seek(Moment(branched, 0))
    if by_hand:
        simulation.set_parameter(0, 0, 0, 0.123)
    else:
        simulation.tune(simulation.learning.replace(rate=0.0123))
    assert bookmark.holds_in(simulation.run_record) == (bookmarked < branched)
    if bookmark.holds_in(simulation.run_record):
        simulation.seek(bookmark.moment)
        assert simulation.moment == bookmark.moment and np.array_equal(simulation.frame.theta, theta)


def test_the_start_is_the_same_however_it_learns_but_not_with_a_weight_set_there() -> None:
    simulation = Simulation(XOR)
    start = at(simulation)
    simulation.tune(simulation.learning.replace(rate=0.0123))
    assert start.moment == START and start.holds_in(simulation.run_record)
    simulation.set_parameter(0, 0, 0, 0.5)
    assert not start.holds_in(simulation.run_record)
    assert at(simulation).holds_in(simulation.run_record)


def test_a_place_before_an_edit_is_not_the_place_after_it() -> None:
    simulation = Simulation(XOR)
    simulation.run(batches=3)
    before = at(simulation)
    simulation.set_parameter(0, 0, 0, 0.5)
    after = at(simulation)
    assert before.moment != after.moment
    assert before.holds_in(simulation.run_record)
    assert not after.holds_in(before.run)


def test_a_run_of_other_structure_has_none_of_the_moments_and_another_title_changes_nothing() -> None:
    simulation = Simulation(XOR)
    bookmark = at(simulation)
    assert not bookmark.holds_in(Simulation(XOR.replace(seed=XOR.seed + 1)).run_record)
    assert bookmark.holds_in(Simulation(XOR.replace(title="mine")).run_record)


def test_those_that_hold_come_in_the_order_of_their_moments() -> None:
    run = Simulation(XOR).run_record
    other = Simulation(XOR.replace(seed=XOR.seed + 1)).run_record
    late, early = Bookmark(run, Moment(9, 3), "late"), Bookmark(run, Moment(2, 5), "early")
    assert holding((late, Bookmark(other, Moment(4, 0), "elsewhere"), early), run) == (early, late)


@pytest.mark.parametrize("text, name", [
    ("  two \n lines\t", "two lines"), ("\x1b[31mred", "[31mred"), ("epoch\u202f1,\u00a0here", "epoch 1, here"), ("\u202e", ""),
    ("x" * 200, "x" * LONGEST_NAME), ("\ud800", ""), ("Ω › ŷ", "Ω › ŷ"), ("x" * 79 + " yz", "x" * 79)])
def test_a_name_is_one_line_of_what_can_be_shown(text: str, name: str) -> None:
    assert clean_name(text) == name == clean_name(name)


@pytest.mark.parametrize("name", ["", " x", "a\nb", "x" * 81])
def test_a_bookmark_refuses_a_name_that_is_not_clean(name: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        Bookmark(Simulation(XOR).run_record, START, name)
