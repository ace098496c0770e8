"""openMotor's `.ric`: YAML in SI, with tags of Python that are never run. Reading and writing.

Written from files of openMotor 0.4 to 0.6 alone. A burning rate's pieces may leave gaps or overlap there: they are joined at
the middle (of the logarithms of pressure), and that is said. openMotor lets no jet leave its nozzle's wall, and so does a
motor that is read from its file; an alert says where one would.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from downrange.errors import InputError, seen, suggest
from downrange.formats.reading import guarded, read_bytes
from downrange.formats.yaml_text import parse_yaml
from downrange.motor.gas import Gas
from downrange.motor.grains import (
    Bates,
    Conical,
    CSlot,
    Custom,
    DGrain,
    EndBurner,
    Finocyl,
    Grain,
    Moon,
    RodTube,
    Star,
    XCore,
)
from downrange.motor.nozzle import Nozzle
from downrange.motor.propellants import Piece, Propellant
from downrange.motor.solid import Limits, Segment, SolidMotor
from downrange.text import plain

__all__ = ["Ric", "read_ric", "write_ric"]

_LIMIT = 2_000_000  # bytes
_TAGS = re.compile(r"!!python/(?:tuple|object/apply:uilib\.fileIO\.fileTypes)(?=[\s\[])")
_ENDS = {"neither": "neither", "top": "top", "bottom": "bottom", "both": "both"}
_UNITS = {"m": 1.0, "mm": 1e-3, "cm": 1e-2, "in": 0.0254, "ft": 0.3048}

# For each type: the grain, and which of our fields each of its properties fills.
_COMMON = {"diameter": "diameter", "length": "length", "inhibitedEnds": "inhibited"}
_GRAINS: dict[str, tuple[type[Grain], dict[str, str]]] = {
    "BATES": (Bates, {"coreDiameter": "core"}),
    "End Burner": (EndBurner, {}),
    "Finocyl": (
        Finocyl,
        {
            "coreDiameter": "core",
            "numFins": "fins",
            "finWidth": "fin_width",
            "finLength": "fin_length",
            "invertedFins": "inverted",
        },
    ),
    "Star Grain": (Star, {"numPoints": "arms", "pointWidth": "point_width", "pointLength": "point_length"}),
    "X Core": (XCore, {"slotWidth": "slot_width", "slotLength": "slot_length"}),
    "C Grain": (CSlot, {"slotWidth": "slot_width", "slotOffset": "slot_offset"}),
    "D Grain": (DGrain, {"slotOffset": "slot_offset"}),
    "Moon Burner": (Moon, {"coreDiameter": "core", "coreOffset": "core_offset"}),
    "Rod and Tube": (RodTube, {"coreDiameter": "core", "rodDiameter": "rod", "supportDiameter": "support"}),
    "Conical": (Conical, {"forwardCoreDiameter": "forward_core", "aftCoreDiameter": "aft_core"}),
    "Custom Grain": (Custom, {"points": "outlines", "dxfUnit": ""}),
}
_OPTIONAL = {"invertedFins", "supportDiameter", "inhibitedEnds"}


@dataclass(frozen=True)
class Ric:
    """A motor of a `.ric` file, and what is to be said about how it was read."""

    motor: SolidMotor
    notes: tuple[str, ...] = ()


class _Place:
    """A mapping of the file, with the keys that lead to it; a missing or foreign key is told with its line."""

    def __init__(self, data: Any, file: str, where: str) -> None:
        if not isinstance(data, Mapping):
            raise InputError(f"keys and values belong here, seen {seen(data, 60)}", file=file, key=where)
        self.data, self.file, self.where = data, file, where

    def line(self, key: str | None = None) -> int | None:
        try:
            return int((self.data.lc.key(key) if key in self.data else (self.data.lc.line,))[0]) + 1  # type: ignore[attr-defined]
        except (AttributeError, KeyError, TypeError):
            return None

    def fault(self, message: str, key: str) -> InputError:
        return InputError(message, file=self.file, line=self.line(key), key=f"{self.where}.{key}")

    def raw(self, key: str) -> Any:
        if key not in self.data:
            raise self.fault(f"{key!r} is missing{suggest(key, map(str, self.data))}", key)
        return self.data[key]

    def number(self, key: str, default: float | None = None) -> float:
        if default is not None and key not in self.data:
            return default
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.fault(f"{key} should be a number in SI units, seen {seen(value, 60)}", key)
        return float(value)

    def inside(self, key: str) -> _Place:
        value = self.raw(key)
        if not isinstance(value, Mapping):
            raise self.fault(f"keys and values belong under {key}, seen {seen(value, 60)}", key)
        return _Place(value, self.file, f"{self.where}.{key}" if self.where else key)

    def items(self, key: str) -> list[_Place]:
        value = self.raw(key)
        if not isinstance(value, list) or not value:
            raise self.fault(f"{key} should be a list, seen {seen(value, 60)}", key)
        return [_Place(v, self.file, f"{self.where}.{key}[{i}]") for i, v in enumerate(value)]

    def built(self, make: Callable[[], Any], names: Mapping[str, str] | None = None) -> Any:
        """What `make` gives; its `InputError` with file, line and the file's own key."""
        try:
            return make()
        except InputError as error:
            key = next((k for k, ours in (names or {}).items() if ours == error.key), error.key or "")
            raise InputError(
                error.message, file=self.file, line=self.line(key), key=f"{self.where}.{key}".rstrip(".")
            ) from None


