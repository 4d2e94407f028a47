"""A saved run is the run: reopened it shows the same frame, goes on, and goes back, all to the bit."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file
from taken_apart import eventful, plain, shown, small, taken_apart

import nnsim
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import MOST_PARAMETERS, Data, Experiment, Layer, Learning, Start
from nnsim.engine.history import EPOCH_COLUMNS, MOST_BATCH_LOSSES, MOST_EPOCHS
from nnsim.engine.moments import Moment
from nnsim.engine.replay import Replay
from nnsim.engine.run import Run
from nnsim.files.session import Session
from nnsim.files.snapshot import MAXIMUM_BYTES, MAXIMUM_HEADER, STATES_BYTES, simulation_from, snapshot_bytes


def reopened(session: Session) -> Session:
    return simulation_from(snapshot_bytes(session), Session)


def in_phase(phase: str, batch: int) -> Callable[[Session], None]:
    """Into the middle of a phase of a batch."""

    def go(session: Session) -> None:
        marks = session.marks(batch)
        numbers = [number for number in range(1, marks.count + 1) if marks.at(number).phase == phase]
        session.seek(Moment(batch, numbers[len(numbers) // 2]))
        assert session.frame.phase == phase

    return go


def edited(session: Session) -> None:
    session.run(batches=5)
    session.set_parameter(1, 3, 0, -0.3)
    assert session.moment == Moment(5, 0)


def edited_amid_the_first_batch(session: Session) -> None:
    session.step("neuron", 4)
    session.set_parameter(0, 0, 0, 0.1)


def tuned(session: Session) -> None:
    session.run(batches=5)
    session.tune(session.learning.replace(rate=0.011, l1=0.003))
    session.run(batches=2)


def tuned_to_another_optimizer(session: Session) -> None:
    session.run(batches=5)
    session.tune(session.learning.replace(optimizer="adagrad", settings={}))


def amid_the_past(session: Session) -> None:
    session.run(epochs=6)
    session.set_parameter(0, 2, 1, 0.5)
    session.run(epochs=2)
    session.step("epoch", -3)
    session.step("neuron", 5)


def rewound(session: Session) -> None:
    session.run(epochs=3)
    session.rewind()


PLACES: dict[str, Callable[[Session], None]] = {
    "start": lambda session: None,
    "first-forward": in_phase("forward", 0),
    "forward": in_phase("forward", 4),
    "loss": in_phase("loss", 4),
    "backward": in_phase("backward", 4),
    "update": in_phase("update", 4),
    "update-of-a-partial-batch": in_phase("update", 5),
    "batch-end": lambda session: session.run(batches=4),
    "epoch-end": lambda session: session.run(epochs=4),
    "edited": edited,
    "edited-amid-the-first-batch": edited_amid_the_first_batch,
    "tuned": tuned,
    "tuned-to-another-optimizer": tuned_to_another_optimizer,
    "amid-the-past": amid_the_past,
    "rewound": rewound,
}

EXPERIMENTS: dict[str, Experiment] = {
    **{name: small(learning=Learning(optimizer=name, rate=0.05)) for name in OPTIMIZERS if name != "perceptron"},
    "dropout": small(learning=Learning(optimizer="adam", dropout=0.4, l2=0.01, clip_norm=0.5)),
    "schedule": small(learning=Learning(schedule="cosine", schedule_epochs=5)),
    "float32": small(precision="float32", learning=Learning(optimizer="rmsprop")),
    "no-test-data": small(data=Data(samples=10, test_share=0)),
    "given-start": small(start=Start(weights=(((0.1, 0.2, 0.3), (0.4, 0.5, 0.6)), ((0.7,), (0.8,), (0.9,))),
                                     biases=((0.01, 0.02, 0.03), (0.04,)))),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", EXPERIMENTS)
def test_a_reopened_run_is_the_run_that_never_stopped(kind: str, place: str) -> None:
    kept, never_saved = Session(EXPERIMENTS[kind]), Session(EXPERIMENTS[kind])
    for session in (kept, never_saved):
        PLACES[place](session)
    again = reopened(kept)
    here = shown(never_saved.frame)
    assert shown(again.frame) == here
    assert shown(kept.frame) == here, "saving has moved something"
    assert again.run_record == never_saved.run_record
    for session in (kept, never_saved, again):
        session.step("neuron", 3)
        session.run(batches=8)
    assert shown(again.frame) == shown(never_saved.frame)
    assert shown(kept.frame) == shown(never_saved.frame)


@pytest.mark.parametrize("place", PLACES)
def test_going_back_after_reopening_gives_the_same_bits(place: str) -> None:
    experiment = EXPERIMENTS["dropout"]
    never_saved = Session(experiment)
    PLACES[place](never_saved)
    again = reopened(never_saved)
    for grain, count in (("term", -3), ("batch", -1), ("layer", -2), ("epoch", -1), ("epoch", 2), ("batch", -20), ("batch", 3)):
        for session in (never_saved, again):
            session.step(grain, count)
        assert shown(again.frame) == shown(never_saved.frame)


def test_edits_can_be_undone_after_reopening() -> None:
    never_saved = eventful()
    again = reopened(never_saved)
    older = Run(never_saved.run_record.experiment, never_saved.run_record.edits[:1])
    for session in (never_saved, again):
        session.become(older, Moment(9, 4))
        session.run(batches=3)
    assert shown(again.frame) == shown(never_saved.frame)


def test_a_snapshot_of_a_snapshot_says_the_same() -> None:
    first = taken_apart(snapshot_bytes(eventful()))
    second = taken_apart(snapshot_bytes(simulation_from(first.content(), Session)))
    assert second.manifest == first.manifest
    assert plain(second.tensors) == plain(first.tensors)


GO_ON = """
import json, sys
from nnsim.engine.run import Run
from nnsim.files.session import Session
session = Session.open(sys.argv[1])
session.run(batches=17)
frame = session.frame
print(json.dumps({"moment": frame.moment, "theta": frame.theta.tobytes().hex(), "step": frame.trace.step,
                  "memory": {name: vector.tobytes().hex() for name, vector in frame.trace.memory_after.items()},
                  "losses": frame.history.batch_loss.values.tobytes().hex(),
                  "scores": frame.history.epochs.values.tobytes().hex()}))
