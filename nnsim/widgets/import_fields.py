"""The choices how a table's text is read, each with how it was found, above the table that they make.

They are apart from the dialog because a table that came from a workbook, or in a snapshot, has fewer of them or none. They refuse
to read anything: every change is announced as choices to read with.
"""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnsim.files.tables import DELIMITERS, ENCODINGS, Reading
from nnsim.widgets.captions import ElidedCaption
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.import_dialog import in_a_row, labelled

PARTS = ("encoding", "delimiter", "decimal", "header")
_ALL = frozenset(PARTS)


class ReadingFields(QWidget):
    """``reading_chosen(Reading)``: read the table so."""

    reading_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._reading = Reading()
        self.fields = {part: ChoiceField() for part in PARTS}
        self.reasons = {part: ElidedCaption("", 11.5, "ink2") for part in PARTS}
        titles = {"encoding": self.tr("Encoding"), "delimiter": self.tr("Cells are parted by"), "decimal": self.tr("Decimal sign"),
                  "header": self.tr("First row")}
        choices = {
            "encoding": tuple((name, title, "") for name, title in ENCODINGS.items()),
            "delimiter": tuple((sign, title, "") for sign, title in DELIMITERS.items()),
            "decimal": ((".", self.tr("point: 0.5"), ""), (",", self.tr("comma: 0,5"), "")),
            "header": (("names", self.tr("holds the names"), ""), ("values", self.tr("is a row like the others"), "")),
        }
        for part, field in self.fields.items():
            field.show_choices(choices[part])
            field.name_chosen.connect(self._announce)
        row = in_a_row([labelled(titles[part], self.fields[part], self.reasons[part]) for part in PARTS])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(row)

    def show_reading(self, reading: Reading, choosable: frozenset[str] = _ALL) -> None:
        """Show how the table was read, and which of it may be chosen; speaks to nobody."""
        self._reading = reading
        values = {"encoding": reading.encoding, "delimiter": reading.delimiter, "decimal": reading.decimal,
                  "header": "names" if reading.header else "values"}
        for part, field in self.fields.items():
            field.show_value(values[part])
            field.setEnabled(part in choosable)
            reason = str(getattr(reading.found, part)) if part in choosable else self.tr("as the file has it")
            self.reasons[part].setText(reason or self.tr("as you chose"))
            field.setToolTip(self.reasons[part].text())

    def _announce(self, _: str) -> None:
        part = next(part for part, field in self.fields.items() if field is self.sender())
        value = self.fields[part].currentData()
        found = replace(self._reading.found, **{part: ""})
        match part:
            case "encoding":
                chosen = replace(self._reading, encoding=value, found=found)
            case "delimiter":
                chosen = replace(self._reading, delimiter=value, found=found)
            case "decimal":
                chosen = replace(self._reading, decimal="," if value == "," else ".", found=found)
            case _:
                chosen = replace(self._reading, header=value == "names", found=found)
        self._reading = chosen
        self.reading_chosen.emit(chosen)
