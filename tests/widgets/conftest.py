"""The font that every widget is tested at: the design's own, whatever the platform has, and whatever was tested before."""

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from nnsim.app.theme import DESIGN_FONT_PX


@pytest.fixture(autouse=True)
def design_font(qapp: QApplication) -> None:
    """The application's font is 13 px high: 100 %."""
    font = QFont(qapp.font())
    font.setPixelSize(DESIGN_FONT_PX)
    if qapp.font() != font:
        qapp.setFont(font)
