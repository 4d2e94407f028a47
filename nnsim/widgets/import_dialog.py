"""The frame of a dialog in which the user sees how a file of their own is read before a network is trained on it.

Tables, pictures and texts share it: the name on top, what is wrong or under way below, and one large button that Enter presses. It
is apart from them because they differ only in what stands between. It refuses to read: it asks, and is shown what was read.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from nnsim.picture.palette import Theme
from nnsim.widgets.captions import Caption, ElidedCaption, Message, scaled

WIDE_PX, TALL_PX = 960, 640


class ImportDialog(QDialog):
    """``train_requested(plan)``: train on what is shown; ``reading_chosen(choices)``: read it again so; ``plan_changed(plan)``:
    say what this comes to. ``rejected`` is Qt's own.
    """

    train_requested = Signal(object)
    reading_chosen = Signal(object)
    plan_changed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Your own data"))
        self.name = Caption(name, 16, "ink", bold=True)
        self.summary = ElidedCaption("", 13, "ink2")
        self.message = Message()
        self.busy_line = Caption("", 12.5, "ink2")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.train_button = QPushButton(self.tr("Train on it"))
        self.body = QVBoxLayout()
        self._lay_out()
        self._was_at_button = True
        self.show_idle()
        self.train_button.setEnabled(False)

    @property
    def is_busy(self) -> bool:
        """Whether it is said that something is being read."""
        return not self.busy_line.isHidden()

    def show_busy(self, sentence: str, share: float | None = None) -> None:
        """Say what is being read, and how far that is, from 0 to 1; None: nobody knows."""
        self.busy_line.setText(sentence)
        self.progress.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.progress.setValue(round(1000 * share))
        for widget in (self.busy_line, self.progress):
            widget.show()
        self._disable()

    def show_idle(self) -> None:
        """Nothing is being read."""
        for widget in (self.busy_line, self.progress):
            widget.hide()

    def show_failure(self, sentence: str) -> None:
        """Say why there is nothing to train on as it is chosen."""
        self.show_idle()
        self.message.show_sentence(sentence)
        self._disable()

    def show_ready(self) -> None:
        """All is well: it can be trained on."""
        self.show_idle()
        self.message.show_sentence("")
        self.train_button.setEnabled(True)
        if self._was_at_button:
            self.train_button.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for caption in self.findChildren(Caption):
            caption.set_theme(theme)
        for message in self.findChildren(Message):
            message.set_theme(theme)

    def propose_size(self, wide_px: float, tall_px: float) -> None:
        """Be so large, in pixels of the design, but not larger than the window before which it stands."""
        size, parent = QSize(scaled(wide_px), scaled(tall_px)), self.parentWidget()
        self.resize(size.boundedTo(parent.size()) if parent is not None else size)

    def plan(self) -> object:
        """What is to be trained on, as it is chosen; the dialogs of a kind say it."""
        # Qt's classes cannot be abstract; a test sees that every kind has its own
        raise NotImplementedError

    def _disable(self) -> None:
        """A button that cannot be pressed hands the keyboard on: it gets it back, if nobody has taken it elsewhere."""
        if self.train_button.isEnabled():
            self._was_at_button = self.focusWidget() is self.train_button
        self.train_button.setEnabled(False)

    def _train(self) -> None:
        self.train_requested.emit(self.plan())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(scaled(12))
        head.addWidget(self.name)
        head.addWidget(self.summary, 1)
        foot = QHBoxLayout()
        foot.setSpacing(scaled(8))
        told = QVBoxLayout()
        told.setSpacing(scaled(4))
        told.addWidget(self.busy_line)
        told.addWidget(self.progress)
        foot.addLayout(told, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.train_button)
        self.train_button.setProperty("primary", True)
        self.train_button.setMinimumSize(scaled(150), scaled(36))
        self.train_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.setMinimumHeight(scaled(36))
        self.cancel_button.clicked.connect(self.reject)
        self.train_button.clicked.connect(self._train)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(scaled(16), scaled(14), scaled(16), scaled(14))
        whole.setSpacing(scaled(10))
        self.body.setSpacing(scaled(10))
        whole.addLayout(head)
        whole.addLayout(self.body, 1)
        whole.addWidget(self.message)
        whole.addLayout(foot)
        self.propose_size(WIDE_PX, TALL_PX)


def labelled(title: str, editor: QWidget, below: QWidget | None = None) -> QVBoxLayout:
    """An editor under its name, and perhaps a line under it."""
    label = Caption(title, 12, "ink2")
    label.setBuddy(editor)
    editor.setAccessibleName(title)
    column = QVBoxLayout()
    column.setSpacing(scaled(3))
    for widget in (label, editor, *((below,) if below is not None else ())):
        column.addWidget(widget)
    column.addStretch(1)
    return column


def in_a_row(columns: Sequence[QVBoxLayout]) -> QHBoxLayout:
    """Editors beside each other, of equal width."""
    row = QHBoxLayout()
    row.setSpacing(scaled(12))
    for column in columns:
        row.addLayout(column, 1)
    return row
