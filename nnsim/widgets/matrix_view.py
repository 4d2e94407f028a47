"""The matrix view: a whole layer's arithmetic as matrices, every cell of which leads to what it belongs to on the diagram.

It answers pointing, clicking, keys and copying with intents; the sheet beneath it shows frames. While a cell has the keyboard's
outline the arrow keys move among cells; Escape gives left and right back to time.
"""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from nnsim.picture.matrices_parts import Grid
from nnsim.picture.matrices_text import latex, numpy_array, tabbed
from nnsim.picture.targets import Target
from nnsim.widgets.matrix_sheet import Cell, MatrixSheet

_ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MatrixView(MatrixSheet):
    """A layer's matrices, to read, point at and copy."""

    target_hovered = Signal(object)
    """The Target of the cell under the pointer or with the keyboard's outline, or None."""
    target_chosen = Signal(object)
    """The Target of a cell that was clicked, or chosen by Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._told: Target | None = None

    def target(self, cell: Cell | None) -> Target | None:
        """What on the diagram a cell belongs to."""
        return None if cell is None else self.grid(cell).target(cell.row, cell.column)

    # pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the pointer is over, and mark its row and column."""
        self._hover(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over nothing."""
        self._hover(None)

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.update()
        target = self.target(cell)
        self.setCursor(Qt.CursorShape.ArrowCursor if target is None else Qt.CursorShape.PointingHandCursor)
        self._tell(target)

    def _tell(self, target: Target | None) -> None:
        if target != self._told:
            self._told = target
            self.target_hovered.emit(target)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell that was clicked."""
        cell = self.cell_at(event.position())
        if cell is not None:
            self._stand_on(cell)
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def _choose(self, cell: Cell | None) -> None:
        target = self.target(cell)
        if target is not None:
            self.target_chosen.emit(target)

    def _stand_on(self, cell: Cell | None) -> None:
        self._current = cell
        if cell is not None:
            self.reveal(cell)
        self._describe()
        self.update()

    # keys

    def event(self, event: QEvent) -> bool:
        """Keep the keys that the view answers from being the window's, and answer tooltips."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._answers(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            words = "" if cell is None else self.grid(cell).sentence(cell.row, cell.column)
            QToolTip.showText(event.globalPos(), f"<p>{escape(words)}</p>" if words else "", self)
            return True
        return super().event(event)

    def _answers(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy):
            return True
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self._current is None:
            return plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        return plain and (event.key() in _ARROWS or event.key() in (*_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Home, Qt.Key.Key_End))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk among cells, Home and End go along a row, Enter goes to a cell's source, Ctrl+C copies its grid."""
        key = Qt.Key(event.key())
        if not self._answers(event):
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key in _ENTER:
            self._choose(self._current)
        elif key == Qt.Key.Key_Escape:
            self._stand_on(None)
            self._tell(None)
        else:
            cell = self._start() if self._current is None else self._moved(self._current, key)
            self._stand_on(cell)
            self._tell(self.target(cell))

    def _start(self) -> Cell | None:
        """The cell at work, else the first."""
        picture = self._picture
        if picture is None:
            return None
        lines = sorted(range(len(picture.equations)), key=lambda at: not picture.equations[at].working)
        for line in lines:
            equation = picture.equations[line]
            if equation.grids:
                return Cell(line, 0, *(equation.marks(equation.grids[0]).cell or (0, 0)))
        return None

    def _moved(self, cell: Cell, key: Qt.Key) -> Cell:
        """The cell that a key leads to; past a grid's edge, the neighbouring grid's."""
        rows, columns = self.grid(cell).shape
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return cell._replace(column=0 if key == Qt.Key.Key_Home else columns - 1)
        down, right = _ARROWS[key]
        row, column = cell.row + down, cell.column + right
        if 0 <= row < rows and 0 <= column < columns:
            return cell._replace(row=row, column=column)
        return self._across_edge(cell, down, right)

    def _across_edge(self, cell: Cell, down: int, right: int) -> Cell:
        assert self._picture is not None
        equations = self._picture.equations
        line, part = cell.line + down, cell.part + right
        if not 0 <= line < len(equations) or not 0 <= part < len(equations[cell.line].grids) or not equations[line].grids:
            return cell
        part = min(part, len(equations[line].grids) - 1)
        rows, columns = equations[line].grids[part].shape
        row = (0 if down > 0 else rows - 1) if down else min(cell.row, rows - 1)
        column = (0 if right > 0 else columns - 1) if right else min(cell.column, columns - 1)
        return Cell(line, part, row, column)

    # copying

    def _chosen_grid(self) -> Grid | None:
        """The grid with the keyboard's outline, else the one at work."""
        cell = self._current or self._start()
        return None if cell is None else self.grid(cell)

    def copy(self) -> None:
        """Copy the grid as text with all digits, tabs between the columns."""
        self._copy_as(tabbed)

    def copy_latex(self) -> None:
        """Copy the grid as a LaTeX matrix with the digits on show."""
        self._copy_as(latex)

    def copy_numpy(self) -> None:
        """Copy the grid as a NumPy expression with all digits."""
        self._copy_as(numpy_array)

    def _copy_as(self, write: Callable[[Grid], str]) -> None:
        grid = self._chosen_grid()
        if grid is not None:
            QGuiApplication.clipboard().setText(write(grid))

    def copy_exact_value(self) -> None:
        """Copy the number with the keyboard's outline with all its digits."""
        cell = self._current
        value = None if cell is None else self.grid(cell).value(cell.row, cell.column)
        if value is not None:
            QGuiApplication.clipboard().setText(repr(value))

    def context_menu(self) -> QMenu:
        """The menu at the right mouse button, a child of the view."""
        menu, grid = QMenu(self), self._chosen_grid()
        name = "" if grid is None else grid.symbol.plain
        menu.addAction(self.tr("Copy {} as text").format(name), self.copy)
        menu.addAction(self.tr("Copy {} as LaTeX").format(name), self.copy_latex)
        menu.addAction(self.tr("Copy {} as NumPy").format(name), self.copy_numpy)
        menu.addSeparator()
        cell = self._current
        exact = menu.addAction(self.tr("Copy exact value"), self.copy_exact_value)
        exact.setEnabled(cell is not None and self.grid(cell).is_known(cell.row, cell.column))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu."""
        menu = self.context_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
