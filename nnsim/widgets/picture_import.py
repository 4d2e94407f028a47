"""A folder of pictures before it is trained on: its classes, how pictures are made small and alike, and what cannot be read.

Everything is chosen as proposed, so that Enter suffices as soon as all is read. It refuses to open a picture:
it asks, and is shown.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QListWidget, QWidget

from nnsim.files.picture_folder import BadPicture, FolderContents
from nnsim.files.picture_reading import LARGEST_SIDE, PictureChoices
from nnsim.picture.numbers import count, whole
from nnsim.picture.palette import Theme
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.import_dialog import ImportDialog, in_a_row, labelled
from nnsim.widgets.import_samples import ClassSamples, SampleStrips

SIDES = (8, 12, 16, 20, 24, 28, 32, 48, LARGEST_SIDE)


class PictureImport(ImportDialog):
    """``plan()`` and ``reading_chosen`` are ``PictureChoices``."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setObjectName("picture-import")
        self._choices = PictureChoices()
        self.size_field, self.colour, self.fit = ChoiceField(), ChoiceField(), ChoiceField()
        self.inverted = QCheckBox(self.tr("Bright becomes dark"))
        self.strips, self.bad_list = SampleStrips(), QListWidget()
        self.bad = Caption("", 12.5, "ink")
        self._fill()

    def show_samples(self, contents: FolderContents, choices: PictureChoices, classes: Sequence[ClassSamples]) -> None:
        """Show what lies in the folder, and some of its pictures as they will be read."""
        self._choices = choices
        total, passed = sum(contents.counts), len(contents.passed_over)
        over = self.tr(", {0} passed over").format(count(passed, self.tr("other file"))) if passed else ""
        classes_told = count(len(contents.classes), self.tr("class"), self.tr("classes"))
        self.summary.setText(f"{count(total, self.tr('picture'))} · {classes_told}{over}")
        high, wide = choices.size
        sides = sorted({*SIDES, high}) if high == wide else list(SIDES)
        sizes = [(f"{side}x{side}", f"{side} × {side}", "") for side in sides]
        if high != wide:
            sizes.append((f"{high}x{wide}", f"{high} × {wide}", ""))
        self.size_field.show_choices(sizes)
        self.size_field.show_value(f"{high}x{wide}")
        self.colour.show_value("colour" if choices.colour else "grey")
        self.fit.show_value(choices.fit)
        self.inverted.setChecked(choices.inverted)
        self.strips.show_classes(classes)

    def show_read(self, pictures: int, bad: Sequence[BadPicture]) -> None:
        """Say that all are read, and which could not be."""
        self.bad.setText("" if not bad else self.tr("{0} cannot be read and {1} left out; {2} stay:").format(
            count(len(bad), self.tr("picture")), "is" if len(bad) == 1 else "are", whole(pictures)))
        self.bad_list.clear()
        for each in bad:
            self.bad_list.addItem(each.reason.replace(str(each.path), f"{each.path.parent.name}/{each.path.name}"))
        for widget in (self.bad, self.bad_list):
            widget.setVisible(bool(bad))
        self.show_ready()

    def plan(self) -> PictureChoices:
        """How the pictures are read."""
        return self._choices

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        super().set_theme(theme)
        self.strips.set_theme(theme)

    def _announce(self) -> None:
        high, wide = (int(side) for side in str(self.size_field.currentData()).split("x"))
        self._choices = replace(self._choices, size=(high, wide), colour=self.colour.currentData() == "colour",
                                fit="crop" if self.fit.currentData() == "crop" else "pad", inverted=self.inverted.isChecked())
        self.reading_chosen.emit(self._choices)

    def _fill(self) -> None:
        self.colour.show_choices([("grey", self.tr("grey"), ""), ("colour", self.tr("red, green and blue"), "")])
        self.fit.show_choices([("pad", self.tr("whole, with a margin"), ""), ("crop", self.tr("the middle of it"), "")])
        for field in (self.size_field, self.colour, self.fit):
            field.name_chosen.connect(self._announce)
        self.inverted.clicked.connect(self._announce)
        self.inverted.setToolTip(self.tr("White paper becomes 0, so that the network is fed the ink."))
        self.body.addLayout(in_a_row([
            labelled(self.tr("Pixels"), self.size_field), labelled(self.tr("Read as"), self.colour),
            labelled(self.tr("What is not square"), self.fit), labelled(self.tr("Inverted"), self.inverted)]))
        self.body.addWidget(self.strips, 3)
        self.body.addWidget(self.bad)
        self.bad_list.setAccessibleName(self.tr("Pictures that cannot be read"))
        self.bad_list.setWordWrap(True)
        self.bad_list.setMaximumHeight(scaled(130))
        self.body.addWidget(self.bad_list, 1)
        for widget in (self.bad, self.bad_list):
            widget.hide()
