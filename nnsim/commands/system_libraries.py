"""The shared libraries that Qt needs of a Linux system and does not bring: which there are, and what Debian calls them.

It is apart because the doctor names what is missing, and the window looks before Qt would abort. It refuses to import Qt.
"""

import ctypes
import sys

FOR_PAINTING = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
"""Library and Debian package: what even ``--screenshot`` and the tests need."""
FOR_A_WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window on an X11 display needs besides."""


def missing(libraries: dict[str, str]) -> list[str]:
    """Which of the libraries this system lacks; none is looked for on other systems than Linux."""
    return [library for library in libraries if sys.platform.startswith("linux") and not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_command(libraries: list[str]) -> str:
    """One command for Debian and Ubuntu that installs them."""
    packages = {**FOR_PAINTING, **FOR_A_WINDOW}
    return "sudo apt-get install --no-install-recommends " + " ".join(packages[library] for library in libraries)
