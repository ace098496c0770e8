"""RockSim's XML `.rse`, by its elements."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from downrange.errors import MotorFileError
from downrange.formats.motors import Problems, delays_of, good_motors, motor_number, motor_text, thinned
from downrange.formats.reading import guarded
from downrange.motor import Motor

__all__ = ["read_rse"]

SUFFIXES = (".rse",)


def _rse_motor(engine: ET.Element, path: Path) -> Motor:
    a, file = engine.attrib, str(path)
    who = a.get("code", "?")[:60]

    def num(key: str, node: dict[str, str] = a, default: str | None = None) -> float:
        raw = node.get(key, default)
        if raw is None:
            raise MotorFileError(f"{who}: no {key}", file=file)
        return motor_number(raw, f"{who}: {key}", file, 0)

    rows = [d.attrib for d in engine.iter("eng-data")]
    t, f = (np.array([num(k, r) for r in rows]) for k in ("t", "f"))
    propellant = num("propWt") / 1e3
    mass, cg = (
        np.array([num(k, r) for r in rows]) / 1e3 if rows and all(k in r for r in rows) else None for k in ("m", "cg")
    )
    if mass is not None and (np.any(np.diff(mass) > 1e-9) or abs(mass[0] - propellant) > 0.05 * propellant):
        mass = None
    exit_diameter = num("exitDia", default="0") / 1e3
    delays, plugged = delays_of(a.get("delays", ""))
    try:
        time, force, note = thinned(t, f)
        left = None if mass is None else np.interp(time, t, mass - mass[-1])
        return Motor(
            designation=who, manufacturer=a.get("mfg", ""), time=time, thrust=force, diameter=num("dia") / 1e3, length=num("len") / 1e3,
            propellant_mass=propellant, dry_mass=num("initWt") / 1e3 - propellant, delays=delays, plugged=plugged, propellant_left=left,
            cg_front=None if cg is None else np.interp(time, t, cg), source=path.name, kind=a.get("Type", ""),
            nozzle_exit_area=np.pi / 4 * exit_diameter**2 if exit_diameter > 0 else None, flags=() if note is None else (note,),
        )  # fmt: skip
    except MotorFileError as error:
        raise MotorFileError(error.message, file=file) from None


def read(path: Path) -> tuple[list[Motor], Problems]:
    """The motors of a file, and what is wrong with those that cannot be read."""
    text = motor_text(path)
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise MotorFileError("entity definitions are not allowed in a motor file", file=str(path))
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise MotorFileError(f"not valid XML: {error}", file=str(path)) from None
    motors, problems = [], Problems()
    for engine in root.iter("engine"):
        try:
            motors.append(_rse_motor(engine, path))
        except MotorFileError as error:
            problems.append((engine.get("code", "?"), error))
    return motors, problems


@guarded("a motor file")
def read_rse(path: str | Path) -> list[Motor]:
    """The motors of a RockSim `.rse` file, with their mass and centre-of-gravity columns; those that cannot be read as in `read_eng`."""
    return good_motors(*read(Path(path)), str(path), "engine")
