"""The program's own way in: a picture of the window, painted without a display and written to a file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, with settings of its own."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    return subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("theme", "size"), [("light", (1440, 900)), ("dark", (1200, 760))])
def test_a_screenshot_has_the_size_that_was_asked_for(tmp_path: Path, theme: str, size: tuple[int, int]) -> None:
    picture = tmp_path / "window.png"
    done = run("import sys; from pathlib import Path; from nnsim.app.main import run_window; "
               f"sys.exit(run_window('xor', Path({str(picture)!r}), {theme!r}, {size!r}))", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    image = QImage(str(picture))
    assert (image.width(), image.height()) == size
    # a window that was painted has many colours
    assert len({image.pixel(x, y) for x in range(0, size[0], 7) for y in range(0, size[1], 7)}) > 20


def test_a_source_that_there_is_not_is_one_line_and_status_2(tmp_path: Path) -> None:
    done = run("import sys; from pathlib import Path; from nnsim.app.main import run_window; "
               f"sys.exit(run_window('xorr', Path({str(tmp_path / 'x.png')!r})))", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("nnsim: ") and done.stderr.count("\n") == 1 and "xor" in done.stderr


def test_a_picture_that_cannot_be_written_is_one_line_and_status_2(tmp_path: Path) -> None:
    done = run("import sys; from pathlib import Path; from nnsim.app.main import run_window; "
               f"sys.exit(run_window('xor', Path({str(tmp_path / 'none' / 'x.png')!r})))", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("nnsim: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("content", [None, b"no snapshot"], ids=["missing", "damaged"])
def test_a_file_that_cannot_be_opened_is_told_in_a_window_that_is_seen_and_in_a_line_elsewhere(
        tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mine.nnsim"
    if content is not None:
        path.write_bytes(content)
    elsewhere = run(f"import sys; from nnsim.app.main import run_window; sys.exit(run_window({str(path)!r}))", tmp_path)
    assert elsewhere.returncode == 2 and elsewhere.stderr.count("\n") == 1 and "mine.nnsim" in elsewhere.stderr
    seen = run(f"""
import sys
from PySide6.QtWidgets import QApplication
from nnsim.app import main

def look():
    [window] = [each for each in QApplication.topLevelWidgets() if isinstance(each, main.MainWindow)]
    print(window.isVisible(), window.document.title, window.band.isVisible(), window.band.text)
    window.close()
    return 0

main.UNSEEN = ()
QApplication.exec = staticmethod(look)
sys.exit(main.run_window({str(path)!r}))
""", tmp_path)
    assert (seen.returncode, seen.stdout.count("\n")) == (0, 1)
    assert seen.stdout.startswith("True ring True Cannot open") and "mine.nnsim" in seen.stdout
