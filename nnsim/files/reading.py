"""Reading a file that may be anything: whole, bounded, and never one that waits.

A file's name may be anything, too. A pipe waits for a writer and a device has no end, so only a regular file is read, and none
larger than its reader allows. Apart from the formats because all of them begin here. It refuses to judge what the bytes say.
"""

import os
import stat
from pathlib import Path


class UnfitFileError(ValueError):
    """Why a file is not read at all, in words."""


def title_of(name: str) -> str:
    """A file's name as one line that can be shown and written: it may hold signs that are none, or bytes that are no characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


def read_file(path: Path, most: int) -> bytes:
    """The content of a regular file of at most ``most`` bytes. Raises UnfitFileError, unread, for any other; OSError."""
    # without waiting: a plain open of a pipe would hang until somebody writes to it
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise UnfitFileError("it is not a file but a folder, a pipe or a device")
        if status.st_size > most:
            raise UnfitFileError(f"it has {status.st_size:,} bytes, and {most:,} is the most it may have")
        with os.fdopen(handle, "rb", closefd=False) as file:
            content = file.read(status.st_size + 1)
        if len(content) > status.st_size:
            raise UnfitFileError("it grows while it is read")
        return content
    finally:
        os.close(handle)
