"""``nnsim bench``: that it measures what it says, and that the kernel keeps its place beside the bare products."""

import json

import numpy as np
import pytest

from nnsim.cli import main
from nnsim.commands.bench import LEAST_ROUND
from nnsim.commands.contenders import SHAPES, Shape, bare_products, our_kernel, pytorch_version


def test_bench_prints_a_ratio_for_every_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--seconds", "0.5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [race["network"] for race in told["kernel"]] == ["2-4-2-1", "2-8-8-8-8-8-8-1", "64-32-16-10", "784-128-64-10"]
    for race in told["kernel"]:
        # how large it is depends on what else the machine does, so only that it was measured is held
        assert race["times_as_fast_as"]["matrix_products"] > 0
        assert race["microseconds_per_batch"] == pytest.approx(1e6 / race["batches_per_second"]["nnsim"])
        assert ("pytorch" in race["times_as_fast_as"]) == (pytorch_version() is not None)
    assert told["simulation"]["rows"] == 250
    assert told["simulation"]["epochs_per_second"] > 20


def test_bench_prints_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--seconds", "0.2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(SHAPES) + 1
    assert "epochs a second" in lines[-1]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_contenders_can_be_run_any_number_of_times(shape: Shape) -> None:
    for make in (our_kernel, bare_products):
        contender = make(shape)
        contender(1)
        contender(3)


def test_the_raced_batches_are_the_same_every_time() -> None:
    assert all(np.array_equal(a, b) for a, b in zip(SHAPES[0].batch(), SHAPES[0].batch(), strict=True))


def test_a_round_is_long_enough_for_the_clock() -> None:
    assert LEAST_ROUND >= 0.002
