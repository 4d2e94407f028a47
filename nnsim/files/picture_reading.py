"""One picture file, or one that was pasted, as pixels of the size that the user chose.

It is apart from folders because a dropped picture comes alone. Everything here is measured before it is decoded: a file may be
anything, and a small one may claim to be enormous. It refuses animations and pictures of which nobody said what is black and white,
and it never reads a torn picture in part.
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from nnsim.core.activations import Array
from nnsim.files.reading import UnfitFileError, read_file

MOST_BYTES = 32 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""Of a picture as it lies in its file; decoded, it takes at most 200 MB for a moment."""
SMALLEST_SIDE, LARGEST_SIDE = 4, 64
"""Of a picture as it is read."""
CLOSEST = 512
"""The longest side of a drawing that is looked at as it is."""
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".dib", ".webp", ".tif", ".tiff", ".ppm", ".pgm",
                      ".pbm", ".pnm"))
"""What names of picture files end in, in lower case; the content decides what they are."""


class PictureError(ValueError):
    """What cannot be read, and why, in one sentence that names the file."""


@dataclass(frozen=True)
class PictureChoices:
    """How pictures are read. Raises PictureError if that makes no sense."""

    size: tuple[int, int] = (24, 24)
    """(height, width) in pixels"""
    colour: bool = False
    """Red, green and blue, or grey"""
    fit: Literal["pad", "crop"] = "pad"
    """What happens to pictures of other proportions: whole with a margin, or the middle of them"""
    inverted: bool = False
    """Whether bright becomes dark, so that white paper is 0"""
    skip_bad: bool = True
    """Whether what cannot be read is left out and listed, or ends the reading"""

    def __post_init__(self) -> None:
        high, wide = self.size
        if not (SMALLEST_SIDE <= high <= LARGEST_SIDE and SMALLEST_SIDE <= wide <= LARGEST_SIDE):
            raise PictureError(f"pictures can be read from {SMALLEST_SIDE} × {SMALLEST_SIDE} to {LARGEST_SIDE} × {LARGEST_SIDE} "
                               f"pixels, not as {high} × {wide}")


def read_picture(source: Path | bytes, choices: PictureChoices) -> Array:
    """The picture (height, width, channels), uint8, one channel or three. Raises PictureError."""
    fitted = _fitted(_upright(source, choices.colour, choices.size), choices.size, choices.fit)
    array = np.asarray(fitted, np.uint8).reshape(*choices.size, -1)
    return 255 - array if choices.inverted else array


def read_grey(source: Path | bytes) -> Array:
    """The whole picture in grey, (height, width) uint8, in its own proportions, at most ``CLOSEST`` a side. Raises PictureError."""
    image = _upright(source, False, None)
    image.thumbnail((CLOSEST, CLOSEST))
    return np.asarray(image, np.uint8)


def look_at(source: Path | bytes) -> tuple[tuple[int, int], bool, bool]:
    """A picture's own (height, width), whether it has colours, and whether its edge is bright. Raises PictureError."""
    image = _upright(source, True, None)
    size = (image.height, image.width)
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    pixels = np.asarray(image, np.int16)
    return size, bool((pixels.max(axis=2) - pixels.min(axis=2)).mean() > 4), _bright_ground(image)


def _upright(source: Path | bytes, colour: bool, size: tuple[int, int] | None) -> Image.Image:
    """The decoded picture, upright, as grey or red, green and blue; ``size``: it may be decoded smaller, if not below this."""
    name = f'"{source}"' if isinstance(source, Path) else "the picture"
    try:
        content = read_file(source, MOST_BYTES) if isinstance(source, Path) else source
        if not content:
            raise UnfitFileError("it is empty")
        if len(content) > MOST_BYTES:
            raise UnfitFileError(f"it has {len(content):,} bytes, and {MOST_BYTES:,} is the most it may have")
        with warnings.catch_warnings():
            # what a decoder warns of is either refused here, or, such as odd notes of a camera, of no matter to the pixels
            warnings.simplefilter("ignore")
            return _decoded(content, colour, size)
    except UnfitFileError as error:
        raise PictureError(f"{name} cannot be read: {error}") from error
    except OSError as error:
        raise PictureError(f"{name} cannot be read: {error.strerror or error}") from error


def _decoded(content: bytes, colour: bool, size: tuple[int, int] | None) -> Image.Image:
    """Raises UnfitFileError."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check(image)
            if size is not None:
                image.draft(image.mode, (4 * size[1], 4 * size[0]))
            turned = ImageOps.exif_transpose(image)
            return _plain(turned, image.format or "", colour)
    except UnfitFileError:
        raise
    except UnidentifiedImageError as error:
        raise UnfitFileError(f"it is no picture of a kind that is known here ({', '.join(FORMATS)})") from error
    except Image.DecompressionBombError as error:
        raise UnfitFileError(f"it claims more than the {MOST_PIXELS:,} pixels that a picture may have") from error
    except MemoryError as error:
        raise UnfitFileError("there is not enough memory for it") from error
    except Exception as error:
        # decoders fail on torn files in as many ways as there are formats: SyntaxError, struct.error, IndexError ...
        raise UnfitFileError("the file is damaged or breaks off") from error


def _check(image: Image.Image) -> None:
    """Refuse what is too large or moves, by its head alone. Raises UnfitFileError."""
    wide, high = image.size
    if wide < 1 or high < 1:
        raise UnfitFileError("it has no pixels")
    if wide * high > MOST_PIXELS:
        raise UnfitFileError(f"it claims {wide:,} × {high:,} pixels, more than the {MOST_PIXELS:,} that a picture may have")
    # cameras put a preview into the same file, and the picture is the first
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise UnfitFileError("it is an animation or has several pages, and one picture is needed")


def _plain(image: Image.Image, kind: str, colour: bool) -> Image.Image:
    """Grey or red, green and blue of 0 to 255, transparent parts on white. Raises UnfitFileError."""
    goal = "RGB" if colour else "L"
    if image.mode.startswith("I;16") or (image.mode == "I" and kind in ("PNG", "PPM")):
        grey = np.asarray(image).astype(np.float64) / 257
        return Image.fromarray(np.clip(np.round(grey), 0, 255).astype(np.uint8)).convert(goal)
    if image.mode in ("I", "F"):
        raise UnfitFileError("its pixels are 32-bit numbers, of which the file does not say what is black and what is white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB").convert(goal)


def _fitted(image: Image.Image, size: tuple[int, int], fit: Literal["pad", "crop"]) -> Image.Image:
    """The picture in this (height, width), its proportions kept; a margin is white or black as its edge is."""
    high, wide = size
    if fit == "crop":
        return ImageOps.fit(image, (wide, high), Image.Resampling.BILINEAR)
    scale = min(wide / image.width, high / image.height)
    inner = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.BILINEAR)
    sheet = Image.new(image.mode, (wide, high), "white" if _bright_ground(image) else "black")
    sheet.paste(inner, ((wide - inner.width) // 2, (high - inner.height) // 2))
    return sheet


def _bright_ground(image: Image.Image) -> bool:
    """Whether most of the edge is nearer to white."""
    pixels = np.asarray(image)
    edge = np.concatenate([side.ravel() for side in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])])
    return bool(np.median(edge) > 127)
