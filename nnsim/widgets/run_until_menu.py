"""The menu of what may end a run by itself: some epochs, a loss, an accuracy or R².

It is apart because its choices follow the task of the data, and because both a button and an overflow menu open it. It refuses
to stop anything: it only says what was chosen.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from nnsim.core.losses import Task
from nnsim.picture import numbers
from nnsim.picture.time_picture import RunUntil

EPOCHS = (1, 10, 100)
ACCURACIES = (0.9, 0.95, 0.98, 1.0)
DETERMINATIONS = (0.8, 0.9, 0.95, 0.99)
LOSSES: dict[Task, tuple[float, ...]] = {
    "regression": (0.1, 0.01, 0.001, 0.0001),
    "binary": (0.1, 0.05, 0.02, 0.01),
    "classes": (0.5, 0.2, 0.1, 0.05),
}


class RunUntilMenu(QMenu):
    """One checked choice."""

    run_until_chosen = Signal(object)
    """The ``RunUntil`` that was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Run until"))
        self._task: Task | None = None
        self._has_test = True
        self._choice = RunUntil()
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._choose)
        self.set_task("binary")

    @property
    def choice(self) -> RunUntil:
        """What is chosen."""
        return self._choice

    @property
    def choices(self) -> list[RunUntil]:
        """What is offered."""
        return [action.data() for action in self._group.actions()]

    def set_task(self, task: Task, has_test: bool = True) -> None:
        """Offer what fits a task; without test rows it is the training rows' loss that counts.

        A choice that does not fit any more becomes "never", without a signal.
        """
        if (task, has_test) == (self._task, self._has_test):
            return
        self._task, self._has_test = task, has_test
        self.clear()
        for action in self._group.actions():
            self._group.removeAction(action)
        self._offer(RunUntil())
        self.addSeparator()
        metrics = DETERMINATIONS if task == "regression" else ACCURACIES
        for choices in ([RunUntil("epochs", count) for count in EPOCHS], [RunUntil("metric", value) for value in metrics],
                        [RunUntil("loss", value) for value in LOSSES[task]]):
            for choice in choices:
                self._offer(choice)
            self.addSeparator()
        self.set_choice(self._choice if self._choice in self.choices else RunUntil())

    def set_choice(self, choice: RunUntil) -> None:
        """Show a choice as made, without a signal."""
        self._choice = choice
        for action in self._group.actions():
            action.setChecked(action.data() == choice)

    def words(self, choice: RunUntil, short: bool = False) -> str:
        """A choice in words."""
        if choice.kind == "never":
            return self.tr("Run until…") if short else self.tr("never: until I pause")
        if choice.kind == "epochs":
            return self.tr("next epoch") if choice.value == 1 else numbers.count(round(choice.value), "epoch")
        if choice.kind == "loss":
            pattern = self.tr("test loss ≤ {value}") if self._has_test else self.tr("train loss ≤ {value}")
            return pattern.format(value=numbers.significant(choice.value, 1, signed=False))
        if self._task == "regression":
            return self.tr("R² ≥ {value}").format(value=numbers.fixed(choice.value, 2, signed=False))
        pattern = self.tr("acc. ≥ {value}") if short else self.tr("accuracy ≥ {value}")
        return pattern.format(value=numbers.percent(choice.value))

    def longest_words(self) -> list[str]:
        """Everything that may stand on a button for this menu."""
        return [self.words(choice, short=True) for choice in self.choices]

    def _offer(self, choice: RunUntil) -> None:
        action = self.addAction(self.words(choice))
        action.setCheckable(True)
        action.setData(choice)
        self._group.addAction(action)

    def _choose(self, action: QAction) -> None:
        self.set_choice(action.data())
        self.run_until_chosen.emit(self._choice)
