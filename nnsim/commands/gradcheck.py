"""``nnsim gradcheck``: measure the gradients of one batch without back-propagation, and say how well the kernel's agree.

The exit code tells scripts: 0 where all agree, 1 where one differs. It refuses to judge: the check does that.
"""

import argparse
import shutil
from typing import Any

from tqdm import tqdm

from nnsim.commands.settings import open_session
from nnsim.commands.terminal import FINE, CommandError, print_json, say
from nnsim.core.gradient_check import GradientCheck
from nnsim.engine.checking import NoGradientError, check_gradients
from nnsim.engine.moments import Moment
from nnsim.files.session import Session
from nnsim.picture.agreement import Agreement, Measured, agreement, measured
from nnsim.picture.divergence_words import divergence_sentence
from nnsim.picture.numbers import count, loss, significant

DIFFERS = 1
"""The exit code where a gradient differs."""
MOST_LINES = 5


def run(arguments: argparse.Namespace) -> int:
    """Check and print. Raises SourceError or CommandError."""
    session = open_session(arguments.source, arguments.settings, arguments.seed)
    if arguments.at is not None:
        _go(session, *arguments.at)
    try:
        check = _check(session, arguments.most)
    except NoGradientError as error:
        raise CommandError(f"{error}") from error
    shown = agreement(check)
    if arguments.json:
        print_json(_json(session, check, shown))
    else:
        _print(session, check, shown)
    return FINE if shown.passed else DIFFERS


def _go(session: Session, epoch: int, batch: int) -> None:
    """Stand at the end of a batch of an epoch, both from 1. Raises CommandError."""
    if batch > session.batches:
        raise CommandError(f"--at {epoch}:{batch}: an epoch has {count(session.batches, 'batch', 'batches')} here")
    wanted = (epoch - 1) * session.batches + batch - 1
    session.seek(Moment(wanted, session.marks(wanted).count))
    if session.moment.batch != wanted and session.divergence is not None:
        raise CommandError(divergence_sentence(session.divergence, session.batches))


def _check(session: Session, most: int | None) -> GradientCheck:
    tqdm.monitor_interval = 0  # no second thread for a bar
    width = min(shutil.get_terminal_size((80, 24)).columns - 1, 80)
    with tqdm(total=1.0, disable=None, delay=0.3, leave=False, ncols=width, bar_format="{percentage:3.0f} % |{bar}|") as bar:
        return check_gradients(session, most, lambda share: bar.update(share - bar.n))


def _json(session: Session, check: GradientCheck, shown: Agreement) -> dict[str, Any]:
    batch, mark = session.moment
    return {
        "moment": {"epoch": batch // session.batches, "batch": batch, "mark": mark},
        "samples": check.samples, "loss": check.loss,
        "passed": shown.passed, "sentence": shown.sentence, "conditions": shown.conditions,
        "method": check.way, "tolerance": check.tolerance, "largest_difference": check.largest_difference,
        "parameters": check.network.parameter_count, "checked": len(check.places),
        "agree": check.count("agrees"), "kinks": check.count("kink"), "differ": check.count("differs"),
        "blurred": int(check.blurred.sum()),
        "clip_factor": check.clip_factor,
        "worst": _entry(check, shown.worst),
        "gradients": [_entry(check, measured(check, number)) for number in range(len(check.places))],
    }


def _entry(check: GradientCheck, one: Measured) -> dict[str, Any]:
    layer, row, neuron = one.target
    term = "bias" if row == check.network.sizes[layer] else row + 1
    return {"layer": layer + 1, "neuron": neuron + 1, "term": term, "gradient": one.gradient, "measured": one.measured,
            "relative_difference": one.difference, "verdict": one.verdict,
            **({"between": one.between} if one.verdict == "kink" else {})}


def _print(session: Session, check: GradientCheck, shown: Agreement) -> None:
    epoch, batch = divmod(session.moment.batch, session.batches)
    say(f"epoch {epoch + 1}, batch {batch + 1} of {session.batches:,}: {count(check.samples, 'sample')}, loss {loss(check.loss)}")
    say(shown.sentence)
    for condition in shown.conditions:
        say(condition)
    say()
    say(f"{'':14} {'gradient':>14} {'measured':>14} {'difference':>11}  verdict")
    ranks = {"differs": 0, "kink": 1, "agrees": 2}
    order = sorted(range(len(check.places)), key=lambda number: (ranks[check.verdicts[number].item()], -check.differences[number]))
    for number in order[:MOST_LINES]:
        say(_line(measured(check, number)))
    if len(order) > MOST_LINES:
        say(f"and {len(order) - MOST_LINES:,} more, which --json tells")


def _line(one: Measured) -> str:
    verdict: str = one.verdict
    if one.verdict == "kink":
        verdict += f": from {significant(one.between[0], 4)} to {significant(one.between[1], 4)}"
    return (f"{one.name:14} {significant(one.gradient, 6):>14} {significant(one.measured, 6):>14} "
            f"{significant(one.difference, 1, signed=False):>11}  {verdict}")
