"""Campaigns on disk: a folder of Parquet shards that can be resumed, checked and read.

The folder holds `campaign.json` (`files.manifest`), `shard-00000.parquet` and so on, and beside each shard its record
`shard-00000.parquet.sha256`, a line as `sha256sum` writes it. A shard carries the campaign's id, its number, seed and
length, and its pages checksums. What does not agree with its record and its place is no shard of the campaign: reading
refuses it, and resuming flies it again. Both files are written beside their names and then moved there.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.dispersion import Campaign, Plan, shard_sizes
from downrange.dispersion.streams import Sampling
from downrange.errors import FlightCode, InputError
from downrange.formats.reading import guarded
from downrange.project.manifest import (
    ASKED,
    MANIFEST,
    file_hash,
    make_manifest,
    manifest_text,
    modes_of,
    pad_of,
    read_manifest,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from downrange.project.project import Project

__all__ = ["CampaignStore", "read_campaign"]

_NAMED = ("mode", "body", "result")  # columns that hold names
_HELD = 8  # columns of a campaign that are kept in memory, the last asked for


def _names_of(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the numbers of the columns that hold names mean."""
    return {
        "mode": [m["name"] for m in manifest["modes"]], "body": list(manifest["bodies"]),
        "result": [c.name.lower() for c in FlightCode],
    }  # fmt: skip


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _number(path: Path) -> int | None:
    found = re.fullmatch(r"shard-(\d{5,9})\.parquet", path.name)
    return int(found.group(1)) if found else None


def _recorded(path: Path) -> str:
    """The SHA-256 that a shard's record states; empty where there is no such record."""
    try:
        found = re.fullmatch(r"([0-9a-f]{64})  (\S+)\n", _record(path).read_bytes().decode("ascii"))
    except (OSError, UnicodeDecodeError):
        return ""
    return found.group(1) if found and found.group(2) == path.name else ""


