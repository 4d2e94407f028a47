"""What is installed: a built wheel, unpacked away from the checkout, has all it needs and finds it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)], cwd=ROOT,
                   check=True, capture_output=True, timeout=100)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked: Path, *words: str, code: str = "") -> str:
    """What a fresh interpreter prints that finds the unpacked wheel before any other nnsim, far from the checkout."""
    call = ["-c", code] if code else ["-m", "nnsim", *words]
    away = unpacked.parent / "away"
    away.mkdir(exist_ok=True)
    return subprocess.run([sys.executable, *call], cwd=away, env=os.environ | {"PYTHONPATH": str(unpacked)}, check=True,
                          capture_output=True, text=True, timeout=100).stdout


def test_the_wheel_is_the_nnsim_that_runs(unpacked: Path) -> None:
    assert Path(run(unpacked, code="import nnsim; print(nnsim.__file__)").strip()).is_relative_to(unpacked)


def test_the_wheel_lists_its_examples(unpacked: Path) -> None:
    assert run(unpacked, "examples").split()[0] == "one-neuron"


@pytest.mark.parametrize("name", ["xor", "digits"])
def test_the_wheel_trains_on_the_data_it_brings(unpacked: Path, name: str) -> None:
    assert json.loads(run(unpacked, "train", name, "--epochs", "2", "--json"))["epochs"] == 2


def test_the_wheel_brings_every_file_of_the_resources(unpacked: Path) -> None:
    def files(folder: Path) -> set[str]:
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    brought = files(unpacked / "nnsim" / "resources")
    assert brought == files(ROOT / "resources")
    assert any(name.startswith("icons/") for name in brought)


def test_the_wheel_finds_its_own_files_and_not_the_checkouts(unpacked: Path) -> None:
    code = "from nnsim.engine.resources import resource; print(*map(resource, ('icons', 'data', 'examples', 'themes')), sep='\\n')"
    found = [Path(line) for line in run(unpacked, code=code).splitlines()]
    assert len(found) == 4
    assert all(path.is_relative_to(unpacked) for path in found)


def test_the_wheel_holds_the_package_alone(unpacked: Path) -> None:
    top = {path.name for path in unpacked.iterdir()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"nnsim"}
    assert (unpacked / "nnsim" / "py.typed").is_file()
    (information,) = unpacked.glob("*.dist-info")
    points = (information / "entry_points.txt").read_text("utf-8")
    assert "nnsim = nnsim.cli:main" in points and "nnsim-gui = nnsim.cli:main" in points
    assert (information / "licenses" / "LICENSE").read_text("utf-8").startswith("MIT License")
