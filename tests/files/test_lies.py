"""Lies, with a checksum that fits: every claim of a snapshot is held against the others, and the first false one is named."""

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save
from taken_apart import Parts, checksum, eventful, header, small, taken_apart, with_header

from nnsim.engine.experiment import Learning
from nnsim.engine.moments import Moment
from nnsim.files.manifest import SnapshotError
from nnsim.files.session import Session, SourceError
from nnsim.files.snapshot import simulation_from, snapshot_bytes

Change = Callable[[Parts], None]


@cache
def honest() -> bytes:
    return snapshot_bytes(eventful())


def put(path: str, value: Any) -> Change:
    """Set a part of the manifest: ``states.0.batch``."""

    def change(parts: Parts) -> None:
        node: Any = parts.manifest
        *way, last = (int(name) if name.isdigit() else name for name in path.split("."))
        for name in way:
            node = node[name]
        node[last] = value

    return change


def drop(path: str) -> Change:
    """Leave a part of the manifest out."""

    def change(parts: Parts) -> None:
        node: Any = parts.manifest
        *way, last = (int(name) if name.isdigit() else name for name in path.split("."))
        for name in way:
            node = node[name]
        del node[last]

    return change


def tensor(name: str, change: Callable[[Any], Any]) -> Change:
    """Put another tensor in a tensor's place."""

    def changed(parts: Parts) -> None:
        parts.tensors[name] = np.ascontiguousarray(change(parts.tensors[name].copy()))

    return changed


def without(name: str) -> Change:
    """Leave a tensor out."""

    def change(parts: Parts) -> None:
        del parts.tensors[name]

    return change


def with_first(value: float) -> Callable[[Any], Any]:
    """The same tensor, its first number another."""

    def change(values: Any) -> Any:
        values.flat[0] = value
        return values

    return change


def all_of(*changes: Change) -> Change:
    def change(parts: Parts) -> None:
        for each in changes:
            each(parts)

    return change


def edits_swapped(parts: Parts) -> None:
    parts.manifest["edits"].reverse()


def last_memory(values: list[str]) -> Change:
    def change(parts: Parts) -> None:
        parts.manifest["states"][-1]["memory"] = values

    return change


def moved_far(parts: Parts) -> None:
    """A moment far beyond all that the file brings, which to reach would take years."""
    parts.manifest["moment"] = {"batch": 10**12, "mark": 1}


def moved_beyond_its_curve(parts: Parts) -> None:
    parts.manifest["moment"]["batch"] = parts.manifest["states"][-1]["batch"] = 10**12


def wide_and_deep(parts: Parts) -> None:
    parts.manifest["experiment"]["layers"] = [{"width": 4096, "activation": "tanh"}] * 33


