"""How a run was looked at is kept with it: through saving, opening and branching, for scripts as for the window."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from taken_apart import eventful, looked_at, small, taken_apart

import nnsim
from nnsim.engine.bookmarks import Bookmark
from nnsim.engine.breakpoints import PlaceBreakpoint
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.files.manifest import read_manifest
from nnsim.files.session import Session
from nnsim.files.snapshot import simulation_from, snapshot_bytes
from nnsim.files.view import FASTEST, MOST_BOOKMARKS, View


def reopened(session: Session) -> Session:
    return simulation_from(snapshot_bytes(session), Session)


def names(session: Session) -> list[str]:
    return [bookmark.name for bookmark in session.view.bookmarks]


def test_every_part_of_a_view_comes_back() -> None:
    session = eventful()
    assert session.view == looked_at(session)
    ordered = tuple(sorted(session.view.bookmarks, key=lambda each: each.moment))
    assert reopened(session).view == replace(session.view, bookmarks=ordered)


@pytest.mark.parametrize("view", [
    View(), View(speed=FASTEST), View(speed=0.5), View(until=("epochs", 10.0)), View(until=("metric", 1.0)),
    *(View(grain=grain) for grain in Grain)], ids=str)
def test_each_choice_comes_back(view: View) -> None:
    session = Session(small())
    session.view = view
    assert reopened(session).view == view


def test_a_script_keeps_what_the_window_saved(tmp_path: Path) -> None:
    eventful().save(tmp_path / "window.nnsim")
    script = nnsim.open(tmp_path / "window.nnsim")
    script.run(epochs=2)
    script.save(tmp_path / "script.nnsim")
    assert nnsim.open(tmp_path / "script.nnsim").view == script.view
    assert len(script.view.bookmarks) == 3 and len(script.view.breakpoints) == 5


def test_a_bookmark_that_a_branch_has_cut_off_is_not_kept_as_one_of_the_new_way() -> None:
    session = eventful()
    session.seek(Moment(10, 0))
    session.tune(session.learning.replace(rate=0.9))
    assert names(reopened(session)) == ["start"]


def test_a_new_run_keeps_breakpoints_and_no_bookmarks() -> None:
    session = Session(small(seed=9))
    session.view = eventful().view
    again = reopened(session)
    assert names(again) == [] and len(again.view.breakpoints) == 5 and again.view.grain == Grain.LAYER


def test_a_file_without_a_view_opens_as_a_new_document_is_looked_at() -> None:
    parts = taken_apart(snapshot_bytes(eventful()))
    del parts.manifest["view"]
    session = simulation_from(parts.content(), Session)
    assert session.view == View() and session.moment == eventful().moment
    assert names(session) == [] and session.view.grain is None


def test_no_file_is_written_that_could_not_be_opened(tmp_path: Path) -> None:
    session = Session(small())
    run = session.run_record
    many = tuple(Bookmark(run, Moment(0, mark), "x") for mark in range(MOST_BOOKMARKS + 1))
    for view in (View(bookmarks=many), View(breakpoints=(PlaceBreakpoint(),) * 101), View(speed=0.0), View(speed=math.nan)):
        session.view = view
        with pytest.raises(ValueError, match="ViewEntry"):
            session.save(tmp_path / "x.nnsim")
    assert list(tmp_path.iterdir()) == []


def test_the_fastest_speed_is_a_word_in_the_file_since_json_knows_no_infinity() -> None:
    session = Session(small())
    session.view = View(speed=FASTEST)
    parts = taken_apart(snapshot_bytes(session))
    assert parts.manifest["view"]["speed"] == "fastest"
    assert read_manifest(parts.text).view is not None
