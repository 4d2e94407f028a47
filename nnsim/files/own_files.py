"""The user's own files as experiments: a table, a folder of pictures or a text becomes material, and a network is proposed for it.

Where a material was read, and how, is remembered as its ``Origin``, so that a snapshot may refer to the file instead of holding it.
Reading again must give the very same material: its digest says whether the file has changed. It refuses to guess what a file is by
anything but its ending; a text that holds a table is opened as one only if that is said.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from nnsim.core.pictures import Pictures
from nnsim.core.tables import Table
from nnsim.engine.experiment import Data, Experiment, ExperimentError
from nnsim.engine.materials import Material, keep, keep_same
from nnsim.engine.proposal import propose, usual_scaling
from nnsim.engine.table_rows import infer, left_out
from nnsim.files.picture_folder import OnProgress, propose_choices, read_folder, scan_folder
from nnsim.files.picture_reading import PictureChoices, PictureError
from nnsim.files.table_choices import Reading, TableError
from nnsim.files.tables import SUFFIXES as TABLE_SUFFIXES
from nnsim.files.tables import preview_file
from nnsim.files.text_file import TextError, describe, propose_words, text_file

TEXT_SUFFIXES = (".txt", ".text", ".md")
OwnFileError = (TableError, PictureError, TextError)
"""What reading one's own files may raise, each a sentence; ExperimentError comes where nothing can be learned from them."""


class DataFileError(ValueError):
    """Why the file that a snapshot names cannot give its data, and what to do."""


@dataclass(frozen=True)
class Origin:
    """Where a material was read, and with which choices."""

    path: Path
    choices: Reading | PictureChoices | str
    """For a table, for pictures, or a text's encoding."""


_origins: dict[str, Origin] = {}


def origin_of(name: str) -> Origin | None:
    """Where the material of this digest was read; None for what was pasted, or came in a snapshot."""
    return _origins.get(name)


def remember_origin(name: str, origin: Origin) -> None:
    """The material of this digest was read there. A path that is no text, in bytes that are no characters, could not be written
    down: such a material counts as one without a file."""
    with contextlib.suppress(UnicodeEncodeError):
        str(origin.path).encode()
        _origins[name] = origin


def is_own(path: Path) -> bool:
    """Whether a path is a folder, or ends like a table or a text."""
    return path.is_dir() or path.suffix.lower() in (*TABLE_SUFFIXES, *TEXT_SUFFIXES)


def read_own(path: Path, choices: Reading | PictureChoices | str | None = None, on_progress: OnProgress | None = None
             ) -> tuple[Material, Origin, tuple[str, ...]]:
    """The material of a file or folder, its origin, and what was done unasked, a sentence each.

    Read as it is found to be where nothing is chosen.

    Raises an ``OwnFileError``, OSError.
    """
    material: Material
    if path.is_dir():
        wanted = choices if isinstance(choices, PictureChoices) else propose_choices(scan_folder(path))
        material, bad = read_folder(path, wanted, on_progress)
        return material, Origin(path.absolute(), wanted), tuple(f"left out: {each.reason}" for each in bad)
    if isinstance(choices, str) or (choices is None and path.suffix.lower() in TEXT_SUFFIXES):
        material, found = text_file(path, choices or "")
        return material, Origin(path.absolute(), found.encoding), (describe(material, propose_words(material)),)
    read = preview_file(path, choices if isinstance(choices, Reading) else None, 0)
    return read.table, Origin(path.absolute(), read.reading), read.notes


def experiment_on(material: Material, target: str = "") -> Experiment:
    """A network proposed for a material, which is kept. ``target`` names a table's column. Raises ExperimentError."""
    name = keep(material)
    if isinstance(material, Table):
        data = Data(source="table", material=name, table=infer(material, target))
        return propose(data.replace(scaling=usual_scaling(data)))
    if target:
        raise ExperimentError("only a table has a column to choose as the target")
    if isinstance(material, Pictures):
        return propose(Data(source="pictures", material=name, scaling="min-max"))
    return propose(Data(source="text", material=name, words=propose_words(material)))


def open_own(path: Path, target: str = "") -> tuple[Experiment, tuple[str, ...]]:
    """A network proposed for a file of the user's, and what was done unasked, a sentence each.

    Raises an ``OwnFileError``, ExperimentError, OSError.
    """
    material, origin, notes = read_own(path)
    experiment = experiment_on(material, target)
    remember_origin(experiment.data.material, origin)
    if isinstance(material, Table) and experiment.data.table is not None:
        use = experiment.data.table
        notes = (f"the target is {use.target!r} ({use.task}), predicted from {', '.join(map(repr, use.inputs))}", *notes)
        if left := left_out(material, use):
            notes = (*notes, f"left out of the inputs: {', '.join(map(repr, left))}")
    return experiment, notes


def read_again(name: str, origin: Origin) -> None:
    """Read a material again where it was read before, and keep it. Raises DataFileError with a sentence."""
    path = origin.path
    try:
        material, _, _ = read_own(path, origin.choices)
    except FileNotFoundError as error:
        raise DataFileError(f'its data are in "{path}", which is not there: put the file back, or beside the snapshot') from error
    except OSError as error:
        raise DataFileError(f'its data are in "{path}", which cannot be read: {error.strerror}') from error
    except OwnFileError as error:
        raise DataFileError(f'its data are in "{path}", which cannot be read any more: {error}') from error
    if not keep_same(material, name):
        raise DataFileError(f'its data are in "{path}", which has changed since: put the old one back, or open this one as data')
    remember_origin(name, origin)