LAST = len(taken_apart(honest()).manifest["states"]) - 1
BIG = {"kind": "parameter", "batch": 30, "index": 1, "value": 1e39}
LIES: dict[str, tuple[Change, str]] = {
    "weights of another shape": (tensor("layers.0.weight", lambda w: w[:2]), "layers.0.weight does not fit the network"),
    "weights lying down": (tensor("layers.0.weight", lambda w: w.T), "layers.0.weight does not fit the network"),
    "weights that are not the state's": (tensor("layers.1.weight", with_first(0.5)), "layers.1.weight does not fit the network"),
    "a bias of another type": (tensor("layers.0.bias", lambda b: b.astype(np.float32)), "layers.0.bias does not fit the network"),
    "a weight that is NaN": (tensor("layers.0.weight", with_first(np.nan)), "layers.0.weight does not fit the network"),
    "a state of another length": (tensor("states.1.theta", lambda t: t[1:]), "states.1.theta does not fit the network"),
    "a state with another rank": (tensor("states.1.theta", lambda t: t[None]), "states.1.theta does not fit the network"),
    "a state of another type": (tensor("states.1.theta", lambda t: t.astype(np.float32)), "states.1.theta does not fit"),
    "a state of whole numbers": (tensor("states.1.theta", lambda t: t.astype(np.int64)), "states.1.theta does not fit the network"),
    "a state that is NaN": (tensor("states.1.theta", with_first(np.nan)), "a state of it holds what is not a number"),
    "a state that is infinite": (tensor("states.1.theta", with_first(np.inf)), "a state of it holds what is not a number"),
    "a memory that is NaN": (tensor(f"states.{LAST}.m", with_first(np.nan)), "a state of it holds what is not a number"),
    "other first weights": (tensor("states.0.theta", with_first(9)), "its first weights are not those of its experiment"),
    "a tensor too many": (lambda parts: parts.tensors.update(more=np.ones(3)), "just the numbers its description names"),
    "a tensor with a path for a name": (lambda parts: parts.tensors.update({"../../x": np.ones(3)}), "just the numbers"),
    "a layer missing": (without("layers.1.bias"), "just the numbers its description names"),
    "a memory missing": (without(f"states.{LAST}.v"), "just the numbers its description names"),
    "an unknown memory": (last_memory(["m", "evil"]), "memory is not what adam remembers"),
    "another optimizer's memory": (last_memory(["velocity"]), "memory is not what adam remembers"),
    "a memory left unsaid": (last_memory([]), "memory is not what adam remembers"),
    "a memory that is a word": (put(f"states.{LAST}.memory", "mv"), f"states.{LAST}.memory: input should be a valid"),
    "no states": (put("states", []), "states: "),
    "too many states": (lambda parts: parts.manifest.update(states=parts.manifest["states"] * 40), "states: "),
    "states out of order": (put("states.1.batch", 0), "its states are out of order"),
    "a state beyond the loss curve": (put(f"states.{LAST}.batch", 999), "its states go further than its loss curve"),
    "more updates than batches": (put("states.1.steps", 10**6), "more updates than there were batches"),
    "a negative count": (put("moment.batch", -1), "moment.batch: input should be greater than or equal to 0"),
    "a count that is true": (put("moment.mark", True), "moment.mark: input should be a valid integer"),
    "an experiment's count that is true": (put("experiment.batch_size", True), "experiment.batch_size: input should be a valid"),
    "a count in quotes": (put("experiment.seed", "3"), "experiment.seed: input should be a valid integer"),
    "a count with a point": (put("states.1.batch", 4.0), "states.1.batch: input should be a valid integer"),
    "a huge count": (put("states.1.steps", 10**40), "states.1.steps: input should be less than"),
    "a number past all floats": (put("experiment.learning.rate", 10**400), "learning.rate: input should be a finite number"),
    "no format": (drop("format"), "its format is not a number that nnsim writes"),
    "format 0": (put("format", 0), "its format is not a number that nnsim writes"),
    "format true": (put("format", True), "its format is not a number that nnsim writes"),
    "a newer format": (put("format", 3), "it was made by a newer nnsim (format 3; this one reads up to 2): update nnsim"),
    "a newer format of another make": (all_of(put("format", 7), drop("states"), put("news", {})), "a newer nnsim (format 7"),
    "an unknown part": (put("more", 1), "more: extra inputs are not permitted"),
    "an unknown setting": (put("experiment.pickle", "x"), "experiment.pickle: extra inputs are not permitted"),
    "an unknown activation": (put("experiment.layers.0.activation", "__class__"), "is not one of"),
    "an unknown data set": (put("experiment.data.source", "/etc/passwd"), "there is no data set"),
    "a missing part": (drop("history"), "history: field required"),
    "a version that is a number": (put("made_by.numpy", 2), "made_by.numpy: input should be a valid string"),
    "a version without end": (put("made_by.nnsim", "9" * 101), "made_by.nnsim: string should have at most 100 characters"),
    "another network": (put("network.widths", [3, 2]), "the network it describes is not the one of its experiment"),
    "another seed": (put("experiment.seed", 4), "its first weights are not those of its experiment"),
    "too large a network": (wide_and_deep, "1,400,000 is the most"),
    "too many layers": (put("experiment.layers", [{"width": 1, "activation": "tanh"}] * 34), "experiment.layers: tuple should"),
    "a data set with other targets": (put("experiment.data.source", "iris"), "the network it describes is not"),
    "edits out of order": (edits_swapped, "its edits are out of order"),
    "an edit of an unknown kind": (put("edits.0.kind", "exec"), "edits.0: input tag 'exec' found"),
    "an edit without a kind": (drop("edits.0.kind"), "edits.0: unable to extract tag"),
    "an edit that is no object": (put("edits.0", "tuning"), "edits.0: input should be"),
    "an edit outside the network": (put("edits.0.index", 13), "an edit sets a parameter that the network does not have"),
    "an edit of a faraway batch outside the network": (
        lambda parts: parts.manifest["edits"].append({"kind": "parameter", "batch": 10**9, "index": 13, "value": 1.0}),
        "an edit sets a parameter that the network does not have"),
    "an edit to true": (put("edits.0.value", True), "edits.0.parameter.value: input should be a valid number"),
    "an edit past all floats": (put("edits.0.value", 10**400), "edits.0.parameter.value: input should be a finite number"),
    "a tuning that does not fit the output": (put("edits.1.learning.loss", "cross-entropy"), "its experiment makes no sense"),
    "a tuning that is no way to learn": (put("edits.1.learning.rate", -1), "edits.1.tuning.learning.rate: input should be greater"),
    "a moment outside its batch": (put("moment.mark", 10**6), "its moment lies outside its batch"),
    "a moment where nothing stops": (put("moment.mark", 0), "its moment is not one of its run"),
    "a moment in the far future": (moved_far, "it does not hold the state at its moment"),
    "a moment beyond the loss curve": (moved_beyond_its_curve, "its states go further than its loss curve"),
    "a moment without its state": (put("moment.batch", 15), "it does not hold the state at its moment"),
    "a longer history": (put("history.batches", 22), "history.batch_loss does not fit its description"),
    "a longer history of scores": (put("history.epochs", 99), "its loss curves do not fit each other"),
    "a history that is NaN": (tensor("history.batch_loss", with_first(np.nan)), "history.batch_loss holds what is not a number"),
    "a history that is infinite": (tensor("history.batch_loss", with_first(np.inf)), "history.batch_loss holds what is not"),
    "a history of another shape": (tensor("history.epochs", lambda e: e[:, :3]), "history.epochs does not fit its description"),
    "a flat history": (tensor("history.batch_loss", lambda e: e[:, 0]), "history.batch_loss does not fit its description"),
    "a history of another type": (tensor("history.epochs", lambda e: e.astype(np.float32)), "history.epochs does not fit"),
    "a history without a stride": (put("history.batch_stride", 0), "history.batch_stride: input should be greater"),
    "a view that is a list": (put("view", []), "view: input should be"),
    "a view with more in it": (put("view.theme", "dark"), "view.theme: extra inputs are not permitted"),
    "a view without a grain": (drop("view.grain"), "view.grain: field required"),
    "an unknown grain": (put("view.grain", "atom"), "view.grain: input should be 'term'"),
    "a grain that is a number": (put("view.grain", 2), "view.grain: input should be 'term'"),
    "no speed at all": (put("view.speed", 0), "view.speed"),
    "a speed backwards": (put("view.speed", -4.0), "view.speed"),
    "a speed that is true": (put("view.speed", True), "view.speed"),
    "a speed past all clocks": (put("view.speed", 1e300), "view.speed"),
    "an unknown end": (put("view.until.kind", "bored"), "view.until.kind: input should be 'never'"),
    "an end in words": (put("view.until.value", "0.1"), "view.until.value: input should be a valid number"),
    "a bookmark without a name": (put("view.bookmarks.0.name", ""), "view.bookmarks.0.name: string should have at least 1"),
    "a bookmark with a long name": (put("view.bookmarks.0.name", "x" * 81), "view.bookmarks.0.name: string should have at most 80"),
    "a bookmark in two lines": (put("view.bookmarks.0.name", "a\nb"), "a name is one line of printable characters"),
    "a bookmark that colours terminals": (put("view.bookmarks.0.name", "\x1b[31mred"), "a name is one line of printable"),
    "a bookmark that turns text around": (put("view.bookmarks.0.name", "a\u202eb"), "a name is one line of printable"),
    "a bookmark nowhere": (drop("view.bookmarks.0.moment"), "view.bookmarks.0.moment: field required"),
    "a bookmark before the start": (put("view.bookmarks.0.moment.batch", -1), "view.bookmarks.0.moment.batch: input should be"),
    "a bookmark outside its batch": (put("view.bookmarks.1.moment.mark", 10**6), "a bookmark of it lies outside its batch"),
    "bookmarks out of order": (put("view.bookmarks.0.moment.batch", 30), "bookmarks are out of order"),
    "two bookmarks at a moment": (
        lambda parts: parts.manifest["view"]["bookmarks"].insert(0, parts.manifest["view"]["bookmarks"][0]), "out of order"),
    "bookmarks without end": (
        lambda parts: parts.manifest["view"].update(
            bookmarks=[{"moment": {"batch": 0, "mark": mark}, "name": "x"} for mark in range(101)]),
        "view.bookmarks: tuple should"),
    "breakpoints without end": (
        lambda parts: parts.manifest["view"].update(breakpoints=parts.manifest["view"]["breakpoints"] * 21),
        "view.breakpoints: tuple should"),
    "a breakpoint of an unknown kind": (put("view.breakpoints.0.kind", "eval"), "view.breakpoints.0: input tag 'eval' found"),
    "a breakpoint of two kinds": (put("view.breakpoints.0.value", 0.5), "extra inputs are not permitted"),
    "a breakpoint in an unknown phase": (put("view.breakpoints.0.phase", "sideways"), "input should be 'forward'"),
    "a breakpoint that is half on": (put("view.breakpoints.0.enabled", 1), "enabled: input should be a valid boolean"),
    "a breakpoint before the first layer": (put("view.breakpoints.0.layer", -1), "layer: input should be greater than"),
    "a history with odd gaps": (put("history.epoch_stride", 3), "its loss curves have gaps of a width that nnsim never leaves"),
}


