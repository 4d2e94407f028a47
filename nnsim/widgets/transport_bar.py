"""The bar that time is driven from: play and step, what a step means, how fast, until when, and how good the network is.

It is apart because it folds itself by the room it has: segments become a list, readouts and the run-until menu go to an overflow
menu, captions go. Its buttons are the window's own actions. It refuses to play: it says what was chosen, and shows what it is told.
"""

import math
from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QIcon, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.picture import numbers
from nnsim.picture.palette import Theme
from nnsim.picture.time_picture import RunUntil
from nnsim.widgets.bar import Bar, scale_of, sized
from nnsim.widgets.grain_chooser import GrainChooser
from nnsim.widgets.readout import Readout
from nnsim.widgets.run_until_menu import RunUntilMenu
from nnsim.widgets.speed import SpeedChooser

FILE_ACTIONS = ("file-open", "file-save")
TIME_ACTIONS = ("time-rewind", "step-previous", "train-play", "step-next")
FOLDS = 5
"""How many ways of folding there are: 0 shows all, each further one hides more."""


class TransportBar(Bar):
    """Give it the window's actions by their ids; ``train-play`` is followed in its text and icon."""

    grain_chosen = Signal(object)
    """The ``Grain`` of a step."""
    speed_chosen = Signal(float)
    """Steps a second; infinity is as fast as possible."""
    run_until_chosen = Signal(object)
    """The ``RunUntil`` that ends playing."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport-bar")
        self.setAccessibleName(self.tr("Transport"))
        self._play = actions["train-play"]
        self._buttons = {name: self._button(actions[name]) for name in (*FILE_ACTIONS, *TIME_ACTIONS)}
        for name in FILE_ACTIONS:
            self._buttons[name].setProperty("look", "flat")
        play = self._buttons["train-play"]
        play.setProperty("look", "primary")
        play.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._grains, self._speeds = GrainChooser(), SpeedChooser()
        self._captions = QLabel(self.tr("Step by")), QLabel(self.tr("Speed"))
        self._separators = [QFrame() for _ in range(3)]
        self._until_menu = RunUntilMenu(self)
        self._until = QToolButton()
        self._until.setObjectName("run-until")
        self._until.setProperty("look", "field")
        self._until.setMenu(self._until_menu)
        self._until.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._until.setToolTip(self.tr("What ends a run by itself"))
        self._train, self._test, self._metric = Readout(), Readout(), Readout()
        self._more_menu = QMenu(self)
        self._more = QToolButton()
        self._more.setObjectName("overflow")
        self._more.setProperty("look", "flat")
        self._more.setText("»")
        self._more.setAccessibleName(self.tr("More"))
        self._more.setToolTip(self.tr("What has no room here"))
        self._more.setMenu(self._more_menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._fold = -1
        self._widths: tuple[int, ...] = ()
        self._lay_out()
        self._connect()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_theme(self.theme)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setObjectName(f"button-{action.objectName()}")
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        self._row = row
        buttons, separators = self._buttons, self._separators
        for group in ((buttons["file-open"], buttons["file-save"], separators[0]),
                      (*(buttons[name] for name in TIME_ACTIONS), separators[1]),
                      (self._captions[0], self._grains, separators[2]), (self._captions[1], self._speeds)):
            for widget in group:
                row.addWidget(widget, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        for widget in (self._until, self._train, self._test, self._metric, self._more):
            row.addWidget(widget, alignment=Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        self._grains.grain_chosen.connect(self.grain_chosen)
        self._speeds.speed_chosen.connect(self.speed_chosen)
        self._until_menu.run_until_chosen.connect(self._until_changed)
        self._more_menu.aboutToShow.connect(self._fill_more)
        self._play.changed.connect(self._follow_play)

    # shown

    def show_frame(self, frame: Frame) -> None:
        """Show how good the network is at a moment."""
        chosen = self._until_menu.choice
        self._until_menu.set_task(frame.dataset.task, frame.test is not None)
        self._name_until()
        if self._until_menu.choice != chosen:
            # what does not fit these data must not end a run in secret either
            self.run_until_chosen.emit(self._until_menu.choice)
        self._train.show_number(self.tr("train loss"), numbers.loss(frame.train.loss))
        tested = frame.test is not None
        score = frame.test or frame.train
        self._test.show_number(self.tr("test loss"), numbers.loss(score.loss) if tested else "–")
        self._test.setToolTip("" if tested else self.tr("no test rows"))
        if frame.dataset.task == "regression":
            name = self.tr("test R²") if tested else self.tr("train R²")
            self._metric.show_number(name, "–" if math.isnan(score.metric) else numbers.fixed(score.metric, 3, signed=False))
        else:
            name = self.tr("test accuracy") if tested else self.tr("train accuracy")
            self._metric.show_number(name, numbers.percent(score.metric))

    @property
    def run_until_choices(self) -> list[RunUntil]:
        """What may be chosen to end a run of the data on show."""
        return self._until_menu.choices

    def set_grain(self, grain: Grain) -> None:
        """Show what a step means, without a signal."""
        self._grains.set_grain(grain)

    def set_speed(self, speed: float) -> None:
        """Show how fast playing steps, without a signal: steps a second, infinity is as fast as possible."""
        self._speeds.set_speed(speed)

    def set_run_until(self, choice: RunUntil) -> None:
        """Show what ends a run, without a signal."""
        self._until_menu.set_choice(choice)
        self._name_until()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        self.theme = theme
        self.setStyleSheet(self._style())
        self._row.setContentsMargins(self.px(8), self.px(7), self.px(8), self.px(8))
        self._row.setSpacing(self.px(5))
        for readout in (self._train, self._test, self._metric):
            readout.setContentsMargins(self.px(4), 0, 0, 0)
        height = self.px(32)
        for name, button in self._buttons.items():
            button.setFixedSize(self.px(92 if name == "train-play" else 34 if name in FILE_ACTIONS else 36), height)
            button.setIconSize(QSize(self.px(20), self.px(20)))
        self._more.setFixedSize(self.px(30), height)
        for separator in self._separators:
            separator.setFixedSize(1, self.px(26))
            separator.setStyleSheet(f"background: {theme.line}; border: none;")
        for part in (self._grains, self._speeds):
            part.set_theme(theme)
        self._train.dress(theme, theme.loss, [self.tr("train loss")])
        self._test.dress(theme, theme.ink, [self.tr("test loss")])
        self._metric.dress(theme, theme.ink, [self.tr("train accuracy"), self.tr("test accuracy")])
        self.setFixedHeight(self.px(48))
        self._name_until(anew=True)
        self._follow_play()
        self._measure()
        self._fold_to_fit()
        self.update()

    # folding

    def _set_fold(self, fold: int) -> None:
        """0: everything; 1: grains as a list; 2: until and test in the overflow; 3: no captions; 4: no numbers at all."""
        self._grains.set_narrow(fold >= 1)
        for secondary in (self._until, self._test, self._metric):
            secondary.setVisible(fold < 2)
        self._more.setVisible(fold >= 2)
        for ornament in (*self._captions, *self._separators):
            ornament.setVisible(fold < 3)
        self._train.setVisible(fold < 4)
        self._fold = fold

    def _measure(self) -> None:
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()
        widths = []
        for fold in range(FOLDS):
            self._set_fold(fold)
            self._row.invalidate()
            widths.append(self._row.minimumSize().width())
        self._widths = tuple(widths)
        self._fold = -1

    def _fold_to_fit(self) -> None:
        fitting = [fold for fold, width in enumerate(self._widths) if width <= self.width()]
        fold = fitting[0] if fitting else FOLDS - 1
        if fold != self._fold:
            self._set_fold(fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_to_fit()

    def showEvent(self, event: QShowEvent) -> None:
        # the application's style sheet reaches the controls only now
        super().showEvent(event)
        self._measure()
        self._fold_to_fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widths[-1], self.px(48))

    def sizeHint(self) -> QSize:
        return QSize(self._widths[0], self.px(48))

    # inside

    def _fill_more(self) -> None:
        self._more_menu.clear()
        for readout in (self._train, self._test, self._metric):
            if readout.isHidden():
                self._more_menu.addAction(f"{readout.name.text()}  {readout.value.text()}").setEnabled(False)
        self._more_menu.addSeparator()
        self._more_menu.addMenu(self._until_menu)

    def _until_changed(self, choice: RunUntil) -> None:
        self._name_until()
        self.run_until_chosen.emit(choice)

    def _name_until(self, anew: bool = False) -> None:
        menu, metrics = self._until_menu, QFontMetrics(self._until.font())
        words = menu.words(menu.choice, short=True)
        if anew or words != self._until.text():
            widest = max(metrics.horizontalAdvance(text) for text in menu.longest_words())
            self._until.setFixedSize(widest + self.px(34), self.px(28))
            self._until.setText(words)

    def _follow_play(self) -> None:
        # the action's icon is drawn for menus; here it lies on the colour of what is chosen
        size, ratio = QSize(self.px(20), self.px(20)), self.devicePixelRatioF()
        pixmap = self._play.icon().pixmap(size, ratio)
        if not pixmap.isNull():
            with QPainter(pixmap) as painter:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
                painter.fillRect(QRect(0, 0, pixmap.width(), pixmap.height()), QColor(self.theme.on_selected))
        self._buttons["train-play"].setIcon(QIcon(pixmap))

    def _play_inset(self) -> int:
        """What puts icon and word in the middle of the Play button, without moving when the word becomes "Pause"."""
        metrics = QFontMetrics(sized(self, 13, bold=True))
        word = max(metrics.horizontalAdvance(text) for text in (self.tr("Play"), self.tr("Pause")))
        return max(0, (self.px(92) - self.px(20) - self.px(6) - word) // 2)

    def _style(self) -> str:
        theme, scale = self.theme, scale_of(self)
        return f"""
            QLabel {{ color: {theme.ink2}; }}
            QToolButton {{ background: {theme.control}; color: {theme.ink}; border: 1px solid {theme.line2}; border-radius: 5px; }}
            QToolButton:hover {{ border-color: {theme.ink}; }}
            QToolButton:pressed {{ background: {theme.line}; }}
            QToolButton:disabled {{ border-color: {theme.line}; color: {theme.ink3}; }}
            QToolButton[look="flat"] {{ background: transparent; border-color: transparent; padding: 0;
                                        font-size: {round(20 * scale)}px; }}
            QToolButton[look="flat"]:hover {{ background: {theme.line}; }}
            QToolButton[look="primary"] {{ background: {theme.selected}; color: {theme.on_selected};
                                           border-color: {theme.selected}; font-weight: bold;
                                           padding-left: {self._play_inset()}px; }}
            QToolButton[look="primary"]:disabled {{ background: {theme.line2}; border-color: {theme.line2}; }}
            QToolButton[look="field"] {{ text-align: left; padding-left: {round(9 * scale)}px; }}
            QToolButton::menu-indicator {{ subcontrol-position: right center; right: {round(7 * scale)}px; }}
            QToolButton[look="flat"]::menu-indicator {{ image: none; width: 0; }}"""
