"""Drawing data on the output's plane: with a tool chosen, the mouse adds, sprays, moves and erases points.

It is apart from the plane, which only shows: while a gesture goes on its points are painted here, on top, and at its end the whole
of it is announced as one edit. It refuses to change an experiment.
"""

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nnsim.core.datasets import Dataset
from nnsim.engine.experiment import Drawn, ExperimentError
from nnsim.picture import drawn_points
from nnsim.picture.palette import class_shape
from nnsim.widgets.output_plane import OutputPlane
from nnsim.widgets.point_marks import draw_mark, mark_path

Tool = Literal["look", "add", "spray", "move", "erase"]
REACH = 0.09
"""How far spray and eraser reach, as a share of the plane's width."""


class PlaneDrawing(QWidget):
    """Lies over the plane, lets every click through to it unless a tool is chosen, and paints the points of a gesture."""

    gesture_done = Signal(object, int)
    """The ``Drawn`` that a gesture ends with, and how many points there were before."""
    refused = Signal(str)
    """A sentence about what cannot be drawn."""

    def __init__(self, plane: OutputPlane) -> None:
        super().__init__(plane)
        self._plane = plane
        self._dataset: Dataset | None = None
        self._given: Drawn | None = None
        self._working: Drawn | None = None
        self._grabbed: int | None = None
        self.tool: Tool = "look"
        self.number = 0
        """The class that is drawn, from 0."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        plane.installEventFilter(self)
        self.setGeometry(plane.rect())

    def choose(self, tool: Tool, number: int = 0) -> None:
        """Take a tool, and the class that it draws."""
        self.tool, self.number = tool, number
        looking = tool == "look"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, looking)
        shape = {"look": Qt.CursorShape.ArrowCursor, "move": Qt.CursorShape.OpenHandCursor}.get(tool, Qt.CursorShape.CrossCursor)
        self.setCursor(shape)

    def show_data(self, dataset: Dataset, drawn: Drawn | None) -> None:
        """The data on show; ``drawn`` where they were drawn already."""
        if dataset is not self._dataset or drawn != self._given:
            self._dataset, self._given = dataset, drawn
            self._finish()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._plane and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._plane.rect())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._dataset is None:
            return
        if not self._plane.plot_rect().contains(event.position()):
            return
        try:
            self._working = self._given or drawn_points.drawn_from(self._dataset)
        except ExperimentError as refusal:
            self.refused.emit(str(refusal))
            return
        if self.tool == "move":
            x, y = self._plane.place(event.position())
            self._grabbed = drawn_points.nearest(self._working, x, y, self._reach() / 2)
        self._plane.show_points(False)
        self._act(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        # a click adds one point; only the other tools draw along the way
        if self._working is not None and self.tool != "add":
            self._act(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        working, dataset = self._working, self._dataset
        if event.button() != Qt.MouseButton.LeftButton or working is None or dataset is None:
            return
        before = len(self._given.points) if self._given else len(dataset.inputs)
        if not working.points:
            self.refused.emit(self.tr("The last point stays: without any there is nothing to learn."))
            self._finish()
        elif working != (self._given or drawn_points.drawn_from(dataset)):
            self._working = None
            self.gesture_done.emit(working, before)
            # what was drawn stays in sight until the data come back with it
            self._plane.show_points(True)
            self.update()
        else:
            self._finish()

    def paintEvent(self, event: QPaintEvent) -> None:
        working, plane = self._working, self._plane
        if working is None:
            return
        count = max(working.classes, 2)
        radius = plane.em() * (0.29 if len(working.points) <= 1000 else 0.2)
        looks = [(mark_path(class_shape(index, count), radius), plane.theme.class_colour(index, count)) for index in range(count)]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(plane.plot_rect())
            for x, y, number in working.points:
                path, colour = looks[number]
                draw_mark(painter, path, plane.point(x, y), colour, plane.theme.base, filled=True)

    def _act(self, at: QPointF) -> None:
        working = self._working
        assert working is not None
        x, y = self._plane.place(at)
        try:
            if self.tool == "add":
                working = drawn_points.add(working, x, y, self.number)
            elif self.tool == "spray":
                working = drawn_points.spray(working, x, y, self.number, self._reach())
            elif self.tool == "erase":
                working = drawn_points.erase(working, x, y, self._reach())
            elif self._grabbed is not None:
                working = drawn_points.move(working, self._grabbed, x, y)
        except ExperimentError as refusal:
            self.refused.emit(str(refusal))
        self._working = working
        self.update()

    def _reach(self) -> float:
        left, right, _, _ = self._plane.extent
        return REACH * (right - left)

    def _finish(self) -> None:
        self._working, self._grabbed = None, None
        self._plane.show_points(True)
        self.update()
