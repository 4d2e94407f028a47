"""What the network answers, in the picture that fits its data: a surface, class regions, a curve, a confusion table, a scatter.

This widget chooses and says what a frame must carry for it (``wants``); each picture is a widget of its own. It refuses to ask
for anything by itself: somebody else hands it frames.
"""

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame, Wants
from nnsim.engine.words_study import WordsStudy
from nnsim.picture import numbers
from nnsim.picture.context_words import is_text
from nnsim.picture.drawn_points import can_be_drawn
from nnsim.picture.output_picture import Confusion, Kind, confusion, output_kind, wanted
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.confusion_table import ConfusionTable
from nnsim.widgets.largest_confusions import LargestConfusions
from nnsim.widgets.next_word_view import NextWordView
from nnsim.widgets.output_line import OutputLine
from nnsim.widgets.output_plane import OutputPlane
from nnsim.widgets.output_words import sample_words
from nnsim.widgets.plane_drawing import PlaneDrawing
from nnsim.widgets.plot_area import sized
from nnsim.widgets.point_tools import PointTools
from nnsim.widgets.seen import is_seen
from nnsim.widgets.wrong_pictures import WrongPictures


class OutputView(QWidget):
    """The output, whatever it is."""

    row_chosen = Signal(int)
    """The row number, in the data set, of a point or picture that was clicked."""
    cell_chosen = Signal(int, int)
    """True and predicted class of a cell of the confusion table that was clicked."""

    points_drawn = Signal(object, int)
    """The ``Drawn`` that a gesture on the plane ends with, and how many points there were before."""
    drawing_refused = Signal(str)
    """A sentence about what cannot be drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("output-view")
        self.setAccessibleName(self.tr("Output"))
        self._theme = THEMES["light"]
        self._kind: Kind | None = None
        self._playing = False
        self.plane = OutputPlane(self)
        self.line = OutputLine(self)
        self.table = ConfusionTable(self)
        self.wrong = WrongPictures(self)
        self.confusions, self.words = LargestConfusions(self), NextWordView(self)
        self._table_area = QScrollArea(self)
        self._table_area.setFrameShape(QFrame.Shape.NoFrame)
        self._table_area.setWidgetResizable(True)
        self._table_area.setWidget(self.table)
        self.tools, self.drawing = PointTools(self), PlaneDrawing(self.plane)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._plane_page = self._make_plane_page()
        self._page = self._make_confusion_page()
        for page in (self._plane_page, self.line, self._page, self.words):
            self._stack.addWidget(page)
        self.plane.row_chosen.connect(self.row_chosen)
        self.line.row_chosen.connect(self.row_chosen)
        self.wrong.row_chosen.connect(self.row_chosen)
        self.table.cell_chosen.connect(self.cell_chosen)
        self.confusions.cell_chosen.connect(self.cell_chosen)
        self.words.row_chosen.connect(self.row_chosen)
        self.set_theme(self._theme)

    def _make_plane_page(self) -> QWidget:
        page = QWidget(self)
        page.setAutoFillBackground(True)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self.plane, 1)
        self.tools.tool_chosen.connect(self.drawing.choose)
        self.drawing.gesture_done.connect(self.points_drawn)
        self.drawing.refused.connect(self.drawing_refused)
        return page

    def _make_confusion_page(self) -> QWidget:
        page = QWidget(self)
        page.setAutoFillBackground(True)
        self._share, self._right, self._of = QLabel(page), QLabel(page), QLabel(page)
        for label in (self._share, self._right, self._of):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._right)
        words.addWidget(self._of)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 12, 0)
        head.setSpacing(12)
        head.addWidget(self._share)
        head.addLayout(words, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._table_area, 1)
        column.addWidget(self.confusions)
        column.addWidget(self.wrong)
        return page

    @property
    def kind(self) -> Kind | None:
        """Which picture is on show; None before the first frame."""
        return self._kind

    @property
    def wants(self) -> Wants:
        """What frames have to carry for the picture on show; nothing before the first frame."""
        return Wants() if self._kind is None else wanted(self._kind, self._playing)

    def show_frame(self, frame: Frame, playing: bool) -> None:
        """Show a frame. What it does not carry is left empty, never drawn from an older one."""
        is_words = is_text(frame.experiment.data)
        self._kind, self._playing = "words" if is_words else output_kind(frame.dataset, frame.network.widths[-1]), playing
        if self._kind in ("surface", "regions"):
            self._stack.setCurrentWidget(self._plane_page)
            self.plane.show_frame(frame)
            self._show_tools(frame)
        elif self._kind == "words":
            self._stack.setCurrentWidget(self.words)
            self.words.show_frame(frame)
        elif self._kind == "confusion":
            self._stack.setCurrentWidget(self._page)
            self._show_confusion(frame)
        else:
            self._stack.setCurrentWidget(self.line)
            self.line.show_frame(frame, curve=self._kind == "curve")
        self.setAccessibleDescription(sample_words(frame))

    def _show_tools(self, frame: Frame) -> None:
        drawable = can_be_drawn(frame.dataset)
        self.tools.setVisible(drawable)
        if drawable:
            data = frame.experiment.data
            self.tools.show_classes(frame.dataset.target_names)
            self.drawing.show_data(frame.dataset, data.drawn if data.source == "drawn" else None)
        else:
            self.tools.put_away()

    @property
    def wants_words(self) -> bool:
        """Whether scores of guessed words are to be seen."""
        return self._kind == "words" and is_seen(self)

    def show_words(self, study: WordsStudy) -> None:
        """Show how well next words are guessed."""
        self.words.show_study(study)

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        for part in (self.tools, self.plane, self.line, self.table, self.wrong, self.words):
            part.set_theme(theme)
        for label, size, bold, colour in ((self._share, 26, True, theme.ink), (self._right, 13, False, theme.ink),
                                          (self._of, 12, False, theme.ink3)):
            label.setFont(sized(self.font(), size, bold))
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            label.setPalette(palette)
        for page in (self._page, self._plane_page):
            ground = page.palette()
            ground.setColor(QPalette.ColorRole.Window, theme.panel)
            page.setPalette(ground)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_theme(self._theme)

    def _show_confusion(self, frame: Frame) -> None:
        counted = confusion(frame)
        dataset = frame.dataset
        if counted is None:
            counts = np.zeros((len(dataset.target_names),) * 2, np.intp)
            counted = Confusion(counts, np.zeros((0, 3), np.intp), "test" if dataset.test.size else "train")
        self._share.setText(numbers.percent(counted.right / counted.total) if counted.total else "–")
        right, total = numbers.whole(counted.right), numbers.whole(counted.total)
        self._right.setText(self.tr("{right} of {total}").format(right=right, total=total))
        self._of.setText(self._rows_right(frame, counted))
        self.table.show_confusion(counted, dataset.target_names)
        self.confusions.show_confusion(counted, dataset.target_names)
        self.wrong.setVisible(dataset.picture is not None)
        if dataset.picture is not None:
            self.wrong.show_confusion(counted, dataset)

    def _rows_right(self, frame: Frame, counted: Confusion) -> str:
        digits = frame.dataset.picture is not None and all(name.isdigit() for name in frame.dataset.target_names)
        if counted.part == "test":
            return self.tr("test digits right") if digits else self.tr("test rows right")
        return self.tr("training digits right") if digits else self.tr("training rows right")
