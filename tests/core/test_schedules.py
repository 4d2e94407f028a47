"""Schedules: the rate's factor, epoch by epoch."""

import math
from itertools import pairwise

import pytest

from nnsim.core.schedules import SCHEDULES


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_every_schedule_begins_at_the_full_rate_and_never_rises(name: str) -> None:
    factors = [SCHEDULES[name].factor(epoch, 7, 0.6) for epoch in range(30)]
    assert factors[0] == 1
    assert all(later <= earlier for earlier, later in pairwise(factors))
    assert min(factors) >= 0


def test_the_constant_schedule_changes_nothing() -> None:
    assert {SCHEDULES["constant"].factor(epoch, 3, 0.5) for epoch in (0, 1, 10, 10**6)} == {1.0}


def test_the_step_schedule_drops_after_every_so_many_epochs() -> None:
    assert [SCHEDULES["step"].factor(epoch, 3, 0.5) for epoch in range(8)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_the_exponential_schedule_multiplies_every_epoch() -> None:
    assert [SCHEDULES["exponential"].factor(epoch, 3, 0.5) for epoch in range(4)] == [1, 0.5, 0.25, 0.125]


def test_the_cosine_schedule_reaches_0_and_stays_there() -> None:
    factors = [SCHEDULES["cosine"].factor(epoch, 4, 0.5) for epoch in range(7)]
    assert factors[:4] == pytest.approx([1, (1 + math.sqrt(0.5)) / 2, 0.5, (1 - math.sqrt(0.5)) / 2])
    assert factors[4:] == [0, 0, 0]


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_a_millionth_epoch_has_a_finite_rate(name: str) -> None:
    assert 0 <= SCHEDULES[name].factor(10**6, 100, 1e-300) <= 1