@guarded("an openMotor file")
def read_ric(path: str | Path) -> Ric:
    """The motor of an openMotor file. Raises `InputError` with file, line and key; tags of Python other than its own are refused, none is run."""
    path = Path(path)
    raw = read_bytes(path, _LIMIT)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not a text file in UTF-8", file=str(path)) from None
    top = _Place(parse_yaml(_TAGS.sub("", text), str(path)), str(path), "")
    if "data" not in top.data:
        raise InputError("no 'data' in this file: it is no openMotor motor", file=str(path))
    data = _Place(top.raw("data"), str(path), "data")
    if "grains" not in data.data:
        raise InputError(
            "no grains in this file: it holds propellants or settings, not a motor", file=str(path), key="data.grains"
        )
    notes: list[str] = []
    propellant = _propellant(data.inside("propellant"), notes)
    segments = tuple(Segment(_grain(g), propellant) for g in data.items("grains"))
    settings = data.inside("config") if "config" in data.data else _Place({}, str(path), "data.config")
    nozzle = _nozzle(data.inside("nozzle"))
    limits = Limits(
        pressure=settings.number("maxPressure", 0.0), mass_flux=settings.number("maxMassFlux", 0.0),
        port_to_throat=settings.number("minPortThroat", 0.0),
    )  # fmt: skip
    motor = settings.built(
        lambda: SolidMotor(
            name=path.stem,
            segments=segments,
            nozzle=nozzle,
            limits=limits,
            ambient=settings.number("ambPressure", 101325.0),
        ),
        {"ambPressure": "ambient"},
    )
    return Ric(motor, tuple(notes))


def _grain(place: _Place) -> Grain:
    word = place.raw("type")
    if word not in _GRAINS:
        raise place.fault(
            f"unknown grain type {seen(word, 60)}{suggest(str(word)[:60], _GRAINS)}; known: {', '.join(_GRAINS)}",
            "type",
        )
    cls, own = _GRAINS[word]
    p, names = place.inside("properties"), _COMMON | own
    values: dict[str, Any] = {}
    for key, ours in names.items():
        if key in _OPTIONAL and key not in p.data or (cls is EndBurner and key == "inhibitedEnds"):
            continue
        if key == "inhibitedEnds":
            values[ours] = _word(p, key, _ENDS)
        elif key == "points":
            values[ours] = _outlines(p)
        elif key == "invertedFins":
            values[ours] = bool(p.raw(key))
        elif key in ("numFins", "numPoints"):
            values[ours] = int(n) if (n := p.number(key)).is_integer() else n
        elif ours:
            values[ours] = p.number(key)
    for key in p.data:
        if key not in names:
            raise p.fault(f"unknown property {seen(key, 60)} of a {word}{suggest(str(key)[:60], names)}", str(key))
    return p.built(lambda: cls(**values), names)


