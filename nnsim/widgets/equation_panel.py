"""The equation panel: the arithmetic of the moment, number by number, each of which leads to what it belongs to on the diagram.

It answers pointing, clicking, keys and copying with intents; the view beneath it shows frames. Left and right stay time's.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from nnsim.picture import numbers
from nnsim.picture.caption_parts import Number
from nnsim.picture.caption_text import plain_text
from nnsim.picture.latex import paragraph
from nnsim.picture.targets import Target
from nnsim.widgets.arithmetic_text import ArithmeticText
from nnsim.widgets.equation_page import RowHit
from nnsim.widgets.equation_view import DIGITS, EquationView

COPY_LATEX, COPY_EXACTLY = QKeySequence("Ctrl+Alt+L"), QKeySequence("Ctrl+Alt+C")


class EquationPanel(EquationView):
    """The arithmetic of a moment, to read, point at and copy."""

    target_hovered = Signal(object)
    """The Target of the number under the pointer, or None."""
    target_chosen = Signal(object)
    """The Target of a number that was clicked, or chosen by Enter."""
    digits_chosen = Signal(object)
    """How many decimals were chosen; None: all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._hovered: Target | None = None

    # pointing

    def show_hovered(self, target: Target | None) -> None:
        """Light up the numbers that belong to what is pointed at elsewhere."""
        if target != self._linked:
            self._linked = target
            self.update()

    def number_at(self, position: QPointF) -> Number | None:
        """The number painted at a place."""
        return next((hit.number for hit in reversed(self._hits) if hit.rect.contains(position)), None)

    def row_at(self, position: QPointF) -> RowHit | None:
        """The row painted at a place, its gaps included."""
        return next((row for row in self._rows if row.rect.contains(position)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the pointer is over."""
        number, row = self.number_at(event.position()), self.row_at(event.position())
        # the gaps of a row belong to the row
        self._hover(number.target if number is not None and number.target is not None else None if row is None else row.target)
        leads_on = (number is not None and number.target is not None) or (row is not None and bool(row.opens))
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads_on else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over nothing."""
        self._hover(None)

    def _hover(self, target: Target | None) -> None:
        if target != self._hovered:
            self._hovered = target
            self.target_hovered.emit(target)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the number that was clicked."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        number = self.number_at(event.position())
        row = self.row_at(event.position())
        if row is not None and row.opens:
            self.open_parts(row.opens)
        else:
            self._pointed = next((at for at, hit in enumerate(self._hits) if hit.number is number), None)
            self.update()
        self._choose(number)

    def _choose(self, number: Number | None) -> None:
        if number is not None and number.target is not None:
            self.target_chosen.emit(number.target)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the rows."""
        if self._bar.isVisible():
            self._bar.event(event)

    # keys

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+C for the panel while it has the focus, and answer tooltips."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._copying(event) is not None:
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk through the numbers, Enter goes to one's source, Ctrl+C copies. Left and right are time's."""
        copying = self._copying(event)
        if copying is not None:
            copying()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._walk(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pointed is not None:
            hit = self._hits[self._pointed]
            row = self.row_at(hit.rect.center())
            if row is not None and row.opens:
                self.open_parts(row.opens)
            self._choose(hit.number)
        elif event.key() == Qt.Key.Key_Escape and self._pointed is not None:
            self._pointed = None
            self.update()
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and self._bar.isVisible():
            self._bar.event(event)
        else:
            super().keyPressEvent(event)

    def _walk(self, by: int) -> None:
        if self._hits:
            start = self._pointed if self._pointed is not None else (-1 if by > 0 else len(self._hits))
            self._pointed = min(max(start + by, 0), len(self._hits) - 1)
            self._hover(self._hits[self._pointed].number.target)
            self.update()

    # copying

    def _copying(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key copies, if it does."""
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copy
        return {COPY_LATEX: self.copy_latex, COPY_EXACTLY: self.copy_exact_values}.get(QKeySequence(event.keyCombination()))

    def copy(self) -> None:
        """Copy the number with the outline with all its digits; without one, the arithmetic as text."""
        if self._number_pointed is not None:
            QGuiApplication.clipboard().setText(repr(self._number_pointed))
        else:
            self.copy_arithmetic()

    @property
    def _number_pointed(self) -> float | None:
        """The exact value of the number with the outline, if it is known."""
        return self._hits[self._pointed].number.value if self._pointed is not None else None

    def copy_arithmetic(self) -> None:
        """Copy the arithmetic as it is on show."""
        if self._caption is not None:
            QGuiApplication.clipboard().setText(plain_text(self._caption))

    def copy_latex(self) -> None:
        """Copy the formulas, in letters and in numbers, as a paragraph of LaTeX."""
        if self._caption is not None:
            QGuiApplication.clipboard().setText(paragraph(self._caption))

    def copy_exact_values(self) -> None:
        """Copy the arithmetic with all digits of every number."""
        if self._caption is not None:
            QGuiApplication.clipboard().setText(plain_text(self._caption, exactly=True))

    def open_text(self) -> None:
        """Show the arithmetic in a window of its own, as text that can be selected."""
        if self._caption is not None:
            ArithmeticText(self._caption, self).show()

    def context_menu(self) -> QMenu:
        """The menu at the right mouse button, a child of the panel."""
        menu = QMenu(self)
        menu.addAction(self.tr("Copy as text"), self.copy_arithmetic).setShortcut(QKeySequence.StandardKey.Copy)
        menu.addAction(self.tr("Copy as LaTeX"), self.copy_latex).setShortcut(COPY_LATEX)
        if self._number_pointed is not None:
            menu.addAction(self.tr("Copy the number {}").format(repr(self._number_pointed)), self.copy)
        menu.addAction(self.tr("Copy exact values"), self.copy_exact_values).setShortcut(COPY_EXACTLY)
        menu.addAction(self.tr("Select from the text…"), self.open_text)
        menu.addSeparator()
        digits = menu.addMenu(self.tr("Digits"))
        group = QActionGroup(digits)
        for count in DIGITS:
            action = digits.addAction(self.tr("all") if count is None else str(count))
            action.setCheckable(True)
            action.setChecked(count == self._digits)
            action.setData(count)
            group.addAction(action)
        group.triggered.connect(self._choose_digits)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu."""
        menu = self.context_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _show_tip(self, event: QHelpEvent) -> None:
        number = self.number_at(QPointF(event.pos()))
        sentence = self._caption.sentence if self._caption is not None else ""
        sentence = next((told for rect, told in self._tips if rect.contains(QPointF(event.pos()))), sentence)
        if number is not None and number.value is not None:
            sentence = numbers.in_full(number.text, number.value)
        QToolTip.showText(event.globalPos(), sentence, self)

    def _choose_digits(self, action: QAction) -> None:
        self.set_digits(action.data())
        self.digits_chosen.emit(action.data())
