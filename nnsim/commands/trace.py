"""``nnsim trace``: step by a grain and print what each step computed. It refuses to know any number: see ``trace_values``."""

import argparse
from collections.abc import Iterator

from nnsim.commands.settings import open_session
from nnsim.commands.terminal import FINE, REFUSED, note, plain, print_json, say
from nnsim.commands.trace_text import HEAD, text_line
from nnsim.commands.trace_values import stop
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.files.session import Session
from nnsim.picture.divergence_words import divergence_sentence


def run(arguments: argparse.Namespace) -> int:
    """Print so many stops, one at a time. Raises SourceError or CommandError."""
    session = open_session(arguments.source, arguments.settings, arguments.seed)
    grain = Grain.named(arguments.grain)
    if not arguments.json:
        say(HEAD)
    for frame in frames(session, grain, arguments.steps):
        line = stop(frame, grain)
        if arguments.json:
            print_json(line)
        else:
            say(text_line(plain(line), session.batches))
    if session.divergence is not None:
        note(divergence_sentence(session.divergence, session.batches))
        return REFUSED
    return FINE


def frames(session: Session, grain: Grain, steps: int) -> Iterator[Frame]:
    """The frames of so many stops on, or with a minus back; fewer where the run begins or diverges."""
    for _ in range(abs(steps)):
        moment = session.moment
        session.step(grain, 1 if steps > 0 else -1)
        frame = session.frame
        if session.moment == moment or frame.mark is None or frame.trace is None:
            return
        yield frame
