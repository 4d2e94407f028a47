"""What can be opened opens; all else is refused in one line that says why and what to do, and never waits."""

import errno
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taken_apart import eventful, shown, small, taken_apart

import nnsim
from nnsim.engine.examples import example
from nnsim.engine.moments import START
from nnsim.files import session as session_module
from nnsim.files.session import Session, SourceError
from nnsim.files.snapshot import MAXIMUM_BYTES, snapshot_bytes

POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes, devices and links as POSIX has them")


def refusal(source: str | Path) -> str:
    """The one line that refuses a source."""
    with pytest.raises(SourceError) as refused:
        nnsim.open(source)
    told = str(refused.value)
    assert told.isprintable() and len(told) <= 300
    assert told.startswith('cannot open "')
    return told


def test_an_example_a_snapshot_a_json_file_and_an_experiment_open(tmp_path: Path) -> None:
    session = eventful()
    session.save(tmp_path / "run.nnsim")
    (tmp_path / "plan.json").write_text(small().model_dump_json())
    assert nnsim.open("xor").run_record.experiment == example("xor").experiment
    assert shown(nnsim.open(tmp_path / "run.nnsim").frame) == shown(session.frame)
    assert shown(nnsim.open(str(tmp_path / "run.nnsim")).frame) == shown(session.frame)
    assert nnsim.open(tmp_path / "plan.json").experiment == small()
    assert nnsim.open(small()).experiment == small()


def test_a_snapshots_name_may_be_written_in_capitals(tmp_path: Path) -> None:
    eventful().save(tmp_path / "RUN.NNSIM")
    assert nnsim.open(tmp_path / "RUN.NNSIM").moment == eventful().moment


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


def too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)


NO_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "it holds no folders with pictures"),
    "a pipe": (pipe, "it is not a file but a folder, a pipe or a device"),
    "a device without end": (device, "it is not a file but a folder, a pipe or a device"),
    "a link to itself": (link_to_itself, "Too many levels of symbolic links"),
    "a link to nothing": (link_to_nothing, "there is no such file or example"),
    "an empty file": (Path.touch, "it is"),
    "too large a file": (too_large, "is the most it may have"),
    "nothing": (lambda path: None, "there is no such file or example; nnsim examples lists the examples"),
}


