"""Looking: scores over many rows in portions, and surfaces that stay quick to look at."""

import numpy as np
import pytest

from nnsim.engine.experiment import Data, Experiment, Layer
from nnsim.engine.frame import Wants
from nnsim.engine.simulation import Simulation


def wide(samples: int = 60) -> Experiment:
    return Experiment(data=Data(samples=samples), layers=(Layer(width=7), Layer(width=1, activation="sigmoid")))


@pytest.mark.parametrize("portion", [10, 90, 1000])
def test_rows_scored_in_portions_score_as_all_at_once(portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Simulation(wide()).look(Wants(predictions=True))
    monkeypatch.setattr("nnsim.engine.looking.PORTION", portion)
    parts = Simulation(wide()).look(Wants(predictions=True))
    assert parts.train.loss == pytest.approx(whole.train.loss, rel=1e-12)
    assert parts.train.metric == whole.train.metric
    assert parts.train_outputs is not None and whole.train_outputs is not None and len(whole.train_outputs) > 40
    np.testing.assert_allclose(parts.train_outputs, whole.train_outputs, rtol=1e-12)


def test_a_wide_networks_surface_is_coarser_and_a_small_ones_is_not() -> None:
    broad = Experiment(layers=(Layer(width=1000), Layer(width=1000), Layer(width=1, activation="sigmoid")))
    for experiment, points in ((wide(), 100), (broad, 20)):
        surface = Simulation(experiment).look(Wants(surface=100)).surface
        assert surface is not None and surface.outputs.shape == (1, points, points)
