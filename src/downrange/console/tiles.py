"""Map tiles of the user's own: pieces of the PMTiles files beside a project's launch file, which a page reads by ranges of bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from downrange.errors import InputError, seen
from downrange.formats.reading import Folder

__all__ = ["MOST", "Piece", "piece_of", "tile_files"]

MOST = 16_000_000  # bytes of one piece; a tile has some thousands, the first directory 16 thousand
_BEGINS = b"PMTiles"
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})")
_LISTED = 50


@dataclass(frozen=True)
class Piece:
    """Bytes `first` and following of a file of `size` bytes; none where the file ends before. `mark` is another after the file was changed."""

    data: bytes
    first: int
    size: int
    mark: str

    @property
    def headers(self) -> Mapping[str, str]:
        """What HTTP says of it."""
        last = self.first + len(self.data) - 1
        where = f"{self.first}-{last}" if self.data else "*"
        return {"Content-Range": f"bytes {where}/{self.size}", "Accept-Ranges": "bytes", "ETag": self.mark}


def tile_files(folder: Path, trusted: bool = False) -> list[dict[str, str | int]]:
    """The files of tiles in a project's folder, by name: `name` and `bytes` of each."""
    out: list[dict[str, str | int]] = []
    for path in sorted(folder.glob("*.pmtiles"))[:_LISTED]:
        try:
            found = _file(folder, path.name, trusted)
            out.append({"name": path.name, "bytes": found.stat().st_size})
        except (InputError, OSError):  # a link that leads away, or no tiles
            continue
    return out


def piece_of(folder: Path, name: str, asked: str, trusted: bool = False) -> Piece:
    """The bytes that a header `Range` asks for of a file of tiles in a project's folder.

    Raises `InputError` for a file that is not there, leads out of the project or has no tiles, and for what is not one range `bytes=first-last` of at most
    `MOST` bytes.
    """
    found = _RANGE.fullmatch(asked)
    if found is None:
        raise InputError(f"tiles are asked for by one range, like 'bytes=0-16383'; seen {seen(asked, 60)}", key="range")
    first, last = int(found[1]), int(found[2])
    if not first <= last < first + MOST:
        raise InputError(
            f"a range has its first byte first, and at most {MOST:,} bytes; seen {seen(asked, 60)}", key="range"
        )
    with _file(folder, name, trusted).open("rb") as file:
        size = file.seek(0, 2)
        file.seek(min(first, size))
        data = file.read(last - first + 1)
        changed = Path(file.name).stat().st_mtime_ns
    return Piece(data, first, size, f'"{changed:x}-{size:x}"')


def _file(folder: Path, name: str, trusted: bool) -> Path:
    if "/" in name or "\\" in name:
        raise InputError(f"{seen(name, 60)} is not in the project's folder", key="name")
    path = Folder.of(folder, trusted).file(name, "name")
    with path.open("rb") as file:
        if file.read(len(_BEGINS)) != _BEGINS:
            raise InputError(f"{seen(name, 60)} is not a file of PMTiles", key="name")
    return path
