"""The tiles of the data sets: names that can be read, and pictures that show what there is."""

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF
from pytestqt.qtbot import QtBot

from nnsim.core.datasets import SOURCES
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data
from nnsim.picture.palette import THEMES
from nnsim.picture.sketch import source_sketch
from nnsim.widgets.source_chooser import SourceChooser
from nnsim.widgets.thumbnails import Tile, broken

ONE_ROW = "textbook"


def tile_of(source: str, qtbot: QtBot, width: int = 74) -> Tile:
    tile = Tile()
    qtbot.addWidget(tile)
    tile.show_sketch(source, SOURCES[source].title, source_sketch(source))
    tile.resize(width, tile.sizeHint().height())
    tile.show()
    return tile


@pytest.mark.parametrize("width", [60, 74, 82])
@pytest.mark.parametrize("source", sorted(SOURCES))
def test_every_data_set_has_its_whole_name_below_its_tile(source: str, width: int, qtbot: QtBot) -> None:
    tile = tile_of(source, qtbot, width)
    assert " ".join(tile.name_on_show()) == SOURCES[source].title
    below = QFontMetrics(QFont(tile.font())).height() * (len(tile.name_on_show()) - 1)
    assert tile.height() > 66 + below


def test_a_name_takes_as_few_lines_as_its_width_allows(qtbot: QtBot) -> None:
    tile = tile_of(ONE_ROW, qtbot)
    font, heights = QFont(tile.font()), []
    font.setPixelSize(12)
    font.setBold(True)
    for lines in (["One", "worked", "row"], ["One worked", "row"], ["One worked row"]):
        tile.resize(max(QFontMetrics(font).horizontalAdvance(line) for line in lines) + 2, tile.height())
        assert tile.name_on_show() == lines
        heights.append(tile.sizeHint().height())
    assert heights[0] > heights[1] > heights[2]


def test_a_name_a_fraction_of_a_pixel_too_wide_is_broken_rather_than_cut_off(qtbot: QtBot) -> None:
    tile = tile_of("blobs", qtbot)
    font = QFont(tile.font())
    font.setBold(True)
    for size_px in range(10, 30):
        font.setPixelSize(size_px)
        metrics = QFontMetricsF(font)
        for width in (int(metrics.horizontalAdvance(tile.text())), round(metrics.horizontalAdvance(tile.text()))):
            assert " ".join(broken(tile.text(), metrics, width, 2)) == tile.text()


def test_text_is_broken_between_words_and_what_is_left_over_is_said_to_be_left_out(qtbot: QtBot) -> None:
    metrics = QFontMetricsF(QFont())
    width = metrics.horizontalAdvance("one two") + 0.5
    assert broken("one two three", metrics, width, 2) == ["one two", "three"]
    assert broken("one", metrics, width, 2) == ["one"]
    last = broken("one two three four five six", metrics, width, 2)[-1]
    assert last.endswith("…") and metrics.horizontalAdvance(last) <= width


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_the_only_row_of_a_data_set_is_seen(theme: str, qtbot: QtBot) -> None:
    tile = tile_of(ONE_ROW, qtbot)
    tile.set_theme(THEMES[theme])
    image = tile.grab().toImage()
    inside = {image.pixelColor(x, y).name() for x in range(25, 50) for y in range(25, 50)}
    assert QColor(THEMES[theme].ink2).name() in inside


def test_the_tile_of_many_inputs_says_that_it_shows_two_of_them(qtbot: QtBot) -> None:
    chooser = SourceChooser()
    qtbot.addWidget(chooser)
    for source, inputs in (("wine", 13), ("ring", 2)):
        chooser.show_source(source, load_dataset(Data(source=source)))
        shown = next(tile for tile in chooser.tiles if tile.isChecked())
        assert shown.toolTip().startswith(f"{SOURCES[source].title}\n{SOURCES[source].summary}")
        assert (f"two of {inputs} inputs" in shown.toolTip()) == (inputs > 2)
