"""What a motor made of grains is, in the words of a motor.yaml: for motors that came from elsewhere."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.motor.gas import Gas
from downrange.motor.grains import GRAIN_TYPES, Custom, Grain
from downrange.motor.nozzle import Nozzle
from downrange.motor.propellants import Piece, Propellant
from downrange.motor.solid import SolidMotor
from downrange.project.saving import write_words
from downrange.units import parse_quantity

__all__ = ["motor_words", "write_motor_yaml"]

_MPA = 1e6
_UNITS = {"length": ("mm", "m"), "mass": ("g", "kg"), "speed": ("mm/s", "m/s"), "angle": ("deg", "rad"), "pressure": ("MPa", "Pa"),
          "density": ("kg/m3",), "temperature": ("K",), "time": ("s",), "force": ("N",), "number": ("",)}  # fmt: skip
_SCALE = {"mm": 1e3, "g": 1e3, "mm/s": 1e3, "deg": 180 / math.pi, "MPa": 1e-6}


def write_motor_yaml(path: str | Path, motor: SolidMotor, level: str = "quasi-steady") -> None:
    """Write a motor as a motor.yaml. level: of the ballistics that a flight takes. Raises `InputError` for what that cannot say."""
    write_words(motor_words(motor, level), Path(path))


def motor_words(motor: SolidMotor, level: str = "quasi-steady") -> dict[str, Any]:
    """The keys and values of a motor.yaml that describes a motor; numbers are to the last bit. Raises `InputError` for what that cannot say."""
    named = _names(motor)
    one = len(named) == 1
    out: dict[str, Any] = {"name": motor.name, "manufacturer": motor.manufacturer, "level": level}
    words = {name: _propellant(p) for p, name in named.items()}
    out |= {"propellant": next(iter(words.values()))} if one else {"propellants": words}
    out["grains"] = []
    for s in motor.segments:
        grain = (
            _grain(s.grain)
            | ({"gap": _said(s.gap, "length")} if s.gap else {})
            | ({} if one else {"propellant": named[s.propellant]})
        )
        last = out["grains"][-1] if out["grains"] else {}
        if {k: v for k, v in last.items() if k != "count"} == grain:
            last["count"] = last.get("count", 1) + 1
        else:
            out["grains"].append(grain)
    out["nozzle"] = _nozzle(motor.nozzle)
    for key in ("case", "igniter", "limits"):
        if (record := getattr(motor, key)) is not None and (said := _record(record)):
            out[key] = said
    if motor.temperature is not None:
        out["temperature"] = _said(motor.temperature, "temperature")
    out["ambient"] = _said(motor.ambient, "pressure")
    if motor.delays:
        out["delays"] = [_said(d, "time") for d in motor.delays]
    return {k: v for k, v in out.items() if v != ""}


def _said(value: float, kind: str) -> Any:
    """A number with its unit: the one that people use where that is the same number to the last bit, else the SI's."""
    for unit in _UNITS[kind]:
        text = f"{value * _SCALE.get(unit, 1.0):.12g} {unit}".strip()
        if parse_quantity(text, kind).value == value:
            return text if unit else value
    return f"{value!r} {_UNITS[kind][-1]}" if kind != "number" else value


def _record(record: Any) -> dict[str, Any]:
    """The fields of a dataclass that are not as they would be without a word."""
    out = {}
    for f in dataclasses.fields(record):
        value = getattr(record, f.name)
        if value is not None and value != f.default:
            whole = isinstance(value, str | bool) or "kind" not in f.metadata or f.type == "int"
            out[f.name] = value if whole else _said(float(value), f.metadata["kind"])
    return out


def _grain(grain: Grain) -> dict[str, Any]:
    kind = {cls: name for name, cls in GRAIN_TYPES.items()}[type(grain)]
    if isinstance(grain, Custom):
        if grain.islands:
            raise InputError(
                "the core of a drawing has islands, which outlines in a motor.yaml cannot say; name the drawing there"
            )
        size = {k: _said(getattr(grain, k), "length") for k in ("diameter", "length")}
        outlines = [[[float(x), float(y)] for x, y in loop] for loop in grain.outlines]
        return {"type": kind, **size, "inhibited": grain.inhibited, "unit": "m", "outlines": outlines}
    return {"type": kind, **_record(grain)}


def _names(motor: SolidMotor) -> dict[Propellant, str]:
    """The propellants of a motor, each with a name of its own."""
    out: dict[Propellant, str] = {}
    for s in motor.segments:
        if s.propellant not in out:
            name = s.propellant.name or "propellant"
            out[s.propellant] = name if name not in out.values() else f"{name} {len(out) + 1}"
    return out


def _propellant(p: Propellant) -> dict[str, Any]:
    out: dict[str, Any] = {
        "name": p.name,
        "density": _said(p.density, "density"),
        "gas": _gas(p.gas),
        "efficiency": p.efficiency,
    }
    out["burn_rate"] = [_piece(q) for q in p.pieces]
    if p.sensitivity:
        out |= {"sensitivity": p.sensitivity, "temperature": _said(p.temperature, "temperature")}
    if p.erosive is not None:
        e = p.erosive
        out["erosive"] = e.law if e.law == "mukunda-paul" else {"alpha": e.alpha, "beta": e.beta}
    return {k: v for k, v in {**out, "source": p.source}.items() if v != ""}


def _gas(gas: Gas) -> dict[str, Any]:
    return {
        "heat_ratio": gas.heat_ratio,
        "molar_mass": _said(gas.molar_mass, "mass"),
        "temperature": _said(gas.temperature, "temperature"),
    }


def _piece(q: Piece) -> dict[str, Any]:
    rate = q.coefficient * math.pow(_MPA, q.exponent)
    out = {
        "from": _said(q.low, "pressure"),
        "to": _said(q.high, "pressure"),
        "at_1_MPa": _said(rate, "speed"),
        "exponent": q.exponent,
    }
    return out if q.gas is None else {**out, "gas": _gas(q.gas)}


def _nozzle(n: Nozzle) -> dict[str, Any]:
    wear = {"erosion_at_1_MPa": n.erosion * _MPA, "slag_at_1_MPa": n.slag / _MPA}
    return {k: v for k, v in _record(n).items() if k not in ("erosion", "slag")} | {
        k: _said(v, "speed") for k, v in wear.items() if v
    }
