"""A folder of pictures, one folder a class in it, as a data set.

It is apart from reading one picture because here the question is which files count. It refuses to leave the folder, by links or
otherwise, and to leave anything out without saying so.
"""

import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from nnsim.core.pictures import Pictures
from nnsim.engine.own_data import MOST_NUMBERS
from nnsim.files.picture_reading import SUFFIXES, PictureChoices, PictureError, look_at, read_picture

MOST_PICTURES = 20_000
MOST_CLASSES = 100
MOST_ENTRIES = 100_000
"""Files and folders in one folder."""
_LOOKED_AT = 24
"""How many pictures the first choices are judged by."""

OnProgress = Callable[[int, int], bool]
"""``on_progress(done, total)``: how many pictures are done; False ends the reading."""


class ReadingStoppedError(Exception):
    """The user ended the reading."""


@dataclass(frozen=True)
class FolderContents:
    """What lies in a folder, before any picture is opened."""

    path: Path
    classes: tuple[str, ...]
    files: tuple[tuple[Path, ...], ...]
    """The picture files of each class, by their names"""
    passed_over: tuple[Path, ...]
    """What is neither a picture nor a class, or lies outside; hidden files are not even listed"""

    @property
    def counts(self) -> tuple[int, ...]:
        """How many picture files each class has."""
        return tuple(map(len, self.files))


@dataclass(frozen=True)
class BadPicture:
    """A file that was left out."""

    path: Path
    reason: str
    """A sentence that names the file"""


def scan_folder(path: Path) -> FolderContents:
    """The classes of a folder and their picture files; none is opened. Raises PictureError."""
    root = path.resolve()
    if not root.is_dir():
        raise PictureError(f'"{path}" is no folder: pictures are read from a folder that holds one folder a class')
    found: dict[str, tuple[Path, ...]] = {}
    passed_over: list[Path] = []
    loose = 0
    for folder in _within(root, root, passed_over):
        if not folder.is_dir():
            loose += folder.suffix.lower() in SUFFIXES
            passed_over.append(folder)
            continue
        name = _shown(folder.name)
        if name in found:
            raise PictureError(f'two folders in "{path}" are both called {name}: rename one')
        files = tuple(_picture_files(folder, root, passed_over))
        if files:
            found[name] = files
        else:
            passed_over.append(folder)
        if sum(map(len, found.values())) > MOST_PICTURES:
            raise PictureError(f'"{path}" holds more than {MOST_PICTURES:,} pictures: take some of them out')
        if len(found) > MOST_CLASSES:
            raise PictureError(f'"{path}" holds more than {MOST_CLASSES} folders of pictures: there can be {MOST_CLASSES} classes')
    if len(found) < 2:
        raise PictureError(_too_few(path, tuple(found), loose))
    return FolderContents(path, tuple(found), tuple(found.values()), tuple(passed_over))


def propose_choices(contents: FolderContents) -> PictureChoices:
    """Choices to begin with, judged by a few pictures of each class, to be shown and changed.

    Grey unless most have colours; inverted where most are grey on bright paper; not larger than most pictures are, and at most
    24 × 24, which a small network learns in seconds.
    """
    seen = []
    for files in contents.files:
        for file in files[: max(1, _LOOKED_AT // len(contents.files))]:
            try:
                seen.append(look_at(file))
            except PictureError:
                continue  # reading will name it
    if not seen:
        return PictureChoices()
    colour = sum(coloured for _, coloured, _ in seen) * 2 > len(seen)
    bright = sum(ground for *_, ground in seen) * 2 > len(seen)
    side = min(24, max(8, int(np.median([max(size) for size, *_ in seen]))))
    return replace(PictureChoices(), size=(side, side), colour=colour, inverted=bright and not colour)


def read_folder(path: Path, choices: PictureChoices, on_progress: OnProgress | None = None
                ) -> tuple[Pictures, tuple[BadPicture, ...]]:
    """The pictures of a folder, class by class, and what was left out. Raises PictureError, ReadingStoppedError.

    A class of which no picture can be read is left out; two have to remain.
    """
    contents = scan_folder(path)
    total, (high, wide), channels = sum(contents.counts), choices.size, 3 if choices.colour else 1
    if total * high * wide * channels > MOST_NUMBERS:
        raise PictureError(f'{total:,} pictures of {high} × {wide} × {channels} numbers in "{path}" are more than {MOST_NUMBERS:,} '
                           "numbers: choose smaller pictures, or fewer of them")
    pixels = np.empty((total, high, wide, channels), np.uint8)
    labels: list[int] = []
    classes: list[str] = []
    bad: list[BadPicture] = []
    done = 0
    for name, files in zip(contents.classes, contents.files, strict=True):
        before = len(labels)
        for file in files:
            try:
                pixels[len(labels)] = read_picture(file, choices)
                labels.append(len(classes))
            except PictureError as error:
                if not choices.skip_bad:
                    raise
                bad.append(BadPicture(file, str(error)))
            done += 1
            if on_progress is not None and not on_progress(done, total):
                raise ReadingStoppedError
        if len(labels) > before:
            classes.append(name)
    if len(classes) < 2:
        raise PictureError(f'of {total:,} pictures in "{path}" {len(labels):,} can be read, and two classes have to have one: '
                           f"{bad[0].reason}")
    kept, numbers = pixels[: len(labels)], np.array(labels, np.int32)
    for array in (kept, numbers):
        array.setflags(write=False)
    return Pictures(_shown(contents.path.resolve().name), kept, numbers, tuple(classes)), tuple(bad)


def _picture_files(folder: Path, root: Path, passed_over: list[Path]) -> Iterator[Path]:
    for file in _within(folder, root, passed_over):
        if file.suffix.lower() in SUFFIXES and not file.is_dir():
            yield file
        else:
            passed_over.append(file)


def _within(folder: Path, root: Path, passed_over: list[Path]) -> Iterator[Path]:
    """What lies in the folder by name, without hidden files; links that lead out of the root are passed over."""
    try:
        with os.scandir(folder) as listed:
            names = [entry.name for entry in islice(listed, MOST_ENTRIES + 1)]
    except OSError as error:
        raise PictureError(f'"{folder}" cannot be read: {error.strerror or error}') from error
    if len(names) > MOST_ENTRIES:
        raise PictureError(f'"{folder}" holds more than {MOST_ENTRIES:,} files: take some of them out')
    for name in sorted(names, key=lambda name: (name.casefold(), name)):
        if name.startswith("."):
            continue
        entry = folder / name
        if entry.is_symlink() and not _leads_inside(entry, root):
            passed_over.append(entry)
        else:
            yield entry


def _leads_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # a link to nothing, or in a circle
        return False


def _shown(name: str) -> str:
    """A file's name as text, whatever bytes it has."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


def _too_few(path: Path, classes: tuple[str, ...], loose: int) -> str:
    """Why a folder is no data set, and how it has to look."""
    if len(classes) == 1:
        found = f"only one folder with pictures, {classes[0]}"
    elif loose:
        found = f"{loose:,} pictures but no folders of them"
    else:
        found = "no folders with pictures"
    return f'"{path}" holds {found}: two folders or more are needed, each with the pictures of one class and with its name'
