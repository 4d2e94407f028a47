"""The drawing pad with what the network sees of it beside: the same drawing as the data set's own pixels.

It is apart from the pad because what is seen is the probe's or training's sample, whoever chose it. It refuses to rasterise: the
pixels come with a frame.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import ElidedCaption, scaled
from nnsim.widgets.drawing_pad import Pad
from nnsim.widgets.icons import icon


class SeenPicture(QWidget):
    """Pixels, as large as the pad."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seen-picture")
        self._theme = THEMES["light"]
        self.pixels: NDArray[np.uint32] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = round(10.5 * QFontInfo(self.font()).pixelSize())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        side = 8 * QFontInfo(self.font()).pixelSize()
        return QSize(side, side)

    def show_pixels(self, pixels: NDArray[np.uint32] | None) -> None:
        """Show (height, width) of 0xffRRGGBB."""
        self.pixels = pixels
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            side = min(self.width(), self.height()) - 4
            area = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            if self.pixels is not None:
                high, wide = self.pixels.shape
                shorter = side * min(high, wide) / max(high, wide)
                size = (side, shorter) if wide >= high else (shorter, side)
                area = QRectF(area.center().x() - size[0] / 2, area.center().y() - size[1] / 2, *size)
                data = np.ascontiguousarray(self.pixels)
                painter.drawImage(area, QImage(data.data, wide, high, 4 * wide, QImage.Format.Format_RGB32))
            painter.setPen(QPen(QColor(self._theme.line2), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area)


class PictureProbe(QWidget):
    """Pad and picture side by side, and what can be done with the pad."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pad, self.seen = Pad(self), SeenPicture(self)
        self.caption = ElidedCaption("", 12, "ink2")
        self.undo = QToolButton(self)
        self.undo.setAccessibleName(self.tr("Take the last stroke back"))
        self.undo.setToolTip(self.tr("Take the last stroke back (Ctrl+Z)"))
        self.undo.setAutoRaise(True)
        self.undo.setMinimumSize(scaled(26), scaled(26))
        self.clear, self.paste = QPushButton(self.tr("Clear"), self), QPushButton(self.tr("Paste"), self)
        self.clear.setObjectName("probe-clear")
        self.clear.setToolTip(self.tr("Take the drawing away, and follow training again (Delete)"))
        self.paste.setToolTip(self.tr("Show the network the picture that was copied (Ctrl+V)"))
        self.undo.clicked.connect(self.pad.undo)
        self.clear.clicked.connect(self.pad.clear)
        self.paste.clicked.connect(self.pad.paste)
        buttons = QHBoxLayout()
        buttons.setSpacing(scaled(4))
        for button in (self.clear, self.paste, self.undo):
            buttons.addWidget(button)
        buttons.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(scaled(6))
        grid.addWidget(self.pad, 0, 0)
        grid.addWidget(self.seen, 0, 1)
        grid.addLayout(buttons, 1, 0)
        self.caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(self.caption, 1, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)

    def show_pixels(self, pixels: NDArray[np.uint32] | None) -> None:
        """Show what the network sees, (height, width) of 0xffRRGGBB."""
        self.seen.show_pixels(pixels)
        size = "" if pixels is None else f"{pixels.shape[1]} × {pixels.shape[0]}"
        self.caption.setText(self.tr("what the network sees"))
        self.seen.setToolTip(self.tr("What the network sees: {0} pixels").format(size))
        self.seen.setAccessibleName(self.seen.toolTip())

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        for part in (self.pad, self.seen, self.caption):
            part.set_theme(theme)
        self.undo.setIcon(icon("arrow-left", theme.ink2))
