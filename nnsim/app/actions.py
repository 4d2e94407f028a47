"""Everything the user can do, as rows of one table. Menus, shortcuts, tooltips and the README's table come from it.

A row names the method of the window that does it. It refuses to do anything itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from nnsim.engine.marks import Grain
from nnsim.picture.palette import Theme
from nnsim.widgets.equation_view import DIGITS
from nnsim.widgets.icons import icon


@dataclass(frozen=True)
class Row:
    """One action: its id, title, menu, keys, and the window's method with what it is given."""

    id: str
    title: str
    menu: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    icon: str = ""
    method: str = ""
    given: tuple[object, ...] = ()
    checkable: bool = False
    group: str = ""
    """Of the checkable rows of one group, one is on."""
    separated: bool = False
    """Whether a line stands above it in its menu."""
    submenu: str = ""


def _steps() -> Iterator[Row]:
    keys = {Grain.EPOCH: ("Shift+Right", "Shift+Left"), Grain.BATCH: ("Ctrl+Right", "Ctrl+Left")}
    for grain in Grain:
        name = grain.name.lower()
        forth, back = keys.get(grain, ("", ""))
        yield Row(f"step-next-{name}", f"Next {name}", "Train", (forth,) if forth else (), f"One {name} on.", "",
                  "travel.step", (grain, 1), submenu="Step by")
        yield Row(f"step-previous-{name}", f"Previous {name}", "Train", (back,) if back else (), f"One {name} back.", "",
                  "travel.step", (grain, -1), submenu="Step by")


def _digits() -> Iterator[Row]:
    for digits in DIGITS:
        many = "all" if digits is None else str(digits)
        yield Row(f"view-digits-{many}", many.capitalize(), "View", (), f"Write {many} digits in equations and matrices.", "",
                  "appearance.choose_digits", (digits,), True, "digits", submenu="Digits")


