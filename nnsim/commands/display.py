"""Whether there is a display for a window. Qt aborts the process where there is none, so this looks first.

It is apart because the window and the doctor ask the same question. It refuses to import Qt.
"""

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

NEED_A_DISPLAY = ("", "xcb", "wayland", "wayland-egl")
SECONDS = 2.0


def needs_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether Qt would look for a display here: on Linux, unless QT_QPA_PLATFORM names a platform that has none."""
    platform = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    return sys.platform.startswith("linux") and platform in NEED_A_DISPLAY


def display_here(environment: Mapping[str, str] = os.environ) -> str:
    """The display that answers, such as ``:0``; empty if there is none."""
    wayland, screen = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if wayland and Path(environment.get("XDG_RUNTIME_DIR", "/"), wayland).exists():
        return wayland
    return screen if screen and _answers(screen) else ""


def is_wayland(display: str) -> bool:
    """Whether a display that answered is one of Wayland's: those of X11 have a colon in their names."""
    return ":" not in display


def _answers(screen: str) -> bool:
    """Whether an X server takes a connection at ``host:number.screen``."""
    host, _, number = screen.rpartition(":")
    number = number.split(".")[0]
    if not number.isdecimal():
        return Path(screen).exists()  # some systems name a socket's path
    if host in ("", "unix"):
        # the abstract name first, then the file: servers offer either or both
        return any(_connects(socket.AF_UNIX, name) for name in (f"\0/tmp/.X11-unix/X{number}", f"/tmp/.X11-unix/X{number}"))
    return _connects(socket.AF_INET, (host.removeprefix("tcp/"), 6000 + int(number)))


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(SECONDS)
            connection.connect(address)
    except (OSError, OverflowError, ValueError):
        return False
    return True
