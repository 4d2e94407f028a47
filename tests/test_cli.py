"""The command line as a whole: exit codes, one line for every mistake, and nothing imported that is not needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnsim import __version__
from nnsim.cli import main
from nnsim.commands import arguments, window_check
from nnsim.commands.arguments import COMMANDS, GRAINS
from nnsim.commands.terminal import CommandError
from nnsim.engine.marks import Grain

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")


def nnsim(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """``python -m nnsim`` in a process of its own, with neither display nor Qt platform unless given."""
    kept = {name: value for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "OPENBLAS_NUM_THREADS")}
    return subprocess.run([sys.executable, "-m", "nnsim", *words], env=kept | environment, capture_output=True, text=True,
                          check=False, timeout=100)


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100).stdout


@pytest.mark.parametrize("words", [
    ["train"], ["train", "xor", "--epochs", "-1"], ["train", "xor", "--epochs", "two"], ["train", "xor", "--epochs", "²"],
    ["train", "xor", "--set", "learning.rate"], ["train", "xor", "--set", "learning.rate=fast"],
    ["train", "xor", "--set", "learning.rate=NaN"], ["train", "xor", "--set", "no.such=1"], ["train", "xor", "--set", "=1"],
    ["train", "xor", "--set", "layers.9.width=1"], ["train", "xor", "--set", "layers.0.width=" + "[" * 5000],
    ["train", "xor", "--set", "seed=" + "9" * 5000], ["train", "xor", "--set", "data.source=iris"],
    ["train", "xor", "--seed", "99999999999"], ["train", "xorr"], ["train", ""], ["train", "a\0b"], ["train", "."],
    ["trace", "xor", "--grain", "atom"], ["trace", "xor", "--steps", "many"], ["info", "no\nsuch"], ["check"],
    ["bench", "--seconds", "nan"], ["bench", "--seconds", "0"], ["doctor", "now"], ["--size", "big", "xor"],
    ["--size", "1x1", "xor"], ["--theme", "pink", "xor"], ["--colour"], ["xor", "ring"], ["trian"], ["no/such.nnsim"],
    ["train", "xor", "--ep", "3"],
])
def test_a_mistake_is_told_in_exactly_one_line_with_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("nnsim: ")
    assert captured.err.count("\n") == 1 and len(captured.err) <= 301


def test_a_mistyped_command_is_recognised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exampels"]) == 2
    assert "the command examples?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_explains_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    told = capsys.readouterr().out
    assert told.startswith("usage: nnsim")
    if words == ["--help"]:
        assert all(f"  {name} " in told for name in COMMANDS)


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"nnsim {__version__}\n"


def test_the_grains_of_the_help_are_the_engines() -> None:
    assert tuple(grain.name.lower() for grain in Grain) == GRAINS


def test_no_example_has_the_name_of_a_command() -> None:
    from nnsim.engine.examples import example_names

    assert not set(example_names()) & set(arguments.COMMANDS)


def test_help_and_mistakes_import_neither_numpy_nor_qt() -> None:
    code = ("import sys; from nnsim.cli import main; main(['--help']); main(['train', '--nothing']);"
            "print([m for m in ('numpy', 'PySide6', 'pydantic') if m in sys.modules])")
    assert python(code).splitlines()[-1] == "[]"


def test_every_headless_command_works_where_qt_cannot_be_imported(tmp_path: Path) -> None:
    out = str(tmp_path / "a.nnsim")
    commands = [["examples"], ["train", "xor", "--epochs", "3", "--out", out], ["info", out, "--json"], ["check", out],
                ["trace", out, "--steps", "3"], ["bench", "--seconds", "0.1"]]
    code = ("import sys\nfor name in ('PySide6', 'shiboken6', 'pyqtgraph'): sys.modules[name] = None\n"
            "from nnsim.cli import main\n"
            f"codes = [main(words) for words in {commands!r}]\n"
            "main(['doctor'])\nprint(codes)")
    assert python(code).splitlines()[-1] == str([0] * len(commands))


def test_the_doctor_works_where_a_package_is_missing_and_the_others_name_it() -> None:
    code = ("import sys\nfor name in ('numpy', 'pydantic', 'safetensors', 'tqdm', 'PySide6'): sys.modules[name] = None\n"
            "from nnsim.cli import main\nsys.stderr = sys.stdout\nmain(['doctor', '--json'])\nprint(main(['info', 'xor']))")
    lines = python(code).splitlines()
    assert lines[-2].startswith("nnsim: the package numpy is not installed; nnsim doctor ")
    assert lines[-1] == "2"


def test_a_program_without_a_console_can_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["examples"]) == 0
    assert main(["no-such-example"]) == 2


def test_importing_nnsim_imports_nothing_heavy() -> None:
    assert python("import sys, nnsim; print([m for m in ('numpy', 'PySide6') if m in sys.modules])") == "[]\n"


def test_blas_runs_one_thread_unless_the_user_says_otherwise() -> None:
    code = "import os; from nnsim.cli import main; main(['--version']); print(os.environ['OPENBLAS_NUM_THREADS'])"
    fresh = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    for given, expected in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        run = subprocess.run([sys.executable, "-c", code], env=fresh | given, capture_output=True, text=True, check=True,
                             timeout=60)
        assert run.stdout.splitlines()[-1] == expected


@LINUX
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":54399"}, {"QT_QPA_PLATFORM": "xcb"}])
def test_no_display_is_one_clear_line_and_not_an_abort(environment: dict[str, str]) -> None:
    run = nnsim("xor", **environment)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("nnsim: there is no display") and run.stderr.count("\n") == 1
    assert "--screenshot" in run.stderr and "QT_QPA_PLATFORM=offscreen" in run.stderr


def test_a_screenshot_where_nothing_can_be_written_is_refused(tmp_path: Path) -> None:
    run = nnsim("xor", "--screenshot", str(tmp_path / "none" / "a.png"))
    assert run.returncode == 2
    assert run.stderr.startswith("nnsim: cannot write ") and run.stderr.count("\n") == 1


def test_a_qt_that_does_not_load_is_one_line_that_names_the_doctor(monkeypatch: pytest.MonkeyPatch,
                                                                   capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    for name in [name for name in sys.modules if name == "nnsim.app" or name.startswith("nnsim.app.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "PySide6.QtCore", None)
    assert main(["xor"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("nnsim: ") and "nnsim doctor" in error and error.count("\n") == 1


@LINUX
def test_a_missing_system_library_is_told_before_qt_can_abort(monkeypatch: pytest.MonkeyPatch,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    from nnsim.commands import system_libraries

    monkeypatch.setattr(system_libraries, "_loads", lambda library: library != "libEGL.so.1")
    assert main(["xor", "--screenshot", "a.png"]) == 2
    assert "Qt needs libEGL.so.1" in capsys.readouterr().err


@LINUX
def test_a_reader_that_leaves_is_no_error() -> None:
    code = "set -o pipefail; \"$0\" -m nnsim trace xor --steps 3000 --json | head -n 1 | wc -l"
    run = subprocess.run(["/bin/bash", "-c", code, sys.executable], capture_output=True, text=True, check=False, timeout=100)
    assert run.stdout.strip() == "1"
    assert run.stderr == ""


@LINUX
def test_a_full_disk_is_one_line() -> None:
    run = subprocess.run(["/bin/bash", "-c", '"$0" -m nnsim examples > /dev/full', sys.executable], capture_output=True, text=True,
                         check=False, timeout=100)
    assert run.returncode == 2
    assert run.stderr.startswith("nnsim: the system refused") and run.stderr.count("\n") == 1


@LINUX
def test_a_terminal_without_greek_letters_is_no_error() -> None:
    run = nnsim("trace", "xor", "--steps", "3", PYTHONIOENCODING="ascii")
    assert run.returncode == 0
    assert run.stderr == ""


def test_an_interruption_is_one_line_and_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from nnsim.commands import examples

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(examples, "run", interrupted)
    assert main(["examples"]) == 130
    assert capsys.readouterr().err == "nnsim: interrupted\n"


def test_only_a_files_name_is_left_to_a_window_that_somebody_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_check, "_is_seen", lambda: True)
    window_check.check_source("missing.nnsim", None)
    for source, screenshot in (("trian", None), ("missing.nnsim", Path("a.png"))):
        with pytest.raises(CommandError):
            window_check.check_source(source, screenshot)
    monkeypatch.setattr(window_check, "_is_seen", lambda: False)
    with pytest.raises(CommandError, match=r"missing\.nnsim"):
        window_check.check_source("missing.nnsim", None)
