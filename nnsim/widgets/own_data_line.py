"""What the form says of the user's own data: how many rows were left out, how inputs were scaled, and a way to read them otherwise.

It is apart from the form because it is there only where the data are a file of the user's. It refuses to read: it asks.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nnsim.core.datasets import Dataset
from nnsim.engine.experiment import Data
from nnsim.picture.own_data_words import gaps_sentence, is_own_file, scaling_lines
from nnsim.picture.palette import Theme
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.cells_model import CellsModel
from nnsim.widgets.icons import icon
from nnsim.widgets.rows_table import RowsTable


class OwnDataLine(QWidget):
    """Hidden unless the data are one's own. ``reading_requested``: show how they are read, to change it."""

    reading_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._data: Data | None = None
        self._dataset: Dataset | None = None
        self._theme: Theme | None = None
        self.gaps = Caption("", 11.5, "ink2")
        self.gaps.setWordWrap(True)
        self.button = QPushButton(self.tr("Change how it is read…"))
        self.button.setToolTip(self.tr("Which columns or pixels, what of missing values, how it is split and scaled."))
        self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.scaling_button = QToolButton()
        self.scaling_button.setToolTip(self.tr("How the inputs are scaled: what is taken off, and what that is divided by"))
        self.scaling_button.setAccessibleName(self.tr("Scaling of the inputs"))
        line = QHBoxLayout()
        line.setSpacing(scaled(6))
        line.addWidget(self.button, 1)
        line.addWidget(self.scaling_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(scaled(4))
        whole.addLayout(line)
        whole.addWidget(self.gaps)
        self.button.clicked.connect(self.reading_requested)
        self.scaling_button.clicked.connect(self.show_scaling)
        self.hide()

    def show_data(self, data: Data, dataset: Dataset) -> None:
        """Show what is to be said of these data; nothing of those that came along."""
        self._data, self._dataset = data, dataset
        sentence = gaps_sentence(dataset)
        self.gaps.setText(sentence)
        self.gaps.setVisible(bool(sentence))
        self.scaling_button.setVisible(data.source == "table" and data.scaling != "none")
        self.setVisible(is_own_file(data))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.gaps.set_theme(theme)
        self.scaling_button.setIcon(icon("table-view", theme.ink2))

    def show_scaling(self) -> None:
        """A table of what is taken off each input, and what that is divided by."""
        if self._data is None or self._dataset is None:
            return
        standard = self._data.scaling == "standardize"
        first = self.tr("Mean") if standard else self.tr("Least")
        second = self.tr("Deviation") if standard else self.tr("Range")
        dialog = ScalingTable(((self.tr("Input"), False, ""), (first, True, ""), (second, True, "")),
                              scaling_lines(self._data, self._dataset), self)
        if self._theme is not None:
            dialog.words.set_theme(self._theme)
        dialog.open()


class ScalingTable(QDialog):
    """The scaling of every input."""

    def __init__(self, heads: tuple[tuple[str, bool, str], ...], lines: tuple[tuple[str, str, str], ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scaling-table")
        self.setWindowTitle(self.tr("Scaling of the inputs"))
        first, second = heads[1][0].lower(), heads[2][0].lower()
        self.words = Caption(self.tr("The network is fed (input − {0}) / {1}, both measured on the training rows.").format(
            first, second), 12.5, "ink2")
        self.words.setWordWrap(True)
        self.model = CellsModel(heads, self)
        self.model.show_lines(lines)
        whole = QVBoxLayout(self)
        whole.addWidget(self.words)
        whole.addWidget(RowsTable(self.model, self.windowTitle(), self))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(scaled(440), scaled(420))
