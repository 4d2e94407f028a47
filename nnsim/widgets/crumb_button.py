"""One crumb of the position bar, painted: plain words, or for the phase a chip in its colour with its icon.

It is apart because a crumb changes many times a second, and painting it is cheaper than any style sheet. It refuses to know
where it leads.
"""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.time_picture import Crumb
from nnsim.widgets.bar import scale_of, sized
from nnsim.widgets.icons import icon
from nnsim.widgets.jump_menu import PHASE_ICONS

TEXT_PX = 15


class CrumbButton(QToolButton):
    """One crumb: flat text, or for the phase a chip in the phase's colour with its icon."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = THEMES["light"]
        self.crumb: Crumb | None = None
        self.strong = False
        self._text = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_crumb(self, crumb: Crumb, short: bool, strong: bool) -> None:
        """Show a crumb; ``strong``: it is the last one."""
        text = crumb.short if short else crumb.text
        if (crumb, text, strong) != (self.crumb, self._text, self.strong):
            self.crumb, self._text, self.strong = crumb, text, strong
            self.setObjectName(f"crumb-{crumb.part}")
            self.setText(text)
            self.setAccessibleName(text)
            self.setToolTip(self.tr("Jump to another {part}").format(part=crumb.part))
            self.update()

    def wide(self, short: bool) -> int:
        """How wide the crumb is."""
        assert self.crumb is not None
        scale = scale_of(self)
        metrics = QFontMetrics(sized(self, TEXT_PX, self.strong or self.crumb.part == "phase"))
        text = metrics.horizontalAdvance(self.crumb.short if short else self.crumb.text)
        icon_room = 20 if self.crumb.part == "phase" and self.crumb.number else 0
        return round(text + ((24 if self.crumb.part == "phase" else 8) + icon_room) * scale) + 1

    def sizeHint(self) -> QSize:
        if self.crumb is None:
            return QSize(0, 0)
        return QSize(self.wide(self._text != self.crumb.text), round(28 * scale_of(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.crumb is None:
            return
        theme, scale, area = self.theme, scale_of(self), QRectF(self.rect())
        chip = self.crumb.part == "phase"
        hovered = self.underMouse() or self.isDown()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setFont(sized(self, TEXT_PX, self.strong or chip))
            if not chip:
                if hovered:
                    painter.setBrush(QColor(theme.line))
                    painter.drawRoundedRect(area, 4 * scale, 4 * scale)
                painter.setPen(QColor(theme.ink))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._text)
                return
            painter.setBrush(QColor(theme.phase(self.crumb.text)))
            painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
            if self.crumb.number:
                side = round(16 * scale)
                drawn = icon(PHASE_ICONS[self.crumb.text], theme.base).pixmap(QSize(side, side), self.devicePixelRatioF())
                painter.drawPixmap(QPoint(round(10 * scale), (self.height() - side) // 2), drawn)
                area.setLeft(area.left() + 24 * scale)
            painter.setPen(QColor(theme.base))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._text)
