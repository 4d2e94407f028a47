"""What every test of a widget stands on: the design's own font, whatever the platform has and whatever was tested before."""

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def design_font(qapp: QApplication) -> None:
    """The application's font is 13 px high, 100 % of the design."""
    font = QFont(qapp.font())
    font.setPixelSize(13)
    if qapp.font() != font:
        qapp.setFont(font)
