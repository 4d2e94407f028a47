"""What the window remembers between two starts: places, theme, recent files. Nothing of a network is kept here."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT = 9
LAYOUT_VERSION = 1


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

    def save_layout(self, geometry: QByteArray, state: QByteArray, splitter: QByteArray) -> None:
        """Remember where everything stood."""
        for name, value in (("geometry", geometry), ("state", state), ("splitter", splitter)):
            self._store.setValue(f"layout-{LAYOUT_VERSION}/{name}", value)

    def layout(self) -> tuple[QByteArray, QByteArray, QByteArray] | None:
        """Where everything stood; None at the first start."""
        values = [self._store.value(f"layout-{LAYOUT_VERSION}/{name}") for name in ("geometry", "state", "splitter")]
        if not all(isinstance(value, QByteArray) for value in values):
            return None
        geometry, state, splitter = values
        assert isinstance(geometry, QByteArray) and isinstance(state, QByteArray) and isinstance(splitter, QByteArray)
        return geometry, state, splitter