def _word(p: _Place, key: str, known: Mapping[str, Any]) -> Any:
    word = p.raw(key)
    if not isinstance(word, str) or word.lower() not in known:
        raise p.fault(f"unknown {key} {seen(word, 60)}; known: {', '.join(known)}", key)
    return known[word.lower()]


def _outlines(p: _Place) -> tuple[tuple[tuple[float, float], ...], ...]:
    scale = _word(p, "dxfUnit", _UNITS)
    loops = p.raw("points")
    out = []
    for loop in loops if isinstance(loops, list) else [loops]:
        pairs = loop if isinstance(loop, list) else []
        good = all(isinstance(q, list) and len(q) == 2 and all(isinstance(v, int | float) for v in q) for q in pairs)
        if not pairs or not good:
            raise p.fault(f"points should be lists of pairs of numbers, seen {seen(loop, 60)}", "points")
        ring = [(scale * float(x), scale * float(y)) for x, y in pairs]
        apart = [q for k, q in enumerate(ring) if math.dist(q, ring[k - 1]) > 1e-9]  # joints of arcs are there twice
        out.append(tuple(apart))
    return tuple(out)


def _nozzle(p: _Place) -> Nozzle:
    names = {
        "throat": "throat", "exit": "exit", "divAngle": "divergence", "convAngle": "convergence", "throatLength": "throat_length",
        "efficiency": "efficiency", "erosionCoeff": "erosion", "slagCoeff": "slag",
    }  # fmt: skip
    for key in p.data:
        if key not in names:
            raise p.fault(f"unknown property {seen(key, 60)} of the nozzle{suggest(str(key)[:60], names)}", str(key))
    values: dict[str, Any] = {
        "throat": p.number("throat"), "exit": p.number("exit"), "divergence": math.radians(p.number("divAngle")),
        "convergence": math.radians(a) if (a := p.number("convAngle", 0.0)) > 0 else None, "throat_length": p.number("throatLength", 0.0),
        "efficiency": p.number("efficiency"), "erosion": p.number("erosionCoeff", 0.0), "slag": p.number("slagCoeff", 0.0),
        "separation": "none",  # as the program does that wrote it
    }  # fmt: skip
    return p.built(lambda: Nozzle(**values), names)


def _propellant(p: _Place, notes: list[str]) -> Propellant:
    names = {
        "minPressure": "low",
        "maxPressure": "high",
        "a": "coefficient",
        "n": "exponent",
        "k": "heat_ratio",
        "m": "molar_mass",
        "t": "temperature",
    }
    pieces = []
    for tab in p.items("tabs"):
        gas = tab.built(
            partial(Gas, heat_ratio=tab.number("k"), molar_mass=tab.number("m") / 1e3, temperature=tab.number("t")),
            names,
        )
        law = {"coefficient": tab.number("a"), "exponent": tab.number("n")}
        pieces.append(
            tab.built(
                partial(Piece, low=tab.number("minPressure"), high=tab.number("maxPressure"), gas=gas, **law), names
            )
        )
    pieces.sort(key=lambda q: (q.low, q.high))
    for k, (a, b) in enumerate(zip(pieces, pieces[1:], strict=False)):
        if abs(b.low - a.high) > 1e-6 * a.high:
            edge = math.sqrt(a.high * b.low) if b.low > 0 else a.high
            if not a.low < edge < b.high:
                raise p.fault("one burning rate covers another: which holds is not clear", "tabs")
            what = "leave a gap" if b.low > a.high else "overlap"
            notes.append(
                f"burning rates {what} between {a.high / 1e6:.4g} and {b.low / 1e6:.4g} MPa; they were joined at {edge / 1e6:.4g} MPa"
            )
            pieces[k], pieces[k + 1] = replace(a, high=edge), replace(b, low=edge)
    return p.built(
        lambda: Propellant(
            name=str(p.data.get("name", "propellant"))[:80],
            density=p.number("density"),
            pieces=tuple(pieces),
            gas=pieces[0].gas,
        )
    )


