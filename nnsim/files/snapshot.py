"""Snapshots: a whole run at a moment, as one ``.nnsim`` file.

The file is a valid safetensors file, so other tools read its weights directly: ``layers.N.weight`` (neurons, inputs) and
``layers.N.bias``, as PyTorch lays them out. Beside them lie the states to replay from and the loss curves; the manifest, as
canonical JSON in the metadata, says the rest, and a SHA-256 over manifest and tensors finds damage. It refuses pickle, references
to other files, and anything it does not know by name.
"""

import hashlib
import json
import math
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

import nnsim
from nnsim.core.activations import Array
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.training import State, frozen
from nnsim.engine.experiment import ExperimentError, Learning, experiment_from
from nnsim.engine.history import Curve
from nnsim.engine.moments import Moment
from nnsim.engine.run import Edit, ParameterSet, Run, Tuning
from nnsim.engine.simulation import Simulation
from nnsim.files.atomic import write_atomically
from nnsim.files.strict_json import canonical, parse

S = TypeVar("S", bound=Simulation)

FORMAT = 1
MAXIMUM_BYTES = 64 * 1024 * 1024
MAXIMUM_HEADER = 1024 * 1024
MAXIMUM_STATES = 64
STATES_BYTES = 8 * 1024 * 1024
"""How much of the past is taken along as states, so that going back after loading is quick."""


class SnapshotError(ValueError):
    """Why a file cannot be read as a snapshot, in words."""


@dataclass(frozen=True)
class Manifest:
    """What the metadata holds, checked."""

    run: Run
    moment: Moment
    states: list[tuple[int, int, tuple[str, ...]]]
    """batch, steps, names of the memory"""
    ends: tuple[int, int]
    strides: tuple[int, int]


def save_snapshot(simulation: Simulation, path: str | Path) -> None:
    """Write the simulation, wherever it stands, also in the middle of a pass. Raises OSError."""
    write_atomically(Path(path), snapshot_bytes(simulation))


def load_snapshot(path: str | Path, make: Callable[[Run], S]) -> S:
    """A simulation that goes on from a snapshot as if it had never stopped. Raises SnapshotError, OSError."""
    path = Path(path)
    size = path.stat().st_size
    if size > MAXIMUM_BYTES:
        raise SnapshotError(f"it has {size:,} bytes, and {MAXIMUM_BYTES:,} is the most a snapshot may have")
    return simulation_from(path.read_bytes(), make)


def snapshot_bytes(simulation: Simulation) -> bytes:
    """The file's content."""
    frame, replay = simulation.frame, simulation.replay
    network = simulation.network
    tensors: dict[str, Array] = {}
    for layer, (weights, biases) in enumerate(zip(frame.weights, frame.biases, strict=True)):
        tensors[f"layers.{layer}.weight"] = np.ascontiguousarray(weights.T)
        tensors[f"layers.{layer}.bias"] = np.ascontiguousarray(biases)
    states = _states_to_keep(simulation)
    for number, (_, state) in enumerate(states):
        tensors[f"states.{number}.theta"] = state.theta
        for name, vector in state.memory.items():
            tensors[f"states.{number}.{name}"] = vector
    curves = replay.history.curves()
    tensors["history.batch_loss"] = np.ascontiguousarray(curves.batch_loss.values)
    tensors["history.epochs"] = np.ascontiguousarray(curves.epochs.values)
    run = simulation.run_record
    manifest = {
        "format": FORMAT,
        "experiment": run.experiment.model_dump(mode="json"),
        "edits": [_edit_to_json(edit) for edit in run.edits],
        "moment": {"batch": simulation.moment.batch, "mark": simulation.moment.mark},
        "states": [{"batch": batch, "steps": state.steps, "memory": list(state.memory)} for batch, state in states],
        "history": {"batches": replay.history.batch_loss.end, "batch_stride": curves.batch_loss.stride,
                    "epochs": replay.history.epochs.end, "epoch_stride": curves.epochs.stride},
        "network": {"inputs": network.inputs, "widths": list(network.widths), "activations": list(network.activations)},
        "made_by": {"nnsim": nnsim.__version__, "numpy": np.__version__, "python": platform.python_version(),
                    "machine": platform.machine()},
    }
    text = canonical(manifest)
    return bytes(save(tensors, {"nnsim": text, "sha256": _digest(text, tensors)}))


