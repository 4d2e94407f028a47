"""Choosing the sample that is looked at apart from training: a row, or one that is typed, drawn or dropped.

It is apart from pointing, which is about places in the network. It refuses to compute: what frames carry is asked of the thread.
While somebody draws, a probe is asked for at most once a frame, and always of the latest drawing.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QImage

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.frames import Frames
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.status_line import StatusLine
from nnsim.engine.probe import Probe
from nnsim.picture.context_words import typed_inputs
from nnsim.picture.drawn_inputs import drawn_inputs
from nnsim.picture.output_picture import rows_in_cell
from nnsim.widgets.drawing_pad import Drawing

LARGEST_PASTED = QSize(1024, 1024)


class Probing(QObject):
    """Sets and takes away the display's probe."""

    def __init__(self, display: Display, thread: SimulationThread, frames: Frames, status: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._frames, self._status = display, frames, status
        self._dataset = display.frame.dataset
        self._drawing: Drawing | None = None
        """The latest that no probe was asked for yet."""
        self._awaited: Probe | None = None
        """The drawing's probe that no frame has shown yet."""
        panel = display.probe_panel
        panel.probe_chosen.connect(self._choose)
        panel.drawn.connect(self._draw)
        panel.words_typed.connect(self._type)
        panel.file_given.connect(self._show_file)
        panel.picture_given.connect(self._show_pasted)
        display.position.probe_left.connect(self.leave)
        for rows in (display.output, display.results):
            rows.row_chosen.connect(self._choose_row)
        display.output.cell_chosen.connect(self._choose_in_cell)
        thread.reported.connect(self._hear)

    @Slot()
    def leave(self) -> None:
        """Follow training again."""
        self._choose(None)

    def move(self, step: int) -> None:
        """The row before or after the probe's; without a probe, of the sample that training is at."""
        frame, probe = self._display.frame, self._display.probe
        row = probe.row if probe is not None and probe.row is not None else frame.row
        self._choose(Probe(((-1 if row is None else row) + step) % len(frame.dataset.inputs)))

    @Slot(object)
    def _choose(self, probe: Probe | None) -> None:
        """A row, typed numbers, or nothing: what was drawn or written is gone."""
        self._drawing = self._awaited = None
        self._display.probe_panel.forget_typed()
        self._ask_for(probe)

    def _ask_for(self, probe: Probe | None) -> None:
        self._display.probe = probe
        self._frames.ask()

    @Slot(str)
    def _type(self, words: str) -> None:
        data = self._display.frame.experiment.data
        self._ask_for(Probe(inputs=typed_inputs(data, words)) if words.strip() else None)

    @Slot(object)
    def _draw(self, drawing: Drawing) -> None:
        self._drawing = drawing
        if self._awaited is None:
            self._ask_for_drawing()

    def _ask_for_drawing(self) -> None:
        drawing, self._drawing = self._drawing, None
        if drawing is None or self._dataset.picture is None:
            return
        probe = Probe(inputs=drawn_inputs(drawing.strokes, self._display.frame.experiment.data.source, self._dataset))
        if probe != self._display.probe:
            self._awaited = probe
            self._ask_for(probe)

    @Slot(str)
    def _show_file(self, name: str) -> None:
        self._show_picture(Path(name))

    @Slot(object)
    def _show_pasted(self, image: QImage) -> None:
        """A picture without a file becomes one for a moment, so that it is read as every other is."""
        with TemporaryDirectory(prefix="nnsim-") as folder:
            path = Path(folder) / self.tr("pasted picture.png")
            large = image.width() > LARGEST_PASTED.width() or image.height() > LARGEST_PASTED.height()
            if (image.scaled(LARGEST_PASTED, Qt.AspectRatioMode.KeepAspectRatio) if large else image).save(str(path)):
                self._show_picture(path)
            else:
                self._status.say(self.tr("What was pasted is no picture."))

    def _show_picture(self, path: Path) -> None:
        # reading pictures needs packages that are only loaded for it
        from nnsim.files.new_pictures import new_pictures
        from nnsim.files.picture_reading import PictureError, read_grey

        try:
            found = new_pictures(path, self._display.frame.experiment.data.source, self._dataset)
            grey = np.ascontiguousarray(read_grey(path))
        except PictureError as error:
            self._status.say(str(error))
            return
        self._choose(Probe(inputs=tuple(found.inputs[0].tolist())))
        high, wide = grey.shape
        self._display.probe_panel.show_picture(QImage(grey.data, wide, high, wide, QImage.Format.Format_Grayscale8).copy())
        self._status.say(self.tr("The network sees “{0}” as you see it in the probe’s panel.").format(path.name))

    @Slot(int)
    def _choose_row(self, row: int) -> None:
        self._choose(Probe(row))

    @Slot(int, int)
    def _choose_in_cell(self, true: int, predicted: int) -> None:
        """The cell's first sample, or the one after the probe's."""
        frame, probe = self._display.frame, self._display.probe
        rows = rows_in_cell(frame, true, predicted)
        if not rows:
            self._status.say(self.tr("No row is in this cell."))
            return
        here = rows.index(probe.row) if probe is not None and probe.row in rows else -1
        place = (here + 1) % len(rows)
        self._choose(Probe(rows[place]))
        self._status.say(self.tr("Row {0}: {1} of {2} in this cell. Click again for the next.").format(
            rows[place] + 1, place + 1, len(rows)))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown(frame) if self._awaited is not None:
                if frame.probed is not None and frame.probed.probe == self._awaited:
                    self._awaited = None
                    self._ask_for_drawing()
            case m.Opened(place) | m.Returned(place) | m.Edited(after=place):
                if place.session.dataset is not self._dataset:
                    self._dataset = place.session.dataset
                    self._choose(None)
