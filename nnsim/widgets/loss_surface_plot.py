"""The loss around the present parameters: which plane is cut through them, and the surface over it.

Two chosen weights, two random directions as long as the network's own weights, or the directions the way so far took. This widget
joins the choices and the canvas, and says which plane is wanted. It refuses to compute: surfaces come to it, row by row if they
take long.
"""

import math

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nnsim.core.network import Network
from nnsim.engine.frame import Frame
from nnsim.engine.loss_surface import LossSurface, ParameterPlane, Plane, RandomPlane, Walk, WayPlane, place, walk
from nnsim.engine.past import Past
from nnsim.picture import numbers
from nnsim.picture.loss_landscape import landscape
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import EdgeTarget
from nnsim.widgets.captions import scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.icons import icon
from nnsim.widgets.parameter_chooser import ParameterChooser
from nnsim.widgets.surface_canvas import SurfaceCanvas

WAY, RANDOM, WEIGHTS = "way", "random", "weights"


class LossSurfacePlot(QWidget):
    """A surface under its choices."""

    plane_chosen = Signal(object)
    """The ``Plane`` whose surface is wanted now."""
    moment_chosen = Signal(object)
    """The ``Moment`` of a place on the way that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Loss surface"))
        self._network: Network | None = None
        self._frame: Frame | None = None
        self._past: Past | None = None
        self._walked: tuple[LossSurface, Past | None, Walk | None] | None = None
        """The way on the surface, and of which surface and past."""
        self._surface: LossSurface | None = None
        self._draw_number = 0
        self.kind_field, self.log_colour = ChoiceField(), QCheckBox(self.tr("log colour"))
        self.new_directions = QPushButton(self.tr("new directions"))
        self.first, self.second = ParameterChooser(self.tr("right"), "→", self), ParameterChooser(self.tr("up"), "↑", self)
        self.canvas = SurfaceCanvas(self)
        self.kind_field.show_choices([
            (WAY, self.tr("along the way so far"), self.tr("The two directions that show most of where training went")),
            (RANDOM, self.tr("two random directions"), self.tr("Drawn from the seed, each neuron's part as long as its weights")),
            (WEIGHTS, self.tr("two weights"), self.tr("All others stay as they are"))])
        self.kind_field.setAccessibleName(self.tr("Directions"))
        self.log_colour.setChecked(True)
        self.log_colour.setToolTip(self.tr("Equal steps of colour for equal ratios of the loss"))
        self.new_directions.setToolTip(self.tr("Draw two other random directions"))
        self._lay_out()
        self.kind_field.name_chosen.connect(self._choose_kind)
        self.log_colour.toggled.connect(self._draw)
        self.new_directions.clicked.connect(self._draw_directions)
        self.first.parameter_chosen.connect(self._choose)
        self.second.parameter_chosen.connect(self._choose)
        self.canvas.moment_chosen.connect(self.moment_chosen)
        self._show_choices()
        self.set_theme(THEMES["light"])

    def _lay_out(self) -> None:
        head, column = QHBoxLayout(), QVBoxLayout(self)
        head.setSpacing(scaled(8))
        head.addWidget(self.kind_field, 1)
        head.addWidget(self.log_colour)
        choices = QVBoxLayout()
        choices.setContentsMargins(scaled(12), scaled(4), scaled(12), 0)
        choices.setSpacing(scaled(4))
        choices.addLayout(head)
        for widget in (self.new_directions, self.first, self.second):
            choices.addWidget(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(choices)
        column.addWidget(self.canvas, 1)

    @property
    def plane(self) -> Plane | None:
        """The plane that is wanted; None where there is none: before the first frame, and for twice the same weight."""
        if self._network is None:
            return None
        kind = self.kind_field.currentData()
        if kind != WEIGHTS:
            return RandomPlane(self._draw_number) if kind == RANDOM else WayPlane()
        first, second = self.first.target, self.second.target
        return None if first == second else ParameterPlane(first, second)

    @property
    def surface(self) -> LossSurface | None:
        """What is on show; None while none fits what is chosen."""
        return self._surface

    def choose_weights(self, first: EdgeTarget, second: EdgeTarget) -> None:
        """Ask for the surface over two weights (or biases) of the network on show."""
        if self._network is not None:
            self.kind_field.show_value(WEIGHTS)
            self.first.show_network(self._network, first)
            self.second.show_network(self._network, second)
            self._show_choices()
            self._choose()

    def choose_kind(self, kind: str) -> None:
        """Ask for another kind of plane: ``way``, ``random`` or ``weights``."""
        self.kind_field.show_value(kind)
        self._choose_kind()

    def show_frame(self, frame: Frame) -> None:
        """Show where the parameters of a frame stand. Another network's surface and past are given up."""
        self._frame = frame
        if frame.network != self._network:
            self._network, self._surface, self._past = frame.network, None, None
            second = EdgeTarget(0, 1, 0)  # the second input's weight, or the bias of a single input
            self.first.show_network(frame.network, EdgeTarget(0, 0, 0))
            self.second.show_network(frame.network, second)
            self._draw()
        self._draw_way()

    def show_past(self, past: Past) -> None:
        """Show the way that training took."""
        self._past = past
        self._draw_way()

    def show_surface(self, surface: LossSurface) -> None:
        """Show a surface, complete or not; one of another plane than is wanted comes too late, and is let go."""
        if surface.plane == self.plane and surface.network == self._network:
            self._surface = surface
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self.new_directions.setIcon(icon("dice", theme.ink))
        for part in (self.first, self.second, self.canvas):
            part.set_theme(theme)
        widest = max(chooser.label.sizeHint().width() for chooser in (self.first, self.second))
        for chooser in (self.first, self.second):
            chooser.label.setMinimumWidth(widest)

    def _choose_kind(self) -> None:
        self._show_choices()
        self._choose()

    def _draw_directions(self) -> None:
        self._draw_number += 1
        self._choose()

    def _choose(self) -> None:
        self._surface = None
        self._draw()
        if self.plane is not None:
            self.plane_chosen.emit(self.plane)

    def _show_choices(self) -> None:
        kind = self.kind_field.currentData()
        self.new_directions.setVisible(kind == RANDOM)
        self.first.setVisible(kind == WEIGHTS)
        self.second.setVisible(kind == WEIGHTS)

    def _draw(self) -> None:
        surface = self._surface
        self.canvas.show_landscape(None if surface is None else landscape(surface, self.log_colour.isChecked()))
        self._draw_way()

    def _draw_way(self) -> None:
        surface, past, frame = self._surface, self._past, self._frame
        if surface is None or frame is None:
            self.canvas.note = self._reason()
            self.canvas.show_way(None, None)
            return
        if self._walked is None or self._walked[0] is not surface or self._walked[1] is not past:
            # it takes longer than a frame of a large network may
            self._walked = surface, past, walk(surface, past) if past is not None and past.network == surface.network else None
        taken = self._walked[2]
        self.canvas.note = self._note(surface, taken, frame)
        self.canvas.show_way(taken, place(surface, frame.theta))
        self.canvas.setAccessibleDescription(self.canvas.note)

    def _reason(self) -> str:
        if self._network is not None and self.plane is None:
            return self.tr("choose two different weights")
        return self.tr("not computed yet")

    def _note(self, surface: LossSurface, taken: Walk | None, frame: Frame) -> str:
        if not surface.complete:
            return self.tr("{done} of {all} rows computed").format(done=surface.finished_rows, all=len(surface.up))
        words = []
        if taken is not None and not math.isnan(taken.share):
            words.append(self.tr("shows {share} of the way's distance").format(share=numbers.percent(taken.share)))
        if surface.rows < surface.rows_in_all:
            words.append(self.tr("on {rows} of {all} rows").format(rows=numbers.whole(surface.rows),
                                                                   all=numbers.whole(surface.rows_in_all)))
        if not np.array_equal(surface.centre, frame.theta):
            words.append(self.tr("ground: of another moment"))
        return "   ".join(words)
