"""The manifest: what a snapshot says in words, and what its numbers must fit.

It is checked here as far as it can be without the numbers: every field by name and strictly by type (``true`` is no count), every
edit and the moment against the network. Its digest finds damage, not lies, so nothing in it is believed. It refuses to hold
numbers: those are tensors.

Format 2 may say how the run was looked at, in ``view``. Where that is missing, as in every file of format 1, a file opens like a
new document: without bookmarks and breakpoints, at the usual speed, stepping as finely as its moment stands.
"""

import platform
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationError

import nnsim
from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.training import State
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Experiment, ExperimentError, Learning, explain
from nnsim.engine.moments import Moment
from nnsim.engine.run import Edit, ParameterSet, Run, Tuning
from nnsim.engine.simulation import Simulation
from nnsim.files.data_file_entry import DataFileEntry
from nnsim.files.entries import Count, Entry, MomentEntry
from nnsim.files.own_files import OwnFileError
from nnsim.files.strict_json import canonical, parse
from nnsim.files.view import View
from nnsim.files.view_entry import ViewEntry

FORMAT = 2
MAXIMUM_STATES = 64

Version = Annotated[str, Field(max_length=100)]


class SnapshotError(ValueError):
    """Why a file cannot be read as a snapshot, in words."""


class TuningEntry(Entry):
    """A ``Tuning``."""

    kind: Literal["tuning"] = "tuning"
    batch: Count
    learning: Learning


class ParameterEntry(Entry):
    """A ``ParameterSet``."""

    kind: Literal["parameter"] = "parameter"
    batch: Count
    index: Count
    value: float


class StateEntry(Entry):
    """A state to replay from: the batch it stands before, its updates so far, and the names of the optimizer's memory."""

    batch: Count
    steps: Count
    memory: tuple[str, ...]


class HistoryEntry(Entry):
    """How many batches and scores the loss curves have passed, and which share of them they keep."""

    batches: Count
    batch_stride: Annotated[int, Field(ge=1, lt=2**53)]
    epochs: Count
    epoch_stride: Annotated[int, Field(ge=1, lt=2**53)]


class NetworkEntry(Entry):
    """The network's shape, for readers that know no experiments."""

    inputs: Count
    widths: tuple[Count, ...]
    activations: tuple[str, ...]


class MadeByEntry(Entry):
    """What wrote the file."""

    nnsim: Version
    numpy: Version
    python: Version
    machine: Version


class Manifest(Entry):
    """All that a snapshot holds besides numbers."""

    format: Count
    experiment: Experiment
    edits: tuple[Annotated[TuningEntry | ParameterEntry, Field(discriminator="kind")], ...]
    moment: MomentEntry
    states: tuple[StateEntry, ...] = Field(min_length=1, max_length=MAXIMUM_STATES)
    history: HistoryEntry
    network: NetworkEntry
    made_by: MadeByEntry
    view: ViewEntry | None = None
    data_file: DataFileEntry | None = None
    """Where the user's own data are, when they are not in the snapshot."""

    def text(self) -> str:
        """As canonical JSON."""
        return canonical(self.model_dump(mode="json"))

    def run(self) -> Run:
        """The run that the snapshot is of."""
        return Run(self.experiment, tuple(
            Tuning(edit.batch, edit.learning) if isinstance(edit, TuningEntry) else ParameterSet(edit.batch, edit.index, edit.value)
            for edit in self.edits))

    def at(self) -> Moment:
        """The moment that the snapshot was taken at."""
        return self.moment.moment()


def describe(simulation: Simulation, states: list[tuple[int, State]], view: View) -> Manifest:
    """The manifest of a simulation where it stands, with ``states`` by the batch they stand before.

    Data that came from no file, as what was pasted, have none to be named, so that the snapshot has to hold them whatever the view
    says; without ``data_file`` it does.

    Raises ValueError for a view with more in it than a file may have.
    """
    run, network, moment, history = simulation.run_record, simulation.network, simulation.moment, simulation.history
    return Manifest(
        format=FORMAT, experiment=run.experiment, edits=tuple(_edit_entry(edit) for edit in run.edits),
        moment=MomentEntry(batch=moment.batch, mark=moment.mark),
        states=tuple(StateEntry(batch=batch, steps=state.steps, memory=tuple(state.memory)) for batch, state in states),
        history=HistoryEntry(batches=history.batch_loss.end, batch_stride=history.batch_loss.stride,
                             epochs=history.epochs.end, epoch_stride=history.epochs.stride),
        network=NetworkEntry(inputs=network.inputs, widths=network.widths, activations=network.activations),
        made_by=MadeByEntry(nnsim=nnsim.__version__, numpy=np.__version__, python=platform.python_version(),
                            machine=platform.machine()),
        view=ViewEntry.of(view, run),
        data_file=None if view.data_inside else DataFileEntry.of(run.experiment.data.material),
    )


