"""Writing a file so that it is either the old one or the new one, whatever happens: power cut, full disk, kill.

A temporary file beside the goal gets the bytes and is flushed to the disk; then it takes the goal's name in one step, and the
folder's entry is flushed too. It refuses to know what it writes.
"""

import contextlib
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path``, or the file that a link there leads to, by ``content``.

    Raises OSError and leaves no temporary file behind. The old file is then as it was; only where nothing but the folder's entry
    could not be flushed is the new one there, and may not survive a power cut.
    """
    goal = Path(os.path.realpath(path))
    # the longest name that a folder takes must leave room for what marks the temporary file
    handle, name = tempfile.mkstemp(prefix=f".{goal.name[:40]}.", suffix=".part", dir=goal.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):
            # a replaced file keeps who may read it; a new one gets what the user's mask allows
            Path(name).chmod(goal.stat().st_mode & 0o777 if goal.exists() else 0o666 & ~_mask())
        Path(name).replace(goal)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    _flush_folder(goal.parent)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
