"""The projects that a user opened last, newest first: a list of paths in his own folder, which may be thrown away."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["recent", "remember_opened"]

_MOST = 12


def _file() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "downrange" / "recent.json"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "downrange" / "recent.json"
    given = os.environ.get("XDG_STATE_HOME", "")  # to be ignored where it is relative, says the XDG specification
    return (Path(given) if os.path.isabs(given) else Path.home() / ".local" / "state") / "downrange" / "recent.json"


def recent() -> dict[str, Path]:
    """Launch files that were opened last and are still there, newest first, each by a word that names it."""
    try:
        listed = json.loads(_file().read_bytes()[:1_000_000])
        paths = [Path(p) for p in listed if isinstance(p, str) and Path(p).is_absolute() and Path(p).is_file()]
    except (
        OSError,
        ValueError,
        TypeError,
        RecursionError,
        RuntimeError,
    ):  # no list, or no such list: nothing is remembered
        return {}
    return {hashlib.sha256(str(p).encode("utf-8", "surrogateescape")).hexdigest()[:16]: p for p in paths[:_MOST]}


def remember_opened(path: Path) -> None:
    """Put a launch file first; where the list cannot be written nothing is remembered."""
    with suppress(OSError, ValueError, RuntimeError):
        file, first = _file(), path.absolute()
        listed = [first, *(p for p in recent().values() if p != first)][:_MOST]
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{os.getpid()}")
        made.write_text(json.dumps([str(p) for p in listed]), encoding="utf-8")
        os.replace(made, file)
