"""Folders of pictures, and single ones: what is read, what is refused, and that nothing is left out without a sentence."""

import io
import os
import random
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nnsim.core.activations import Array
from nnsim.core.drawing import PAPERS, fit_picture
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data
from nnsim.engine.materials import keep
from nnsim.files import picture_folder, picture_reading
from nnsim.files.picture_folder import ReadingStoppedError, propose_choices, read_folder, scan_folder
from nnsim.files.picture_reading import PictureChoices, PictureError, read_grey, read_picture

SMALL = PictureChoices(size=(8, 8))
COLOUR = PictureChoices(size=(8, 8), colour=True)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def square(mode: str = "L", colour: float | tuple[int, ...] | str = 200, size: tuple[int, int] = (16, 16)) -> Image.Image:
    """A bright square in the middle of a dark ground."""
    image = Image.new(mode, size)
    image.paste(colour, (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4))
    return image


def folder(root: Path, **counts: int) -> Path:
    """A folder with so many good pictures in each class."""
    for name, count in counts.items():
        (root / name).mkdir(parents=True)
        for number in range(count):
            (root / name / f"{number:02}.png").write_bytes(encoded(square(colour=100 + number)))
    return root


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(wide: int, high: int, *chunks: bytes) -> bytes:
    """A PNG's head that claims this size, grey, and some chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def animation(kind: str) -> bytes:
    frames = [square(colour=tone) for tone in (80, 160, 240)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


WHOLE = encoded(Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 40), np.uint8)))
PHOTO = encoded(Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 40, 3), np.uint8)), "JPEG")
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "one byte": (b"\x89", "no picture"),
    "a text": (b"not a picture at all, but some words\n" * 5, "no picture"),
    "a web page": (b"<!DOCTYPE html><html><body>404 Not found</body></html>", "no picture"),
    "a vector graphic": (b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="8" height="8"/></svg>', "no picture"),
    "a pdf": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "no picture"),
    "a zip": (b"PK\x03\x04" + bytes(100), "no picture"),
    "zeros": (bytes(500), "no picture"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n", "no picture"),
    "an icon": (encoded(square("RGBA", "red", (32, 32)), "ICO"), "no picture"),
    "a torn png": (WHOLE[: len(WHOLE) // 2], "damaged or breaks off"),
    "a torn jpeg": (PHOTO[: len(PHOTO) // 2], "damaged or breaks off"),
    "a torn gif": (encoded(Image.open(io.BytesIO(WHOLE)), "GIF")[:1200], "damaged or breaks off"),
    "a torn bmp": (encoded(square("RGB", "red"), "BMP")[:200], "damaged or breaks off"),
    "a torn webp": (encoded(square("RGB", "red"), "WEBP", lossless=True)[:40], "no picture|damaged"),
    "a torn tiff": (encoded(square("RGB", "red"), "TIFF")[:60], "no picture|damaged"),
    "a torn pgm": (b"P5 20 20 255\n" + bytes(100), "damaged or breaks off"),
    "a signature and no more": (b"\x89PNG\r\n\x1a\n", "no picture"),
    "a head without pixels": (png(10, 10), "damaged or breaks off"),
    "no width": (png(0, 10, chunk(b"IDAT", zlib.compress(b""))), "no picture|no pixels|damaged"),
    "a wrong checksum": (WHOLE[:60] + bytes([WHOLE[60] ^ 255]) + WHOLE[61:], "damaged or breaks off"),
    "a claim of 8,000 x 8,000 pixels": (png(8000, 8000, chunk(b"IDAT", zlib.compress(bytes(1000)))), "8,000 × 8,000"),
    "a claim of 60,000 x 60,000 pixels": (png(60000, 60000, chunk(b"IDAT", zlib.compress(b""))), "more than the 50,000,000"),
    "a claim of two billion pixels a side": (png(2**31 - 1, 2**31 - 1), "more than the 50,000,000"),
    "a bomb of compressed text": (png(10, 10, chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80_000_000)))), "damaged|no picture"),
    "an animated gif": (animation("GIF"), "animation"),
    "an animated png": (animation("PNG"), "animation"),
    "an animated webp": (animation("WEBP"), "animation"),
    "a tiff of several pages": (animation("TIFF"), "several pages"),
    "numbers without black and white": (encoded(Image.fromarray(np.ones((8, 8), np.float32)), "TIFF"), "32-bit numbers"),
    "whole numbers of 32 bits": (encoded(Image.fromarray(np.ones((8, 8), np.int32)), "TIFF"), "32-bit numbers"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_refused_in_a_sentence_that_names_the_file(name: str, tmp_path: Path) -> None:
    content, reason = BAD[name]
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=reason) as caught:
        read_picture(path, SMALL)
    assert f'"{path}"' in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(PictureError, match="the picture cannot be read"):
        read_picture(content, SMALL)


def test_a_folder_with_every_bad_picture_is_read_and_each_of_them_is_listed(tmp_path: Path) -> None:
    root = folder(tmp_path, cat=3, dog=2)
    for number, (content, _) in enumerate(BAD.values()):
        (root / "dog" / f"bad{number}.jpg").write_bytes(content)
    assert len(BAD) >= 20
    pictures, bad = read_folder(root, SMALL)
    assert (len(pictures.pixels), pictures.labels.tolist()) == (5, [0, 0, 0, 1, 1])
    assert {entry.path.name for entry in bad} == {f"bad{number}.jpg" for number in range(len(BAD))}
    assert all(str(entry.path) in entry.reason for entry in bad)
    with pytest.raises(PictureError, match="bad"):
        read_folder(root, PictureChoices(size=(8, 8), skip_bad=False))


def test_fuzzed_bytes_are_pictures_or_refused_and_nothing_else() -> None:
    rng = random.Random(7)
    kinds = ("GIF", "BMP", "WEBP", "TIFF", "PPM")
    originals = [WHOLE, PHOTO, animation("GIF"), *(encoded(square("RGB", "red"), kind) for kind in kinds)]
    read = 0
    for number in range(200):
        content = bytearray(originals[number % len(originals)])
        for _ in range(rng.randint(1, 12)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        if rng.random() < 0.3:
            del content[rng.randrange(len(content)):]
        began = time.thread_time()
        try:
            pixels = read_picture(bytes(content), SMALL)
            assert pixels.shape == (8, 8, 1) and pixels.dtype == np.uint8
            read += 1
        except PictureError as error:
            assert str(error).startswith("the picture cannot be read: ") and "\n" not in str(error)
        assert time.thread_time() - began < 2
    assert 0 < read < 200


# what is read, and how

def middle_and_corner(content: bytes, choices: PictureChoices = SMALL) -> tuple[list[int], list[int]]:
    pixels = read_picture(content, choices)
    return pixels[4, 4].tolist(), pixels[0, 0].tolist()


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("BMP", {}), ("GIF", {}), ("TIFF", {}), ("PPM", {}),
                                               ("WEBP", {"lossless": True}), ("JPEG", {"quality": 100})])
def test_every_format_gives_the_same_picture(kind: str, options: dict[str, Any]) -> None:
    middle, corner = middle_and_corner(encoded(square(), kind, **options))
    assert abs(middle[0] - 200) <= 2 and corner[0] <= 2


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "really-a-png.jpg"
    path.write_bytes(encoded(square()))
    assert read_picture(path, SMALL)[4, 4, 0] == 200


def test_colours_come_as_red_green_and_blue_or_as_the_eyes_grey() -> None:
    content = encoded(square("RGB", (200, 100, 50)))
    assert middle_and_corner(content, COLOUR) == ([200, 100, 50], [0, 0, 0])
    assert middle_and_corner(content)[0] == [round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)]
    assert middle_and_corner(encoded(square()), COLOUR)[0] == [200, 200, 200]


def test_four_inks_of_printing_become_red_green_and_blue() -> None:
    middle, corner = middle_and_corner(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", quality=100), COLOUR)
    assert middle[0] > 240 and max(middle[1:]) < 15 and middle == corner


def test_16_bit_grey_keeps_its_whole_range() -> None:
    ramp = (np.arange(64, dtype=np.uint16).reshape(8, 8) * 1040)
    wanted = np.round(ramp / 257)
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(read_picture(encoded(Image.fromarray(ramp), kind), SMALL)[:, :, 0], wanted)


def test_one_bit_is_black_and_white() -> None:
    assert middle_and_corner(encoded(square("1", 1))) == ([255], [0])


def test_what_is_transparent_stands_on_white() -> None:
    clear = square("RGBA", (10, 20, 30, 255))
    assert middle_and_corner(encoded(clear), COLOUR) == ([10, 20, 30], [255, 255, 255])
    half = Image.new("LA", (8, 8), (0, 128))
    assert abs(middle_and_corner(encoded(half))[0][0] - 127) <= 1
    palette = square("P", 1)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    assert middle_and_corner(encoded(palette, "PNG", transparency=0), COLOUR) == ([0, 0, 255], [255, 255, 255])
    assert middle_and_corner(encoded(palette, "GIF", transparency=0), COLOUR) == ([0, 0, 255], [255, 255, 255])


def test_a_camera_held_sideways_is_turned_upright() -> None:
    image = Image.new("L", (16, 8))
    image.paste(255, (0, 0, 8, 8))  # bright on the left
    note = Image.Exif()
    note[0x0112] = 6  # to be turned right: the left becomes the top
    pixels = read_picture(encoded(image, "JPEG", exif=note, quality=100), PictureChoices(size=(16, 8)))[:, :, 0]
    assert pixels[:7].min() > 230 and pixels[9:].max() < 25


def test_broken_notes_of_a_camera_are_of_no_matter() -> None:
    content = encoded(square(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01garbage")
    assert abs(int(read_picture(content, SMALL)[4, 4, 0]) - 200) < 5


def test_other_proportions_are_padded_in_the_tone_of_their_edge_or_cut() -> None:
    wide = Image.new("L", (40, 10), 90)
    padded = read_picture(encoded(wide), SMALL)[:, :, 0]
    assert padded[3:5].min() == 90 and padded[0].max() == 0
    paper = Image.new("L", (40, 10), 210)
    assert read_picture(encoded(paper), SMALL)[0].min() == 255
    stripes = Image.new("L", (40, 10))
    stripes.paste(255, (15, 0, 25, 10))
    cut = read_picture(encoded(stripes), PictureChoices(size=(8, 8), fit="crop"))
    assert cut[:, 1:-1].min() == 255 and cut.min() > 200


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (5, 4)])
@pytest.mark.parametrize("fit", ["pad", "crop"])
def test_the_slimmest_pictures_are_read(shape: tuple[int, int], fit: str) -> None:
    choices = PictureChoices(size=(12, 8), fit="pad" if fit == "pad" else "crop", colour=True)
    assert read_picture(encoded(Image.new("RGB", shape, "red")), choices).shape == (12, 8, 3)


def test_inverting_makes_white_paper_0() -> None:
    ink = Image.new("L", (16, 16), 255)
    ink.paste(30, (4, 4, 12, 12))
    assert middle_and_corner(encoded(ink), PictureChoices(size=(8, 8), inverted=True)) == ([225], [0])


@pytest.mark.parametrize("size", [(3, 8), (8, 65), (0, 0), (-1, 8)])
def test_sizes_beyond_the_limits_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match="4 × 4 to 64 × 64"):
        PictureChoices(size=size)


def test_files_too_large_to_read_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(encoded(square()))
    monkeypatch.setattr(picture_reading, "MOST_BYTES", 20)
    for source in (path, path.read_bytes()):
        with pytest.raises(PictureError, match="20 is the most"):
            read_picture(source, SMALL)


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="No such file"):
        read_picture(tmp_path / "missing.png", SMALL)
    with pytest.raises(PictureError, match=r"not a file|directory"):
        read_picture(tmp_path, SMALL)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="pipe"):
        read_picture(tmp_path / "pipe.png", SMALL)


def test_a_dropped_drawing_is_read_in_its_own_proportions_and_fits_the_paper() -> None:
    content = encoded(square("L", 255, (1200, 600)))
    grey = read_grey(content)
    assert grey.shape == (256, 512)
    assert fit_picture(grey, PAPERS["cats"])[12, 12] == 255


# folders

def test_a_folder_becomes_pictures_with_a_class_each(tmp_path: Path) -> None:
    root = folder(tmp_path / "pets", dog=2, cat=3)
    pictures, bad = read_folder(root, SMALL)
    assert (pictures.name, pictures.classes, bad) == ("pets", ("cat", "dog"), ())
    assert pictures.pixels.shape == (5, 8, 8, 1) and pictures.pixels.dtype == np.uint8
    assert pictures.pixels[:, 4, 4, 0].tolist() == [100, 101, 102, 100, 101]
    assert pictures.labels.tolist() == [0, 0, 0, 1, 1] and pictures.labels.dtype == np.int32
    assert not pictures.pixels.flags.writeable and not pictures.labels.flags.writeable


def test_what_was_read_can_be_learned(tmp_path: Path) -> None:
    pictures, _ = read_folder(folder(tmp_path, cat=5, dog=5, fish=5), COLOUR)
    dataset = load_dataset(Data(source="pictures", material=keep(pictures)))
    assert (dataset.picture, dataset.channels, dataset.target_names) == ((8, 8), 3, ("cat", "dog", "fish"))


def test_a_folder_is_scanned_without_opening_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = folder(tmp_path, cat=3, dog=2)
    (root / "dog" / "not-yet-known-to-be-bad.png").write_bytes(b"x")

    def opened(*_: object) -> Array:
        raise AssertionError

    monkeypatch.setattr(picture_folder, "read_picture", opened)
    contents = scan_folder(root)
    assert (contents.classes, contents.counts) == (("cat", "dog"), (3, 3))


def test_hidden_files_are_ignored_and_others_are_passed_over_by_name(tmp_path: Path) -> None:
    root = folder(tmp_path, cat=1, dog=1)
    for hidden in (".DS_Store", "cat/.thumb.png", "cat/._00.png"):
        (root / hidden).write_bytes(encoded(square()))
    (root / ".git").mkdir()
    for other in ("readme.txt", "cat/Thumbs.db", "loose.png"):
        (root / other).write_bytes(encoded(square()))
    (root / "cat" / "kittens").mkdir()
    (root / "empty").mkdir()
    contents = scan_folder(root)
    assert contents.counts == (1, 1)
    assert {str(path.relative_to(root)) for path in contents.passed_over} == {
        "readme.txt", "cat/Thumbs.db", "loose.png", "cat/kittens", "empty"}


def test_links_are_followed_inside_the_folder_and_never_out_of_it(tmp_path: Path) -> None:
    root = folder(tmp_path / "pets", cat=2, dog=1)
    outside = folder(tmp_path / "secrets", bird=1)
    (root / "dog" / "inside.png").symlink_to(root / "cat" / "00.png")
    (root / "dog" / "outside.png").symlink_to(outside / "bird" / "00.png")
    (root / "dog" / "nowhere.png").symlink_to(root / "missing.png")
    (root / "dog" / "circle.png").symlink_to(root / "dog" / "circle.png")
    (root / "birds").symlink_to(outside / "bird")
    contents = scan_folder(root)
    assert (contents.classes, contents.counts) == (("cat", "dog"), (2, 2))
    assert {path.name for path in contents.passed_over} == {"outside.png", "nowhere.png", "circle.png", "birds"}


def nothing(root: Path) -> None:
    root.mkdir()


def a_file(root: Path) -> None:
    root.write_bytes(encoded(square()))


def loose_pictures(root: Path) -> None:
    folder(root, cat=2)
    for picture in (root / "cat").iterdir():
        picture.rename(root / picture.name)


def one_class(root: Path) -> None:
    folder(root, cat=2)


def one_folder_too_high(root: Path) -> None:
    folder(root / "inner", cat=2, dog=2)


@pytest.mark.parametrize(("make", "reason"), [
    (nothing, "no folders with pictures"), (a_file, "is no folder"), (loose_pictures, "2 pictures but no folders of them"),
    (one_class, "only one folder with pictures, cat"), (one_folder_too_high, "no folders with pictures"),
    (lambda root: None, "is no folder"),
])
def test_a_folder_that_is_no_data_set_is_refused_with_how_it_has_to_look(
        make: Callable[[Path], None], reason: str, tmp_path: Path) -> None:
    make(tmp_path / "pets")
    with pytest.raises(PictureError, match=reason) as caught:
        scan_folder(tmp_path / "pets")
    assert "one folder a class" in str(caught.value) or "two folders or more" in str(caught.value)


def test_a_class_without_a_readable_picture_is_left_out_and_two_have_to_remain(tmp_path: Path) -> None:
    root = folder(tmp_path, cat=1, dog=1, fish=1)
    (root / "cat" / "00.png").write_bytes(b"torn")
    pictures, bad = read_folder(root, SMALL)
    assert (pictures.classes, pictures.labels.tolist(), len(bad)) == (("dog", "fish"), [0, 1], 1)
    (root / "dog" / "00.png").write_bytes(b"torn")
    with pytest.raises(PictureError, match=r"of 3 pictures .* 1 can be read.*00\.png"):
        read_folder(root, SMALL)


def test_progress_is_told_after_every_picture_and_can_end_the_reading(tmp_path: Path) -> None:
    root = folder(tmp_path, cat=2, dog=2)
    (root / "dog" / "bad.png").write_bytes(b"x")
    told: list[tuple[int, int]] = []

    def go_on(done: int, total: int) -> bool:
        told.append((done, total))
        return len(told) < 8

    read_folder(root, SMALL, go_on)
    assert told == [(done, 5) for done in range(1, 6)]
    with pytest.raises(ReadingStoppedError):
        read_folder(root, SMALL, go_on)
    assert len(told) == 8


@pytest.mark.parametrize(("limit", "most", "reason"), [
    ("MOST_PICTURES", 5, "more than 5 pictures"), ("MOST_CLASSES", 2, "more than 2 folders"),
    ("MOST_ENTRIES", 2, "more than 2 files"),
    ("MOST_NUMBERS", 300, "more than 300 numbers: choose smaller pictures")])
def test_folders_beyond_the_limits_are_refused(
        limit: str, most: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = folder(tmp_path, cat=2, dog=2, fish=2)
    monkeypatch.setattr(picture_folder, limit, most)
    with pytest.raises(PictureError, match=reason):
        read_folder(root, SMALL)


def test_names_that_are_no_text_are_shown_and_never_break(tmp_path: Path) -> None:
    root = folder(tmp_path, cat=1)
    odd = os.fsdecode(os.fsencode(root) + b"/caf\xe9")
    Path(odd).mkdir()
    (Path(odd) / "00.png").write_bytes(encoded(square()))
    pictures, _ = read_folder(root, SMALL)
    assert set(pictures.classes) == {"cat", "caf\N{REPLACEMENT CHARACTER}"}
    keep(pictures)


def test_first_choices_follow_what_the_pictures_are(tmp_path: Path) -> None:
    for name, image in (("ink", Image.new("L", (12, 12), 255)), ("dark", square()), ("photo", square("RGB", "red", (300, 200)))):
        if name == "ink":
            image.paste(128, (5, 5, 7, 7))
        for kind in ("one", "two"):
            (tmp_path / name / kind).mkdir(parents=True)
            (tmp_path / name / kind / "a.png").write_bytes(encoded(image))
            (tmp_path / name / kind / "b.png").write_bytes(b"bad")
    chosen = {name: propose_choices(scan_folder(tmp_path / name)) for name in ("ink", "dark", "photo")}
    assert (chosen["ink"].size, chosen["ink"].inverted, chosen["ink"].colour) == ((12, 12), True, False)
    assert (chosen["dark"].size, chosen["dark"].inverted, chosen["dark"].colour) == ((16, 16), False, False)
    assert (chosen["photo"].size, chosen["photo"].inverted, chosen["photo"].colour) == ((24, 24), False, True)