def _length(path: Path, campaign: str, shard: int) -> int:
    """Flights of a shard that is whole and in its place; raises `InputError` with the reason where it is not."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    recorded = _recorded(path)
    if not recorded:
        raise InputError("its record (.sha256) is missing or not its own", file=str(path))
    if file_hash(path) != recorded:
        raise InputError(
            "its bytes are not those that were written: cut short, damaged, or another file", file=str(path)
        )
    try:
        with path.open("rb") as f:  # Arrow takes no path that is not UTF-8
            meta = pq.read_metadata(f).metadata or {}
        made, of, number, flights = (meta.get(k, b"") for k in (b"made_by", b"campaign", b"shard", b"flights"))
        counts = int(number or -1), int(flights or -1)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"it cannot be read ({str(error).splitlines()[0][:120]})", file=str(path)) from None
    if made != b"downrange":
        raise InputError("it is not a shard of downrange", file=str(path))
    if of != campaign.encode():
        raise InputError("it is of another campaign", file=str(path))
    if counts[0] != shard:
        raise InputError(f"it is shard {counts[0]} under another name", file=str(path))
    return counts[1]


@dataclass(frozen=True, eq=False)
class CampaignStore:
    """A campaign's folder. Whoever writes holds its lock (`files.locks.locked`)."""

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def open(
        cls, folder: Path, project: Project, plan: Plan, flights: int, *, sampling: Sampling = "random", fresh: bool = False
    ) -> CampaignStore:  # fmt: skip
        """Open or make the folder of a campaign of `flights`; raises `InputError` where another campaign is in it.

        `fresh` throws away what is there.
        """
        manifest = make_manifest(project, plan, flights, sampling)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / MANIFEST
        if fresh:
            for old in (*folder.glob("shard-*.parquet"), *folder.glob("shard-*.parquet.sha256")):
                old.unlink(missing_ok=True)
        elif path.is_file():
            there = read_manifest(path)
            _compare(there, manifest, folder)
            manifest = there | {"flights": flights}  # another machine may have worked out the last digits otherwise
        elif any(folder.glob("*.parquet")):
            raise InputError(
                f"{folder} holds Parquet files but no {MANIFEST}: choose another folder with --out", file=str(folder)
            )
        text = manifest_text(manifest)
        if fresh or not path.is_file() or path.read_bytes() != text:
            _write_whole(path, text)
        return cls(folder, manifest)

    def _path(self, shard: int) -> Path:
        return self.folder / f"shard-{shard:05d}.parquet"

    def look(self, flights: int, part: tuple[int, int] = (0, 1)) -> tuple[list[tuple[int, int]], dict[str, str]]:
        """(number, flights) of the shards that are not there yet, and, by name, why files that are there are not they.

        `part` (i, n) takes every n-th shard from the i-th. A shard of another length only is missing.
        """
        out, wrong = [], {}
        for shard, size in enumerate(shard_sizes(flights)):
            if shard % part[1] != part[0]:
                continue
            path, length = self._path(shard), None
            if path.is_file():
                try:
                    length = _length(path, self.manifest["id"], shard)
                except InputError as error:
                    wrong[path.name] = error.message
            if length != size:
                out.append((shard, size))
        return out, wrong

    def missing(self, flights: int, part: tuple[int, int] = (0, 1)) -> list[tuple[int, int]]:
        """(number, flights) of the shards that are not there yet, or are not what was flown."""
        return self.look(flights, part)[0]

    def write(self, shard: int, columns: dict[str, np.ndarray]) -> None:
        """Write a shard and its record, each whole or not at all."""
        import io

        import pyarrow.parquet as pq

        buffer = io.BytesIO()
        pq.write_table(
            self._table(shard, columns), buffer, compression="zstd", compression_level=1, use_dictionary=list(_NAMED),
            write_page_checksum=True,
        )  # fmt: skip
        data, path = buffer.getvalue(), self._path(shard)
        _write_whole(path, data)
        _write_whole(_record(path), f"{hashlib.sha256(data).hexdigest()}  {path.name}\n".encode())

    def _table(self, shard: int, columns: dict[str, np.ndarray]) -> pa.Table:
        import pyarrow as pa

        names = _names_of(self.manifest)
        arrays = {
            k: pa.DictionaryArray.from_arrays(pa.array(v, pa.int16()), pa.array(names[k]))
            if k in names
            else pa.array(v)
            for k, v in columns.items()
        }
        arrays["seed"] = pa.array(np.full(len(columns["flight"]), self.manifest["seed"], np.int64))
        meta = {
            "made_by": "downrange", "campaign": self.manifest["id"], "shard": str(shard), "seed": str(self.manifest["seed"]),
            "flights": str(int(np.unique(columns["flight"]).size)),
        }  # fmt: skip
        return pa.table(arrays).replace_schema_metadata(meta)

    def read(self) -> Campaign:
        """All shards that are there as one campaign."""
        return read_campaign(self.folder)


def _compare(before: dict[str, Any], now: dict[str, Any], folder: Path) -> None:
    """Refuse to go on where an input has changed, and say which."""
    changes = [f"{k} was {before[k]}, is {now[k]}" for k in ASKED if k != "inputs" and before[k] != now[k]]
    old, new = before["inputs"], now["inputs"]
    for key in sorted(set(old) | set(new)):
        if old.get(key) != new.get(key):
            changes.append(f"{key[:120]} was {old.get(key, 'not there')[:80]}, is {new.get(key, 'not there')[:80]}")
    if changes:
        shown = "; ".join(changes[:5]) + (f"; and {len(changes) - 5} more" if len(changes) > 5 else "")
        raise InputError(
            f"this folder holds a campaign of other inputs: {shown}. Fly into another folder (--out), or throw the old one "
            "away (--fresh)", file=str(folder),
        )  # fmt: skip


