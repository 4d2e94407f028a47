"""The flows of tables, pictures and texts: what is read for each one's dialog, in what order, and what its choices lead to.

They are apart from importing because that knows the window, and these know a dialog and a reading thread. They refuse to read on
the window's own thread, and to open a document.
"""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from nnsim.app import import_jobs as jobs
from nnsim.app.import_flow import Flow
from nnsim.app.reading_thread import ReadingThread
from nnsim.app.table_jobs import Source, TableRead, figures_of, read_table
from nnsim.core.pictures import Pictures
from nnsim.core.tables import Table
from nnsim.core.texts import Text
from nnsim.engine.experiment import Data, Experiment, WordsUse
from nnsim.files.picture_reading import PictureChoices
from nnsim.files.tables import Reading, TableError
from nnsim.files.text_file import TextError
from nnsim.picture.palette import Theme
from nnsim.picture.table_plan import PlanFigures, TablePlan
from nnsim.widgets.import_fields import PARTS
from nnsim.widgets.picture_import import PictureImport
from nnsim.widgets.table_import import TableImport
from nnsim.widgets.text_import import TextImport


class TableFlow(Flow):
    """A table."""

    dialog: TableImport

    def __init__(self, source: Source, present: Experiment | None, parent: QWidget, reader: ReadingThread, theme: Theme) -> None:
        self._table: Table | None = None
        self._reading = Reading()
        super().__init__(source, present, TableImport(source.name, parent), reader, theme)

    @property
    def as_it_is_read(self) -> Source:
        """The source, with the choices that were made since."""
        return replace(self.source, choices=self._reading)

    def take(self, result: object) -> None:
        """A table, or what a plan comes to."""
        super().take(result)
        if isinstance(result, PlanFigures):
            self.dialog.show_figures(result)
        elif isinstance(result, TableRead):
            self._take_table(result)

    def _take_table(self, read: TableRead) -> None:
        self._reading = read.reading
        if read.preview is None:
            self.dialog.show_unread(read.reading, self._choosable())
            self.fail(TableError(read.sentence))
            return
        self._table = read.preview.table
        self.dialog.show_preview(read.preview, read.columns, read.plan, self._choosable())
        if read.plan is None:
            self.fail(TableError(read.sentence))
        else:
            self._count(read.plan)

    def _remedy(self, error: Exception) -> str:
        if isinstance(error, TableError) and self._choosable():
            return self.tr(" Choose above how it is read, or mend the file.")
        return ""

    def _choosable(self) -> frozenset[str]:
        """What of the reading can be chosen."""
        if self.source.material is not None:
            return frozenset()
        suffix = self.source.path.suffix.lower() if self.source.path else ""
        if suffix in (".xlsx", ".parquet"):
            return frozenset(("header",)) if suffix == ".xlsx" else frozenset()
        return frozenset(PARTS) if self.source.path else frozenset(PARTS) - {"encoding"}

    def _begin(self) -> None:
        chosen = self.source.choices
        self._ask(chosen if isinstance(chosen, Reading) else None, present_plan(self.present))

    def _read(self, choices: object) -> None:
        assert isinstance(choices, Reading)
        self._ask(choices, self.dialog.plan() if self.dialog.has_plan else None)

    def _ask(self, reading: Reading | None, plan: TablePlan | None) -> None:
        self.dialog.show_busy(self.tr("Reading {0}…").format(self.source.name))
        source = self.source
        self.reader.read(lambda _: read_table(source, reading, plan))

    def _count(self, plan: object) -> None:
        table = self._table
        assert isinstance(plan, TablePlan) and table is not None
        self.dialog.show_busy(self.tr("Counting rows…"))
        self.reader.read(lambda _: figures_of(table, plan))

    def _train(self, plan: object) -> None:
        assert isinstance(plan, TablePlan) and self._table is not None
        self._propose(self._table, self._reading, partial(_table_data, plan, self.present))


