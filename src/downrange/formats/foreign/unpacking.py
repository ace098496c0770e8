"""The bytes of a design file, whatever it is packed in, and its XML: bounded, since files come from strangers."""

from __future__ import annotations

import io
import math
import xml.etree.ElementTree as ET
import zipfile
import zlib
from pathlib import Path
from typing import IO

from downrange.errors import InputError, seen
from downrange.formats.reading import read_bytes

__all__ = ["IMPULSE", "design_bytes", "parse_design"]

_FILE = 60_000_000  # bytes of the file; the largest real one has 1 MB
_DESIGN = 40_000_000  # bytes unpacked; with a long stored flight 2 MB
_MEMBERS = 5_000
_DEPTH = 120  # pods in pods; a real design has 12
_ELEMENTS = 150_000  # without the rows of stored flights
_ROWS = {"datapoint"}
IMPULSE = "impulse-of-its-rows"  # an attribute of the reader's own
_WRITTEN_BY = {".ork": "an OpenRocket file", ".rkt": "a RockSim file", ".cdx1": "a RASAero file"}


def _bounded(stream: IO[bytes], path: Path) -> bytes:
    data = stream.read(_DESIGN + 1)
    if len(data) > _DESIGN:
        raise InputError(f"it unpacks to more than {_DESIGN / 1e6:.0f} MB; no design is that large", file=str(path))
    return data


def _of_zip(data: bytes, path: Path) -> bytes:
    """The design in a zip archive: `rocket.ork`, else the only member that can be one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > _MEMBERS:
            raise InputError(f"the archive has {len(infos):,} members; a design has a few", file=str(path))
        named = [i for i in infos if i.filename == "rocket.ork"]
        found = named or [
            i for i in infos if i.filename.lower().endswith((".ork", ".xml")) and "/" not in i.filename.strip("/")
        ]
        if not found:
            names = ", ".join(seen(i.filename, 40) for i in infos[:5])
            raise InputError(
                f"a zip archive without a design (rocket.ork) in it; it holds {names or 'nothing'}", file=str(path)
            )
        if found[0].flag_bits & 1:
            raise InputError("the archive is locked with a password", file=str(path))
        with archive.open(found[0]) as member:
            return _bounded(member, path)


def _of_gzip(data: bytes, path: Path) -> bytes:
    unpack = zlib.decompressobj(31)
    out = unpack.decompress(data, _DESIGN + 1)
    if len(out) > _DESIGN:
        raise InputError(f"it unpacks to more than {_DESIGN / 1e6:.0f} MB; no design is that large", file=str(path))
    return out


def design_bytes(path: Path) -> bytes:
    """The XML of a design file: as it is, or out of gzip or zip. Raises `InputError` for what is none of these."""
    data = read_bytes(path, _FILE)
    try:
        if data[:4] == b"PK\x03\x04":
            return _of_zip(data, path)
        if data[:2] == b"\x1f\x8b":
            return _of_gzip(data, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        kind = _WRITTEN_BY.get(path.suffix.lower(), "a design of another program")
        raise InputError(
            f"by its name {kind}, but the archive is broken: {seen(str(error), 120)}; save it anew there, or copy it again",
            file=str(path),
        ) from None
    if not data.strip():
        raise InputError("the file is empty", file=str(path))
    if len(data) > _DESIGN:
        raise InputError(
            f"{len(data) / 1e6:,.0f} MB is too large for a design (limit {_DESIGN / 1e6:.0f} MB)", file=str(path)
        )
    return data


class _Thrust:
    """Thrust over time (N s) of the rows of a stored flight as they pass by; `columns` are their names."""

    def __init__(self, columns: str) -> None:
        names = [n.strip().lower() for n in columns.split(",")]
        self.columns = (names.index("time"), names.index("thrust")) if {"time", "thrust"} <= set(names) else None
        self.impulse, self.last = 0.0, (math.nan, math.nan)
        self.text: list[str] | None = None

    def begin(self) -> None:
        self.text = None if self.columns is None else []

    def add(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def end(self) -> None:
        if self.text is None or self.columns is None:
            return
        cells, self.text = "".join(self.text).split(","), None
        try:
            t, f = (float(cells[k]) for k in self.columns)
        except (ValueError, IndexError):
            return
        step = (t - self.last[0]) * 0.5 * (f + self.last[1])
        self.impulse += step if math.isfinite(step) else 0.0
        self.last = (t, f)


class _Builder(ET.TreeBuilder):
    """Refuses document types (and so entities), depth, and more elements than any real design has; of the rows of a stored
    flight it keeps the first, and the impulse of their thrust (N s) as `IMPULSE` of their branch."""

    def __init__(self) -> None:
        super().__init__()
        self.thrust = _Thrust("")
        self.deep = self.seen = self.parts = 0
        self.skipping = 0
        self.row = False

    def doctype(self, *_: object) -> None:
        raise InputError("a document type or entities are refused")

    def start(self, tag: object, attrs: object) -> object:  # type: ignore[override]
        self.deep += 1
        if tag in _ROWS:
            self.thrust.begin()
        if self.skipping:
            self.skipping += 1
            return None
        if tag in _ROWS:
            if self.row:
                self.skipping = 1
                return None
            self.row = True
        elif tag == "databranch":
            self.row = False
            self.thrust = _Thrust(attrs.get("types", "") if isinstance(attrs, dict) else "")
        else:
            self.seen += 1
        if self.deep > _DEPTH:
            raise InputError(f"nested too deeply: more than {_DEPTH} levels")
        if self.seen > _ELEMENTS:
            raise InputError(f"more than {_ELEMENTS:,} elements; no design has so many")
        return super().start(tag, attrs)  # type: ignore[arg-type]

    def data(self, data: str) -> None:
        self.thrust.add(data)
        if not self.skipping:
            super().data(data)

    def end(self, tag: object) -> object:  # type: ignore[override]
        self.deep -= 1
        if tag in _ROWS:
            self.thrust.end()
        if self.skipping:
            self.skipping -= 1
            return None
        element = super().end(tag)  # type: ignore[arg-type]
        if tag == "databranch" and self.thrust.impulse > 0:
            element.set(IMPULSE, f"{self.thrust.impulse:.6g}")
        return element


def parse_design(data: bytes, path: Path, *roots: str) -> ET.Element:
    """The root element of a design, which must be one of `roots`. Of a broken file the message says how far it could be read.

    Raises `InputError` for XML that is broken or of another kind.
    """
    builder = _Builder()
    parser = ET.XMLParser(target=builder)
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except InputError as error:
        raise InputError(error.message, file=str(path)) from None
    except (ET.ParseError, ValueError, LookupError) as error:
        line = error.position[0] if isinstance(error, ET.ParseError) else None
        told = f"; {builder.seen} elements could be read before it" if builder.seen > 1 else ""
        raise InputError(
            f"not a whole design, its XML is broken: {seen(str(error), 120)}{told}", file=str(path), line=line
        ) from None
    if root is None or str(root.tag).lower() not in {r.lower() for r in roots}:
        name = None if root is None else str(root.tag)
        raise InputError(f"the XML in it is {seen(name, 60)} and not {' or '.join(roots)}", file=str(path))
    return root
