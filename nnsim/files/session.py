"""Opening and saving: a ``Simulation`` that knows files. Scripts, the command line and the window all open through here.

A source is an example's name, a snapshot, or an experiment as JSON. It refuses to compute anything of its own.
"""

import difflib
from pathlib import Path
from typing import Self

from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Experiment, ExperimentError
from nnsim.engine.simulation import Simulation
from nnsim.files.manifest import SnapshotError, strict_experiment
from nnsim.files.reading import UnfitFileError, read_file
from nnsim.files.snapshot import load_snapshot, save_snapshot
from nnsim.files.strict_json import parse

MAXIMUM_JSON = 16 * 1024 * 1024
LONGEST_SENTENCE = 300


class SourceError(ValueError):
    """What cannot be opened, why, and what to do, in one line."""

    def __init__(self, name: object, reason: str) -> None:
        super().__init__(_one_line(f'cannot open "{_shortened(str(name))}": {reason}'))


class Session(Simulation):
    """A simulation that can be opened and saved."""

    @classmethod
    def open(cls, source: "str | Path | Experiment") -> Self:
        """A simulation of a source, or of an experiment. Raises SourceError with one line to show."""
        if isinstance(source, Experiment):
            return cls._of(source, source.title or "experiment")
        path = Path(source)
        if str(source) in example_names() and not path.is_file():
            return cls._of(example(str(source)).experiment, source)
        try:
            if path.is_dir():
                raise SourceError(source, "it is a folder; name a .nnsim snapshot, an experiment's .json or an example")
            if path.suffix.lower() == ".json":
                return cls._of(read_experiment(path), source)
            if path.suffix.lower() != ".nnsim" and path.exists():
                raise SourceError(source, "nnsim reads .nnsim snapshots and experiments as .json; this is neither")
            return load_snapshot(path, cls)
        except SnapshotError as error:
            raise SourceError(source, f"{error}. Open another copy of it, or an example") from error
        except FileNotFoundError as error:
            raise SourceError(source, _missing(str(source))) from error
        except OSError as error:
            raise SourceError(source, f"{error.strerror or 'it cannot be read'}. Check the file and its permissions") from error
        except ValueError as error:
            if isinstance(error, SourceError):
                raise
            # a name with a null character, say, is no file's name
            raise SourceError(source, "there is no such file or example") from error

    @classmethod
    def _of(cls, experiment: Experiment, name: object) -> Self:
        try:
            return cls(experiment)
        except ExperimentError as error:
            raise SourceError(name, str(error)) from error

    def save(self, path: "str | Path") -> None:
        """Write a snapshot of this very moment. Raises OSError."""
        save_snapshot(self, path)


def read_experiment(path: Path) -> Experiment:
    """An experiment from JSON: as ``nnsim info --json`` prints it, whole or its ``experiment`` alone.

    Raises SourceError, OSError.
    """
    try:
        values = parse(read_file(path, MAXIMUM_JSON).decode("utf-8-sig"))
    except UnfitFileError as error:
        raise SourceError(path, str(error)) from error
    except ValueError as error:
        raise SourceError(path, f"it is not JSON: {error}") from error
    inner = values.get("experiment", values)
    if not isinstance(inner, dict):
        raise SourceError(path, "its experiment is not an object with settings")
    try:
        return strict_experiment(inner)
    except ExperimentError as error:
        raise SourceError(path, str(error)) from error


def _missing(name: str) -> str:
    close = difflib.get_close_matches(name, example_names(), 1)
    hint = f"did you mean the example {close[0]!r}?" if close else "nnsim examples lists the examples"
    return f"there is no such file or example; {hint}"


def _shortened(name: str) -> str:
    return name if len(name) <= 100 else f"…{name[-99:]}"


def _one_line(text: str) -> str:
    """Control characters escaped, and no longer than fits a terminal comfortably."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= LONGEST_SENTENCE else text[: LONGEST_SENTENCE - 1] + "…"
