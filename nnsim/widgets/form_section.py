"""A group of the experiment form: a head that says what an edit costs, the settings in sight, and those folded away.

It is apart from the form because all groups are alike. It refuses to know what its fields mean.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nnsim.picture.palette import Theme
from nnsim.widgets.captions import Caption, ElidedCaption, scaled
from nnsim.widgets.fields import Field
from nnsim.widgets.icons import icon


class FormSection(QWidget):
    """``body`` holds what is in sight; ``add_field`` puts a field there or into the fold, as its row says.

    A section without a title has no head: its ``fold`` button is for its owner to place.
    """

    def __init__(self, title: str, new_run: bool) -> None:
        super().__init__()
        self._icon_name = "new-run" if new_run else "branch"
        self._theme: Theme | None = None
        self._unfolded = False
        self.title = Caption(title, 13, "ink", bold=True)
        self.cost_icon = QLabel()
        self.cost = ElidedCaption(self.tr("starts a new run") if new_run else self.tr("branches this run"), 11.5, "ink2")
        self.fold = QToolButton()
        self.fold.setAutoRaise(True)
        self.fold.setAccessibleName(self.tr("More settings: {0}").format(title))
        self.fold.clicked.connect(self._flip)
        self.unusual = ElidedCaption("", 11.5, "ink2")
        self.body, self.folded = QVBoxLayout(), QWidget()
        self._folded_layout = QVBoxLayout(self.folded)
        self._fields: list[Field] = []
        self._lay_out(bool(title))
        self.unfold(False)

    def add_field(self, field: Field) -> None:
        """Add a field in sight or folded away, as its row says."""
        (self.body if field.row.common else self._folded_layout).addWidget(field)
        self._fields.append(field)
        for common in (True, False):
            align([each for each in self._fields if each.row.common == common])

    def show_unusual(self, text: str) -> None:
        """Say what in the fold is not as usual."""
        self.unusual.setText(text)
        self.unusual.setToolTip(text)
        self.unusual.setVisible(bool(text) and not self._unfolded)

    def put_unusual_beside(self, line: QHBoxLayout) -> None:
        """Say it at the end of a line of the section, for want of height, instead of below."""
        line.addWidget(self.unusual, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for caption in (self.title, self.cost, self.unusual):
            caption.set_theme(theme)
        for field in self._fields:
            field.set_theme(theme)
        self.cost_icon.setPixmap(icon(self._icon_name, theme.ink3).pixmap(scaled(14), scaled(14)))
        self._draw_fold()

    def unfold(self, unfolded: bool) -> None:
        """Show or hide the settings that are folded away."""
        self._unfolded = unfolded
        self.folded.setVisible(unfolded)
        self.fold.setToolTip(self.tr("Fewer settings") if unfolded else self.tr("More settings"))
        self.show_unusual(self.unusual.text())
        self._draw_fold()

    def _flip(self) -> None:
        self.unfold(not self._unfolded)

    def _draw_fold(self) -> None:
        if self._theme is not None:
            self.fold.setIcon(icon("chevron-up" if self._unfolded else "chevron-down", self._theme.ink2))

    def _lay_out(self, has_head: bool) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(scaled(12), scaled(4), scaled(12), scaled(6))
        whole.setSpacing(scaled(4))
        for layout in (self.body, self._folded_layout):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(scaled(4))
        if has_head:
            head = QHBoxLayout()
            head.setSpacing(scaled(6))
            head.addWidget(self.title)
            head.addStretch(1)
            head.addWidget(self.cost_icon)
            head.addWidget(self.cost)
            head.addWidget(self.fold)
            whole.addLayout(head)
        else:
            for unseen in (self.title, self.cost_icon, self.cost):
                unseen.setParent(self)
                unseen.hide()
        whole.addLayout(self.body)
        whole.addWidget(self.unusual)
        whole.addWidget(self.folded)


def align(fields: Iterable[Field]) -> None:
    """Give fields below one another labels of one width, so that their editors stand in one column."""
    fields = list(fields)
    widest = max((QFontMetrics(field.label.font()).horizontalAdvance(field.label.text()) for field in fields), default=0)
    for field in fields:
        field.label.setMinimumWidth(widest + scaled(4))
        field.label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
