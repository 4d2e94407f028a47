"""A snapshot taken apart and put together again, with its checksum made anew: how a liar would write one.

This is the format written down a second time, apart from the code that it tests. It refuses to judge what it writes.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from safetensors.numpy import load, save

from nnsim.engine.bookmarks import Bookmark
from nnsim.engine.breakpoints import LossBelow, NeuronDeath, PlaceBreakpoint, SignChange
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.files.session import Session
from nnsim.files.view import View

Array = NDArray[Any]


@dataclass
class Parts:
    """What a snapshot consists of."""

    manifest: dict[str, Any]
    tensors: dict[str, Array]

    @property
    def text(self) -> str:
        """The manifest as it is written."""
        return json.dumps(self.manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def content(self, text: str | None = None) -> bytes:
        """A file, with another manifest's text if given, and a checksum that fits."""
        text = self.text if text is None else text
        return bytes(save(self.tensors, {"nnsim": text, "sha256": checksum(text, self.tensors)}))


def header(content: bytes) -> dict[str, Any]:
    """A safetensors file's header."""
    length = int.from_bytes(content[:8], "little")
    values: dict[str, Any] = json.loads(content[8 : 8 + length])
    return values


def with_header(text: bytes, rest: bytes) -> bytes:
    """A safetensors file from its header's text and what follows it."""
    return len(text).to_bytes(8, "little") + text + rest


def taken_apart(content: bytes) -> Parts:
    """The parts of a snapshot."""
    return Parts(json.loads(header(content)["__metadata__"]["nnsim"]), dict(load(content)))


def checksum(text: str, tensors: Mapping[str, Array]) -> str:
    """The checksum of a manifest's text and numbers."""
    digest = hashlib.sha256(text.encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(json.dumps([name, str(tensor.dtype), list(tensor.shape)]).encode())
        digest.update(tensor.tobytes())
    return digest.hexdigest()


def plain(value: Any) -> Any:
    """A value as something whose == compares every number to the bit."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value.hex()
    if isinstance(value, BaseModel):
        return value
    if is_dataclass(value):
        return type(value).__name__, {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


def shown(frame: Frame) -> dict[str, Any]:
    """All that a frame shows, to the bit: parameters, trace, scores, curves. How much memory is in use is no part of it."""
    names = [field.name for field in fields(Frame) if field.name not in ("memory_bytes", "memory_limit")]
    return {name: plain(getattr(frame, name)) for name in names}


def small(**changes: Any) -> Experiment:
    """2-3-1 on ten training rows of fourteen, in batches of four, four and two."""
    experiment = Experiment(data=Data(samples=14, test_share=4 / 14), layers=(Layer(width=3), Layer(activation="sigmoid")),
                            batch_size=4, seed=3)
    return experiment.replace(**changes)


def eventful() -> Session:
    """A run with all that a manifest can hold: an optimizer's memory, edits of both kinds, a past and a future; mid-backward."""
    session = Session(small(learning=Learning(optimizer="momentum", rate=0.2)))
    session.run(batches=7)
    session.set_parameter(0, 1, 2, 0.75)
    session.run(batches=2)
    session.tune(Learning(optimizer="adam", rate=0.05, l2=0.01))
    session.run(batches=12)
    session.step("batch", -4)
    session.step("neuron", 9)
    session.view = looked_at(session)
    return session


def looked_at(session: Session) -> View:
    """A view with all that a manifest can hold of one: a breakpoint of every kind, bookmarks at both ends of the run."""
    run = session.run_record
    return View(
        (Bookmark(run, Moment(0, 0), "start"), Bookmark(run, session.moment, "here, mid-backward"),
         Bookmark(run, Moment(20, 3), "Ω")),
        (PlaceBreakpoint("backward", 1, 0), PlaceBreakpoint(), LossBelow(0.25, "batch", False), SignChange(0, 2, 1),
         NeuronDeath(0)),
        Grain.LAYER, 4.0, ("loss", 0.05))
