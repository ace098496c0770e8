"""RockSim's XML `.rse`, by its elements."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from downrange.errors import MotorFileError
from downrange.formats.motors import Problems, delays_of, good_motors, motor_number, motor_text, thinned
from downrange.formats.reading import guarded
from downrange.motor import Motor
from downrange.text import plain

__all__ = ["read_rse", "write_rse"]

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
        cg = None if cg is None else np.interp(time, t, cg)
        dry, length = num("initWt") / 1e3 - propellant, num("len") / 1e3
        return Motor(
            designation=who, manufacturer=a.get("mfg", ""), time=time, thrust=force, diameter=num("dia") / 1e3, length=length,
            propellant_mass=propellant, dry_mass=dry, delays=delays, plugged=plugged, propellant_left=left,
            cg_front=cg, propellant_centres=_moving(a.get("Type", ""), left, cg, dry, length), source=path.name, kind=a.get("Type", ""),
            nozzle_exit_area=np.pi / 4 * exit_diameter**2 if exit_diameter > 0 else None, flags=() if note is None else (note,),
        )  # fmt: skip
    except MotorFileError as error:
        raise MotorFileError(error.message, file=file) from None


def _moving(kind: str, left: np.ndarray | None, cg: np.ndarray | None, dry: float, length: float) -> np.ndarray | None:
    """Where the propellant of a hybrid or liquid is while it flows, m forward of the nozzle end: its tank runs dry from the top, and the
    column of the whole motor's centre says how. None of other motors, whose grains stay where they are."""
    if left is None or cg is None or kind.lower() not in ("hybrid", "liquid") or left[0] <= 0:
        return None
    known = left > 0.02 * left[0]
    place = length - (cg[known] * (dry + left[known]) - cg[-1] * dry) / left[known]
    return np.asarray(np.interp(np.arange(left.size), np.flatnonzero(known), place))


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


def _centre(m: Motor) -> np.ndarray:
    """Centre of gravity at the samples, m aft of the front: of all of it where the propellant's moves, else as it was read."""
    if m.propellant_centres is not None:
        left = m.propellant_at_samples
        moment = m.dry_mass * m.casing_centre + left * m.propellant_centres
        return np.asarray(m.length - moment / (m.dry_mass + left))
    return np.full(m.time.size, m.length - m.propellant_centre) if m.cg_front is None else m.cg_front


def write_rse(path: str | Path, motors: list[Motor]) -> None:
    """Write motors as a RockSim `.rse` file, with propellant left (g) and centre of gravity (mm aft of the front) at every sample."""
    root = ET.Element("engine-database")
    engines = ET.SubElement(root, "engine-list")
    for m in motors:
        exit_diameter = 2e3 * float(np.sqrt((m.nozzle_exit_area or 0.0) / np.pi))
        engine = ET.SubElement(engines, "engine", {
            "FDiv": "10", "FFix": "1", "FStep": "-1.", "Isp": f"{m.specific_impulse:.2f}", "Itot": f"{m.impulse:.3f}", "Type": m.kind or "single-use",
            "auto-calc-cg": "1" if m.cg_front is None and m.propellant_centres is None else "0", "auto-calc-mass": "0", "avgThrust": f"{m.average_thrust:.3f}",
            "burn-time": f"{m.burn_time:.4f}", "cgDiv": "10", "cgFix": "1", "cgStep": "-1.", "code": plain(m.designation),
            "delays": "P" if m.plugged or not m.delays else ",".join(f"{d:g}" for d in m.delays), "dia": f"{m.diameter * 1e3:.6g}",
            "exitDia": f"{exit_diameter:.6g}", "initWt": f"{m.total_mass * 1e3:.8g}", "len": f"{m.length * 1e3:.6g}", "mDiv": "10", "mFix": "1",
            "mStep": "-1.", "massFrac": f"{100 * m.propellant_mass / m.total_mass:.2f}", "mfg": plain(m.manufacturer or "unknown"),
            "peakThrust": f"{m.peak_thrust:.3f}", "propWt": f"{m.propellant_mass * 1e3:.8g}", "tDiv": "10", "tFix": "1", "tStep": "-1.", "throatDia": "0",
        })  # fmt: skip
        data = ET.SubElement(engine, "data")
        cg = _centre(m)
        for t, f, left, c in zip(m.time, m.thrust, m.propellant_at_samples, cg, strict=True):
            ET.SubElement(
                data, "eng-data", {"cg": f"{c * 1e3:.6g}", "f": f"{f:.6g}", "m": f"{left * 1e3:.8g}", "t": f"{t:.6g}"}
            )
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