"""


def test_another_process_goes_on_with_the_same_bits(tmp_path: Path) -> None:
    session = eventful()
    session.save(tmp_path / "run.nnsim")
    told = subprocess.run([sys.executable, "-c", GO_ON, str(tmp_path / "run.nnsim")], capture_output=True, text=True, check=True,
                          timeout=60).stdout
    session.run(batches=17)
    frame = session.frame
    assert frame.trace is not None
    assert json.loads(told) == {
        "moment": list(frame.moment), "theta": frame.theta.tobytes().hex(), "step": frame.trace.step,
        "memory": {name: vector.tobytes().hex() for name, vector in frame.trace.memory_after.items()},
        "losses": frame.history.batch_loss.values.tobytes().hex(), "scores": frame.history.epochs.values.tobytes().hex()}


@pytest.mark.parametrize("name", example_names())
def test_every_example_can_be_kept(name: str, tmp_path: Path) -> None:
    session = nnsim.open(name)
    session.run(batches=3)
    session.save(tmp_path / "x.nnsim")
    assert shown(nnsim.open(tmp_path / "x.nnsim").frame) == shown(session.frame)


def test_the_file_is_safetensors_with_pytorchs_layout(tmp_path: Path) -> None:
    session = eventful()
    path = tmp_path / "run.nnsim"
    session.save(path)
    tensors, frame = load_file(path), session.frame
    assert [tensors[f"layers.{n}.weight"].shape for n in range(2)] == [(3, 2), (1, 3)]
    for layer in range(2):
        assert np.array_equal(tensors[f"layers.{layer}.weight"], frame.weights[layer].T)
        assert np.array_equal(tensors[f"layers.{layer}.bias"], frame.biases[layer])
    with safe_open(path, "numpy") as file:
        manifest = json.loads(file.metadata()["nnsim"])
    assert manifest["format"] == 2
    assert manifest["network"] == {"inputs": 2, "widths": [3, 1], "activations": ["tanh", "sigmoid"]}


def test_a_thinned_history_comes_back_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.engine.history.MOST_BATCH_LOSSES", 16)
    monkeypatch.setattr("nnsim.engine.history.MOST_EPOCHS", 8)
    session = Session(small())
    session.run(batches=53)
    curves = session.history.curves()
    assert curves.batch_loss.stride > 1 and curves.epochs.stride > 1
    again = reopened(session)
    for each in (session, again):
        each.run(batches=40)
    assert shown(again.frame) == shown(session.frame)


def test_a_run_that_went_far_takes_a_few_megabytes_of_its_past_along() -> None:
    digits = example("digits").experiment
    session = Session(digits.replace(layers=(Layer(width=200), digits.layers[-1]),
                                     learning=digits.learning.replace(optimizer="adam", settings={})))
    session.run(batches=700)
    session.seek(Moment(333, 5000))
    parts = taken_apart(snapshot_bytes(session))
    kept = sum(tensor.nbytes for name, tensor in parts.tensors.items() if name.startswith("states."))
    assert STATES_BYTES / 2 < kept <= STATES_BYTES
    batches = [state["batch"] for state in parts.manifest["states"]]
    assert 333 in batches and batches[0] == 0 and batches[-1] > 600
    assert shown(simulation_from(parts.content(), Session).frame) == shown(session.frame)


def test_every_snapshot_taken_at_full_speed_is_one_whole_step() -> None:
    kept, plainly = Session(EXPERIMENTS["adam"]), Session(EXPERIMENTS["adam"])
    for _ in range(60):
        kept.run(batches=1)
        plainly.run(batches=1)
        assert shown(reopened(kept).frame) == shown(plainly.frame)


def test_a_snapshot_taken_while_the_way_to_a_far_moment_is_computed_is_of_the_cursors_moment() -> None:
    kept, plainly, goal = Session(EXPERIMENTS["dropout"]), Session(EXPERIMENTS["dropout"]), Moment(90, 0)
    for session in (kept, plainly):
        session.seek(Moment(11, 30))
    arrived = False
    while not arrived:
        arrived = kept.approach(goal, 7)
        again = reopened(kept)
        assert again.moment == plainly.moment
        assert again.frame.theta.tobytes() == plainly.frame.theta.tobytes()
        assert shown(again.frame) == shown(kept.frame)
    for session in (kept, again, plainly):
        session.seek(goal)
    assert shown(kept.frame) == shown(again.frame) == shown(plainly.frame)


def test_a_full_timeline_still_gives_the_state_at_the_cursor() -> None:
    session = Session(small(), memory_limit=12_000)
    session.run(batches=20_000)
    session.seek(Moment(12_345, 40))
    content = snapshot_bytes(session)
    assert 12_345 in [state["batch"] for state in taken_apart(content).manifest["states"]]
    assert session.replay.timeline.limit == 12_000
    assert shown(simulation_from(content, Session).frame) == shown(session.frame)


STEEP = Start(weights=(((0.1,), (0.2,)), ((1e35,),)), biases=((0.0,), (0.0,)))
DIVERGING = {
    "loss": small(layers=(Layer(width=3, activation="relu"), Layer(activation="identity")), learning=Learning(rate=1e6)),
    "weights": small(layers=(Layer(width=1), Layer(activation="identity")), start=STEEP, precision="float32",
                     learning=Learning(loss="mae", rate=1e6)),
}


@pytest.mark.parametrize("what", DIVERGING)
def test_a_diverged_run_comes_back_before_and_within_the_batch_that_broke(what: str) -> None:
    session = Session(DIVERGING[what])
    session.run(batches=200)
    assert session.divergence is not None
    assert shown(reopened(session).frame)["theta"] == shown(session.frame)["theta"]
    batch = session.divergence.batch
    session.seek(Moment(batch, session.marks(batch).count))
    frame = session.frame
    assert frame.trace is not None
    assert not np.isfinite(frame.trace.loss if what == "loss" else frame.theta).all()
    assert shown(reopened(session).frame) == shown(frame)


def test_the_largest_network_with_the_largest_memory_and_a_full_history_can_be_saved() -> None:
    width = 1180
    layers = (Layer(width=width), Layer(width=width), Layer(activation="identity"))
    session = Session(small(layers=layers, learning=Learning(optimizer="adam")))
    assert 0.99 * MOST_PARAMETERS < session.network.parameter_count <= MOST_PARAMETERS
    session.run(batches=1)
    history = 8 * (MOST_BATCH_LOSSES + MOST_EPOCHS * len(EPOCH_COLUMNS))
    assert len(snapshot_bytes(session)) + history + MAXIMUM_HEADER <= MAXIMUM_BYTES


def test_a_run_too_large_to_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.nnsim"
    session = eventful()
    session.save(path)
    before = path.read_bytes()
    monkeypatch.setattr("nnsim.files.snapshot.MAXIMUM_BYTES", len(before) - 1)
    with pytest.raises(OSError, match="the most a snapshot may have"):
        session.save(path)
    assert path.read_bytes() == before


def test_a_saving_that_fails_leaves_the_memory_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session.open("xor")
    limit = session.replay.timeline.limit

    def bring(self: Replay, batch: int) -> bool:
        raise MemoryError

    with monkeypatch.context() as broken, pytest.raises(MemoryError):
        broken.setattr(Replay, "bring", bring)
        snapshot_bytes(session)
    assert session.replay.timeline.limit == limit


def test_a_manifest_too_long_to_be_read_again_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.files.snapshot.MAXIMUM_HEADER", 1000)
    with pytest.raises(OSError, match="the most a snapshot may have"):
        snapshot_bytes(eventful())
