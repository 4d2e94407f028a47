"""What the equation panel shows: a frame's caption in its place, or the weights while batches go by; painted and scrolled.

It is apart from the panel, which answers the user: this half only looks. It knows no simulation, and it computes nothing.
"""

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollBar, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.picture.caption import Caption, caption
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import Target
from nnsim.picture.weight_images import WeightImages, weight_images
from nnsim.widgets.equation_layout import EDGE_PX, LEFT_PX, MOST_WIDE_PX, RIGHT_PX, Layout, arrange
from nnsim.widgets.equation_page import Fonts, Hit, Page, RowHit, Words
from nnsim.widgets.equation_painting import paint_caption
from nnsim.widgets.equation_weights import paint_weights
from nnsim.widgets.formula_typesetting import load

HURRIED_MS = 100
"""Of moments that follow each other faster than this, no new formula is typeset: that is for reading."""
DIGITS = (3, 6, None)
"""How many decimals may be chosen; None: all."""
SETTLED_MS = 150
"""So long after the last of them, what was written as text is typeset."""


class EquationView(QWidget):
    """Shows what a frame's moment computes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("equation-panel")
        self.setAccessibleName(self.tr("Equations"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._theme = THEMES["light"]
        self._fonts = Fonts(self.font())
        self._digits: int | None = 3
        self._frame: Frame | None = None
        self._selected: Target | None = None
        self._caption: Caption | None = None
        self._weights: WeightImages | None = None
        self._layout: Layout | None = None
        self._hits: list[Hit] = []
        self._rows: list[RowHit] = []
        self._tips: list[tuple[QRectF, str]] = []
        self._opened = ""
        """The line whose parts are on show under it; it stays open from one moment to the next."""
        self._pointed: int | None = None
        """Which of the numbers on show has the keyboard's outline."""
        self._since_frame = QElapsedTimer()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)
        self._is_hurried = False
        self._linked: Target | None = None
        """What is pointed at on the diagram."""
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName(self.tr("Scroll the terms"))
        self._bar.valueChanged.connect(self.update)
        self._bar.hide()
        self._words = Words(
            running_sum=self.tr("running sum"),
            slope=self.tr("slope {}"),
            move=self.tr("the move"),
            old=self.tr("old"),
            new=self.tr("new"),
            plain=self.tr("plain gradient descent:"),
            losses=self.tr("loss of each sample"),
            weights=self.tr("Weights"),
            equations_return=self.tr("equations return when you pause (Space)"),
            distribution=self.tr("distribution of all weights"),
        )

    # what it is shown

    def show_frame(self, frame: Frame, playing: bool, selected: Target | None = None) -> None:
        """Show a frame's arithmetic, of ``selected`` if given; while whole batches are ``playing``, all weights instead."""
        if self._frame is None or frame.moment != self._frame.moment:
            self._keep_pace()
        self._frame, self._selected = frame, selected
        if playing and (frame.mark is None or frame.mark.closes >= Grain.BATCH):
            self._weights, self._caption = weight_images(frame), None
            self.setAccessibleDescription(f"{self._words.weights}: {self._words.equations_return}")
            self._arrange()
        else:
            self._weights = None
            self._show_caption()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def set_digits(self, digits: int | None) -> None:
        """Show so many decimals (3 or 6); None: all that the numbers have."""
        self._digits = digits
        if self._frame is not None and self._weights is None:
            self._show_caption()

    @property
    def caption(self) -> Caption | None:
        """What is on show; None while it shows weights, or nothing."""
        return self._caption

    @property
    def layout_on_show(self) -> Layout | None:
        """Where the parts stand; None while it shows weights, or nothing."""
        return self._layout

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The numbers last painted, and where."""
        return tuple(self._hits)

    def _keep_pace(self) -> None:
        """Note a new moment, and whether it followed the last one too quickly to be typeset."""
        self._is_hurried = self._since_frame.isValid() and self._since_frame.elapsed() < HURRIED_MS
        self._since_frame.start()
        self._settling.stop()

    def _settle(self) -> None:
        """Typeset what was written as text."""
        self._is_hurried = False
        self.update()

    def _show_caption(self) -> None:
        if self._frame is None:
            return
        shape = self._layout.table if self._layout is not None else None
        self._caption = caption(self._frame, self._selected, self._digits)
        if self.accessibleDescription() != self._caption.sentence:
            self.setAccessibleDescription(self._caption.sentence)
        self._pointed = None
        self._arrange()
        table = self._layout.table if self._layout is not None else None
        if shape is None or table is None or len(shape.rows) != len(table.rows):
            self._bar.setValue(0)
        self._reveal_working_row()

    def _arrange(self) -> None:
        if self._caption is None:
            self._layout = None
            self._bar.hide()
            self.update()
            return
        self._layout = arrange(self._caption, self._fonts, self.width(), self.height(), self._opened)
        rows, overflow = self._layout.rows, self._layout.overflow
        self._bar.setVisible(overflow > 0.5 and rows is not None)
        if rows is not None and overflow > 0.5:
            self._bar.setRange(0, round(overflow))
            self._bar.setPageStep(max(1, round(rows.height())))
            self._bar.setSingleStep(max(1, round(self._layout.row_height)))
            wide = round(self._fonts.px(12))
            self._bar.setGeometry(
                round(rows.right() + self._fonts.px(8)), round(rows.top()), wide, round(rows.height())
            )
        self.update()

    def open_parts(self, name: str) -> None:
        """Show what the line called ``name`` is made of, or hide it again if it is on show."""
        self._opened = "" if name == self._opened else name
        self._pointed = None
        self._arrange()
        layout = self._layout
        if self._opened and layout is not None and layout.table is not None:
            at = next((at for at, row in enumerate(layout.table.rows) if row.opens == name), 0)
            self._bar.setValue(round(at * layout.row_height))

    def _reveal_working_row(self) -> None:
        """Scroll no more than it takes to see the row at work; where the sum is done, to the bars that lead to it."""
        layout = self._layout
        if layout is None or layout.table is None or layout.rows is None:
            return
        terms = self._caption.terms if self._caption is not None else None
        if terms is not None and terms.sum is not None and terms.sum.known:
            self._bar.setValue(self._bar.maximum())
        for at, row in enumerate(layout.table.rows):
            if row.state == "working":
                top, bottom = at * layout.row_height, (at + 1) * layout.row_height
                value = min(max(self._bar.value(), round(bottom - layout.rows.height())), round(top))
                self._bar.setValue(value)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, phase edge, and the caption or the weights."""
        theme = self._theme
        if self._caption is not None:
            load()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.base))
            phase = self._caption.phase if self._caption is not None else "start"
            if self._frame is not None and self._caption is not None:
                painter.fillRect(QRectF(0, 0, self._fonts.px(EDGE_PX), self.height()), QColor(theme.phase(phase)))
            pointed = self._hits[self._pointed].number if self._pointed is not None and self.hasFocus() else None
            page = Page(painter, self._fonts, theme, phase, self._words, pointed, self._is_hurried)
            if self._caption is not None and self._layout is not None:
                paint_caption(page, self._caption, self._layout, self._offset)
            elif self._weights is not None:
                left = self._fonts.px(LEFT_PX)
                right = min(self.width(), self._fonts.px(MOST_WIDE_PX)) - self._fonts.px(RIGHT_PX)
                paint_weights(page, self._weights, QRectF(left, 0, right - left, self.height()))
            for hit in page.hits:
                if self._linked is not None and hit.number.target == self._linked:
                    page.outline(hit.rect, theme.ink2, 1.5)
            if self.hasFocus() and pointed is None:
                page.outline(QRectF(self.rect()).adjusted(self._fonts.px(EDGE_PX) + 2, 2, -2, -2), theme.focus, 2)
            self._hits, self._rows, self._tips = page.hits, page.rows, page.tips
            if page.is_provisional and not self._settling.isActive():
                self._settling.start(SETTLED_MS if self._is_hurried else 0)

    @property
    def _offset(self) -> float:
        return float(self._bar.value()) if self._layout is not None and self._layout.overflow > 0.5 else 0.0

    def sizeHint(self) -> QSize:
        """The size at which nothing folds for a small network."""
        return QSize(round(self._fonts.px(822)), round(self._fonts.px(250)))

    def minimumSizeHint(self) -> QSize:
        """The least at which the arithmetic can still be read."""
        return QSize(round(self._fonts.px(360)), round(self._fonts.px(156)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find new places."""
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the application's font."""
        if event.type() == QEvent.Type.FontChange:
            self._fonts = Fonts(self.font())
            self._arrange()
            self.updateGeometry()
        super().changeEvent(event)
