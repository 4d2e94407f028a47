"""``nnsim doctor``: that it names what is missing and what mends it, and is content where nothing is."""

import ctypes
import json
import socket
import sys
from pathlib import Path

import pytest

from nnsim.cli import main
from nnsim.commands import display, doctor, system_libraries
from nnsim.commands.display import display_here, is_wayland, needs_display
from nnsim.commands.system_libraries import FOR_A_WINDOW, FOR_PAINTING, install_command, missing

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these libraries are Linux's")


@pytest.fixture
def healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which everything is there."""
    monkeypatch.setattr(system_libraries, "_loads", lambda library: True)
    monkeypatch.setattr(doctor, "version", lambda package: "6.11.3")
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("healthy")
def test_a_healthy_machine_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out.endswith("All is there.\n")
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["fine"] and not any(finding["remedy"] for finding in told["findings"])


@pytest.mark.usefixtures("healthy")
def test_missing_libraries_are_named_with_one_command_that_installs_them(monkeypatch: pytest.MonkeyPatch,
                                                                         capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(system_libraries, "_loads", lambda library: library not in ("libEGL.so.1", "libGL.so.1"))
    assert main(["doctor"]) == 2
    assert "sudo apt-get install --no-install-recommends libegl1 libgl1\n" in capsys.readouterr().out


@pytest.mark.usefixtures("healthy")
def test_missing_files_of_our_own_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "OWN_FILES", (("examples", "none.json"),))
    assert main(["doctor"]) == 2
    assert "examples/none.json" in capsys.readouterr().out


@pytest.mark.parametrize(("qt", "python", "safe"), [
    ("6.11.3", (3, 11), True), ("6.12.0", (3, 11), False), ("6.12.0", (3, 12), True), ("6.12.1", (3, 14), True),
    ("6.10.3", (3, 11), True), ("6.10.2", (3, 13), False), (None, (3, 12), False),
])
def test_the_qt_that_ends_python_is_told_from_those_that_do_not(qt: str | None, python: tuple[int, int], safe: bool) -> None:
    assert (doctor._qt(qt, python).remedy == "") is safe


@pytest.mark.usefixtures("healthy")
def test_a_missing_package_comes_with_its_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package-of-ours",))
    monkeypatch.setattr(doctor, "_installed", lambda package: None if package.startswith("no-such") else "6.11.3")
    assert main(["doctor"]) == 2
    assert "-m pip install no-such-package-of-ours" in capsys.readouterr().out


@LINUX
def test_a_library_that_is_not_there_is_found_missing() -> None:
    assert missing({"libnnsim-has-no-such-library.so.7": "x"}) == ["libnnsim-has-no-such-library.so.7"]


@LINUX
def test_a_library_that_is_loaded_already_is_not_missing() -> None:
    assert ctypes.CDLL("libc.so.6")
    assert missing({"libc.so.6": "libc6"}) == []


def test_no_library_is_looked_for_on_other_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert missing({"libnone.so": "x"}) == []


def test_every_library_has_its_package() -> None:
    everything = [*FOR_PAINTING, *FOR_A_WINDOW]
    assert len(install_command(everything).split("recommends ")[1].split()) == len(everything) == 11


# the display

@LINUX
@pytest.mark.parametrize(("platform", "needed"), [
    ("", True), ("xcb", True), ("wayland;xcb", True), ("xcb:option", True), ("offscreen", False), ("minimal", False),
    ("vnc:port=1", False),
])
def test_only_platforms_without_a_display_need_none(platform: str, needed: bool) -> None:
    assert needs_display({"QT_QPA_PLATFORM": platform}) is needed


def test_no_variable_means_no_display() -> None:
    assert display_here({}) == ""


@LINUX
def test_a_display_that_does_not_answer_is_none() -> None:
    assert display_here({"DISPLAY": ":54321"}) == ""
    assert display_here({"DISPLAY": "nonsense"}) == ""
    assert display_here({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/no/such/folder"}) == ""


@LINUX
def test_a_display_that_answers_is_found() -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X54322")
        server.listen()
        assert display_here({"DISPLAY": ":54322.0"}) == ":54322.0"
    assert not is_wayland(":54322.0")


@LINUX
def test_a_display_on_another_machine_is_asked_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        assert display_here({"DISPLAY": f"127.0.0.1:{number}.0"}) == f"127.0.0.1:{number}.0"
    assert display_here({"DISPLAY": f"127.0.0.1:{number}.0"}) == ""


def test_a_wayland_socket_is_a_display(tmp_path: Path) -> None:
    (tmp_path / "wayland-1").touch()
    found = display_here({"WAYLAND_DISPLAY": "wayland-1", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert found == "wayland-1"
    assert is_wayland(found)
