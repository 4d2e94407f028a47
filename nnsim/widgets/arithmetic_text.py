"""The arithmetic of a moment as text to select from: as it is on show, with all digits, and as LaTeX.

It is apart because the panel paints, and painted text cannot be selected. It keeps what it was opened with, so that two moments can
be laid side by side. It refuses to word anything.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from nnsim.picture.caption import Caption
from nnsim.picture.caption_text import plain_text
from nnsim.picture.latex import paragraph
from nnsim.widgets.captions import scaled


class ArithmeticText(QDialog):
    """A window of its own, which goes when it is closed."""

    def __init__(self, caption: Caption, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arithmetic-text")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(caption.title)
        self.tabs = QTabWidget()
        for title, text in ((self.tr("Text"), f"{plain_text(caption)}\n\n{caption.sentence}"),
                            (self.tr("All digits"), plain_text(caption, exactly=True)), ("LaTeX", paragraph(caption))):
            page = QPlainTextEdit(text)
            page.setReadOnly(True)
            page.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
            page.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
            page.setAccessibleName(title)
            self.tabs.addTab(page, title)
        whole = QVBoxLayout(self)
        whole.addWidget(self.tabs)
        self.resize(scaled(640), scaled(420))
