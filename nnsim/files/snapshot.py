"""Snapshots: a whole run at a moment, as one ``.nnsim`` file.

The file is a valid safetensors file, so other tools read its weights directly: ``layers.N.weight`` (neurons, inputs) and
``layers.N.bias``, as PyTorch lays them out. Beside them lie the states to replay from and the loss curves; the manifest, as
canonical JSON in the metadata, says the rest, and a SHA-256 over manifest and tensors finds damage. The user's own data lie there
as well. It refuses pickle, and anything it does not know by name.
"""

import errno
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from nnsim.core.activations import Array
from nnsim.core.training import State, frozen
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.frame import Frame
from nnsim.engine.history import EPOCH_COLUMNS, MOST_BATCH_LOSSES, MOST_EPOCHS, Curve
from nnsim.engine.materials import keep, material
from nnsim.engine.run import Run
from nnsim.engine.simulation import Simulation
from nnsim.files.atomic import write_atomically
from nnsim.files.manifest import MAXIMUM_STATES, Manifest, SnapshotError, describe, read_manifest
from nnsim.files.material_tensors import PREFIX, MaterialError, material_from, material_tensors
from nnsim.files.reading import UnfitFileError, read_file
from nnsim.files.strict_json import parse
from nnsim.files.view import View

if TYPE_CHECKING:
    from nnsim.files.session import Session

S = TypeVar("S", bound="Session")

MAXIMUM_BYTES = 64 * 1024 * 1024
MAXIMUM_HEADER = 4 * 1024 * 1024
STATES_BYTES = 8 * 1024 * 1024
"""How much of the past is taken along as states, so that going back after loading is quick."""


def save_snapshot(session: "Session", path: str | Path) -> None:
    """Write the session, wherever it stands, also in the middle of a pass. Raises OSError, also when it is too large.

    Raises ValueError for a view with more in it than a file may have.
    """
    write_atomically(Path(path), snapshot_bytes(session))


def load_snapshot(path: str | Path, make: Callable[[Run], S]) -> S:
    """A session that goes on from a snapshot as if it had never stopped. Raises SnapshotError, OSError."""
    try:
        content = read_file(Path(path), MAXIMUM_BYTES)
    except UnfitFileError as error:
        raise SnapshotError(str(error)) from error
    return simulation_from(content, make, Path(path).absolute().parent)


def snapshot_bytes(session: "Session") -> bytes:
    """The file's content. Raises OSError if it would be too large to be read again, ValueError as above."""
    frame, curves = session.frame, session.history.curves()
    tensors: dict[str, Array] = {}
    for layer, (weights, biases) in enumerate(zip(frame.weights, frame.biases, strict=True)):
        tensors[f"layers.{layer}.weight"] = np.ascontiguousarray(weights.T)
        tensors[f"layers.{layer}.bias"] = np.ascontiguousarray(biases)
    states = _states_to_keep(session)
    for number, (_, state) in enumerate(states):
        tensors[f"states.{number}.theta"] = state.theta
        for name, vector in state.memory.items():
            tensors[f"states.{number}.{name}"] = vector
    tensors["history.batch_loss"] = np.ascontiguousarray(curves.batch_loss.values)
    tensors["history.epochs"] = np.ascontiguousarray(curves.epochs.values)
    manifest = describe(session, states, session.view)
    if manifest.experiment.data.material and manifest.data_file is None:
        tensors |= material_tensors(material(manifest.experiment.data.material))
    text = manifest.text()
    content = bytes(save(tensors, {"nnsim": text, "sha256": _digest(text, tensors)}))
    if len(content) > MAXIMUM_BYTES or int.from_bytes(content[:8], "little") > MAXIMUM_HEADER:
        # better no file than one that cannot be opened
        raise OSError(errno.EFBIG, f"this run takes {len(content):,} bytes, and {MAXIMUM_BYTES:,} is the most a snapshot may have")
    return content


