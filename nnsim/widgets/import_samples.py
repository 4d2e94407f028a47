"""The classes of a folder of pictures: name, count, and a strip of pictures as the network will be fed them.

It is apart from the dialog because it paints pixels, enlarged without smoothing, so that what is lost by reading them small is
seen. It refuses to open pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from nnsim.core.activations import Array
from nnsim.picture.numbers import count
from nnsim.picture.palette import Theme
from nnsim.widgets.captions import Caption, scaled

SIDE_PX = 56


@dataclass(frozen=True, eq=False)
class ClassSamples:
    """One class of pictures."""

    name: str
    count: int
    pictures: tuple[Array, ...]
    """Each (height, width, channels), uint8"""


class SampleStrips(QScrollArea):
    """A line a class."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Classes and some of their pictures"))
        self.pictures: list[QLabel] = []
        self._theme: Theme | None = None

    def show_classes(self, classes: Sequence[ClassSamples]) -> None:
        """Show the classes and their pictures as they are read."""
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(8))
        grid.setVerticalSpacing(scaled(8))
        self.pictures = []
        captions = []
        for line, each in enumerate(classes):
            name, counted = Caption(each.name, 13, "ink", bold=True), Caption(count(each.count, self.tr("picture")), 12, "ink2")
            captions += [name, counted]
            grid.addWidget(name, line, 0)
            grid.addWidget(counted, line, 1)
            for place, pixels in enumerate(each.pictures):
                picture = QLabel()
                picture.setPixmap(enlarged(pixels))
                picture.setToolTip(each.name)
                picture.setFrameShape(QFrame.Shape.Box)
                picture.setFrameShadow(QFrame.Shadow.Plain)
                if self._theme is not None:
                    palette = picture.palette()
                    palette.setColor(QPalette.ColorRole.WindowText, QColor(self._theme.line2))
                    picture.setPalette(palette)
                grid.addWidget(picture, line, 2 + place)
                self.pictures.append(picture)
        grid.setColumnStretch(2 + max((len(each.pictures) for each in classes), default=0), 1)
        grid.setRowStretch(len(classes), 1)
        if self._theme is not None:
            for caption in captions:
                caption.set_theme(self._theme)
        self.setWidget(inside)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme


def enlarged(pixels: Array) -> QPixmap:
    """A picture (height, width, 1 or 3) of bytes at the strip's height, each of its pixels a square."""
    colours = np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)), np.uint8)
    high, wide, _ = colours.shape
    # the copy holds the bytes itself
    image = QImage(colours.tobytes(), wide, high, 3 * wide, QImage.Format.Format_RGB888).copy()
    return QPixmap.fromImage(image.scaled(scaled(SIDE_PX), scaled(SIDE_PX), Qt.AspectRatioMode.KeepAspectRatio,
                                          Qt.TransformationMode.FastTransformation))
