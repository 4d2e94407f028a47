"""New pictures for a trained network: brought to its size and manner, and none left out without a word."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from nnsim.core.datasets import Dataset
from nnsim.core.pictures import Pictures
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data
from nnsim.engine.materials import keep
from nnsim.files.new_pictures import new_pictures
from nnsim.files.picture_reading import PictureError


def own(ground: int = 0, channels: int = 1) -> Dataset:
    """A data set of the user's own pictures of 8 x 6, with a spot on a ground."""
    pixels = np.full((8, 8, 6, channels), ground, np.uint8)
    pixels[:, 3:5, 2:4] = 255 - ground
    labels = np.array([0, 1] * 4, np.int32)
    return load_dataset(Data(source="pictures", material=keep(Pictures("own", pixels, labels, ("a", "b"))), test_share=0))


def write(path: Path, ground: int, ink: int) -> Path:
    image = Image.new("L", (60, 80), ground)
    ImageDraw.Draw(image).rectangle((10, 20, 50, 60), fill=ink)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def test_one_picture_comes_in_the_training_pictures_size(tmp_path: Path) -> None:
    found = new_pictures(write(tmp_path / "one.png", 0, 200), "pictures", own())
    assert found.names == ("one.png",)
    assert found.inputs.shape == (1, 48)
    assert found.inputs.reshape(8, 6)[4, 3] == 200 and found.inputs[0, 0] == 0
    assert found.complete.all() and found.notes == ()


def test_a_folder_s_pictures_come_by_name_also_from_folders_in_it(tmp_path: Path) -> None:
    for name in ("b.png", "a/z.png", "a/.hidden.png", ".git/c.png"):
        write(tmp_path / name, 0, 200)
    (tmp_path / "notes.txt").write_text("no picture")
    found = new_pictures(tmp_path, "pictures", own())
    assert [Path(name).as_posix() for name in found.names] == ["a/z.png", "b.png"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "x.png", 0, 200)
    write(tmp_path / "inside" / "y.png", 0, 200)
    (tmp_path / "inside" / "link.png").symlink_to(outside)
    assert new_pictures(tmp_path / "inside", "pictures", own()).names == ("y.png",)


def test_a_file_that_cannot_be_read_leaves_the_others_in_their_places(tmp_path: Path) -> None:
    write(tmp_path / "a.png", 0, 200)
    (tmp_path / "b.png").write_bytes(b"no picture at all")
    write(tmp_path / "c.png", 0, 200)
    found = new_pictures(tmp_path, "pictures", own())
    assert found.names == ("a.png", "b.png", "c.png")
    assert found.complete.tolist() == [True, False, True]
    assert len(found.bad) == 1 and "b.png" in found.bad[0]
    assert found.notes == found.bad


def test_pictures_on_white_paper_are_turned_dark_where_training_was_and_that_is_said(tmp_path: Path) -> None:
    write(tmp_path / "white.png", 255, 0)
    found = new_pictures(tmp_path, "pictures", own())
    assert found.inverted and "negatives" in found.notes[0]
    assert found.inputs.reshape(8, 6)[4, 3] == 255 and found.inputs[0, 0] == 0
    bright = new_pictures(tmp_path, "pictures", own(ground=255))
    assert not bright.inverted and bright.inputs[0, 0] == 255


def test_colours_are_read_where_training_had_them(tmp_path: Path) -> None:
    Image.new("RGB", (12, 16), (10, 20, 30)).save(tmp_path / "c.png")
    found = new_pictures(tmp_path / "c.png", "pictures", own(channels=3))
    assert found.inputs[0, :3].tolist() == [10, 20, 30]


def test_digits_are_redrawn_in_the_units_of_the_data(tmp_path: Path) -> None:
    found = new_pictures(write(tmp_path / "d.png", 255, 0), "digits", load_dataset(Data(source="digits")))
    assert found.inputs.shape == (1, 64)
    assert found.inputs.max() == 16 and found.inputs.min() == 0


def test_what_is_no_picture_and_folders_without_any_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="there is no picture"):
        new_pictures(tmp_path, "pictures", own())
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(PictureError, match=r"a\.png.* it is empty"):
        new_pictures(tmp_path / "a.png", "pictures", own())
    with pytest.raises(PictureError, match="not trained on pictures"):
        new_pictures(tmp_path, "ring", load_dataset(Data(source="ring")))
