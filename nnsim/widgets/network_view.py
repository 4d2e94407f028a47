"""The canvas: shows a picture of the network, and says what the user points at, chooses, opens, folds.

It keeps nothing but how the picture is looked at: zoom, pan, and where the keyboard stands. It knows no simulation and no frame;
the window gives it pictures and answers its signals. Plain arrow keys and Space are time's, so they pass through.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontInfo,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from nnsim.picture import numbers
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.picture import Picture
from nnsim.picture.targets import EdgeTarget, NeuronTarget, Target
from nnsim.widgets.network_controls import NetworkControls
from nnsim.widgets.network_painter import NetworkPainter
from nnsim.widgets.network_pointing import entrance, neighbour, rounded, target_at, target_facts
from nnsim.widgets.zoom import STEP, Zoom

FULL_PIXELS = 13.0
WALK = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class NetworkView(QWidget):
    """The diagram on screen."""

    target_hovered = Signal(object)
    """The ``Target`` under the mouse or the keyboard's place, or None."""
    target_selected = Signal(object)
    """The ``Target`` clicked, or None for the empty ground."""
    target_opened = Signal(object)
    """The ``Target`` double-clicked, or entered."""
    fold_toggled = Signal(int)
    """The layer (-1: the inputs) to be folded or unfolded."""
    edges_chosen = Signal(str)
    """What the edges shall show: auto, weights, gradients, change, contributions or none."""
    neurons_chosen = Signal(str)
    """What the neurons shall show: auto, maps, outputs, sums or deltas."""
    axes_chosen = Signal(object, bool)
    """Which two inputs the maps shall run over, and whether the others are held at their mean."""
    resized = Signal()
    """``view_size`` is another one: a new picture is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network-view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Network diagram"))
        self._theme = THEMES["light"]
        self._picture: Picture | None = None
        self._empty_message = self.tr("Choose a data set, or drop a CSV here")
        self._painter = NetworkPainter(self.font())
        self._zoom = Zoom()
        self._hovered: Target | None = None
        self._pressed: QPointF | None = None
        self._dragging = False
        self._place: NeuronTarget | None = None
        self._outlined = False
        self._controls = NetworkControls(self)
        self._controls.edges_chosen.connect(self.edges_chosen)
        self._controls.neurons_chosen.connect(self.neurons_chosen)
        self._controls.axes_chosen.connect(self.axes_chosen)
        self._controls.fit_wanted.connect(self.fit)
        self._controls.hide()
        self.set_theme(self._theme)

    # what the window says

    def show_picture(self, picture: Picture | None) -> None:
        """Show a picture made for ``view_size``; None shows the empty message."""
        self._picture = picture
        sentence = picture.sentence if picture else self._empty_message
        if sentence != self.accessibleDescription() and not self._outlined:
            self.setAccessibleDescription(sentence)
        if self._place is not None and (picture is None or picture.holding(self._place) is None):
            self._place = None
        if self._controls.isHidden() == (picture is not None):
            self._controls.setVisible(picture is not None)
            self._place_controls()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme for what is not in the picture."""
        self._theme = theme
        self._controls.set_theme(theme)
        self.update()

    def show_axes(self, names: tuple[str, ...], axes: tuple[int, int], hold_mean: bool) -> None:
        """Offer the choice of the maps' axes among these inputs, if there are any."""
        self._controls.show_axes(names, axes, hold_mean)
        self._place_controls()

    def set_edges(self, name: str) -> None:
        """Show what is chosen for the edges, without saying so."""
        self._controls.set_edges(name)

    @property
    def empty_message(self) -> str:
        """What stands in place of a picture."""
        return self._empty_message

    @empty_message.setter
    def empty_message(self, message: str) -> None:
        self._empty_message = message
        if self._picture is None:
            self.setAccessibleDescription(message)
            self.update()

    @property
    def picture(self) -> Picture | None:
        """The picture on show."""
        return self._picture

    @property
    def view_size(self) -> tuple[float, float]:
        """Width and height in pixels of a 13 px font: what a picture should be made for."""
        scale = self._text_scale()
        return self.width() / scale, self.height() / scale

    @property
    def zoom(self) -> float:
        """How much larger than fitted."""
        return self._zoom.factor

    def sizeHint(self) -> QSize:
        return QSize(824, 384) * self._text_scale()

    def minimumSizeHint(self) -> QSize:
        # a larger text takes height everywhere else: here it does not, so that the window still fits a small screen
        return QSize(round(420 * self._text_scale()), 250)

    # zoom and pan

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom.reset()
        self.update()

    def zoom_in(self) -> None:
        """Enlarge about the middle."""
        self._zoom_about(QPointF(self.rect().center()), STEP)

    def zoom_out(self) -> None:
        """Make smaller about the middle."""
        self._zoom_about(QPointF(self.rect().center()), 1 / STEP)

    def _zoom_about(self, point: QPointF, factor: float) -> None:
        self._zoom.about(point, factor)
        self.update()

    def to_screen(self) -> QTransform:
        """From the picture's coordinates to the widget's."""
        return self._zoom.transform(self._text_scale())

    def _text_scale(self) -> float:
        return max(QFontInfo(self.font()).pixelSize(), 1) / FULL_PIXELS

    def _to_picture(self, point: QPointF) -> QPointF:
        return self.to_screen().inverted()[0].map(point)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.base))
            if self._picture is None:
                painter.setPen(QColor(self._theme.ink2))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_message)
                return
            painter.setTransform(self.to_screen(), True)
            self._painter.paint(painter, self._picture)
            self._draw_focus(painter, self._picture)

    def _draw_focus(self, painter: QPainter, picture: Picture) -> None:
        if not (self._outlined and self.hasFocus()):
            return
        cell = None if self._place is None else picture.holding(self._place)
        painter.setPen(QPen(QColor(self._theme.focus), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if cell is None:
            width, height = self.view_size
            painter.setTransform(QTransform.fromScale(self._text_scale(), self._text_scale()))
            painter.drawRect(QRectF(1, 1, width - 2, height - 2))
        else:
            # outside the ring of the neuron at work
            away = 12 if cell.ring else 4
            painter.drawRect(self._painter.around(cell, picture).adjusted(-away, -away, away, away))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_controls()
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._painter = NetworkPainter(self.font())
            self._place_controls()
            self.resized.emit()
            self.update()

    def _place_controls(self) -> None:
        away = round(12 * self._text_scale())
        self._controls.adjustSize()
        self._controls.move(self.width() - self._controls.width() - away, self.height() - self._controls.height() - away)

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False
            self._outlined = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(self._target_at(event.position()))
            return
        away = event.position() - self._pressed
        if self._dragging or away.manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._zoom.shift += away
            self._pressed = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged, self._pressed, self._dragging = self._dragging, None, False
        self.unsetCursor()
        if dragged or self._picture is None:
            return
        place = self._to_picture(event.position())
        layer = self._fold_at(place)
        if layer is not None:
            self.fold_toggled.emit(layer)
            return
        target = self._target_at(event.position())
        if isinstance(target, NeuronTarget):
            self._place = target
        self.target_selected.emit(target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        target = self._target_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and target is not None:
            self.target_opened.emit(target)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self._zoom_about(event.position(), STEP ** (turned / 120))
        event.accept()

    def _hover(self, target: Target | None) -> None:
        if target != self._hovered:
            self._hovered = target
            self.setCursor(Qt.CursorShape.ArrowCursor if target is None else Qt.CursorShape.PointingHandCursor)
            self.target_hovered.emit(target)

    def _target_at(self, point: QPointF) -> Target | None:
        if self._picture is None:
            return None
        place = self._to_picture(point)
        return target_at(self._picture, place.x(), place.y(), 1 / self._zoom.factor)

    def _fold_at(self, place: QPointF) -> int | None:
        heads = self._picture.heads if self._picture else ()
        return next((head.layer for head in heads if head.fold and abs(place.x() - head.x) < 40 and 8 < place.y() < 54), None)

    # the keyboard

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._explain(event.pos(), event.globalPos())
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._walks(event):
            # the window may use Alt with an arrow too, but here it walks
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_about(event.position(), 1 + event.value())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._walks(event):
            self._walk(*WALK[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._place is not None:
            self.target_opened.emit(self._place)
        elif event.key() == Qt.Key.Key_Escape and (self._outlined or self._place is not None):
            self._place, self._outlined = None, False
            self.target_selected.emit(None)
            self._hover(None)
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._outlined = event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _walks(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return modifiers == Qt.KeyboardModifier.AltModifier and event.key() in WALK

    def _walk(self, across: int, down: int) -> None:
        if self._picture is None:
            return
        if self._place is None:
            self._place = entrance(self._picture)
        else:
            self._place = neighbour(self._picture, self._place, across, down)
        self._outlined = True
        if self._place is not None:
            self.setAccessibleDescription(self._said(self._place))
        self._hover(self._place)
        self.update()

    # words

    def _explain(self, point: QPoint, on_screen: QPoint) -> None:
        target = self._target_at(QPointF(point))
        if target is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(on_screen, self._said(target, exactly=True), self)

    def _said(self, target: Target, exactly: bool = False) -> str:
        """A target's name and numbers, a line each; for the eye with all their digits after them, which nobody wants to hear."""
        assert self._picture is not None
        name, facts = target_facts(self._picture, target)
        if isinstance(target, EdgeTarget):
            name = self.tr("Bias of {0}").format(name) if not name.count("→") else name
        texts = ((what, value, rounded(what, value)) for what, value in facts)
        return "\n".join([name, *(f"{what} = {numbers.in_full(text, value) if exactly else text}" for what, value, text in texts)])
