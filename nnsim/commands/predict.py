"""``nnsim predict``: what a trained network says of rows, pictures or words that it never saw.

The new rows go in as a table, and come out as the same table with the prediction behind it. It refuses to compute anything of its
own, and to leave a row out without saying so.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnsim.commands.terminal import FINE, CommandError, note, print_json, say
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.frame import Frame
from nnsim.engine.moments import START
from nnsim.engine.new_rows import NewRows, NewRowsError, new_rows
from nnsim.engine.next_word import guess, vocabulary_of
from nnsim.files.predictions import TooManyCellsError, Value, check_cells, csv_text, write_table
from nnsim.files.session import Session
from nnsim.picture.answered_rows import AnsweredRows, answer_count, answered_rows, table_cells, table_headings
from nnsim.picture.numbers import percent
from nnsim.picture.predictions import Heading

if TYPE_CHECKING:
    from nnsim.files.new_pictures import NewPictures

GUESSES = 5


def run(arguments: argparse.Namespace) -> int:
    """Open, predict, print or write. Raises SourceError or CommandError."""
    if (arguments.data is None) == (arguments.text is None):
        raise CommandError("say what to predict: --data with a table or pictures, or --text with words")
    if arguments.text is not None and arguments.out is not None:
        raise CommandError("--out is for --data; the guesses of --text are printed")
    out: Path | None = arguments.out
    if out is not None:
        _check_goal(out, arguments.data)
    session = Session.open(arguments.source)
    if session.moment == START:
        note("this network has not been trained yet, so its predictions mean nothing: train it with --out, and predict with "
             "that file")
    if arguments.text is not None:
        return _guess(session, arguments.text, arguments.json)
    answers = _answers(session, Path(arguments.data))
    for sentence in answers.notes:
        note(sentence)
    if arguments.json:
        print_json(_json(answers, out), indent=None)
    if out is not None:
        _write(out, answers)
        if not arguments.json:
            say(f"{answers.summary}; written to {out}")
    elif not arguments.json:
        print(csv_text(answers.names, answers.rows), end="")
        note(answers.summary)
    return FINE


def _json(answers: AnsweredRows, out: Path | None) -> dict[str, Any]:
    """For programs."""
    return {"rows": len(answers), "predicted": answers.answered, "left_out": len(answers) - answers.answered,
            "notes": answers.notes, "columns": answers.names, "out": None if out is None else str(out),
            "predictions": [[None if value == "" else value for value in row] for row in answers.rows]}


def _answers(session: Session, path: Path) -> AnsweredRows:
    """Read, encode, predict. Raises CommandError with the place of the fault."""
    # reading pictures and tables needs packages that the other ways do not
    from nnsim.files.picture_reading import SUFFIXES, PictureError
    from nnsim.files.tables import TableError, preview_file

    data, dataset = session.run_record.experiment.data, session.dataset
    try:
        if dataset.picture is not None and (path.is_dir() or path.suffix.lower() in SUFFIXES):
            from nnsim.files.new_pictures import new_pictures

            pictures = new_pictures(path, data.source, dataset)
            names: list[list[Value]] = [[name] for name in pictures.names]
            return _told(session.frame, (Heading("picture", False, "input"),), names, pictures, pictures.notes)
        if path.is_dir():
            raise CommandError(f'cannot read "{path}": it is a folder, and this network was not trained on pictures')
        read = preview_file(path, rows=0)
        table, rows = read.table, new_rows(read.table, data, dataset)
    except (TableError, NewRowsError, ExperimentError) as error:
        raise CommandError(f'cannot predict "{path}": {error}') from error
    except PictureError as error:
        raise CommandError(f"{error}") from error
    return _told(session.frame, table_headings(table), table_cells(table), rows, (*read.notes, *rows.notes))


def _told(frame: Frame, headings: tuple[Heading, ...], own: list[list[Value]], found: "NewRows | NewPictures",
          notes: tuple[str, ...]) -> AnsweredRows:
    """The new rows with the answers. Raises CommandError where they are too many."""
    try:
        check_cells(len(own), len(headings) + answer_count(frame))
    except TooManyCellsError as error:
        raise CommandError(f"{error} Predict fewer rows at a time") from error
    return answered_rows(frame, headings, own, found.inputs, found.complete, notes)


def _guess(session: Session, typed: str, as_json: bool) -> int:
    """The likeliest next words."""
    try:
        vocabulary = vocabulary_of(session.run_record.experiment.data)
        found = guess(session.network, session.frame.theta, session.dataset, vocabulary, typed, GUESSES)
    except ExperimentError as error:
        raise CommandError(str(error)) from error
    if as_json:
        print_json({"text": typed, "read": found.stretch.read, "remark": found.stretch.remark or None,
                    "guesses": [{"word": each.word, "probability": each.probability} for each in found.guesses]})
        return FINE
    if found.stretch.remark:
        note(found.stretch.remark)
    width = max((len(each.word) for each in found.guesses), default=0)
    for each in found.guesses:
        say(f"{each.word:<{width}}  {percent(each.probability)}")
    return FINE


def _check_goal(out: Path, data: str) -> None:
    """Say before anything is read that a file cannot be written."""
    if out.resolve() == Path(data).resolve():
        raise CommandError(f'cannot write "{out}": it is the table that is to be read')
    if out.suffix.lower() != ".csv":
        raise CommandError(f'cannot write "{out}": the name of a table ends in .csv')
    if out.is_dir():
        raise CommandError(f'cannot write "{out}": it is a folder')
    if not out.absolute().parent.is_dir():
        raise CommandError(f'cannot write "{out}": there is no folder {out.absolute().parent}')


def _write(out: Path, answers: AnsweredRows) -> None:
    try:
        write_table(out, answers.names, answers.rows)
    except OSError as error:
        raise CommandError(f'cannot write "{out}": {error.strerror or error}') from error
