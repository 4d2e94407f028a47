"""``nnsim info``: all that a source is, for people in a few lines, for programs in full. It refuses to train."""

import argparse
from typing import Any

from nnsim.commands.scores import left_out_lines, score_lines, scores
from nnsim.commands.terminal import FINE, note, print_json, say
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.picture.numbers import count


def run(arguments: argparse.Namespace) -> int:
    """Open and tell. Raises SourceError."""
    session = Session.open(arguments.source)
    for remark in session.remarks:
        note(remark)
    if arguments.json:
        print_json(_json(session), indent=2)
    else:
        for line in _lines(session):
            say(line)
    return FINE


def _json(session: Session) -> dict[str, Any]:
    frame, network, data = session.frame, session.network, session.dataset
    batch, mark = session.moment
    return {
        "experiment": session.experiment.model_dump(mode="json"),
        "moment": {"epoch": frame.epoch, "batch": batch, "mark": mark},
        "phase": frame.phase,
        "epochs": frame.epochs_done,
        "edits": len(session.run_record.edits),
        "bookmarks": [{"name": each.name, "epoch": each.moment.batch // session.batches, "batch": each.moment.batch,
                       "mark": each.moment.mark} for each in session.view.bookmarks],
        "breakpoints": [each.sentence(network.sizes) for each in session.view.breakpoints],
        "network": {"inputs": network.inputs, "widths": network.widths, "activations": network.activations,
                    "sizes": network.sizes},
        "parameters": network.parameter_count,
        "data": {"name": data.name, "task": data.task, "inputs": data.input_names, "targets": data.target_names,
                 "features": [feature.text for feature in data.features], "dropped_rows": data.dropped,
                 "filled_values": data.filled, "train_rows": len(data.train), "test_rows": len(data.test),
                 "batches": session.batches},
        "scores": scores(frame),
        "weights": frame.weights,
        "biases": frame.biases,
    }


def _lines(session: Session) -> list[str]:
    experiment, frame, data = session.experiment, session.frame, session.dataset
    learning = experiment.learning
    shape = "-".join(map(str, session.network.sizes))
    activations = ", ".join(session.network.activations)
    return [
        *([experiment.title] if experiment.title else []),
        f"network  {shape} ({activations}), {count(session.network.parameter_count, 'parameter')}",
        f"data     {data.name} ({data.task}), {len(data.train):,} train and {len(data.test):,} test rows, scaling "
        f"{experiment.data.scaling}",
        *left_out_lines(data),
        f"learning {learning.loss}, {learning.optimizer}, rate {learning.rate:g}, batches of {experiment.batch_size}, "
        f"seed {experiment.seed}",
        f"moment   {_place(session)}",
        *(f"bookmark {_passed(session, each.moment)}: {each.name}" for each in session.view.bookmarks),
        *score_lines(frame),
    ]


def _place(session: Session) -> str:
    frame = session.frame
    if frame.mark is None:
        return "the untouched network" if session.moment.batch == 0 else f"before batch {session.moment.batch + 1}"
    sample = f", sample {frame.sample + 1}" if frame.sample is not None else ""
    return f"epoch {frame.epoch + 1}, batch {frame.batch + 1} of {frame.batches}{sample}, {frame.phase}, mark {frame.moment.mark:,}"


def _passed(session: Session, moment: Moment) -> str:
    """Where a moment lies, without going there."""
    batch, number = moment
    if moment == START:
        return "the untouched network"
    place = f"epoch {batch // session.batches + 1:,}, batch {batch % session.batches + 1:,} of {session.batches:,}"
    marks = session.marks(batch)
    if not number:
        return f"before {place}"
    return place if number == marks.count else f"{place}, {marks.at(number).phase}, mark {number:,}"
