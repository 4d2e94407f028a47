"""New pictures for a trained network: a file, or a folder of them, brought to the size and the manner of its training pictures.

It is apart from reading a folder as data because here no picture has a class, and one that cannot be read must not shift the
others. Pictures of data that came with nnsim are redrawn as those are; the user's own are read as his folder was, turned dark on
bright where the training pictures are so. It refuses to leave a picture out without saying so.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import SOURCES, Dataset
from nnsim.core.drawing import fit_picture, paper_of
from nnsim.files.picture_reading import SUFFIXES, PictureChoices, PictureError, look_at, read_grey, read_picture

MOST_PICTURES = 20_000
JUDGED_BY = 24
"""New pictures by which it is judged whether they lie on bright paper."""
DARK = 127.5


@dataclass(frozen=True, eq=False)
class NewPictures:
    """Pictures as the network is to be fed them."""

    names: tuple[str, ...]
    """The files, as they lie in the folder"""
    inputs: Array
    """(pictures, inputs) in the data's own units; NaN where a file cannot be read"""
    complete: Array
    """(pictures,) bool: which could be read"""
    bad: tuple[str, ...]
    """For each of the others a sentence that names the file."""
    inverted: bool = False
    """Whether bright was made dark and dark bright, as the training pictures have it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done that nobody asked for, a sentence each."""
        notes = ["the pictures are turned into their negatives, since the training pictures are dark where these are bright"]
        return tuple(notes if self.inverted else []) + self.bad[:3] + (
            (f"{len(self.bad) - 3:,} more pictures cannot be read",) if len(self.bad) > 3 else ())


def new_pictures(path: Path, source: str, dataset: Dataset) -> NewPictures:
    """A picture, or all that lie in a folder and in the folders in it, hidden ones left out. Raises PictureError.

    ``source``: where the pictures of ``dataset`` came from.
    """
    if dataset.picture is None:
        raise PictureError("the network was not trained on pictures: give it a table")
    files = _files(path)
    root = path if path.is_dir() else path.parent
    names = tuple(str(file.relative_to(root)) for file in files)
    inputs = np.full((len(files), dataset.inputs.shape[1]), np.nan)
    inverted = source not in SOURCES and _other_ground(files, dataset)
    bad = []
    for place, file in enumerate(files):
        try:
            inputs[place] = _pixels(file, source, dataset, inverted).ravel()
        except PictureError as error:
            bad.append(str(error))
    if len(bad) == len(files):
        raise PictureError(bad[0])
    return NewPictures(names, inputs, ~np.isnan(inputs[:, 0]), tuple(bad), inverted)


def _files(path: Path) -> list[Path]:
    """The picture files, by their names; links that lead out of the folder are not followed."""
    if not path.is_dir():
        return [path]
    root, found = path.resolve(), []
    for file in path.rglob("*"):
        inner = file.relative_to(path)
        hidden = any(part.startswith(".") for part in inner.parts)
        if not hidden and file.suffix.lower() in SUFFIXES and file.is_file() and file.resolve().is_relative_to(root):
            found.append(file)
        if len(found) > MOST_PICTURES:
            raise PictureError(f'"{path}" holds more than {MOST_PICTURES:,} pictures: take some of them out')
    if not found:
        raise PictureError(f'there is no picture in "{path}"')
    return sorted(found)


def _pixels(file: Path, source: str, dataset: Dataset, inverted: bool) -> Array:
    """(height, width, channels) in the data's own units."""
    assert dataset.picture is not None
    if source in SOURCES:
        return fit_picture(read_grey(file), paper_of(source, dataset.inputs[:1].reshape(1, *dataset.picture)))
    return read_picture(file, PictureChoices(dataset.picture, dataset.channels == 3, inverted=inverted)).astype(np.float64)


def _other_ground(files: list[Path], dataset: Dataset) -> bool:
    """Whether most new pictures are grey on bright paper and the training pictures, which are grey, on dark, or the other way."""
    if dataset.channels != 1:
        return False
    assert dataset.picture is not None
    pictures = dataset.inputs[dataset.train].reshape(-1, *dataset.picture)
    edges = np.concatenate([pictures[:, [0, -1]].ravel(), pictures[:, :, [0, -1]].ravel()])
    bright = []
    for file in files[:JUDGED_BY]:
        try:
            bright.append(look_at(file)[2])
        except PictureError:
            continue  # reading will name it
    return bool(bright) and (2 * sum(bright) > len(bright)) != bool(np.median(edges) > DARK)
