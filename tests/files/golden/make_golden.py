"""Makes the golden file of this format: a small run with all that a snapshot can hold, and what it shows as JSON beside it.

A golden file is never made again: it stays as the nnsim of its time wrote it, and every later nnsim must open it. Run it only
for a new format, under a new name:

    python tests/files/golden/make_golden.py tests/files/golden/format-3
"""

import json
import sys
from pathlib import Path

from nnsim.engine.bookmarks import Bookmark
from nnsim.engine.breakpoints import LossBelow, NeuronDeath, PlaceBreakpoint, SignChange
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.run import Run
from nnsim.files.session import Session
from nnsim.files.view import View


def golden_session() -> Session:
    """Momentum, then a weight set by hand, then Adam, then gone back to the middle of a backward pass."""
    session = Session(Experiment(
        title="golden", data=Data(source="ring", samples=14, test_share=4 / 14), batch_size=4, seed=3,
        layers=(Layer(width=3), Layer(width=2, activation="relu"), Layer(activation="sigmoid")),
        learning=Learning(optimizer="momentum", rate=0.2, settings={"momentum": 0.8})))
    session.run(batches=7)
    session.set_parameter(0, 1, 2, 0.75)
    session.run(batches=2)
    session.tune(Learning(optimizer="adam", rate=0.05, l2=0.01, dropout=0.2, schedule="exponential"))
    session.run(batches=12)
    session.step("batch", -4)
    session.step("layer", 5)
    session.view = golden_view(session.run_record)
    return session


def golden_view(run: Run) -> View:
    """Since format 2: two bookmarks, a breakpoint of every kind, slow steps by layer until an accuracy."""
    return View(
        (Bookmark(run, Moment(9, 0), "Adam takes over"), Bookmark(run, Moment(16, 40), "amid a pass")),
        (PlaceBreakpoint("backward", 1), LossBelow(0.25, "batch", False), SignChange(0, 2, 1), NeuronDeath(1, 0)),
        Grain.LAYER, 0.5, ("metric", 0.95))


def seen(session: Session) -> dict[str, object]:
    """What a file must still say when it is opened, in numbers that JSON holds exactly."""
    frame = session.frame
    assert frame.trace is not None and frame.mark is not None
    return {
        "moment": list(frame.moment), "phase": frame.phase, "sample": frame.sample, "layer": frame.mark.layer,
        "weights": [weights.tolist() for weights in frame.weights], "biases": [biases.tolist() for biases in frame.biases],
        "memory": {name: vector.tolist() for name, vector in frame.trace.memory_before.items()}, "step": frame.trace.step,
        "loss": frame.loss, "batch_loss": frame.history.batch_loss.values.tolist(), "epochs": frame.history.epochs.values.tolist(),
    }


def main(goal: Path) -> None:
    """Write both files, over none."""
    session = golden_session()
    if goal.with_suffix(".nnsim").exists():
        sys.exit(f"{goal}.nnsim is there already, and stays as it is")
    session.save(goal.with_suffix(".nnsim"))
    again = seen(session)
    session.run(batches=20)
    goal.with_suffix(".json").write_text(json.dumps({"opened": again, "trained_on_by_20_batches": seen(session)}, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
