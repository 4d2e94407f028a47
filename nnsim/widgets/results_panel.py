"""The dock of results: figures beside a baseline, each class or the errors, the worst rows, and the table of all predictions.

It says what frames must carry for it, and only while it is really seen, so that nothing is predicted for nobody. A row that is
chosen, a file to be written and new rows to be predicted are announced. It refuses to compute, and to open a file.
"""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontInfo, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame, Wants
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.results import Results, WorstRow, results
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.cells_model import CellsModel
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.figures_grid import FiguresGrid
from nnsim.widgets.predictions_page import PredictionsPage
from nnsim.widgets.residual_plot import ResidualPlot
from nnsim.widgets.rows_table import RowsTable
from nnsim.widgets.seen import is_seen

CLASSES, RESIDUALS, WORST, ALL = "classes", "residuals", "worst", "all"
MOST_LIVE = 5000
"""Rows up to which single rows are shown while time runs."""


class ResultsPanel(QWidget):
    """Results of the frames that it is shown."""

    row_chosen = Signal(int)
    """The row number, in the data set, of a line or point that was chosen."""
    export_requested = Signal()
    """Somebody wants the table of predictions as a file."""
    predict_requested = Signal()
    """Somebody has new rows."""
    wants_changed = Signal(object)
    """The ``Wants`` that hold from now on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results-panel")
        self.setAccessibleName(self.tr("Results"))
        self._theme, self._told = THEMES["light"], Wants()
        self._results: Results | None = None
        self._playing = False
        self._worst_rows: tuple[WorstRow, ...] = ()
        self.sentence = Caption("", 13, "ink")
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figures = FiguresGrid()
        self.chooser = ChoiceField()
        self.chooser.setAccessibleName(self.tr("Details"))
        self.chooser.name_chosen.connect(self.show_page)
        self._class_lines = CellsModel((
            (self.tr("class"), False, ""),
            (self.tr("precision"), True, self.tr("Of the rows that were given this class, the share that has it")),
            (self.tr("recall"), True, self.tr("Of the rows that have this class, the share that was given it")),
            (self.tr("F1"), True, self.tr("The harmonic mean of precision and recall")),
            (self.tr("rows"), True, self.tr("How many rows have this class"))), self)
        self._worst_lines = CellsModel((
            (self.tr("row"), True, self.tr("Its number in the data")), (self.tr("target"), False, ""),
            (self.tr("prediction"), False, ""), (self.tr("own loss"), True, self.tr("What this row adds to the loss")),
            (self.tr("part"), False, "")), self)
        self.classes = RowsTable(self._class_lines, self.tr("Classes"))
        self.residuals = ResidualPlot()
        self.worst = RowsTable(self._worst_lines, self.tr("Worst rows"))
        self.all = PredictionsPage()
        self.export = QPushButton(self.tr("Export CSV…"))
        self.export.setToolTip(self.tr("Write the table of all predictions as a CSV file"))
        self.predict = QPushButton(self.tr("Predict new rows…"))
        self.predict.setToolTip(self.tr("Open a table, or pictures, and see what the network says of them"))
        self._pages: dict[str, QWidget] = {CLASSES: self.classes, RESIDUALS: self.residuals, WORST: self.worst, ALL: self.all}
        self._stack = QStackedLayout()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._connect()
        self._lay_out()
        self.set_theme(self._theme)
        self._show_nothing()

    def sizeHint(self) -> QSize:
        unit = QFontInfo(self.font()).pixelSize()
        return QSize(27 * unit, 36 * unit)

    @property
    def wants(self) -> Wants:
        """What frames have to carry: predictions, and nothing while the panel is hidden."""
        return Wants(predictions=is_seen(self))

    @property
    def results(self) -> Results | None:
        """What is on show; the table of predictions in it is what an export writes."""
        return self._results

    @property
    def page(self) -> str:
        """Which details are on show: ``classes`` or ``residuals``, ``worst`` or ``all``."""
        return str(self.chooser.currentData() or "")

    def show_frame(self, frame: Frame, playing: bool = False) -> None:
        """Show the results of a frame. What it does not carry is left empty, never taken from an older one."""
        self._tell()
        if not is_seen(self):
            return
        found = results(frame)
        self._results, self._playing = found, playing
        if found is None:
            self._show_nothing()
            return
        self._offer_pages(found)
        self.sentence.setText(found.sentence)
        self.figures.show_lines(found.lines, self.tr("What always the same answer would get: the commonest class, or the mean, "
                                                     "of the training rows"))
        self.export.setEnabled(True)
        self._show_page()

    def show_page(self, name: str) -> None:
        """Show other details."""
        self.chooser.show_value(name)
        self._show_page()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for part in (self.sentence, self.figures, self.residuals, self.all):
            part.set_theme(theme)
        if self._results is not None:
            self._show_page()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_theme(self._theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt moves a panel behind another tab away instead of hiding it."""
        super().resizeEvent(event)
        self._tell()

    def _connect(self) -> None:
        self.worst.place_chosen.connect(self._choose_worst)
        self.all.row_chosen.connect(self.row_chosen)
        self.residuals.row_chosen.connect(self.row_chosen)
        self.export.clicked.connect(self._ask_for_export)
        self.predict.clicked.connect(self._ask_for_prediction)

    def _lay_out(self) -> None:
        """What there is to see may be scrolled; what can be done is always there."""
        seen = QWidget()
        column = QVBoxLayout(seen)
        column.setContentsMargins(scaled(12), scaled(8), scaled(12), 0)
        column.setSpacing(scaled(8))
        for widget in (self.sentence, self.figures, self.chooser):
            column.addWidget(widget)
        column.addLayout(self._stack, 1)
        area = _Scrolled()
        area.setWidget(seen)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(scaled(12), 0, scaled(12), 0)
        buttons.setSpacing(scaled(8))
        buttons.addWidget(self.export)
        buttons.addWidget(self.predict)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, scaled(8))
        whole.setSpacing(scaled(8))
        whole.addWidget(area, 1)
        whole.addLayout(buttons)

    def _offer_pages(self, found: Results) -> None:
        before, tested = self.page, found.test is not None
        of = self.tr("of the test rows") if tested else self.tr("of the training rows")
        first = ((CLASSES, self.tr("Each class, {0}").format(of), self.tr("Precision and recall of every class"))
                 if found.class_names else (RESIDUALS, self.tr("Errors over predictions"), self.tr("Where predictions are off")))
        self.chooser.show_choices([first, (WORST, self.tr("Worst rows"), self.tr("Those with the greatest own loss")),
                                   (ALL, self.tr("All predictions"), self.tr("A line for every row of the data"))])
        self.chooser.show_value(before if self.chooser.findData(before) >= 0 else first[0])

    def _show_page(self) -> None:
        """Show what the chosen details say of the results on show; of the others nothing is worked out."""
        found = self._results
        if found is None:
            return
        self._stack.setCurrentWidget(self._pages[self.page])
        live = not self._playing or len(found.predictions) <= MOST_LIVE
        if self.page == CLASSES:
            self._class_lines.show_lines(found.class_lines())
            self.classes.fit_columns()
        elif self.page == RESIDUALS:
            self.residuals.show_residuals(found.residuals(), found.predictions.dataset)
        elif self.page == WORST:
            self._show_worst(found.worst() if live else ())
        elif live:
            self.all.show_predictions(found.predictions)
        else:
            self.all.show_none(self.tr("shown when time stands still"))

    def _show_worst(self, worst: tuple[WorstRow, ...]) -> None:
        self._worst_rows = worst
        inks = {(line, 2): self._theme.neg_ink for line, row in enumerate(worst) if row.is_wrong}
        self._worst_lines.show_lines([row.words for row in worst], inks)
        self.worst.fit_columns()

    def _show_nothing(self) -> None:
        self.sentence.setText("")
        self.figures.show_lines((), "")
        self._class_lines.show_lines(())
        self._show_worst(())
        self.all.show_none()
        self.export.setEnabled(False)

    def _choose_worst(self, place: int) -> None:
        self.row_chosen.emit(self._worst_rows[place].row)

    def _ask_for_export(self) -> None:
        self.export_requested.emit()

    def _ask_for_prediction(self) -> None:
        self.predict_requested.emit()

    def _tell(self) -> None:
        wants = self.wants
        if wants != self._told:
            self._told = wants
            self.wants_changed.emit(wants)


class _Scrolled(QScrollArea):
    """What is higher than its place; time's own keys are left to time."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)
