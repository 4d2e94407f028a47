"""Where a snapshot's data lie when it does not hold them: the file's path, and how it is to be read.

It is apart from the manifest because it alone reaches outside of the file. A file beside the snapshot goes first, so that the two
can be moved together. It refuses other data than those that were trained on: the digest decides.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from nnsim.engine.materials import is_kept
from nnsim.files.entries import Entry
from nnsim.files.own_files import Origin, origin_of, read_again, remember_origin
from nnsim.files.picture_reading import PictureChoices
from nnsim.files.table_choices import Reading

Path4k = Annotated[str, Field(min_length=1, max_length=4096, pattern="^[^\\x00]*$")]


class TableChoicesEntry(Entry):
    """A ``Reading``."""

    kind: Literal["table"] = "table"
    encoding: str
    delimiter: str
    decimal: Literal[".", ","]
    header: bool
    missing: Annotated[tuple[str, ...], Field(max_length=100)]


class PictureChoicesEntry(Entry):
    """``PictureChoices``."""

    kind: Literal["pictures"] = "pictures"
    size: tuple[int, int]
    colour: bool
    fit: Literal["pad", "crop"]
    inverted: bool
    skip_bad: bool


class TextChoicesEntry(Entry):
    """A text's encoding."""

    kind: Literal["text"] = "text"
    encoding: str


class DataFileEntry(Entry):
    """An ``Origin``."""

    path: Path4k
    choices: Annotated[TableChoicesEntry | PictureChoicesEntry | TextChoicesEntry, Field(discriminator="kind")]

    @classmethod
    def of(cls, material: str) -> "DataFileEntry | None":
        """Where the material of this digest was read; None for what came from no file."""
        origin = origin_of(material)
        if origin is None:
            return None
        match origin.choices:
            case Reading(encoding, delimiter, decimal, header, missing):
                return cls(path=str(origin.path), choices=TableChoicesEntry(
                    encoding=encoding, delimiter=delimiter, decimal=decimal, header=header, missing=missing))
            case PictureChoices(size, colour, fit, inverted, skip_bad):
                return cls(path=str(origin.path), choices=PictureChoicesEntry(
                    size=size, colour=colour, fit=fit, inverted=inverted, skip_bad=skip_bad))
            case str(encoding):
                return cls(path=str(origin.path), choices=TextChoicesEntry(encoding=encoding))

    def fetch(self, material: str, beside: Path | None) -> None:
        """See that the material of this digest is at hand, from a file beside the snapshot or where it was.

        Raises DataFileError when the file is missing or has changed, TableError or PictureError for choices that make no sense.
        """
        path = Path(self.path)
        near = beside / path.name if beside else None
        origin = Origin(near if near is not None and near.exists() else path, self._choices())
        if not is_kept(material):
            read_again(material, origin)
        elif origin_of(material) is None:
            # at hand from a snapshot that holds it: this one shall go on naming the file
            remember_origin(material, origin)

    def _choices(self) -> Reading | PictureChoices | str:
        match self.choices:
            case TableChoicesEntry() as table:
                return Reading(table.encoding, table.delimiter, table.decimal, table.header, table.missing)
            case PictureChoicesEntry() as pictures:
                return PictureChoices(pictures.size, pictures.colour, pictures.fit, pictures.inverted, pictures.skip_bad)
            case TextChoicesEntry() as text:
                return text.encoding