def test_the_honest_file_opens_as_it_is_taken_apart_and_put_together() -> None:
    again = taken_apart(honest()).content()
    assert header(again) == header(honest())
    assert simulation_from(again, Session).moment == simulation_from(honest(), Session).moment == eventful().moment


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_with_its_reason(lie: str, tmp_path: Path) -> None:
    change, reason = LIES[lie]
    parts = taken_apart(honest())
    change(parts)
    began = time.thread_time()
    with pytest.raises(SnapshotError) as refused:
        simulation_from(parts.content(), Session)
    assert time.thread_time() - began < 1
    assert reason in str(refused.value)
    path = tmp_path / "x.nnsim"
    path.write_bytes(parts.content())
    with pytest.raises(SourceError) as told:
        Session.open(path)
    assert str(told.value).count("\n") == 0 and len(str(told.value)) <= 300


def test_an_edit_that_float32_cannot_hold_is_refused() -> None:
    parts = taken_apart(snapshot_bytes(Session(small(precision="float32"))))
    parts.manifest["edits"] = [BIG]
    with pytest.raises(SnapshotError, match="an edit sets a parameter to more than float32 can hold"):
        simulation_from(parts.content(), Session)
    double = taken_apart(snapshot_bytes(Session(small())))
    double.manifest["edits"] = [BIG]
    assert len(simulation_from(double.content(), Session).run_record.edits) == 1


