"""What every test stands on: an offscreen Qt and one BLAS thread, chosen before anything imports them, and folders for settings
that are not the user's own. It imports no Qt, since most tests also run where there is none."""

import os
import tempfile

from hypothesis import settings

# no stopwatch in a test; and where a change is judged, the same examples every time, while everybody else explores new ones
settings.register_profile("here", deadline=None)
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if os.environ.get("CI") else "here")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_own_folders = tempfile.TemporaryDirectory(prefix="nnsim-tests-")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = f"{_own_folders.name}/{_name.lower()}"


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _own_folders.cleanup()