def simulation_from(content: bytes, make: Callable[[Run], S]) -> S:
    """A simulation, made by ``make`` from its run, from a file's content. Raises SnapshotError."""
    text, digest = _metadata(content)
    try:
        tensors = load(content)
    except (SafetensorError, KeyError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise SnapshotError("its numbers are damaged") from error
    if _digest(text, tensors) != digest:
        raise SnapshotError("it is damaged: its checksum does not fit its content")
    try:
        manifest = _read_manifest(parse(text))
        simulation = make(manifest.run)
        _restore(simulation, manifest, tensors)
    except SnapshotError:
        raise
    except ExperimentError as error:
        raise SnapshotError(f"its experiment makes no sense: {error}") from error
    except (KeyError, TypeError, ValueError, LookupError) as error:
        raise SnapshotError(f"its description is not one that nnsim writes ({type(error).__name__})") from error
    return simulation


def _states_to_keep(simulation: Simulation) -> list[tuple[int, State]]:
    """The state before the cursor's batch, and as many earlier and later ones as fit in a few megabytes."""
    timeline, batch = simulation.replay.timeline, simulation.moment.batch
    moment = simulation.moment
    simulation.replay.bring(batch)
    simulation.replay.remember()
    _, here = timeline.nearest(batch)
    simulation.seek(moment)
    most = max(2, min(MAXIMUM_STATES, STATES_BYTES // max(1, here.nbytes)))
    states = dict(timeline.spread(most))
    states[timeline.nearest(batch)[0]] = here
    return sorted(states.items(), key=lambda pair: pair[0])


def _edit_to_json(edit: Edit) -> dict[str, Any]:
    if isinstance(edit, Tuning):
        return {"kind": "tuning", "batch": edit.batch, "learning": edit.learning.model_dump(mode="json")}
    return {"kind": "parameter", "batch": edit.batch, "index": edit.index, "value": edit.value}


def _edit_from_json(values: dict[str, Any]) -> Edit:
    kind = values.get("kind")
    batch = _count(values["batch"])
    if kind == "tuning" and values.keys() == {"kind", "batch", "learning"}:
        return Tuning(batch, Learning.model_validate(values["learning"]))
    if kind == "parameter" and values.keys() == {"kind", "batch", "index", "value"}:
        value = values["value"]
        if type(value) not in (int, float):
            raise TypeError("a parameter's value must be a number")
        return ParameterSet(batch, _count(values["index"]), float(value))
    raise SnapshotError("it holds an edit of an unknown kind")


def _metadata(content: bytes) -> tuple[str, str]:
    """The manifest's text and the digest, from the safetensors header, with every size checked before it is used."""
    if len(content) < 8:
        raise SnapshotError("it is too short to be a snapshot")
    length = int.from_bytes(content[:8], "little")
    if length > MAXIMUM_HEADER + 65536 or length > len(content) - 8:
        raise SnapshotError("it is not a nnsim snapshot, or it is cut short")
    try:
        header = parse(content[8 : 8 + length].decode("utf-8"))
        metadata = header["__metadata__"]
        text, digest = metadata["nnsim"], metadata["sha256"]
        if metadata.keys() != {"nnsim", "sha256"} or not isinstance(text, str) or not isinstance(digest, str):
            raise SnapshotError("its metadata is not that of a snapshot")
    except SnapshotError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SnapshotError("it is not a nnsim snapshot") from error
    return text, digest


def _read_manifest(values: dict[str, Any]) -> Manifest:
    number = _count(values["format"])
    if number > FORMAT:
        raise SnapshotError(f"it was made by a newer nnsim (format {number}; this one reads up to {FORMAT}): update nnsim")
    experiment = experiment_from(values["experiment"])
    edits = tuple(_edit_from_json(edit) for edit in values["edits"])
    if [edit.batch for edit in edits] != sorted(edit.batch for edit in edits):
        raise SnapshotError("its edits are out of order")
    moment = Moment(_count(values["moment"]["batch"]), _count(values["moment"]["mark"]))
    known = {name for optimizer in OPTIMIZERS.values() for name in optimizer.memory}
    states = []
    for state in values["states"]:
        names = tuple(state["memory"])
        if not set(names) <= known:
            raise SnapshotError("it holds an optimizer's memory of an unknown name")
        states.append((_count(state["batch"]), _count(state["steps"]), names))
    history = values["history"]
    return Manifest(Run(experiment, edits), moment, states, (_count(history["batches"]), _count(history["epochs"])),
                    (_count(history["batch_stride"]), _count(history["epoch_stride"])))


def _restore(simulation: Simulation, manifest: Manifest, tensors: dict[str, Array]) -> None:
    count, dtype = simulation.network.parameter_count, np.dtype(manifest.run.experiment.precision)
    expected = {"history.batch_loss", "history.epochs"}
    expected |= {f"layers.{n}.{part}" for n in range(simulation.network.depth) for part in ("weight", "bias")}

    def vector(name: str) -> Array:
        expected.add(name)
        tensor = tensors[name]
        if tensor.shape != (count,) or tensor.dtype != dtype or not np.isfinite(tensor).all():
            raise SnapshotError(f"{name} does not fit the network")
        return frozen(tensor)

    states = []
    for number, (batch, steps, names) in enumerate(manifest.states):
        memory = {name: vector(f"states.{number}.{name}") for name in names}
        states.append((batch, State(vector(f"states.{number}.theta"), memory, steps)))
    if tensors.keys() != expected:
        raise SnapshotError("it does not hold just the numbers its description names")
    history = simulation.replay.history
    parts = zip((history.batch_loss, history.epochs), ("history.batch_loss", "history.epochs"), manifest.ends, manifest.strides,
                strict=True)
    for series, name, end, stride in parts:
        values = tensors[name]
        columns = series.curve().values.shape[1]
        if stride < 1 or values.dtype != np.float64 or values.shape != (math.ceil(end / stride), columns):
            raise SnapshotError(f"{name} does not fit its description")
        series.restore(Curve(values, stride), end)
    simulation.replay.restore(states, history)
    simulation.seek(manifest.moment)
    if simulation.moment != manifest.moment:
        raise SnapshotError("its moment lies after a divergence")


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise SnapshotError("a count in its description is not a whole number from 0")
    return value


def _digest(text: str, tensors: dict[str, Array]) -> str:
    """SHA-256 over the manifest and, in the order of their names, every tensor's name, type, shape and bytes."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(json.dumps([name, str(tensor.dtype), list(tensor.shape)]).encode())
        digest.update(np.ascontiguousarray(tensor).tobytes())
    return digest.hexdigest()
