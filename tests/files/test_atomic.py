"""A write that fails leaves the old file to the bit, and nothing else; one that succeeds leaves only the new one."""

import errno
import os
import stat
import sys
from collections.abc import Callable
from io import BufferedWriter
from pathlib import Path
from typing import Any

import pytest

from nnsim.files.atomic import write_atomically

POSIX = pytest.mark.skipif(os.name != "posix", reason="links and permissions as POSIX has them")
OLD, NEW = b"old" * 1000, b"new" * 2000


def full_disk(*arguments: object, **named: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


class HalfWriter(BufferedWriter):
    """A file on a disk that fills up amid a write."""

    def write(self, content: Any) -> int:
        super().write(content[: len(content) // 2])
        self.flush()
        return int(full_disk())


def failing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "write":
        real: Callable[..., Any] = os.fdopen
        monkeypatch.setattr("os.fdopen", lambda handle, kind: HalfWriter(real(handle, kind, buffering=0)))
    else:
        monkeypatch.setattr({"create": "tempfile.mkstemp", "fsync": "os.fsync", "replace": "os.replace"}[name], full_disk)


@pytest.mark.parametrize("old", [OLD, None], ids=["over-a-file", "anew"])
@pytest.mark.parametrize("step", ["create", "write", "fsync", "replace"])
def test_a_failing_step_leaves_the_old_file_and_no_other(
    step: str, old: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.nnsim"
    if old is not None:
        path.write_bytes(old)
    with monkeypatch.context() as patches:
        failing(step, patches)
        with pytest.raises(OSError, match="No space left"):
            write_atomically(path, NEW)
    assert [each.name for each in tmp_path.iterdir()] == ([] if old is None else ["x.nnsim"])
    assert old is None or path.read_bytes() == old


def test_an_interrupt_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "x.nnsim"
    path.write_bytes(OLD)
    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, NEW)
    assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == OLD


def test_a_written_file_replaces_the_old_one_and_leaves_no_other(tmp_path: Path) -> None:
    path = tmp_path / "x.nnsim"
    for content in (OLD, NEW, b""):
        write_atomically(path, content)
        assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == content


@POSIX
def test_the_bytes_reach_the_disk_before_the_name_does_and_the_name_before_all_is_said_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def flushed(handle: int) -> None:
        status = os.fstat(handle)
        done.append("folder" if stat.S_ISDIR(status.st_mode) else f"{status.st_size} bytes")
        fsync(handle)

    def renamed(source: Any, goal: Any) -> None:
        done.append("name")
        replace(source, goal)

    monkeypatch.setattr("os.fsync", flushed)
    monkeypatch.setattr("os.replace", renamed)
    write_atomically(tmp_path / "x.nnsim", b"few")  # so few that a buffer would hold them back
    assert done == ["3 bytes", "name", "folder"]


@POSIX
def test_a_folder_that_cannot_be_flushed_is_told_and_the_new_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync
    monkeypatch.setattr("os.fsync", lambda handle: full_disk() if stat.S_ISDIR(os.fstat(handle).st_mode) else fsync(handle))
    path = tmp_path / "x.nnsim"
    path.write_bytes(OLD)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, NEW)
    assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == NEW


@POSIX
@pytest.mark.parametrize("permissions", [0o600, 0o640, 0o444, 0o755])
def test_a_replaced_file_keeps_its_permissions(permissions: int, tmp_path: Path) -> None:
    path = tmp_path / "x.nnsim"
    path.write_bytes(OLD)
    path.chmod(permissions)
    write_atomically(path, NEW)
    assert path.stat().st_mode & 0o777 == permissions


@POSIX
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_gets_the_permissions_that_the_mask_leaves(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        write_atomically(tmp_path / "x.nnsim", NEW)
        assert os.umask(mask) == mask, "the mask is as it was"
    finally:
        os.umask(before)
    assert (tmp_path / "x.nnsim").stat().st_mode & 0o777 == 0o666 & ~mask


@POSIX
def test_a_link_stays_and_the_file_it_leads_to_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "far" / "target.nnsim", tmp_path / "link.nnsim"
    target.parent.mkdir()
    target.write_bytes(OLD)
    link.symlink_to(target)
    write_atomically(link, NEW)
    assert link.is_symlink() and target.read_bytes() == NEW
    assert list(target.parent.iterdir()) == [target]


@POSIX
def test_a_link_to_itself_gives_way_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.nnsim"
    path.symlink_to(path)
    write_atomically(path, NEW)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("goal", ["missing/x.nnsim", "."], ids=["no-folder", "a-folder"])
def test_what_is_no_place_for_a_file_is_an_oserror(goal: str, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    with pytest.raises(OSError):
        write_atomically(tmp_path / "inside" / goal, NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    assert list((tmp_path / "inside").iterdir()) == []


@pytest.mark.parametrize("name", ["x" * 249 + ".nnsim", "ü" * 120 + ".nnsim"], ids=["ascii", "umlauts"])
@pytest.mark.skipif(sys.platform == "win32", reason="a whole path is limited there")
def test_the_longest_name_can_be_written(name: str, tmp_path: Path) -> None:
    write_atomically(tmp_path / name, NEW)
    assert (tmp_path / name).read_bytes() == NEW
