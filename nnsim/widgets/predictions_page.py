"""The table of all predictions with its switch: all rows or only the wrong ones, and how many those are.

It is apart from the panel because it alone can be without rows while time runs: single rows of very many are for when time stands
still. It refuses to choose when that is.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from nnsim.picture import numbers
from nnsim.picture.palette import Theme
from nnsim.picture.predictions import Predictions
from nnsim.widgets.captions import ElidedCaption, scaled
from nnsim.widgets.predictions_table import PredictionsTable


class PredictionsPage(QWidget):
    """``row_chosen(row)``: the row number, in the data set, of a line that was chosen."""

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = 0
        self.table = PredictionsTable()
        self.only_wrong = QCheckBox(self.tr("Only wro&ng"))
        self.shown = ElidedCaption("", 11.5, "ink3")
        self.shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.setSpacing(scaled(12))
        head.addWidget(self.only_wrong)
        head.addWidget(self.shown, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(4))
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self.table.row_chosen.connect(self.row_chosen)
        self.only_wrong.toggled.connect(self._show_only_wrong)

    def show_predictions(self, predictions: Predictions) -> None:
        """Show these."""
        self._rows = len(predictions)
        self.only_wrong.setVisible(predictions.wrong is not None)
        self.table.show_predictions(predictions)
        self._say_how_many()

    def show_none(self, why: str = "") -> None:
        """Show no rows, and say why."""
        self.table.show_predictions(None)
        self.shown.setText(why)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.table.set_theme(theme)
        self.shown.set_theme(theme)

    def _show_only_wrong(self, only: bool) -> None:
        self.table.show_only_wrong(only)
        if self.table.lines.predictions is not None:
            self._say_how_many()

    def _say_how_many(self) -> None:
        shown, rows = self.table.lines.rowCount(), self._rows
        of_all = self.tr("{shown} of {rows} rows").format(shown=numbers.whole(shown), rows=numbers.whole(rows))
        self.shown.setText(of_all if shown < rows else numbers.count(rows, self.tr("row"), self.tr("rows")))
