"""``nnsim doctor``: whether this machine has all that nnsim needs, and the commands that mend what is missing.

It looks at versions, libraries, the display and nnsim's own files without importing Qt, since the point is to say why Qt would
not come up. It refuses to change anything.
"""

import argparse
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from nnsim import __version__
from nnsim.commands.display import display_here, needs_display
from nnsim.commands.system_libraries import FOR_A_WINDOW, FOR_PAINTING, install_command, missing
from nnsim.commands.terminal import FINE, REFUSED, print_json, say

PACKAGES = ("numpy", "pydantic", "safetensors", "tqdm", "pyqtgraph", "ziamath")
OWN_FILES = (("examples", "xor.json"), ("data", "iris.csv"), ("icons",), ("themes",))
OLDEST_QT, FIRST_BROKEN_QT, FIRST_IMMUNE_PYTHON = (6, 10, 3), (6, 12), (3, 12)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``remedy`` is empty where nothing needs mending."""

    what: str
    found: str
    remedy: str = ""


def run(arguments: argparse.Namespace) -> int:
    """Look at everything; 0 if nothing needs mending, else 2."""
    findings = [_python(), *map(_package, PACKAGES), _qt(_installed("PySide6-Essentials") or _installed("PySide6")),
                *_libraries(), _display(), *map(_own_file, OWN_FILES)]
    ill = [finding for finding in findings if finding.remedy]
    if arguments.json:
        print_json({"nnsim": __version__, "fine": not ill, "findings": [asdict(finding) for finding in findings]}, indent=2)
        return REFUSED if ill else FINE
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        say(f"{'!' if finding.remedy else ' '} {finding.what:<{width}}  {finding.found}")
    for finding in ill:
        say(f"\n{finding.what}: {finding.remedy}")
    if not ill:
        say("\nAll is there.")
    return REFUSED if ill else FINE


def _python() -> Finding:
    old = "" if sys.version_info >= (3, 11) else "nnsim needs Python 3.11 or newer"
    return Finding("Python", f"{platform.python_version()} ({platform.system()} {platform.machine()})", old)


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _package(package: str) -> Finding:
    found = _installed(package)
    return Finding(package, found or "not installed", "" if found else f"{sys.executable} -m pip install {package}")


def _qt(found: str | None, python: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Whether this PySide6 is safe for this Python."""
    ceiling = "<6.12" if python < FIRST_IMMUNE_PYTHON else "<6.13"
    install = f"{sys.executable} -m pip install 'PySide6-Essentials>=6.10.3,{ceiling}'"
    if found is None:
        return Finding("PySide6", "not installed: there is no window, all other commands work", install)
    number = tuple(int(part) for part in found.split(".") if part.isdecimal())
    if number >= FIRST_BROKEN_QT and python < FIRST_IMMUNE_PYTHON:
        return Finding("PySide6", f"{found} ends Python {python[0]}.{python[1]} with a fatal error", install)
    if number < OLDEST_QT:
        return Finding("PySide6", f"{found} is too old", install)
    return Finding("PySide6", found)


def _libraries() -> list[Finding]:
    """One finding for each use, so that one command installs all that is missing for it."""
    if not sys.platform.startswith("linux"):
        return []
    findings = []
    for what, libraries in (("libraries to paint", FOR_PAINTING), ("libraries for X11", FOR_A_WINDOW)):
        lacking = missing(libraries)
        found = f"missing: {', '.join(lacking)}" if lacking else f"all {len(libraries)} found"
        findings.append(Finding(what, found, f"on Debian and Ubuntu: {install_command(lacking)}" if lacking else ""))
    return findings


def _display() -> Finding:
    # none is no fault: a server needs none for all that works without a window
    if not sys.platform.startswith("linux"):
        return Finding("display", "the system's own")
    if not needs_display():
        return Finding("display", "not needed: QT_QPA_PLATFORM names a platform without one")
    return Finding("display", display_here() or "none: a window cannot be opened here, a --screenshot can")


def _own_file(parts: tuple[str, ...]) -> Finding:
    from nnsim.engine.resources import resource

    what = "/".join(parts)
    try:
        resource(*parts)
    except FileNotFoundError:
        return Finding(what, "missing", "install nnsim again: its own files did not come along")
    return Finding(what, "found")
