"""Where compiled kernels are kept: a folder that was seen to take a file, before anything relies on it.

The user's cache folder, or DOWNRANGE_CACHE. Where that is read-only, full, someone else's, or there is no home folder, a
folder of the user's own among the temporary files; where there is none either, nothing is kept.
"""

import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cache", "cache_root", "open_cache"]

_ROOM = 16 << 20  # bytes: a kernel takes 4 to 6 MB
DONE = "many.done"  # the mark of the last stage (`kernel.warm`)


@dataclass(frozen=True)
class Cache:
    """Where compiled code is kept (None: nowhere), and what is to be said about it (empty: nothing)."""

    folder: Path | None
    note: str = ""


def cache_root() -> Path:
    """The user's folder for compiled kernels. Raises RuntimeError where nobody says where his home is."""
    if given := os.environ.get("DOWNRANGE_CACHE"):
        return Path(given).absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "downrange" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "downrange"
    given = os.environ.get("XDG_CACHE_HOME", "")  # to be ignored where it is relative, says the XDG specification
    return (Path(given) if os.path.isabs(given) else Path.home() / ".cache") / "downrange"


def _try(folder: Path) -> str:
    """Make the folder and write into it: why it cannot be used, or nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            if not (folder / DONE).exists():
                probe.write(os.urandom(1 << 20) * (_ROOM >> 20))
                probe.flush()
    except (OSError, ValueError) as error:  # ValueError: a null or a letter that the file system's encoding lacks
        return getattr(error, "strerror", None) or str(error)
    return ""


def _own_temporary() -> Path:
    """A folder among the temporary files that nobody else can write: the user's of last time, or a new one."""
    if not hasattr(os, "getuid"):  # Windows: the temporary folder is the user's own
        return Path(tempfile.gettempdir()) / "downrange-cache"
    folder = Path(tempfile.gettempdir()) / f"downrange-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        seen = folder.lstat()
        if stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid() and not seen.st_mode & 0o077:
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="downrange-"))  # 0700, and ours


def open_cache(name: str) -> Cache:
    """The folder `name` in the user's cache, or the next best."""
    try:
        root = cache_root()
        if not (why := _try(root / name)):
            return Cache(root / name)
        wrong = f"the cache folder {root} cannot be used ({why})"
    except (RuntimeError, KeyError):
        root, wrong = None, "there is no home folder for a cache"
    if os.environ.get("DOWNRANGE_CACHE"):
        wrong = f"DOWNRANGE_CACHE: {wrong}"
    try:
        instead = _own_temporary()
        if root is not None and (root / name / DONE).exists() and not (instead / name / DONE).exists():
            shutil.copytree(
                root / name, instead / name, dirs_exist_ok=True
            )  # compiled already, but Numba wants to write
        why = _try(instead / name)
    except OSError as error:
        why = error.strerror or str(error)
    if why:
        return Cache(None, f"{wrong}, nor one for temporary files ({why}): the kernel is compiled anew by each process")
    return Cache(instead / name, f"{wrong}; compiled code is kept in {instead}")