class PictureFlow(Flow):
    """A folder of pictures."""

    dialog: PictureImport

    def __init__(self, source: Source, present: Experiment | None, parent: QWidget, reader: ReadingThread, theme: Theme) -> None:
        self._pictures: Pictures | None = None
        super().__init__(source, present, PictureImport(source.name, parent), reader, theme)

    def take(self, result: object) -> None:
        """Some pictures, and then all."""
        super().take(result)
        if isinstance(result, jobs.FolderSeen):
            self.dialog.show_samples(result.contents, result.choices, result.classes)
            path, choices = result.contents.path, result.choices
            self.reader.read(lambda on_progress: jobs.read_pictures(path, choices, on_progress))
        elif isinstance(result, jobs.FolderRead):
            self._pictures = result.pictures
            self.dialog.show_read(len(result.pictures.labels), result.bad)

    def _begin(self) -> None:
        chosen = self.source.choices
        self._look(chosen if isinstance(chosen, PictureChoices) else None)

    def _read(self, choices: object) -> None:
        assert isinstance(choices, PictureChoices)
        self._look(choices)

    def _look(self, choices: PictureChoices | None) -> None:
        path = self.source.path
        assert path is not None
        self.dialog.show_busy(self.tr("Looking into {0}…").format(self.source.name))
        self.reader.read(lambda _: jobs.see_folder(path, choices))

    def _train(self, plan: object) -> None:
        assert isinstance(plan, PictureChoices) and self._pictures is not None
        self._propose(self._pictures, plan, partial(_picture_data, self.present))


class TextFlow(Flow):
    """A text."""

    dialog: TextImport

    def __init__(self, source: Source, present: Experiment | None, parent: QWidget, reader: ReadingThread, theme: Theme) -> None:
        self._text: Text | None = None
        self._encoding = ""
        super().__init__(source, present, TextImport(source.name, parent), reader, theme)
        self.dialog.table_button.setVisible(source.path is not None and present is None)
        self.dialog.table_wanted.connect(self.table_wanted)

    def take(self, result: object) -> None:
        """A text, and then what is known of its words."""
        super().take(result)
        if isinstance(result, jobs.TextRead):
            self._text, self._encoding = result.text, result.reading.encoding
            self.dialog.show_text(result.reading, result.use, self.source.path is not None)
            self._count(result.use)
        elif isinstance(result, jobs.TextDescribed):
            self.dialog.show_described(result.sentence, result.examples)

    def _remedy(self, error: Exception) -> str:
        return self.tr(" Choose another encoding, or another file.") if isinstance(error, TextError) else ""

    def _begin(self) -> None:
        chosen = self.source.choices
        self._ask(chosen if isinstance(chosen, str) else "", self.present.data.words if self.present else None)

    def _read(self, choices: object) -> None:
        self._ask(str(choices), self.dialog.plan() if self.dialog.has_text else None)

    def _ask(self, encoding: str, use: WordsUse | None) -> None:
        self.dialog.show_busy(self.tr("Reading {0}…").format(self.source.name))
        source = self.source
        self.reader.read(lambda _: jobs.read_words(source, encoding, use))

    def _count(self, plan: object) -> None:
        text = self._text
        assert isinstance(plan, WordsUse) and text is not None
        self.dialog.show_busy(self.tr("Counting words…"))
        self.reader.read(lambda _: jobs.describe_words(text, plan))

    def _train(self, plan: object) -> None:
        assert isinstance(plan, WordsUse) and self._text is not None
        self._propose(self._text, self._encoding, partial(_text_data, plan, self.present))


def present_plan(present: Experiment | None) -> TablePlan | None:
    """How the present experiment uses its table."""
    if present is None or present.data.table is None:
        return None
    data = present.data
    return TablePlan(data.table, data.scaling, data.test_share, data.seed) if data.table else None


def _table_data(plan: TablePlan, present: Experiment | None, material: str) -> Data:
    data = plan.data(material)
    before = present.data if present else None
    if before is not None and before.table is not None and (before.table.inputs, before.table.categories) == (
            plan.use.inputs, plan.use.categories):
        # formulas of the inputs mean the same as before
        data = data.replace(features=before.features)
    return data


def _picture_data(present: Experiment | None, material: str) -> Data:
    if present is not None:
        return present.data.replace(material=material)
    return Data(source="pictures", material=material, scaling="min-max")


def _text_data(use: WordsUse, present: Experiment | None, material: str) -> Data:
    if present is not None:
        return present.data.replace(material=material, words=use)
    return Data(source="text", material=material, words=use)
