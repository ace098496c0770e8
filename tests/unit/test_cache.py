"""Where compiled kernels are kept when the usual place will not do."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

from downrange.flight.kernel import cache
from downrange.flight.kernel.cache import DONE, cache_root, open_cache

posix = pytest.mark.skipif(not hasattr(os, "getuid"), reason="asks who owns a folder")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def refuse(monkeypatch, folder, code=errno.EROFS):
    """Let nothing be written under `folder`, as a read-only or a full file system does."""
    real = tempfile.TemporaryFile

    def file(*args, dir=None, **kwargs):
        if Path(dir).is_relative_to(folder):
            raise OSError(code, os.strerror(code))
        return real(*args, dir=dir, **kwargs)

    monkeypatch.setattr(cache.tempfile, "TemporaryFile", file)


def test_the_given_folder_is_used_and_nothing_is_said(tmp_path, monkeypatch, temporary):
    monkeypatch.setenv("DOWNRANGE_CACHE", str(tmp_path / "Räuber"))
    assert open_cache("k") == cache.Cache(tmp_path / "Räuber" / "k")
    assert list((tmp_path / "Räuber" / "k").iterdir()) == [] and list(temporary.iterdir()) == []


def test_a_given_folder_that_is_a_file_is_named(tmp_path, monkeypatch, temporary):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DOWNRANGE_CACHE", str(tmp_path / "file"))
    found = open_cache("k")
    assert found.folder.is_relative_to(temporary) and found.folder.is_dir()
    assert "DOWNRANGE_CACHE" in found.note and str(tmp_path / "file") in found.note and str(temporary) in found.note


@pytest.mark.parametrize("code", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_folder_that_exists_but_takes_no_file(tmp_path, monkeypatch, temporary, code):
    monkeypatch.delenv("DOWNRANGE_CACHE", raising=False)
    monkeypatch.setattr(cache, "cache_root", lambda: tmp_path / "home")
    (tmp_path / "home" / "k").mkdir(parents=True)
    refuse(monkeypatch, tmp_path / "home", code)
    found = open_cache("k")
    assert found.folder.is_relative_to(temporary)
    assert os.strerror(code) in found.note and "DOWNRANGE_CACHE" not in found.note


def test_what_a_read_only_cache_holds_is_not_compiled_again(tmp_path, monkeypatch, temporary):
    monkeypatch.setenv("DOWNRANGE_CACHE", str(tmp_path / "given"))
    folder = tmp_path / "given" / "k"
    folder.mkdir(parents=True)
    (folder / "code.nbc").write_text("code")
    (folder / DONE).write_text("")
    refuse(monkeypatch, tmp_path / "given")
    found = open_cache("k")
    assert (found.folder / "code.nbc").read_text() == "code" and (found.folder / DONE).exists()


def test_nobody_knows_where_home_is(monkeypatch, temporary):
    for name in ("DOWNRANGE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)

    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    found = open_cache("k")
    assert found.folder.is_relative_to(temporary) and "no home folder" in found.note


def test_a_relative_cache_home_is_ignored(monkeypatch):
    monkeypatch.delenv("DOWNRANGE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_root().is_absolute() and "relative" not in cache_root().parts


@posix
def test_the_folder_among_temporary_files_is_ours_alone_and_used_again(tmp_path, monkeypatch, temporary):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DOWNRANGE_CACHE", str(tmp_path / "file"))
    found = open_cache("k")
    assert found.folder.parent.stat().st_mode & 0o777 == 0o700
    assert open_cache("k").folder == found.folder


@posix
@pytest.mark.parametrize("trap", ["link", "open"])
def test_a_prepared_folder_is_not_trusted(tmp_path, monkeypatch, temporary, trap):
    """Whoever can write where we load code from can run code as us."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DOWNRANGE_CACHE", str(tmp_path / "file"))
    mine, theirs = temporary / f"downrange-{os.getuid()}", tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    if trap == "link":
        mine.symlink_to(theirs)
    else:
        mine.mkdir()
        mine.chmod(0o777)
    found = open_cache("k")
    assert not found.folder.is_relative_to(mine) and list(theirs.iterdir()) == []
    assert found.folder.parent.stat().st_mode & 0o777 == 0o700


def test_nowhere_at_all(tmp_path, monkeypatch, temporary):
    monkeypatch.setenv("DOWNRANGE_CACHE", str(tmp_path / "given"))
    refuse(monkeypatch, tmp_path)
    found = open_cache("k")
    assert found.folder is None and "compiled anew" in found.note
