"""The tiles of the data sets: names that can be read, and pictures that show what there is."""

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from nnsim.core.datasets import SOURCES
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data
from nnsim.picture.palette import THEMES
from nnsim.picture.sketch import source_sketch
from nnsim.widgets.captions import broken
from nnsim.widgets.source_chooser import SourceChooser
from nnsim.widgets.thumbnails import Tile

ONE_ROW = "textbook"


def tile_of(source: str, qtbot: QtBot, width: int = 74) -> Tile:
    tile = Tile()
    qtbot.addWidget(tile)
    tile.show_sketch(source, SOURCES[source].title, source_sketch(source))
    tile.resize(width, tile.sizeHint().height())
    tile.show()
    return tile


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_every_data_set_has_its_whole_name_below_its_tile(source: str, qtbot: QtBot) -> None:
    tile = tile_of(source, qtbot)
    assert " ".join(tile.name_on_show()) == SOURCES[source].title
    below = QFontMetrics(QFont(tile.font())).height() * (len(tile.name_on_show()) - 1)
    assert tile.height() > 66 + below


def test_a_name_takes_a_second_line_only_where_it_needs_one(qtbot: QtBot) -> None:
    tile = tile_of(ONE_ROW, qtbot)
    two, wide = tile.sizeHint().height(), QFontMetrics(tile.font()).horizontalAdvance(tile.text()) * 2
    assert len(tile.name_on_show()) == 2
    tile.resize(wide, two)
    assert len(tile.name_on_show()) == 1 and tile.sizeHint().height() < two


def test_text_is_broken_between_words_and_what_is_left_over_is_said_to_be_left_out(qtbot: QtBot) -> None:
    metrics = QFontMetrics(QFont())
    width = metrics.horizontalAdvance("one two")
    assert broken("one two three", metrics, width) == ["one two", "three"]
    assert broken("one", metrics, width) == ["one"]
    last = broken("one two three four five six", metrics, width)[-1]
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
