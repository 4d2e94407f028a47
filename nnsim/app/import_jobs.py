"""What is read on the reading thread, each a function from what is wanted to a frozen answer.

They are apart from the dialogs' flows because they run on another thread and must not touch a widget; tables, of which there is
more to be found out, have a module of their own. They refuse to decide: choices come in, and what a file is found to be goes out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnsim.app.table_jobs import Source
from nnsim.core.pictures import Pictures
from nnsim.core.texts import Text, encode, stretches, vocabulary, words_of
from nnsim.engine.experiment import Data, Experiment, ExperimentError, WordsUse
from nnsim.engine.materials import Material, keep
from nnsim.engine.proposal import fit_to_data, propose
from nnsim.files.own_files import Origin, experiment_on, read_own, remember_origin
from nnsim.files.picture_folder import BadPicture, FolderContents, OnProgress, propose_choices, read_folder, scan_folder
from nnsim.files.picture_reading import PictureChoices, PictureError, read_picture
from nnsim.files.tables import Reading, preview_file
from nnsim.files.text_file import TextReading, describe, propose_words, text_file
from nnsim.picture.numbers import whole
from nnsim.widgets.import_samples import ClassSamples

SAMPLES = 8
"""Pictures of a class that are shown."""
EXAMPLES = 7
"""Stretches of a text that are shown."""


@dataclass(frozen=True, eq=False)
class FolderSeen:
    """A folder's classes and some of its pictures."""

    contents: FolderContents
    choices: PictureChoices
    classes: tuple[ClassSamples, ...]


@dataclass(frozen=True, eq=False)
class FolderRead:
    """All pictures of a folder."""

    pictures: Pictures
    bad: tuple[BadPicture, ...]


@dataclass(frozen=True, eq=False)
class TextRead:
    """A text, and what is proposed to make of its words."""

    text: Text
    reading: TextReading
    use: WordsUse


@dataclass(frozen=True)
class TextDescribed:
    """What is known and read of a text."""

    sentence: str
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Notes:
    """What was done in reading that nobody asked for, a sentence each."""

    sentences: tuple[str, ...]


def see_folder(path: Path, choices: PictureChoices | None) -> FolderSeen:
    """A folder's classes and the first pictures of each that can be read. Raises PictureError."""
    contents = scan_folder(path)
    chosen = choices or propose_choices(contents)
    return FolderSeen(contents, chosen, tuple(
        ClassSamples(name, len(files), tuple(_first_pictures(files, chosen)))
        for name, files in zip(contents.classes, contents.files, strict=True)))


def read_pictures(path: Path, choices: PictureChoices, on_progress: OnProgress) -> FolderRead:
    """All pictures of a folder. Raises PictureError, ReadingStoppedError."""
    return FolderRead(*read_folder(path, choices, on_progress))


def read_words(source: Source, encoding: str, use: WordsUse | None) -> TextRead:
    """A text in an encoding, or in the one that is found. Raises TextError, OSError."""
    if source.path is None:
        assert isinstance(source.material, Text)
        words = words_of(source.material.text)
        return TextRead(source.material, TextReading("utf-8", "as the snapshot has it", len(words), len(set(words))),
                        use or propose_words(source.material))
    text, reading = text_file(source.path, encoding)
    return TextRead(text, reading, use or propose_words(text))


def describe_words(text: Text, use: WordsUse) -> TextDescribed:
    """What of a text is known, and some of its stretches with the word that follows. Raises ExperimentError for too few words."""
    words = words_of(text.text)
    known = vocabulary(words, use.vocabulary)
    places, answers = stretches(encode(words, known), use.context)
    if not len(answers):
        raise ExperimentError(f"{whole(len(words))} words are too few for stretches of {use.context}: read fewer words at once")
    chosen = np.unique(np.linspace(0, min(len(answers), use.rows or len(answers)) - 1, EXAMPLES).astype(np.intp))
    examples = tuple((" ".join(known[place] for place in places[row]), known[int(answers[row])]) for row in chosen)
    return TextDescribed(describe(text, use), examples)


def begin(material: Material, origin: Origin | None, data_of: Callable[[str], Data], present: Experiment | None) -> Experiment:
    """A network proposed for a material that is kept now; or the present one with what fits these data. Raises ExperimentError."""
    name = keep(material)
    if origin is not None:
        remember_origin(name, origin)
    data = data_of(name)
    return propose(data) if present is None else fit_to_data(present, data)


def open_directly(path: Path, on_progress: OnProgress) -> Experiment:
    """A network proposed for a file or folder as it is found to be. Raises an OwnFileError, ExperimentError, OSError."""
    material, origin, _ = read_own(path, None, on_progress)
    experiment = experiment_on(material)
    remember_origin(experiment.data.material, origin)
    return experiment


def notes_of(origin: Origin, rows: int) -> Notes:
    """What is to be said of a file that was opened at once, as so many rows. Raises TableError, PictureError, OSError."""
    if origin.path.is_dir():
        left_out = sum(scan_folder(origin.path).counts) - rows
        if not left_out:
            return Notes(())
        is_out = "picture cannot be read and is" if left_out == 1 else "pictures cannot be read and are"
        return Notes((f"{whole(left_out)} {is_out} left out.",))
    if not isinstance(origin.choices, Reading):
        return Notes(())
    return Notes(tuple(f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in preview_file(origin.path, origin.choices, 0).notes))


def _first_pictures(files: tuple[Path, ...], choices: PictureChoices) -> list[np.ndarray]:
    pictures: list[np.ndarray] = []
    for file in files[: 2 * SAMPLES]:
        try:
            pictures.append(read_picture(file, choices))
        except PictureError:
            continue  # reading the folder will name it
        if len(pictures) == SAMPLES:
            break
    return pictures