def write_ric(path: str | Path, motor: SolidMotor) -> None:
    """Write a motor as an openMotor file. Raises `InputError` for what that format cannot hold: several propellants, grains that it does not know.

    The rates are those at the motor's temperature, which the format does not know.
    """
    text = "\n".join(_lines(motor)) + "\n"
    Path(path).write_text(text, encoding="utf-8")


def _lines(motor: SolidMotor) -> list[str]:
    if len({s.propellant for s in motor.segments}) > 1:
        raise InputError("an openMotor file holds one propellant; this motor has several", key="grains")
    p, n, limits = motor.burning[0], motor.nozzle, motor.limits  # rates at the temperature of the motor
    out = [
        "data:",
        "  config:",
        f"    ambPressure: {motor.ambient!r}",
        "    burnoutThrustThres: 0.1",
        "    burnoutWebThres: 2.54e-05",
        "    mapDim: 750",
    ]
    out += [
        f"    maxMassFlux: {float(limits.mass_flux or 1e5)!r}",
        f"    maxPressure: {float(limits.pressure or 1e9)!r}",
    ]
    out += [f"    minPortThroat: {float(limits.port_to_throat or 1.0)!r}", "    timestep: 0.01", "  grains:"]
    for k, s in enumerate(motor.segments):
        out += _grain_lines(s.grain, k)
    out += [
        "  nozzle:",
        f"    convAngle: {math.degrees(n.convergence or math.pi / 4)!r}",
        f"    divAngle: {math.degrees(n.divergence)!r}",
    ]
    out += [
        f"    efficiency: {n.efficiency!r}",
        f"    erosionCoeff: {float(n.erosion)!r}",
        f"    exit: {n.exit!r}",
        f"    slagCoeff: {float(n.slag)!r}",
    ]
    out += [f"    throat: {n.throat!r}", f"    throatLength: {float(n.throat_length or 0.0)!r}", "  propellant:"]
    name = plain(p.name).replace("'", "''")
    out += [f"    density: {float(p.density)!r}", f"    name: '{name}'", "    tabs:"]
    for piece in p.pieces:
        gas = piece.gas or p.gas
        out += [
            f"    - a: {piece.coefficient!r}", f"      k: {gas.heat_ratio!r}", f"      m: {gas.molar_mass * 1e3!r}", f"      maxPressure: {float(piece.high)!r}",
            f"      minPressure: {float(piece.low)!r}", f"      n: {float(piece.exponent)!r}", f"      t: {float(gas.temperature) * p.efficiency**2!r}",
        ]  # fmt: skip
    return [
        *out,
        "type: !!python/object/apply:uilib.fileIO.fileTypes",
        "- 3",
        "version: !!python/tuple",
        "- 0",
        "- 5",
        "- 0",
    ]


def _grain_lines(grain: Grain, k: int) -> list[str]:
    word = next((w for w, (cls, _) in _GRAINS.items() if type(grain) is cls), None)
    if word is None or (isinstance(grain, Star) and grain.core) or (isinstance(grain, Custom) and grain.islands):
        raise InputError(
            f"an openMotor file cannot hold a grain like this ({type(grain).__name__})", key=f"grains[{k}]"
        )
    out = ["  - properties:"]
    for key, ours in (_COMMON | _GRAINS[word][1]).items():
        if key == "dxfUnit":
            out.append("      dxfUnit: m")
        elif key == "points":
            out.append("      points:")
            for loop in grain.outlines:  # type: ignore[attr-defined]
                out += [f"      {'- -' if i == 0 else '  -'} [{x!r}, {y!r}]" for i, (x, y) in enumerate(loop)]
        elif key == "inhibitedEnds" and isinstance(grain, EndBurner):
            continue
        else:
            value = getattr(grain, ours)
            out.append(
                f"      {key}: {value.capitalize() if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)}"
            )
    return [*out, f"    type: {word}"]
