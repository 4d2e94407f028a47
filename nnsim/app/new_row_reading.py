"""New rows from a file to answers: a table, a picture, or a folder of pictures, encoded as the training data and predicted.

It is apart from the window's commands because it runs on another thread and must not touch a widget. It refuses to guess: what does
not fit is said with its row and column.
"""

from pathlib import Path

from nnsim.engine.frame import Frame
from nnsim.engine.moments import START
from nnsim.engine.new_rows import NewRowsError, new_rows
from nnsim.files.predictions import TooManyCellsError, Value, check_cells
from nnsim.files.table_choices import TableError
from nnsim.picture.answered_rows import AnsweredRows, answer_count, answered_rows, table_cells, table_headings
from nnsim.picture.predictions import Heading

UNTRAINED = "the network has not been trained yet, so its predictions mean nothing"


def answer_file(path: Path, frame: Frame) -> AnsweredRows:
    """What the frame's network says of what is in a file or folder. Raises TableError, PictureError, ExperimentError, OSError."""
    # reading pictures and tables needs packages that are only loaded for it
    from nnsim.files.picture_reading import SUFFIXES

    if frame.dataset.picture is not None and (path.is_dir() or path.suffix.lower() in SUFFIXES):
        return _answer_pictures(path, frame)
    return _answer_table(path, frame)


def _answer_pictures(path: Path, frame: Frame) -> AnsweredRows:
    from nnsim.files.new_pictures import new_pictures

    found = new_pictures(path, frame.experiment.data.source, frame.dataset)
    own: list[list[Value]] = [[name] for name in found.names]
    return answered_rows(frame, (Heading("picture", False, "input"),), own, found.inputs, found.complete,
                         (*_doubts(frame), *found.notes), "it cannot be read")


def _answer_table(path: Path, frame: Frame) -> AnsweredRows:
    from nnsim.files.tables import preview_file

    read = preview_file(path, rows=0)
    headings = table_headings(read.table)
    try:
        check_cells(read.table.rows, len(headings) + answer_count(frame))
        found = new_rows(read.table, frame.experiment.data, frame.dataset)
    except (NewRowsError, TooManyCellsError) as error:
        raise TableError(str(error)) from error
    return answered_rows(frame, headings, table_cells(read.table), found.inputs, found.complete,
                         (*_doubts(frame), *read.notes, *found.notes))


def _doubts(frame: Frame) -> tuple[str, ...]:
    return (UNTRAINED,) if frame.moment == START else ()
