"""The Help menu: every shortcut, where the log is, what this is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QMessageBox, QTableWidget, QTableWidgetItem, QVBoxLayout

import nnsim
from nnsim.app.actions import ROWS
from nnsim.app.crash import diagnostics, log_folder

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow


class HelpCommands(QObject):
    """What the Help menu does, for one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def show_shortcuts(self) -> None:
        """Every action that has a key, in a table."""
        dialog = QDialog(self._window)
        dialog.setObjectName("shortcuts")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Shortcuts"))
        rows = [row for row in ROWS if row.keys]
        table = QTableWidget(len(rows), 3)
        table.setHorizontalHeaderLabels([self.tr("Key"), self.tr("Action"), self.tr("What it does")])
        table.verticalHeader().hide()
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        for line, row in enumerate(rows):
            action = self._window.actions_by_id[row.id]
            keys = "   ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
            for column, text in enumerate((keys, action.text(), action.statusTip())):
                table.setItem(line, column, QTableWidgetItem(text))
        table.resizeColumnsToContents()
        table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(dialog.reject)
        column_layout = QVBoxLayout(dialog)
        column_layout.addWidget(table)
        column_layout.addWidget(buttons)
        dialog.resize(720, 560)
        dialog.open()

    def show_log_place(self) -> None:
        """Where the log is, to be copied into a report."""
        self._inform(self.tr("The log is kept in {0}").format(log_folder()), diagnostics())

    def show_about(self) -> None:
        """What nnsim is."""
        self._inform(f"nnsim {nnsim.__version__}",
                     self.tr("See every number a neural network computes, and every step it takes.") + f"\n\n{diagnostics()}")

    def _inform(self, text: str, more: str) -> None:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("nnsim")
        box.setText(text)
        box.setInformativeText(more)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.open()
