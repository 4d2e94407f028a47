"""Where the data come from: tiles painted from the data themselves, a list of all sources, and a tile for one's own.

It is apart from the form because choosing data is one act, whatever else the form shows. It refuses to change an
experiment.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from nnsim.core.datasets import SOURCES, Dataset
from nnsim.picture.palette import Theme
from nnsim.picture.sketch import sketch, source_sketch, tile_sources
from nnsim.widgets.captions import scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.thumbnails import Tile

_COLUMNS = 3


class SourceChooser(QWidget):
    """``source_chosen`` names a source that is not the present one; ``open_requested``: the user's own data."""

    source_chosen = Signal(str)
    open_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._current = ""
        self.tiles = [Tile() for _ in tile_sources("")]
        self.own_tile = Tile("drop-file")
        self.own_tile.setText(self.tr("your own…"))
        self.own_tile.setAccessibleName(self.tr("Your own data"))
        self.own_tile.setToolTip(self.tr("Open a table, a text or a snapshot, or drop one, or a folder of pictures, here."))
        self.list = ChoiceField()
        self.list.setAccessibleName(self.tr("Data set"))
        self.list.setToolTip(self.tr("All data sets that come with nnsim, and those that you make."))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(4))
        grid.setVerticalSpacing(scaled(2))
        for index, tile in enumerate((*self.tiles, self.own_tile)):
            grid.addWidget(tile, index // _COLUMNS, index % _COLUMNS, Qt.AlignmentFlag.AlignTop)
        for tile in self.tiles:
            tile.setCheckable(True)
            tile.clicked.connect(self._choose_tile)
        self.line = QHBoxLayout()
        self.line.setSpacing(scaled(6))
        self.line.addWidget(self.list, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(scaled(6))
        whole.addLayout(grid)
        whole.addLayout(self.line)
        self.own_tile.clicked.connect(self.open_requested)
        self.list.name_chosen.connect(self._choose)

    def show_source(self, name: str, dataset: Dataset, own: bool = False) -> None:
        """Show which source is the present one, and whether it is a file of the user's; speaks to nobody."""
        self._current = name
        entries = [(source.name, source.title, source.summary) for source in SOURCES.values()]
        made = {"drawn": (self.tr("Drawn points"), self.tr("Points that you put into the plane by clicks.")),
                "formula": (self.tr("A formula"), self.tr("A function y = f(x) that you type.")),
                "text": (self.tr("A text (next word)"), self.tr("A small text that comes along, whose next word is guessed."))}
        # one's own material stands for itself, under the name of its file
        if own or name not in (*SOURCES, *made):
            made[name] = (dataset.name, "")
        entries += [(key, *words) for key, words in made.items()]
        self.list.show_choices(entries)
        self.list.show_value(name)
        for tile, source in zip(self.tiles, tile_sources(name), strict=True):
            known = SOURCES.get(source)
            if tile.source != source or known is None:
                tile.show_sketch(source, known.title if known else dataset.name,
                                 source_sketch(source) if known else sketch(dataset))
            if known is None or source == name:
                tile.setToolTip(self._words(known.summary if known else "", tile.text(), dataset))
            else:
                tile.setToolTip(f"{known.title}\n{known.summary}")
            tile.setChecked(source == name)

    def _words(self, summary: str, title: str, dataset: Dataset) -> str:
        """What the present data's tile says of it, and of its own picture where that cannot show all."""
        inputs = len(dataset.input_names)
        part = self.tr("The tile shows the two of {0} inputs that tell most of the target.").format(inputs)
        lines = (title, summary, part if inputs > 2 and dataset.picture is None else "")
        return "\n".join(line for line in lines if line)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for tile in (*self.tiles, self.own_tile):
            tile.set_theme(theme)

    def _choose_tile(self) -> None:
        tile = self.sender()
        assert isinstance(tile, Tile)
        chosen = tile.source
        for each in self.tiles:
            # which tile is marked follows the experiment, not the click
            each.setChecked(each.source == self._current)
        self._choose(chosen)

    def _choose(self, name: str) -> None:
        if name != self._current:
            self.source_chosen.emit(name)