def _write_whole(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True, eq=False)
class _Columns(Mapping[str, np.ndarray]):
    """The columns of a campaign's shards by name, each read from disk when it is asked for.

    `rows` (shards,) are the shards' rows, `types` the columns' types, `names` the meaning of those that hold names. The
    last few columns stay in memory, so that a million flights need no more of it than these.
    """

    files: tuple[Path, ...]
    rows: tuple[int, ...]
    types: Mapping[str, np.dtype[Any]]
    names: Mapping[str, list[str]]
    _held: OrderedDict[str, np.ndarray] = field(default_factory=OrderedDict)

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)

    def __contains__(self, name: object) -> bool:
        return name in self.types

    def __getitem__(self, name: str) -> np.ndarray:
        if name in self._held:
            self._held.move_to_end(name)
            return self._held[name]
        out = np.empty(sum(self.rows), self.types[name])
        start = 0
        for path, n in zip(self.files, self.rows, strict=True):
            out[start : start + n] = self._read(path, name)
            start += n
        out.setflags(write=False)
        self._held[name] = out
        if len(self._held) > _HELD:
            self._held.popitem(last=False)
        return out

    def _read(self, path: Path, name: str) -> np.ndarray:
        """One column of one shard; names become numbers into the manifest's."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with path.open("rb") as f, pq.ParquetFile(f, page_checksum_verification=True) as shard:
                column = shard.read(columns=[name], use_threads=False).column(name).combine_chunks()
        except (pa.ArrowException, OSError) as error:
            raise _refused(path, f"it cannot be read ({str(error).splitlines()[0][:120]})") from None
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0)
        if not isinstance(column, pa.DictionaryArray):
            return np.asarray(column.to_numpy(zero_copy_only=False))
        known = {word: k for k, word in enumerate(self.names[name])}
        try:
            number = np.array([known[word] for word in column.dictionary.to_pylist()], np.int16)
        except KeyError as error:
            raise _refused(path, f"its {name} {str(error)[:60]} is not one of the campaign's") from None
        return number[column.indices.to_numpy(zero_copy_only=False)]


def _refused(path: Path, why: str) -> InputError:
    return InputError(
        f"this shard is not what was flown: {why}. The same downrange disperse flies it again", file=str(path)
    )


def _open_shard(path: Path, manifest: dict[str, Any]) -> tuple[int, dict[str, np.dtype[Any]]]:
    """Rows and column types of a shard that is whole and in its place."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shard = _number(path)
    if shard is None:
        raise _refused(path, "it is not named like shard-00000.parquet")
    try:
        _length(path, manifest["id"], shard)
        with path.open("rb") as f, pq.ParquetFile(f) as opened:
            schema = opened.schema_arrow
            types = {
                k.name: np.dtype(np.int16 if pa.types.is_dictionary(k.type) else k.type.to_pandas_dtype())
                for k in schema
            }
            return opened.metadata.num_rows, types
    except InputError as error:
        raise _refused(path, error.message) from None
    except (pa.ArrowException, OSError, NotImplementedError, TypeError) as error:
        raise _refused(path, f"it cannot be read ({str(error).splitlines()[0][:120]})") from None


@guarded("a campaign's folder")
def read_campaign(folder: str | Path) -> Campaign:
    """Read a campaign from its folder, as many of its flights as its manifest states.

    All files are checked now; columns are read when they are asked for, and the last few are kept. Raises `InputError`
    where there is no campaign, or a shard is foreign, damaged or not in its place.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError("there is no campaign here; fly one with downrange disperse", file=str(folder))
    manifest = read_manifest(path)
    files = sorted(folder.glob("shard-*.parquet"))
    opened = [_open_shard(f, manifest) for f in files]
    last = len(shard_sizes(manifest["flights"]))
    kept = [k for k, f in enumerate(files) if (_number(f) or 0) < last]  # those beyond are of a longer run of it
    if not kept:
        raise InputError("the campaign has no flights yet; fly it with downrange disperse", file=str(folder))
    types = opened[kept[0]][1]
    for k in kept:
        if opened[k][1] != types:
            raise _refused(files[k], "it has other columns than the rest")
    columns = _Columns(tuple(files[k] for k in kept), tuple(opened[k][0] for k in kept), types, _names_of(manifest))
    return Campaign(
        columns, modes_of(manifest), tuple(manifest["bodies"]), pad_of(manifest),
        f"{manifest['rocket']} on {manifest['motor']}", manifest["seed"], manifest,
    )  # fmt: skip
