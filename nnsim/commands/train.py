"""``nnsim train``: full speed from where the source stands, with a progress bar on a terminal, and a snapshot at the end.

The way is computed in short stretches, so that the bar moves and Ctrl-C is heard between two batches, where the run is whole and
can be saved. It refuses to train by itself: the stretches are the simulation's.
"""

import argparse
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from nnsim.commands.scores import left_out_lines, score_lines, scores
from nnsim.commands.settings import open_session
from nnsim.commands.terminal import FINE, INTERRUPTED, REFUSED, CommandError, note, print_json, say
from nnsim.engine.moments import Moment
from nnsim.files.session import Session
from nnsim.picture.divergence_words import divergence_sentence
from nnsim.picture.numbers import count, loss

STRETCH_SECONDS = 0.1
WIDEST_BAR = 110
BAR = "{percentage:3.0f} % |{bar}| epoch {n:.0f} of {total:.0f}, {rate_noinv_fmt}, {remaining} left{postfix}"


def run(arguments: argparse.Namespace) -> int:
    """Train, save, print. Raises SourceError or CommandError."""
    out: Path | None = arguments.out
    if out is not None:
        _check_goal(out)
    session = open_session(arguments.source, arguments.settings, arguments.seed, arguments.target)
    began, start = time.perf_counter(), session.batches_finished
    stopped = _advance(session, arguments.epochs)
    seconds = time.perf_counter() - began
    if out is not None:
        _save(session, out)
    summary = _Summary(session, (session.batches_finished - start) / session.batches, seconds, out)
    if arguments.json:
        print_json(summary.json(), indent=2)
    else:
        summary.print()
    if stopped:
        note(f"interrupted after {session.batches_finished / session.batches:.1f} epochs"
             + (f"; saved to {out}" if out is not None else ""))
        return INTERRUPTED
    if summary.divergence:
        note(summary.divergence)
        return REFUSED
    return FINE


def _advance(session: Session, epochs: int) -> bool:
    """Go on to the end of so many epochs; True if Ctrl-C came first."""
    if not epochs:
        return False
    start = at = session.batches_finished
    goal = (start // session.batches + epochs) * session.batches
    stretch = 1
    tqdm.monitor_interval = 0  # no second thread for a bar that moves ten times a second
    # a terminal that does not know its size is taken for one of 80 columns
    width = min(shutil.get_terminal_size((80, 24)).columns - 1, WIDEST_BAR)
    with _interruption() as interrupted, tqdm(total=(goal - start) / session.batches, unit=" epochs", disable=None, ncols=width,
                                              nrows=2, bar_format=BAR, mininterval=STRETCH_SECONDS) as bar:
        while at < goal and not interrupted.is_set() and session.divergence is None:
            target = min(at + stretch, goal)
            began = time.perf_counter()
            while not session.approach(Moment(target, 0), stretch):
                pass
            took = time.perf_counter() - began
            bar.set_postfix_str(f"loss {loss(_latest_loss(session))}", refresh=False)
            bar.update((target - at) / session.batches)
            at = target
            stretch = max(1, min(int(stretch * min(4.0, STRETCH_SECONDS / max(took, 1e-6))), 1_000_000))
        stopped = interrupted.is_set()
    if at > start:
        # at a divergence this is the last finite moment
        session.seek(Moment(at if session.divergence is None else min(at, session.divergence.batch), 0))
    return stopped


def _latest_loss(session: Session) -> float:
    return float(session.history.curves().epochs.values[-1, 0])


@contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Ctrl-C as something to look at between two batches; a second Ctrl-C stops at once."""
    pressed = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return

    def press(number: int, frame: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _check_goal(out: Path) -> None:
    """Say now, not after hours of training, that a file cannot be written."""
    if out.suffix.lower() != ".nnsim":
        raise CommandError(f'cannot write "{out}": a snapshot\'s name ends in .nnsim')
    if out.is_dir():
        raise CommandError(f'cannot write "{out}": it is a folder')
    if not out.absolute().parent.is_dir():
        raise CommandError(f'cannot write "{out}": there is no folder {out.absolute().parent}')
    if not os.access(out.absolute().parent, os.W_OK):
        raise CommandError(f'cannot write "{out}": nothing may be written in that folder')


def _save(session: Session, out: Path) -> None:
    try:
        session.save(out)
    except OSError as error:
        raise CommandError(f'cannot write "{out}": {error.strerror or error}') from error


class _Summary:
    """What training came to."""

    def __init__(self, session: Session, epochs: float, seconds: float, out: Path | None) -> None:
        self.session, self.epochs, self.seconds, self.out = session, epochs, seconds, out
        self.frame = session.frame
        end = session.divergence
        ended_so = end is not None and session.moment.batch >= end.batch - 1
        self.divergence = divergence_sentence(end, session.batches) if end is not None and ended_so else ""

    def json(self) -> dict[str, Any]:
        """For programs."""
        session = self.session
        return {
            "epochs": session.batches_finished / session.batches, "epochs_trained": self.epochs,
            "moment": {"epoch": self.frame.epoch, "batch": session.moment.batch, "mark": session.moment.mark},
            **scores(self.frame), "seconds": self.seconds, "epochs_per_second": self._pace(),
            "divergence": self.divergence or None, "out": None if self.out is None else str(self.out),
        }

    def print(self) -> None:
        """For people."""
        done = self.session.batches_finished
        pace = f" ({count(round(self._pace()), 'epoch')} a second)" if self._pace() >= 1 else ""
        say(f"trained {_epochs(self.epochs)}{pace}, {_epochs(done / self.session.batches)} in all")
        for line in (*left_out_lines(self.session.dataset), *score_lines(self.frame)):
            say(line)
        if self.out is not None:
            say(f"saved to {self.out}")

    def _pace(self) -> float:
        return self.epochs / self.seconds if self.seconds else 0.0


def _epochs(number: float) -> str:
    return count(round(number), "epoch") if number == round(number) else f"{number:,.2f} epochs"
