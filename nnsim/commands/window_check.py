"""What is looked at before Qt is imported for a window: a display, the libraries it needs, and that there is such a source.

Qt aborts the process where a display or a library is missing; these checks say in one line what to do instead. It refuses to
import Qt.
"""

import difflib
import os
from pathlib import Path

from nnsim.commands.display import display_here, is_wayland, needs_display
from nnsim.commands.system_libraries import FOR_A_WINDOW, FOR_PAINTING, missing
from nnsim.commands.terminal import CommandError


def check_screen(screenshot: Path | None) -> None:
    """Raise CommandError if a window cannot be opened here. A screenshot without a display is painted offscreen."""
    lacking = missing(FOR_PAINTING)
    if needs_display():
        display = display_here()
        if display:
            lacking += [] if is_wayland(display) else missing(FOR_A_WINDOW)
        elif screenshot is None:
            raise CommandError("there is no display to open a window on; nnsim --screenshot PNG paints it into a file, "
                          "QT_QPA_PLATFORM=offscreen runs it unseen, and nnsim --help lists what works without one")
        else:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if lacking:
        raise CommandError(f"Qt needs {', '.join(lacking)}, missing here; nnsim doctor says what to install")
    if screenshot is not None and (screenshot.is_dir() or not screenshot.absolute().parent.is_dir()):
        raise CommandError(f'cannot write "{screenshot}": it is a folder, or its folder is not there')


def check_source(source: str | None, screenshot: Path | None) -> None:
    """Raise CommandError with a hint if there is neither such a file nor such an example.

    Of a file's name that is the window's to say, if anybody is to see one; a bare word is rather a slip in a command.
    """
    from nnsim.commands.arguments import COMMANDS
    from nnsim.engine.examples import example_names
    from nnsim.files.session import Session, SourceError

    if source is None or source in example_names() or Path(source).exists():
        return
    if screenshot is None and _is_seen() and (Path(source).suffix or Path(source).name != source):
        return
    try:
        Session.open(source)
    except SourceError as error:
        close = difflib.get_close_matches(source, COMMANDS, 1)
        raise CommandError(f"{error}" + (f"; or the command {close[0]}?" if close else "")) from error


def _is_seen() -> bool:
    """Whether a window would be seen here."""
    return bool(display_here()) if needs_display() else os.environ.get("QT_QPA_PLATFORM", "") not in ("offscreen", "minimal")
