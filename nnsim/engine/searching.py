"""Looking for the first batch of a run that makes a condition true, while the batches are computed.

It is apart from the replay because that only computes a run, and this asks something of every batch. It refuses to move a cursor.
"""

import math

from nnsim.engine.replay import Replay
from nnsim.engine.watching import Watch


def search(replay: Replay, watch: Watch, batch: int, goal: int) -> int | None:
    """Train on from before ``batch`` to before ``goal``, but no further than a condition of ``watch`` lets.

    Returns the first batch whose end makes a condition true, or None. Ends before a divergence, too.
    """
    if not replay.bring(batch):
        return None
    if watch.at != batch or watch.run is not replay.run:
        watch.arm(replay.run, batch, *_last_losses(replay, watch, batch))
        replay.bring(batch)
    while replay.at < goal:
        if replay.at == goal - 1:
            # the cursor will want the last batch's trace, and shall not replay much for it
            replay.remember()
        if not replay.stretch(max(goal - 1, replay.at + 1), watch):
            watch.at = None
            break
        if watch.asks_epochs and replay.at % replay.batches == 0:
            watch.sees_epoch(replay.training_loss(replay.at // replay.batches))
        if not watch.late and (watch.met is not None or replay.at == goal or replay.run.edits_at(replay.at)):
            watch.settle()
        watch.at = replay.at
        if watch.met is not None:
            return replay.at - (2 if watch.late else 1)
    return None


def _last_losses(replay: Replay, watch: Watch, batch: int) -> tuple[float, float]:
    """The loss of the batch before ``batch``, and the training loss at the end of the last epoch before it where that is asked."""
    training = replay.training_loss(batch // replay.batches) if watch.asks_epochs else math.inf
    if batch == 0:
        return math.inf, training
    kept = replay.history.batch_loss.curve()
    place, rest = divmod(batch - 1, kept.stride)
    if not rest:
        return float(kept.values[place, 0]), training
    trace = replay.trace(batch - 1)
    assert trace is not None, "what comes before a batch that was reached has not diverged"
    return trace.loss, training
