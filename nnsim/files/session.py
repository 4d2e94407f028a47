"""Opening and saving: a ``Simulation`` that knows files. Scripts, the command line and the window all open through here.

A source is an example's name, a snapshot, an experiment as JSON, or data of one's own. It refuses to compute anything of its own.
"""

import difflib
from pathlib import Path
from typing import Self

from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Experiment, ExperimentError
from nnsim.engine.run import Run
from nnsim.engine.simulation import Simulation
from nnsim.engine.timeline import DEFAULT_LIMIT
from nnsim.files.manifest import SnapshotError, strict_experiment
from nnsim.files.own_files import DataFileError, OwnFileError, is_own, open_own
from nnsim.files.reading import UnfitFileError, read_file
from nnsim.files.snapshot import load_snapshot, save_snapshot
from nnsim.files.strict_json import NotAnObjectError, parse
from nnsim.files.view import View

MAXIMUM_JSON = 16 * 1024 * 1024
LONGEST_SENTENCE = 300


class SourceError(ValueError):
    """What cannot be opened, why, and what to do, in one line."""

    def __init__(self, name: object, reason: str) -> None:
        super().__init__(_one_line(f'cannot open "{_shortened(str(name))}": {reason}'))


class Session(Simulation):
    """A simulation that can be opened and saved; ``view`` is what a file keeps of how it is looked at."""

    def __init__(self, source: Experiment | Run, memory_limit: int = DEFAULT_LIMIT) -> None:
        super().__init__(source, memory_limit)
        self.view = View()
        self.remarks: tuple[str, ...] = ()
        """What was done unasked when one's own data were read, a sentence each."""

    @classmethod
    def open(cls, source: "str | Path | Experiment", target: str = "") -> Self:
        """A simulation of a source, or of an experiment; ``target`` names the column of a table that is to be predicted.

        Raises SourceError with one line to show.
        """
        if isinstance(source, Experiment):
            return cls._of(source, source.title or "experiment")
        path = Path(source)
        if target and not is_own(path):
            raise SourceError(source, "only a table has a column to choose as the target")
        if str(source) in example_names() and not path.is_file():
            return cls._of(example(str(source)).experiment, source)
        try:
            if str(source) and is_own(path) and path.exists():
                experiment, remarks = open_own(path, target)
                session = cls._of(experiment, source)
                session.remarks = remarks
                return session
            if path.suffix.lower() == ".json":
                return cls._of(read_experiment(path), source)
            if path.suffix.lower() != ".nnsim" and path.exists():
                raise SourceError(source, "nnsim reads .nnsim snapshots, experiments as .json, tables (.csv, .tsv, .xlsx, "
                                          ".parquet), texts (.txt) and folders of pictures; this is none of them")
            return load_snapshot(path, cls)
        except DataFileError as error:
            raise SourceError(source, str(error)) from error
        except SnapshotError as error:
            raise SourceError(source, f"{error}. Open another copy of it, or an example") from error
        except (*OwnFileError, ExperimentError) as error:
            # sentences about one of many pictures name the file; here it is named already
            raise SourceError(source, str(error).replace(f'"{path}" ', "it ", 1)) from error
        except FileNotFoundError as error:
            raise SourceError(source, _missing(str(source))) from error
        except OSError as error:
            raise SourceError(source, f"{error.strerror or 'it cannot be read'}. Check the file and its permissions") from error
        except ValueError as error:
            if isinstance(error, SourceError):
                raise
            # with a null character, say, it is no file's name
            is_name = "\0" not in str(source) and not isinstance(error, UnicodeError)
            raise SourceError(source, str(error) if is_name else "there is no such file or example") from error

    @classmethod
    def _of(cls, experiment: Experiment, name: object) -> Self:
        try:
            return cls(experiment)
        except ExperimentError as error:
            raise SourceError(name, str(error)) from error

    def save(self, path: "str | Path") -> None:
        """Write a snapshot of this very moment. Raises OSError; ValueError for a view with more in it than a file may have."""
        save_snapshot(self, path)


def read_experiment(path: Path) -> Experiment:
    """An experiment from JSON: as ``nnsim info --json`` prints it, whole or its ``experiment`` alone.

    Raises SourceError, OSError.
    """
    try:
        values = parse(read_file(path, MAXIMUM_JSON).decode("utf-8-sig"))
    except UnfitFileError as error:
        raise SourceError(path, str(error)) from error
    except NotAnObjectError as error:
        raise SourceError(path, "it holds no settings: an experiment is an object, {…}, as nnsim info --json prints it") from error
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