def test_a_history_longer_than_any_that_is_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.files.snapshot.MOST_BATCH_LOSSES", 20)
    with pytest.raises(SnapshotError, match=r"history.batch_loss does not fit its description"):
        simulation_from(honest(), Session)


def test_a_run_at_its_start_cannot_lie_about_its_first_weights() -> None:
    parts = taken_apart(snapshot_bytes(Session(small(learning=Learning(optimizer="adam")))))
    parts.tensors["layers.0.weight"] = parts.tensors["layers.0.weight"] * 1.001
    with pytest.raises(SnapshotError, match=r"layers\.0\.weight does not fit"):
        simulation_from(parts.content(), Session)


def test_weights_amid_an_update_may_differ_in_their_last_bits_as_they_do_between_machines() -> None:
    session = Session(small())
    session.run(batches=4)
    assert session.frame.phase == "update"
    parts = taken_apart(snapshot_bytes(session))
    parts.tensors["layers.0.weight"] = np.nextafter(parts.tensors["layers.0.weight"], 1)
    assert simulation_from(parts.content(), Session).moment == Moment(3, session.moment.mark)


TEXTS: dict[str, tuple[Callable[[str], str], str]] = {
    "a key twice": (lambda text: text.replace('"format":2', '"format":2,"format":2'), "a key stands twice"),
    "NaN": (lambda text: text.replace('"value":0.75', '"value":NaN'), "NaN is not a number that JSON knows"),
    "infinity": (lambda text: text.replace('"value":0.75', '"value":-Infinity'), "-Infinity is not a number that JSON knows"),
    "infinity in digits": (lambda text: text.replace('"value":0.75', '"value":1e999'), "1e999 is larger than any number"),
    "a list": (lambda text: f"[{text}]", "not an object"),
    "deep nests": (lambda text: text.replace('"value":0.75', '"value":' + "[" * 30 + "]" * 30), "nested too deeply"),
    "bottomless nests": (lambda text: "[" * 500_000, "nested too deeply"),
    "digits without end": (lambda text: text.replace('"value":0.75', '"value":' + "9" * 5000), "its description is not JSON"),
    "no JSON": (lambda text: text[:-1], "its description is not JSON"),
    "nothing": (lambda text: "", "its description is not JSON"),
    "an object of nothing": (lambda text: "{}", "its format is not a number"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_description_that_is_no_plain_json_is_refused(kind: str) -> None:
    change, reason = TEXTS[kind]
    parts = taken_apart(honest())
    assert change(parts.text) != parts.text
    with pytest.raises(SnapshotError) as refused:
        simulation_from(parts.content(change(parts.text)), Session)
    assert reason in str(refused.value)


def shell(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The honest file with its safetensors header changed."""
    values = header(honest())
    change(values)
    return with_header(json.dumps(values).encode(), rest())


def rest() -> bytes:
    return honest()[8 + int.from_bytes(honest()[:8], "little") :]


def stand_twice() -> bytes:
    text = json.dumps(header(honest()))
    entry = json.dumps(header(honest())["layers.0.bias"])
    return with_header((text[:-1] + f', "layers.0.bias": {entry}}}').encode(), rest())


def surrogate() -> bytes:
    text = json.dumps(header(honest())).replace('\\"title\\":\\"', '\\"title\\":\\"\\ud800')
    assert "ud800" in text
    return with_header(text.encode(), rest())


def pair_swapped(values: dict[str, Any]) -> None:
    """Two tensors of one shape exchange their places: every size still fits."""
    values["states.0.theta"], values["states.1.theta"] = values["states.1.theta"], values["states.0.theta"]


SHELLS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zeros": lambda: bytes(5000),
    "a header without end": lambda: (2**63).to_bytes(8, "little") + honest()[8:],
    "a header longer than the file": lambda: len(honest()).to_bytes(8, "little") + honest()[8:],
    "no header": lambda: with_header(b"", rest()),
    "a header that is not text": lambda: with_header(b"\xff\xfe{}", rest()),
    "a header that is a list": lambda: with_header(b"[]", rest()),
    "bottomless nests": lambda: with_header(b'{"a":' * 200_000, rest()),
    "a zip": lambda: b"PK\x03\x04" + honest(),
    "a pickle": lambda: b"\x80\x04\x95" + honest(),
    "no metadata": lambda: shell(lambda values: values.pop("__metadata__")),
    "metadata that is a word": lambda: shell(lambda values: values.update(__metadata__="nnsim sha256")),
    "more metadata": lambda: shell(lambda values: values["__metadata__"].update(more="x")),
    "a checksum missing": lambda: shell(lambda values: values["__metadata__"].pop("sha256")),
    "a checksum of nothing": lambda: shell(lambda values: values["__metadata__"].update(sha256="")),
    "metadata of numbers": lambda: shell(lambda values: values["__metadata__"].update(sha256=1)),
    "a tensor of an odd type": lambda: shell(lambda values: values["layers.0.bias"].update(dtype="BF16")),
    "a tensor of no type": lambda: shell(lambda values: values["layers.0.bias"].update(dtype="pickle")),
    "a tensor with a huge shape": lambda: shell(lambda values: values["layers.0.bias"].update(shape=[2**40, 2**40])),
    "a tensor with a thousand axes": lambda: shell(lambda values: values["layers.0.bias"].update(shape=[3] + [1] * 1000)),
    "a tensor outside the file": lambda: shell(lambda values: values["layers.0.bias"].update(data_offsets=[10**9, 10**9 + 24])),
    "tensors swapped": lambda: shell(pair_swapped),
    "a tensor twice": stand_twice,
    "half a character": surrogate,
    "something behind the numbers": lambda: honest() + b"\0",
}


@pytest.mark.parametrize("kind", SHELLS)
def test_a_file_that_is_no_sound_container_is_refused(kind: str) -> None:
    began = time.thread_time()
    with pytest.raises(SnapshotError) as refused:
        simulation_from(SHELLS[kind](), Session)
    assert time.thread_time() - began < 1
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 120


def test_a_network_exported_by_another_program_is_not_taken_for_a_run() -> None:
    with pytest.raises(SnapshotError, match="not a nnsim snapshot"):
        simulation_from(save({"layers.0.weight": np.ones((3, 2))}), Session)


def test_the_checksum_is_over_every_name_type_shape_number_and_word() -> None:
    parts = taken_apart(honest())
    seen = {checksum(parts.text, parts.tensors), checksum(parts.text + " ", parts.tensors)}
    for name in ("layers.0.weight", "history.epochs"):
        real = parts.tensors[name]
        for other in (np.ascontiguousarray(real.T), real.astype(np.float32), -real):
            seen.add(checksum(parts.text, {**parts.tensors, name: other}))
    assert len(seen) == 8
    assert header(honest())["__metadata__"]["sha256"] in seen