def simulation_from(content: bytes, make: Callable[[Run], S], beside: Path | None = None) -> S:
    """A session, made by ``make`` from its run, from a file's content; ``beside`` is the file's folder. Raises SnapshotError."""
    text, digest = _metadata(content)
    try:
        tensors = load(content)
    except (SafetensorError, KeyError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise SnapshotError("its numbers are damaged") from error
    if _digest(text, tensors) != digest:
        raise SnapshotError("it is damaged: its checksum does not fit its content")
    try:
        found = material_from(tensors)
        manifest = read_manifest(text, keep(found) if found else "", beside)
        simulation = make(manifest.run())
        _restore(simulation, manifest, tensors)
        simulation.view = _view(simulation, manifest)
    except MaterialError as error:
        raise SnapshotError(str(error)) from error
    except ExperimentError as error:
        raise SnapshotError(f"its experiment makes no sense: {error}") from error
    except MemoryError as error:
        raise SnapshotError("it needs more memory than there is") from error
    return simulation


def _states_to_keep(simulation: Simulation) -> list[tuple[int, State]]:
    """The state before the cursor's batch, and as many earlier and later ones as fit in a few megabytes."""
    moment, replay = simulation.moment, simulation.replay
    # a full timeline would thin out at once, and might forget this very state again
    limit, replay.timeline.limit = replay.timeline.limit, sys.maxsize
    try:
        # the replay may be on its way to a far moment: what it has computed shall not be lost
        replay.remember()
        replay.bring(moment.batch)
        replay.remember()
    finally:
        replay.timeline.limit = limit
    batch, here = replay.timeline.nearest(moment.batch)
    most = max(1, min(MAXIMUM_STATES, STATES_BYTES // max(1, here.nbytes)))
    states = dict(replay.timeline.spread(most - 1)) if most > 1 else {}
    states[batch] = here
    return sorted(states.items(), key=lambda pair: pair[0])


def _metadata(content: bytes) -> tuple[str, str]:
    """The manifest's text and the digest, from the safetensors header, with every size checked before it is used."""
    if len(content) < 8:
        raise SnapshotError("it is too short to be a snapshot")
    length = int.from_bytes(content[:8], "little")
    if length > MAXIMUM_HEADER or length > len(content) - 8:
        raise SnapshotError("it is not a nnsim snapshot, or it is cut short")
    try:
        header = parse(content[8 : 8 + length].decode("utf-8"))
        metadata = header["__metadata__"]
        text, digest = metadata["nnsim"], metadata["sha256"]
        if metadata.keys() != {"nnsim", "sha256"} or not isinstance(text, str) or not isinstance(digest, str):
            raise SnapshotError("its metadata is not that of a snapshot")
        text.encode()
    except SnapshotError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SnapshotError("it is not a nnsim snapshot") from error
    return text, digest


def _restore(simulation: Simulation, manifest: Manifest, tensors: dict[str, Array]) -> None:
    """Give the simulation the file's states and history, stand at its moment, and see that its weights are those found there."""
    named = {"history.batch_loss", "history.epochs"}
    named |= {f"layers.{n}.{part}" for n in range(simulation.network.depth) for part in ("weight", "bias")}
    named |= {f"states.{n}.{part}" for n, state in enumerate(manifest.states) for part in ("theta", *state.memory)}
    if {name for name in tensors if not name.startswith(PREFIX)} != named:
        raise SnapshotError("it does not hold just the numbers its description names")
    states = _states(simulation, manifest, tensors)
    _restore_history(simulation, manifest, tensors)
    simulation.replay.restore(states, simulation.history)
    moment = manifest.at()
    if moment.mark > simulation.marks(moment.batch).count:
        raise SnapshotError("its moment lies outside its batch")
    simulation.seek(moment)
    if simulation.moment != moment:
        raise SnapshotError("its moment is not one of its run")
    _check_layers(simulation.frame, tensors)


def _view(simulation: Simulation, manifest: Manifest) -> View:
    """How the run was looked at. Bookmarks may lie beyond the loss curve, which an undo can have made shorter."""
    if manifest.view is None:
        return View()
    view = manifest.view.view(simulation.run_record, manifest.data_file is None)
    if any(each.moment.mark > simulation.marks(each.moment.batch).count for each in view.bookmarks):
        raise SnapshotError("a bookmark of it lies outside its batch")
    return view


def _states(simulation: Simulation, manifest: Manifest, tensors: dict[str, Array]) -> list[tuple[int, State]]:
    shape, dtype = (simulation.network.parameter_count,), np.dtype(manifest.experiment.precision)

    def vector(name: str) -> Array:
        tensor = tensors[name]
        if tensor.shape != shape or tensor.dtype != dtype:
            raise SnapshotError(f"{name} does not fit the network")
        return frozen(tensor)

    states = []
    first = simulation.replay.timeline.nearest(0)[1].theta
    for number, entry in enumerate(manifest.states):
        theta = vector(f"states.{number}.theta")
        memory = {name: vector(f"states.{number}.{name}") for name in entry.memory}
        if not all(np.isfinite(values).all() for values in (theta, *memory.values())):
            raise SnapshotError("a state of it holds what is not a number")
        if entry.batch == 0 and not _close(theta, first):
            raise SnapshotError("its first weights are not those of its experiment")
        states.append((entry.batch, State(theta, memory, entry.steps)))
    return states


def _restore_history(simulation: Simulation, manifest: Manifest, tensors: dict[str, Array]) -> None:
    history, entry = simulation.history, manifest.history
    if entry.epochs != entry.batches // simulation.batches + 1:
        raise SnapshotError("its loss curves do not fit each other")
    losses, scores = tensors["history.batch_loss"], tensors["history.epochs"]
    for name, values, end, stride, columns, most in (
            ("history.batch_loss", losses, entry.batches, entry.batch_stride, 1, MOST_BATCH_LOSSES),
            ("history.epochs", scores, entry.epochs, entry.epoch_stride, len(EPOCH_COLUMNS), MOST_EPOCHS)):
        if values.dtype != np.float64 or values.shape != (-(-end // stride), columns) or len(values) > most:
            raise SnapshotError(f"{name} does not fit its description")
    # scores over all rows may overflow at the brink of a divergence, but no batch whose loss did was ever finished
    if not np.isfinite(losses).all():
        raise SnapshotError("history.batch_loss holds what is not a number")
    history.batch_loss.restore(Curve(losses, entry.batch_stride), entry.batches)
    history.epochs.restore(Curve(scores, entry.epoch_stride), entry.epochs)


def _check_layers(frame: Frame, tensors: dict[str, Array]) -> None:
    """What other programs read as the network must be the network. Within an update it is computed anew, and another machine may
    round or shuffle otherwise: there only the shape is held."""
    for layer, (weights, biases) in enumerate(zip(frame.weights, frame.biases, strict=True)):
        for name, here in ((f"layers.{layer}.weight", weights.T), (f"layers.{layer}.bias", biases)):
            there = tensors[name]
            fits = there.shape == here.shape and there.dtype == here.dtype
            if not fits or (frame.phase != "update" and not _close(there, here)):
                raise SnapshotError(f"{name} does not fit the network")


def _close(there: Array, here: Array) -> bool:
    """The same but for a last bit that another machine's logarithm may round otherwise in the first weights."""
    return bool(np.allclose(there, here, rtol=1e-6, atol=0))


def _digest(text: str, tensors: dict[str, Array]) -> str:
    """SHA-256 over the manifest and, in the order of their names, every tensor's name, type, shape and bytes."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(json.dumps([name, str(tensor.dtype), list(tensor.shape)]).encode())
        digest.update(np.ascontiguousarray(tensor).tobytes())
    return digest.hexdigest()