ROWS: tuple[Row, ...] = (
    Row("file-new", "New", "File", ("Ctrl+N",), "Begin with a small network on the ring.", "plus", "files.new"),
    Row("file-open", "Open…", "File", ("Ctrl+O",), "Open a snapshot, a table, a text or an experiment.", "open",
        "files.choose_and_open"),
    Row("file-open-folder", "Open a folder of pictures…", "File", (), "A folder with one folder of pictures a class.", "folder",
        "importing.choose_folder"),
    Row("file-save", "Save", "File", ("Ctrl+S",), "Save everything at this very moment.", "save", "files.save", separated=True),
    Row("file-save-as", "Save as…", "File", ("Ctrl+Shift+S",), "Save under another name.", "", "files.save_as"),
    Row("file-keep-data", "Keep the data inside the snapshot", "File", (), "Off: a snapshot names the file of your own data.", "",
        "data_keeping.choose", (), True),
    Row("file-save-picture", "Save the diagram as a picture…", "File", ("Ctrl+E",), "A PNG of the diagram, twice the size.", "",
        "files.save_picture", separated=True),
    Row("file-save-steps", "Save the steps of this batch…", "File", (), "A worksheet (PDF, LaTeX) or a table (CSV, JSON).", "",
        "worksheets.choose"),
    Row("file-quit", "Quit", "File", ("Ctrl+Q",), "Close the window.", "", "close", separated=True),
    Row("edit-undo", "Undo", "Edit", ("Ctrl+Z",), "Take the last edit back.", "", "editing.undo"),
    Row("edit-redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "Make the edit again.", "", "editing.redo"),
    Row("edit-paste-data", "Paste data", "Edit", ("Ctrl+V",), "A table from a spreadsheet, or a copied file.", "",
        "importing.paste", separated=True),
    Row("edit-copy-diagram", "Copy the diagram", "Edit", ("Ctrl+Shift+C",), "The diagram, as a picture.", "copy",
        "files.copy_diagram", separated=True),
    Row("view-theme-system", "Like the system", "View", (), "Light or dark, as the desktop asks.", "", "appearance.choose_theme",
        ("system",), True, "theme", submenu="Theme"),
    Row("view-theme-light", "Light", "View", (), "", "", "appearance.choose_theme", ("light",), True, "theme", submenu="Theme"),
    Row("view-theme-dark", "Dark", "View", (), "", "", "appearance.choose_theme", ("dark",), True, "theme", submenu="Theme"),
    Row("view-theme-high-contrast", "High contrast", "View", (), "", "", "appearance.choose_theme", ("high-contrast",), True,
        "theme", submenu="Theme"),
    Row("view-larger-text", "Larger text", "View", (), "All text a quarter larger.", "", "appearance.show_larger_text", (), True),
    Row("view-labels-all", "Label all edges", "View", ("L",), "Numbers on every edge where there are 40 or fewer.", "",
        "pointing.label_all_edges", (), True),
    Row("view-equations", "Equation", "View", ("Alt+1",), "The arithmetic of what is at work, below the diagram.", "",
        "pointing.show_lower", ("equations",), separated=True),
    Row("view-matrices", "Matrices", "View", ("Alt+2",), "The whole layer as matrices, a column for every sample.", "",
        "pointing.show_lower", ("matrices",)),
    Row("view-protocol", "Steps", "View", ("Alt+3",), "The steps of this batch as a table, and breakpoints.", "",
        "pointing.show_lower", ("protocol",)),
    *_digits(),
    Row("view-decimal-comma", "Decimal comma", "View", (), "Write numbers as 0,5 instead of 0.5.", "",
        "appearance.write_decimal_comma", (), True),
    Row("view-next-sample", "Look at the next row", "View", ("Ctrl+Down",), "Show the next row of the data as the probe.", "",
        "probing.move", (1,), separated=True),
    Row("view-previous-sample", "Look at the previous row", "View", ("Ctrl+Up",), "Show the row before as the probe.", "",
        "probing.move", (-1,)),
    Row("view-follow-training", "Follow training again", "View", ("Ctrl+0",), "Take the probe away.", "", "probing.leave"),
    Row("view-fit", "Fit the diagram", "View", ("F", "0"), "The whole diagram.", "fit", "display.network.fit", separated=True),
    Row("view-zoom-in", "Zoom in", "View", ("+", "="), "", "zoom-in", "display.network.zoom_in"),
    Row("view-zoom-out", "Zoom out", "View", ("-",), "", "zoom-out", "display.network.zoom_out"),
    Row("view-full-screen", "Full screen", "View", ("F11",), "Once more for the projector: diagram and equations only.", "",
        "appearance.cycle_full_screen", separated=True),
    Row("view-reset-layout", "Reset layout", "View", (), "All panels back to their places.", "", "appearance.reset_layout"),
    Row("network-new-seed", "New random weights", "Network", ("Shift+R",), "Another seed, a new run.", "dice", "editing.new_seed"),
    Row("network-set-weight", "Set the selected weight…", "Network", ("W",), "Type a value for the selected edge.", "",
        "editing.set_selected_weight"),
    Row("network-cut", "Cut or join the selected edge", "Network", ("X",), "A cut weight is 0 and stays 0.", "",
        "editing.cut_selected"),
    Row("network-freeze", "Freeze or free the selected neuron", "Network", ("Z",), "It keeps its weights and bias.", "",
        "editing.freeze_selected"),
    Row("network-check-gradients", "Check all gradients", "Network", ("G",), "Measure this batch's gradients another way.", "",
        "studies.check_gradients", separated=True),
    Row("train-play", "Play", "Train", ("Space",), "Go on by itself, or pause.", "play", "playing.toggle"),
    Row("step-next", "Step", "Train", ("Right", "N"), "One stop of the chosen grain on.", "next", "travel.step_chosen", (1,)),
    Row("step-previous", "Step back", "Train", ("Left",), "One stop of the chosen grain back.", "previous",
        "travel.step_chosen", (-1,)),
    *_steps(),
    Row("train-finer", "Finer steps", "Train", (",",), "The next finer grain.", "", "playing.change_grain", (-1,), separated=True),
    Row("train-coarser", "Coarser steps", "Train", (".",), "The next coarser grain.", "", "playing.change_grain", (1,)),
    Row("train-slower", "Slower", "Train", ("[",), "", "", "playing.change_speed", (-1,)),
    Row("train-faster", "Faster", "Train", ("]",), "", "", "playing.change_speed", (1,)),
    Row("time-rewind", "Rewind", "Time", ("R", "Home"), "Back to the very same first weights.", "rewind", "travel.rewind"),
    Row("time-furthest", "Go to the furthest", "Time", ("End",), "The last moment that was computed.", "", "travel.go_to_furthest"),
    Row("time-bookmark", "Bookmark this moment", "Time", ("B",), "A flag to come back to.", "flag", "travel.bookmark",
        separated=True),
    Row("help-shortcuts", "Shortcuts", "Help", ("?", "F1"), "Every key there is.", "", "help.show_shortcuts"),
    Row("help-log", "Where the log is", "Help", (), "For a report of an error.", "", "help.show_log_place"),
    Row("help-about", "About nnsim", "Help", (), "", "", "help.show_about", separated=True),
)
MENUS = {
    "File": "&File", "Edit": "&Edit", "View": "&View", "Network": "&Network", "Train": "&Train", "Time": "T&ime", "Help": "&Help"}
"""The menus by title, each with the letter that opens it together with Alt."""


def make_actions(window: QWidget) -> dict[str, QAction]:
    """A QAction for every row, connected to the window's methods."""
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for row in ROWS:
        action = QAction(_tr(row.title), window)
        action.setObjectName(row.id)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        keys = f" ({QKeySequence(row.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)})" if row.keys else ""
        action.setToolTip(f"{_tr(row.tip or row.title)}{keys}")
        action.setStatusTip(_tr(row.tip or row.title))
        action.setCheckable(row.checkable)
        if row.group:
            groups.setdefault(row.group, QActionGroup(window)).addAction(action)
        action.triggered.connect(Call(window, row, action))
        window.addAction(action)
        actions[row.id] = action
    return actions


class Call:
    """A row's method of the window, looked up when called, with what the row gives it.

    A checkable row without a group is given its state instead.
    """

    def __init__(self, window: QWidget, row: Row, action: QAction) -> None:
        self._window, self._row, self._action = window, row, action

    def __call__(self) -> None:
        method = attrgetter(self._row.method)(self._window)
        # the signal hands its argument to functions only, so the action is asked
        method(*((self._action.isChecked(),) if self._row.checkable and not self._row.group else self._row.given))


def fill_menus(bar: QMenuBar, actions: dict[str, QAction]) -> dict[str, QMenu]:
    """The menus, by title; submenus by "Menu/Submenu"."""
    menus: dict[str, QMenu] = {}
    for title, with_letter in MENUS.items():
        menus[title] = bar.addMenu(_tr(with_letter))
    QShortcut(QKeySequence(Qt.Key.Key_F10), bar, EnterMenus(bar))
    for row in ROWS:
        menu = menus[row.menu]
        if row.submenu:
            name = f"{row.menu}/{row.submenu}"
            if name not in menus:
                menus[name] = menu.addMenu(_tr(row.submenu))
            menu = menus[name]
        if row.separated:
            menu.addSeparator()
        menu.addAction(actions[row.id])
    return menus


class EnterMenus:
    """Opens the first menu with the keyboard in it; arrows lead to the others."""

    def __init__(self, bar: QMenuBar) -> None:
        self._bar = bar

    def __call__(self) -> None:
        self._bar.setFocus(Qt.FocusReason.MenuBarFocusReason)
        self._bar.setActiveAction(self._bar.actions()[0])


def draw_icons(actions: Mapping[str, QAction], theme: Theme) -> None:
    """Draw the actions' icons in the theme's ink."""
    for row in ROWS:
        if row.icon:
            actions[row.id].setIcon(icon(row.icon, theme.ink))


def table() -> str:
    """The README's table of actions, as Markdown."""
    lines = ["| Action | Keys | |", "|---|---|---|"]
    for row in ROWS:
        keys = ", ".join(f"`{key}`" for key in row.keys)
        lines.append(f"| {row.menu} › {row.submenu + ' › ' if row.submenu else ''}{row.title} | {keys} | {row.tip} |")
    return "\n".join(lines)


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)
