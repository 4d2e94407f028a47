"""Where the cursor stands in time, drawn: above the batch it is in, below the whole history. Both are to be clicked on.

It is apart because it decides how much of the batch there is room for, and holds the two rows' names and the bookmark button. It
refuses to go anywhere, and to keep bookmarks.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMainWindow, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.picture import numbers
from nnsim.picture.palette import Theme
from nnsim.widgets.bar import Bar, sized
from nnsim.widgets.batch_row import BatchRow
from nnsim.widgets.icons import icon
from nnsim.widgets.time_slider import TimeSlider

LEAST_WIDTH_PX, LEAST_WINDOW_HEIGHT_PX = 1100, 760
"""Below these the batch is a ribbon."""


class _RowName(QWidget):
    """A bold name, and under it a small word on where."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title, self.place = QLabel(title), QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.place)


class TimeDock(Bar):
    """The two rows."""

    edges = (Qt.Edge.TopEdge,)

    moment_chosen = Signal(object)
    """The ``Moment`` to go to."""
    bookmark_requested = Signal()
    renaming_requested = Signal(object)
    """The ``Moment`` whose flag shall have another name."""
    removal_requested = Signal(object)
    """The ``Moment`` whose flag shall go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("time-dock")
        self.setAccessibleName(self.tr("Time"))
        self.batch_row, self.slider = BatchRow(), TimeSlider()
        self._batch_name, self._all_name = _RowName(self.tr("This batch")), _RowName(self.tr("All time"))
        self._flag = QToolButton()
        self._flag.setObjectName("bookmark")
        self._flag.setToolTip(self.tr("Bookmark this moment"))
        self._flag.setAccessibleName(self._flag.toolTip())
        self._flag.clicked.connect(self.bookmark_requested)
        self._grid = QGridLayout(self)
        self._grid.addWidget(self._batch_name, 0, 0, Qt.AlignmentFlag.AlignBottom)
        self._grid.addWidget(self.batch_row, 0, 1, 1, 2)
        self._grid.addWidget(self._all_name, 1, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(self.slider, 1, 1)
        self._grid.addWidget(self._flag, 1, 2, Qt.AlignmentFlag.AlignVCenter)
        self.batch_row.moment_chosen.connect(self.moment_chosen)
        self.slider.moment_chosen.connect(self.moment_chosen)
        self.slider.flag_menu_requested.connect(self._open_flag_menu)
        self._flag_menu = QMenu(self)
        self._flag_menu.setObjectName("flag-menu")
        self._flag_menu.addAction(self.tr("Rename…")).triggered.connect(self._rename_flag)
        self._flag_menu.addAction(self.tr("Remove")).triggered.connect(self._remove_flag)
        self._menu_moment = START
        self._watched: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_theme(self.theme)

    def show_frame(self, frame: Frame, grain: Grain) -> None:
        """Show where a frame stands, the batch as finely as ``grain`` steps."""
        self.batch_row.show_frame(frame, grain)
        self.slider.show_frame(frame)
        place = self.tr("{batch} of {batches}").format(batch=numbers.whole(frame.batch + 1), batches=numbers.whole(frame.batches))
        self._batch_name.place.setText(place)
        self._all_name.place.setText(numbers.count(frame.extent[1], "epoch"))

    def show_bookmarks(self, bookmarks: tuple[tuple[Moment, str], ...]) -> None:
        """Show flags with names on the history."""
        self.slider.show_bookmarks(bookmarks)

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        self.theme = theme
        self._grid.setContentsMargins(self.px(14), self.px(4), self.px(14), self.px(4))
        self._grid.setHorizontalSpacing(self.px(6))
        self._grid.setVerticalSpacing(self.px(2))
        for name in (self._batch_name, self._all_name):
            name.setFixedWidth(self.px(88))
            name.title.setFont(sized(self, 13, bold=True))
            name.place.setFont(sized(self, 11))
            name.place.setStyleSheet(f"color: {theme.ink3};")
        self.batch_row.set_theme(theme)
        self.slider.set_theme(theme)
        self._flag.setFixedSize(self.px(36), self.px(32))
        self._flag.setIconSize(QSize(self.px(18), self.px(18)))
        self._flag.setIcon(icon("flag", theme.ink))
        self.setStyleSheet(f"""
            QLabel {{ color: {theme.ink}; }}
            QToolButton {{ background: {theme.control}; border: 1px solid {theme.line2}; border-radius: 5px; }}
            QToolButton:hover {{ border-color: {theme.ink}; }}
            QToolButton:pressed {{ background: {theme.line}; }}""")
        self._fit()
        self.update()

    @Slot(object, object)
    def _open_flag_menu(self, moment: Moment, point: QPoint) -> None:
        self._menu_moment = moment
        self._flag_menu.popup(point)

    @Slot()
    def _rename_flag(self) -> None:
        self.renaming_requested.emit(self._menu_moment)

    @Slot()
    def _remove_flag(self) -> None:
        self.removal_requested.emit(self._menu_moment)

    # folding

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        window = self.window()
        if window is not self._watched:
            if self._watched is not None:
                self._watched.removeEventFilter(self)
            self._watched = window
            window.installEventFilter(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._watched:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        window = self.window()
        # a floating dock is a window of its own, and as high as it needs to be
        low = isinstance(window, QMainWindow) and window.height() < self.px(LEAST_WINDOW_HEIGHT_PX)
        ribbon = low or self.width() < self.px(LEAST_WIDTH_PX)
        self.batch_row.set_ribbon(ribbon)
        self._batch_name.setVisible(not ribbon)
