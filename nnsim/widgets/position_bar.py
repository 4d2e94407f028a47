"""The window's headline: where in time the cursor stands, as a row of crumbs, each of which opens a jump menu.

It is apart because it answers "where am I?" at one glance, in words and in the phase's colour, and because it shortens itself
where it has no room. It refuses to go anywhere: a jump is a signal.
"""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.picture import numbers
from nnsim.picture.palette import Theme
from nnsim.picture.time_picture import Crumb, Part, crumbs, jump
from nnsim.widgets.bar import Bar, sized
from nnsim.widgets.crumb_button import TEXT_PX, CrumbButton
from nnsim.widgets.jump_menu import JumpMenu

MOST_CRUMBS = 7
GAP_PX = 6


class PositionBar(Bar):
    """Crumbs on the left, and while playing fast what is drawn of it on the right."""

    moment_chosen = Signal(object)
    """The ``Moment`` a jump leads to."""
    probe_left = Signal()
    """The probe shall be taken away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("position-bar")
        self.setAccessibleName(self.tr("Position"))
        self._frame: Frame | None = None
        self._grain = Grain.BATCH
        self._crumbs: tuple[Crumb, ...] = ()
        self._hidden = QToolButton(self)
        self._hidden.setObjectName("crumb-hidden")
        self._hidden.setText("…")
        self._hidden.setToolTip(self.tr("The way to here"))
        self._hidden.setAccessibleName(self._hidden.toolTip())
        self._hidden.clicked.connect(self._open_hidden)
        self._arrows = [QLabel("›", self) for _ in range(MOST_CRUMBS)]
        self._buttons = [CrumbButton(self) for _ in range(MOST_CRUMBS)]
        for button in self._buttons:
            button.clicked.connect(self._open_menu)
        self._rate = QLabel(self)
        self._rate.setObjectName("drawn-rate")
        self._probe = QToolButton(self)
        self._probe.setObjectName("probe-on-show")
        self._probe.setToolTip(self.tr("Diagram and equations show the probe; click to follow training again"))
        self._probe.clicked.connect(self.probe_left)
        for widget in (self._hidden, self._rate, self._probe, *self._arrows, *self._buttons):
            widget.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_theme(self.theme)

    @property
    def words(self) -> str:
        """The position as one line, as it stands on the screen."""
        return " › ".join(button.text() for button in self._buttons if not button.isHidden())

    @property
    def rate_words(self) -> str:
        """What is said about the drawing; empty while nothing is left out."""
        return "" if self._rate.isHidden() else self._rate.text()

    def show_frame(self, frame: Frame, grain: Grain) -> None:
        """Show where a frame stands, as finely as ``grain`` steps."""
        self._frame, self._grain = frame, grain
        found = crumbs(frame, grain)
        if found != self._crumbs:
            self._crumbs = found
            self._arrange()
        probe = frame.probed.probe if frame.probed is not None else None
        name = "" if probe is None else self.tr("Probe: {0}  ×").format(probe.name(frame.dataset))
        if name != self._probe.text():
            self._probe.setText(name)
            self._probe.setAccessibleName(name.removesuffix("  ×"))
            self._probe.setVisible(bool(name))
            self._arrange()

    def show_rate(self, drawn: float, computed: float) -> None:
        """Say how many batches a second are drawn of those computed; nothing while all are drawn, or for 0."""
        told = round(computed) > round(drawn) > 0
        pattern = self.tr("drawing {drawn} of {batches} a second")
        words = pattern.format(drawn=round(drawn), batches=numbers.count(_rounded(computed), "batch", "batches"))
        if told != (not self._rate.isHidden()) or (told and words != self._rate.text()):
            self._rate.setText(words)
            self._rate.setVisible(told)
            self._arrange()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        self.theme = theme
        self.setFixedHeight(self.px(40))
        self._rate.setFont(sized(self, 12.5))
        self._probe.setFont(sized(self, 13, True))
        for widget in (self._hidden, *self._arrows):
            widget.setFont(sized(self, TEXT_PX))
        self.setStyleSheet(f"""
            QLabel {{ color: {theme.ink3}; }}
            QLabel#drawn-rate {{ color: {theme.ink2}; }}
            QToolButton#crumb-hidden {{ border: none; border-radius: {self.px(4)}px; background: transparent; color: {theme.ink}; }}
            QToolButton#probe-on-show {{ border: {self.px(2)}px solid {theme.ink2}; border-radius: {self.px(5)}px;
                                         padding: 0 {self.px(8)}px; background: {theme.control}; color: {theme.ink}; }}
            QToolButton#crumb-hidden:hover {{ background: {theme.line}; }}""")
        for button in self._buttons:
            button.theme = theme
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.px(200), self.px(40))

    # inside

    def _arrange(self) -> None:
        """Put the crumbs in a row: shortened, then without the first ones, where there is no room."""
        left, right, gap = self.px(12), self.width() - self.px(16), self.px(GAP_PX)
        for widget in (self._probe, self._rate):
            if not widget.isHidden():
                size = widget.sizeHint()
                widget.setGeometry(right - size.width(), (self.height() - size.height()) // 2, size.width(), size.height())
                right -= size.width() + self.px(16)
        last = len(self._crumbs) - 1
        used = self._buttons[: last + 1]
        for place, (button, crumb) in enumerate(zip(used, self._crumbs, strict=True)):
            button.show_crumb(crumb, False, place == last)
        arrow = self._arrows[0].sizeHint().width() + 2 * gap
        short = self._room(used, False, arrow) > right - left
        hidden = 0
        while short and hidden < last and self._room(used[hidden:], True, arrow) + (hidden > 0) * self.px(40) > right - left:
            hidden += 1
        self._place(used, hidden, short, left)
        for unused in (*self._buttons[last + 1 :], *self._arrows[max(last, 0) :]):
            unused.hide()

    @staticmethod
    def _room(buttons: list[CrumbButton], short: bool, arrow: int) -> int:
        return sum(button.wide(short) + arrow for button in buttons) - arrow

    def _place(self, used: list[CrumbButton], hidden: int, short: bool, x: int) -> None:
        gap, height = self.px(GAP_PX), self.px(28)
        top = (self.height() - height) // 2
        self._hidden.setVisible(hidden > 0)
        if hidden:
            self._hidden.setGeometry(x, top, self.px(28), height)
            x += self.px(28) + gap
        for place, button in enumerate(used):
            button.setVisible(place >= hidden)
            if place >= hidden:
                button.show_crumb(self._crumbs[place], short, place == len(used) - 1)
                button.setGeometry(x, top, button.wide(short), height)
                x += button.width() + gap
            if place < len(used) - 1:
                arrow = self._arrows[place]
                arrow.setVisible(place >= hidden)
                if place >= hidden:
                    arrow.setGeometry(x, top, arrow.sizeHint().width(), height)
                    x += arrow.width() + gap

    def _open_menu(self) -> None:
        button = self.sender()
        if isinstance(button, CrumbButton) and button.crumb is not None:
            self._open(button.crumb, button)

    def _open_hidden(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self._buttons[: len(self._crumbs)]:
            if button.isHidden() and button.crumb is not None:
                part = JumpMenu(button.crumb, self.theme, menu)
                part.setTitle(button.crumb.text)
                part.number_chosen.connect(self._jump)
                menu.addMenu(part)
        menu.popup(self._hidden.mapToGlobal(QPoint(0, self._hidden.height())))

    def _open(self, crumb: Crumb, below: QWidget) -> None:
        menu = JumpMenu(crumb, self.theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.number_chosen.connect(self._jump)
        menu.popup(below.mapToGlobal(QPoint(0, below.height())))

    def _jump(self, part: Part, number: int) -> None:
        # playing may have gone on while the menu was open: the jump starts from the frame on show
        if self._frame is not None and any(crumb.part == part for crumb in crumbs(self._frame, Grain.TERM)):
            self.moment_chosen.emit(jump(self._frame, part, number, self._grain))


def _rounded(rate: float) -> int:
    """Two digits, so that the words do not flicker: 1,913 becomes 1,900."""
    whole = round(rate)
    return round(whole, 2 - len(str(whole)))
