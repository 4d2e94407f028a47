"""What the window remembers between two starts: places, theme, recent files. Nothing of a network is kept here."""

from dataclasses import dataclass, fields
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize

MOST_RECENT = 9
LAYOUT_VERSION = 2


@dataclass(frozen=True)
class Layout:
    """Where everything stood. A wide window's panels have no room in a narrow one, so each arrangement has a layout of its own."""

    size: QSize
    """Of the window, when it did not fill the screen."""
    geometry: QByteArray
    panels: QByteArray
    middle: QByteArray


class Preferences:
    """Typed access to the remembered settings."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "nnsim", "nnsim")

    @property
    def theme(self) -> str:
        """"system", "light", "dark" or "high-contrast"."""
        return str(self._store.value("theme", "system"))

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def larger_text(self) -> bool:
        """Whether all text is a quarter larger."""
        return self._store.value("larger-text", "false") in (True, "true")

    @larger_text.setter
    def larger_text(self, larger: bool) -> None:
        self._store.setValue("larger-text", larger)

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers are written with a comma."""
        return self._store.value("decimal-comma", "false") in (True, "true")

    @decimal_comma.setter
    def decimal_comma(self, comma: bool) -> None:
        self._store.setValue("decimal-comma", comma)

    @property
    def digits(self) -> int | None:
        """How many decimals equations and matrices show; None: all."""
        return {"6": 6, "all": None}.get(str(self._store.value("digits", "3")), 3)

    @digits.setter
    def digits(self, digits: int | None) -> None:
        self._store.setValue("digits", "all" if digits is None else str(digits))

    @property
    def recent(self) -> list[Path]:
        """The last files, the latest first."""
        value = self._store.value("recent", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(str(name)) for name in names][:MOST_RECENT]

    def remember_file(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        path = path.resolve()
        others = [other for other in self.recent if other != path]
        self._store.setValue("recent", [str(name) for name in [path, *others][:MOST_RECENT]])

    def forget_file(self, path: Path) -> None:
        """Take a file off the list."""
        self._store.setValue("recent", [str(other) for other in self.recent if other != path])

    def save_layout(self, narrow: bool, layout: Layout) -> None:
        """Remember where everything stood in the narrow arrangement, or in the wide one."""
        for part in fields(layout):
            self._store.setValue(f"{_arrangement(narrow)}/{part.name}", getattr(layout, part.name))

    def layout(self, narrow: bool) -> Layout | None:
        """Where everything stood in that arrangement; None if it was never seen."""
        kept = {part.name: self._store.value(f"{_arrangement(narrow)}/{part.name}") for part in fields(Layout)}
        size = kept.pop("size")
        if not (isinstance(size, QSize) and all(isinstance(value, QByteArray) for value in kept.values())):
            return None
        return Layout(size, **kept)

    @property
    def narrow(self) -> bool:
        """Whether the window was left narrow by choice: on a screen that is too small for more, it is narrow by need."""
        return self._store.value(f"layout-{LAYOUT_VERSION}/narrow", "false") in (True, "true")

    @narrow.setter
    def narrow(self, narrow: bool) -> None:
        self._store.setValue(f"layout-{LAYOUT_VERSION}/narrow", narrow)


def _arrangement(narrow: bool) -> str:
    return f"layout-{LAYOUT_VERSION}/{'narrow' if narrow else 'wide'}"
