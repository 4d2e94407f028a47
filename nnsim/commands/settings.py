"""From ``--set KEY=VALUE`` and ``--seed`` to a session that follows them: a branch of its run, or a new run.

It is apart because several commands take settings and all must mean the same by them. It refuses to know what settings there
are: the experiment's own fields say that.
"""

import json
from typing import Any

from nnsim.commands.terminal import CommandError, note
from nnsim.engine.experiment import Experiment, ExperimentError, changed
from nnsim.engine.moments import START
from nnsim.engine.run import Run
from nnsim.files.session import Session


def open_session(source: str, settings: list[str], seed: int | None, target: str = "") -> Session:
    """The session of a source with settings made; ``target`` names a table's column. Raises SourceError or CommandError."""
    pairs = [_parse(text) for text in settings]
    if seed is not None:
        pairs.append(("seed", seed))
    session = Session.open(source, target)
    for remark in session.remarks:
        note(remark)
    try:
        return _follow(session, _with_settings(session.experiment, pairs), source)
    except ExperimentError as error:
        raise CommandError(f"{error}") from error


def _parse(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise CommandError(f"--set needs KEY=VALUE, such as learning.rate=0.3, not {text!r}")
    try:
        return key.strip(), json.loads(value)
    except (ValueError, RecursionError):
        return key.strip(), value


def _with_settings(experiment: Experiment, pairs: list[tuple[str, Any]]) -> Experiment:
    """All settings made, whatever order they were given in: some go only together with others."""
    waiting = pairs
    while waiting:
        refused, first = [], None
        for key, value in waiting:
            try:
                experiment = changed(experiment, key, value)
            except ExperimentError as error:
                refused.append((key, value))
                first = first or error
        if first is not None and len(refused) == len(waiting):
            raise first
        waiting = refused
    return experiment


def _follow(session: Session, wanted: Experiment, source: str) -> Session:
    now = session.experiment
    if wanted == now:
        return session
    if wanted.model_copy(update={"learning": now.learning, "title": now.title}) != now:
        if session.moment != START:
            keys = ", ".join(_structural(now, wanted))
            note(f"another {keys} starts a new run: the {session.batches_finished:,} batches of {source} are left behind")
        fresh = Session(wanted)
        fresh.view = session.view
        return fresh
    if wanted.learning != now.learning:
        session.tune(wanted.learning)
    if wanted.title != now.title:
        run = session.run_record
        session.become(Run(run.experiment.replace(title=wanted.title), run.edits), session.moment)
    return session


def _structural(before: Experiment, after: Experiment) -> list[str]:
    """The fields that differ and are structure."""
    return [name for name in type(before).model_fields
            if name not in ("learning", "title") and getattr(before, name) != getattr(after, name)]
