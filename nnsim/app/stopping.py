"""When playing stops by itself: at the end of some epoch, or of the first one that is good enough.

It is apart from the worker because it only looks at a session and can be tested without a thread. It refuses to move the cursor.
"""

import math

from nnsim.engine.moments import Moment
from nnsim.files.session import Session
from nnsim.picture.time_picture import RunUntil


class Stopping:
    """What playing runs until, counted from the moment at which this is made."""

    def __init__(self, session: Session, until: RunUntil | None) -> None:
        self.until = until
        self._session = session
        self._epochs_seen = session.batches_finished // session.batches
        self._last: int | None = None
        if until is not None and until.kind == "epochs":
            self._last = (self._epochs_seen + int(until.value)) * session.batches

    def most(self, batches: int) -> int:
        """How many of so many batches may be run at once, so as not to overrun the end."""
        return batches if self._last is None else min(batches, max(1, self._last - self._session.batches_finished))

    def reached(self) -> Moment | None:
        """Where playing is to stop, if it has come so far since the last look."""
        session = self._session
        if self._last is not None:
            return session.moment if session.batches_finished >= self._last else None
        # the end of a batch that diverged is a place, but no end of an epoch
        epochs = min(session.batches_finished // session.batches, session.history.epochs.end - 1)
        curve = session.history.curves().epochs
        for epoch in range(self._epochs_seen + 1, epochs + 1):
            # of a very long run not every epoch's score is kept
            if epoch % curve.stride == 0 and self._is_good(*curve.values[epoch // curve.stride]):
                return Moment(epoch * session.batches, 0)
        self._epochs_seen = epochs
        return None

    def _is_good(self, train_loss: float, test_loss: float, train_metric: float, test_metric: float) -> bool:
        loss, metric = (train_loss, train_metric) if math.isnan(test_loss) else (test_loss, test_metric)
        until = self.until
        return until is not None and ((until.kind == "loss" and loss <= until.value)
                                      or (until.kind == "metric" and metric >= until.value))