@POSIX
@pytest.mark.parametrize("suffix", [".nnsim", ".json"])
@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_file_to_read_is_refused_and_never_waited_for(kind: str, suffix: str, tmp_path: Path) -> None:
    make, reason = NO_FILES[kind]
    path = tmp_path / f"x{suffix}"
    make(path)
    tracemalloc.start()
    try:
        assert reason in refusal(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**20, "a file too large is refused unread"


@pytest.mark.parametrize("suffix", [".nnsim", ".json"])
def test_a_file_that_grows_while_it_is_read_is_refused(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(bytes(100))
    fstat = os.fstat

    def grow(handle: int) -> os.stat_result:
        told = fstat(handle)
        with path.open("ab") as file:
            file.write(bytes(100))
        return told

    with monkeypatch.context() as patches:
        patches.setattr("os.fstat", grow)
        with pytest.raises(SourceError, match="it grows while it is read"):
            nnsim.open(path)


@pytest.mark.parametrize("error", [
    PermissionError(errno.EACCES, "Permission denied"), OSError(errno.EIO, "Input/output error"), OSError(),
], ids=["no-permission", "broken-disk", "no-reason"])
def test_a_file_that_cannot_be_read_is_refused(error: OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: object, most: int) -> bytes:
        raise error

    path = tmp_path / "x.nnsim"
    eventful().save(path)
    monkeypatch.setattr("nnsim.files.snapshot.read_file", fail)
    assert (error.strerror or "it cannot be read") in refusal(path)
    assert "Check the file and its permissions" in refusal(path)


def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path: Path) -> None:
    for name in ("x.h5", "x", "x.nnsim.bak", "x.onnx"):
        (tmp_path / name).write_bytes(snapshot_bytes(eventful()))
        assert "folders of pictures; this is none of them" in refusal(tmp_path / name)


def test_a_damaged_snapshot_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.nnsim"
    content = bytearray(snapshot_bytes(eventful()))
    content[-1] ^= 1
    path.write_bytes(content)
    assert refusal(path).endswith('x.nnsim": it is damaged: its checksum does not fit its content. '
                                  "Open another copy of it, or an example")


def test_a_snapshot_of_a_newer_nnsim_says_so(tmp_path: Path) -> None:
    parts = taken_apart(snapshot_bytes(eventful()))
    parts.manifest["format"] = 3
    (tmp_path / "x.nnsim").write_bytes(parts.content())
    assert "it was made by a newer nnsim (format 3; this one reads up to 2): update nnsim" in refusal(tmp_path / "x.nnsim")


@pytest.mark.parametrize(("name", "hint"), [
    ("xorr", "did you mean the example 'xor'?"), ("Spiral", "did you mean the example 'spiral'?"),
    ("no-such-thing-at-all", "nnsim examples lists the examples"), ("", "is"), ("a\0b", "there is no such file or example"),
    ("x" * 5000, ""), ("/" * 5000 + "x.nnsim", ""), ("a\nb\x1b[2J.nnsim", "\\x1b[2J"), ("\ud800.nnsim", "\\ud800"),
])
def test_a_name_that_leads_nowhere_is_refused(name: str, hint: str) -> None:
    assert hint in refusal(name)


def test_what_is_wrong_for_any_other_reason_is_said_and_not_taken_for_a_missing_file(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("three words here")

    (tmp_path / "x.nnsim").touch()
    monkeypatch.setattr("nnsim.files.session.load_snapshot", fail)
    assert "three words here" in refusal(tmp_path / "x.nnsim")


def test_a_file_named_like_an_example_comes_before_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert nnsim.open("xor").moment == START
    (tmp_path / "xor").touch()
    assert "this is none of them" in refusal("xor")


GOOD: dict[str, str] = {
    "all-settings": small().model_dump_json(),
    "as-info-prints-it": json.dumps({"experiment": small().model_dump(mode="json"), "network": {"sizes": [2, 3, 1]}}),
    "few-settings": '{"seed": 3}',
    "none": "{}",
    "with-a-byte-order-mark": '\ufeff{"seed": 3}',
    "whole-numbers-for-rates": '{"learning": {"rate": 1}}',
}


@pytest.mark.parametrize("kind", GOOD)
def test_an_experiment_as_json_opens(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(GOOD[kind], "utf-8")
    values = json.loads(GOOD[kind].removeprefix("\ufeff"))
    experiment = nnsim.open(path).experiment.model_dump(mode="json")
    for name, value in values.get("experiment", values).items():
        given = value if isinstance(value, dict) else {"": value}
        held = experiment[name] if isinstance(value, dict) else {"": experiment[name]}
        assert {key: held[key] for key in given} == given


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it is not JSON"),
    "no-json": (b"seed: 3", "it is not JSON"),
    "latin-1": ('{"title": "für"}'.encode("latin-1"), "it is not JSON"),
    "zeros": (bytes(100), "it is not JSON"),
    "a-list": (b"[]", "it holds no settings: an experiment is an object"),
    "a-number": (b"3", "it holds no settings: an experiment is an object"),
    "cut-off": (b'{"seed": 3', "it is not JSON"),
    "two": (b"{} {}", "it is not JSON"),
    "a-key-twice": (b'{"seed": 3, "seed": 4}', "it is not JSON: a key stands twice"),
    "nan": (b'{"learning": {"rate": NaN}}', "NaN is not a number that JSON knows"),
    "infinite": (b'{"learning": {"rate": 1e999}}', "1e999 is larger than any number"),
    "deep": (b'{"a":' * 30 + b"1" + b"}" * 30, "nested too deeply"),
    "bottomless": (b"[" * 300_000, "nested too deeply"),
    "endless-digits": (b'{"seed": ' + b"9" * 5000 + b"}", "it is not JSON"),
    "unknown-setting": (b'{"sede": 3}', "sede: extra inputs are not permitted"),
    "too-high": (b'{"learning": {"rate": 10000000}}', "learning.rate: input should be less than or equal to 1000000"),
    "true-for-a-count": (b'{"batch_size": true}', "batch_size: input should be a valid integer"),
    "a-word-for-a-number": (b'{"learning": {"rate": "0.1"}}', "learning.rate: input should be a valid number"),
    "unknown-data": (b'{"data": {"source": "mnist"}}', "there is no data set 'mnist'"),
    "unfit-loss": (b'{"learning": {"loss": "cross-entropy"}}', "but the output layer is sigmoid"),
    "unfit-outputs": (b'{"data": {"source": "iris"}}', "the output layer has 1 neurons"),
    "too-wide": (json.dumps({"layers": [{"width": 4096, "activation": "tanh"}] * 33}).encode(), "1,400,000 is the most"),
    "unfit-start": (b'{"start": {"weights": [[[1]]], "biases": [[1]]}}', "start: the given weights must have the shapes"),
    "no-experiment": (b'{"experiment": 3}', "its experiment is not an object with settings"),
    "half-a-character": (b'{"title": "\\ud800"}', "unicode"),
    "hostile-words": (b'{"\\u001b[2J\\n": 3}', "\\x1b[2J\\n: extra inputs"),
}


@pytest.mark.parametrize("kind", BAD)
def test_an_experiment_that_makes_no_sense_is_refused_with_its_reason(kind: str, tmp_path: Path) -> None:
    content, reason = BAD[kind]
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert reason in refusal(path)


def test_an_experiment_too_long_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "MAXIMUM_JSON", 10)
    (tmp_path / "x.json").write_text('{"seed": 30}')
    assert "it has 12 bytes, and 10 is the most it may have" in refusal(tmp_path / "x.json")


@settings(deadline=None)
@given(st.text(), st.text(max_size=2000))
def test_every_refusal_is_one_printable_line_of_at_most_300_characters(name: str, reason: str) -> None:
    told = str(SourceError(name, reason))
    assert told.isprintable() and len(told) <= 300 and told.startswith('cannot open "')


WATCHED = """
import sys
from pathlib import Path
from nnsim.files.session import Session, SourceError
good, *files = sys.argv[1:]
Session.open(good).frame
seen = set()
FORBIDDEN = ("exec", "compile", "import", "marshal.", "pickle.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "socket.",
             "ctypes.", "open")
def watch(event, arguments):
    # the given path may be opened, and what was opened be read
    if event.startswith(FORBIDDEN) and not (event == "open" and isinstance(arguments[0], int)
                                        or event == "open" and str(arguments[0]) == watching):
        seen.add((event, str(arguments[0])[:80]))
refused = 0
watching = good
sys.addaudithook(watch)
for watching in files:
    try:
        Session.open(watching).frame
    except SourceError:
        refused += 1
print(refused, sorted(seen))
"""


def test_a_hostile_file_runs_no_code_and_reaches_for_nothing(tmp_path: Path) -> None:
    content = snapshot_bytes(eventful())
    parts = taken_apart(content)
    hostile = [content[:-1], content[:500], b"\x80\x04cos\nsystem\n(S'x'\ntR.", b"PK\x03\x04" + content, bytes(100), content]
    for name, value in (("title", "__import__('os').system('x')"), ("initializer", "os.system"), ("pickle", "x")):
        parts.manifest["experiment"] = {**taken_apart(content).manifest["experiment"], name: value}
        hostile.append(parts.content())
    paths = [tmp_path / f"{number}.nnsim" for number in range(len(hostile))]
    for path, each in zip(paths, hostile, strict=True):
        path.write_bytes(each)
    eventful().save(tmp_path / "good.nnsim")
    told = subprocess.run([sys.executable, "-c", WATCHED, str(tmp_path / "good.nnsim"), *map(str, paths)], capture_output=True,
                          text=True, check=True, timeout=60).stdout
    assert told == "7 []\n"


def test_a_refused_file_leaves_an_open_session_as_it_was(tmp_path: Path) -> None:
    session = eventful()
    before = shown(session.frame)
    (tmp_path / "x.nnsim").write_bytes(snapshot_bytes(session)[:-9])
    refusal(tmp_path / "x.nnsim")
    assert shown(session.frame) == before


def test_a_session_that_is_saved_over_its_own_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.nnsim"
    eventful().save(path)
    session = Session.open(path)
    session.run(batches=3)
    session.save(path)
    assert shown(Session.open(path).frame) == shown(session.frame)