def _edit_entry(edit: Edit) -> TuningEntry | ParameterEntry:
    if isinstance(edit, Tuning):
        return TuningEntry(batch=edit.batch, learning=edit.learning)
    return ParameterEntry(batch=edit.batch, index=edit.index, value=edit.value)


def read_manifest(text: str, material: str = "", beside: Path | None = None) -> Manifest:
    """The manifest in ``text``, found sound in itself. Raises SnapshotError, ExperimentError.

    ``material`` is the digest of the data that the snapshot holds; where it holds none, they are read from the file it names,
    which may lie ``beside`` it.
    """
    try:
        values = parse(text)
        _check_format(values.get("format"))
        manifest = Manifest.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise SnapshotError(f"its description is not one that nnsim writes: {explain(error)}") from error
    except ValueError as error:
        if isinstance(error, SnapshotError):
            raise
        raise SnapshotError(f"its description is not JSON: {error}") from error
    _check_data(manifest, material, beside)
    network = _network_of(manifest.experiment)
    if manifest.network != NetworkEntry(inputs=network.inputs, widths=network.widths, activations=network.activations):
        raise SnapshotError("the network it describes is not the one of its experiment")
    run = manifest.run()
    _check_edits(run, network)
    _check_states(manifest, run)
    return manifest


def strict_experiment(values: dict[str, Any]) -> Experiment:
    """An experiment as JSON gives it, nothing converted: ``true`` is no count and "1" no number. Raises ExperimentError."""
    try:
        return Experiment.model_validate_json(canonical(values), strict=True)
    except ValidationError as error:
        raise ExperimentError(explain(error)) from error


def _network_of(experiment: Experiment) -> Network:
    return experiment.network(load_dataset(experiment.data).fed)


def _check_data(manifest: Manifest, material: str, beside: Path | None) -> None:
    wanted = manifest.experiment.data.material
    if manifest.data_file is not None and wanted and not material:
        try:
            manifest.data_file.fetch(wanted, beside)
        except OwnFileError as error:
            raise SnapshotError(f"it says of its data what nnsim never says: {error}") from error
    elif manifest.data_file is not None or material != wanted:
        raise SnapshotError("the data it holds are not those of its experiment")


def _check_format(number: object) -> None:
    if type(number) is not int or number < 1:
        raise SnapshotError("its format is not a number that nnsim writes")
    if number > FORMAT:
        raise SnapshotError(f"it was made by a newer nnsim (format {number}; this one reads up to {FORMAT}): update nnsim")


def _check_edits(run: Run, network: Network) -> None:
    """Every edit, also one whose batch is far away: it shall not fail when it is reached."""
    last = 0
    for edit in run.edits:
        if edit.batch < last:
            raise SnapshotError("its edits are out of order")
        last = edit.batch
        if isinstance(edit, Tuning):
            run.experiment.replace(learning=edit.learning)
        elif edit.index >= network.parameter_count:
            raise SnapshotError("an edit sets a parameter that the network does not have")
        elif abs(edit.value) > float(np.finfo(run.experiment.precision).max):
            raise SnapshotError(f"an edit sets a parameter to more than {run.experiment.precision} can hold")


def _check_states(manifest: Manifest, run: Run) -> None:
    """States in order, within what was computed, each with its optimizer's memory, one of them right before the moment's batch."""
    moment, history = manifest.moment, manifest.history
    batches = [state.batch for state in manifest.states]
    if any(here >= there for here, there in pairwise(batches)):
        raise SnapshotError("its states are out of order")
    if moment.batch not in batches:
        # to get to such a moment could take for ever
        raise SnapshotError("it does not hold the state at its moment")
    if batches[-1] > history.batches:
        raise SnapshotError("its states go further than its loss curve")
    for stride in (history.batch_stride, history.epoch_stride):
        if stride & (stride - 1):
            raise SnapshotError("its loss curves have gaps of a width that nnsim never leaves")
    for state in manifest.states:
        learning = run.learning_at(state.batch - 1) if state.batch else run.experiment.learning
        # before the first batch there is nothing to remember yet, and no need to say so
        if state.memory != OPTIMIZERS[learning.optimizer].memory and (state.batch or state.memory):
            raise SnapshotError(f"its optimizer's memory is not what {learning.optimizer} remembers")
        if state.steps > state.batch:
            raise SnapshotError("a state of it has made more updates than there were batches")
