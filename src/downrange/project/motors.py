"""Opening a motor that is made of grains, from any file that holds one, and building it from its model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from downrange.errors import InputError, seen
from downrange.formats.reading import Folder, guarded
from downrange.motor.gas import Gas
from downrange.motor.nozzle import Nozzle
from downrange.motor.propellants import RECORDS, Erosive, Piece, Propellant, pieces_of_table
from downrange.motor.solid import Case, Igniter, Limits, Segment, SolidMotor
from downrange.project.grains import SUFFIXES, GrainMotor, holds_grains

if TYPE_CHECKING:
    from downrange.motor import Motor
    from downrange.project.schema_motor import GrainMotorFile, NozzleFile, PropellantFile

__all__ = [
    "at_values",
    "build_grain_motor",
    "build_nozzle",
    "build_propellant",
    "flown_motor",
    "grains_in_place",
    "grain_motor_said",
    "open_grain_motor",
    "pressure_of",
]

_MPA = 1e6
_MOST = 1e9  # Pa; guns have half of it
_UNITS = {"m": 1.0, "cm": 1e-2, "mm": 1e-3, "in": 0.0254}
T = TypeVar("T")


@guarded("a motor of grains")
def open_grain_motor(path: str | Path, *, trusted: bool = False) -> GrainMotor:
    """The motor of a `motor.yaml` or an openMotor `.ric`. Raises `InputError` with file, line and key.

    trusted: whether the file may name paths outside its folder.
    """
    path = Path(path)
    if not holds_grains(path):
        raise InputError(
            f"cannot tell the format of {seen(path.suffix, 40)}; motors of grains are {', '.join(SUFFIXES)}",
            file=str(path),
        )
    if path.suffix.lower() == ".ric":
        from downrange.formats.ric import read_ric

        ric = read_ric(path)
        return GrainMotor(path, ric.motor, "quasi-steady", ric.notes)
    from downrange.formats.yaml_text import read_yaml

    return grain_motor_said(read_yaml(path), path, trusted=trusted)


def grain_motor_said(data: Any, path: Path, *, trusted: bool = False) -> GrainMotor:
    """The motor that the contents of a `motor.yaml` at `path` describe. Raises `InputError` with file, line and key."""
    from downrange.project.schema_motor import GrainMotorFile
    from downrange.project.validating import validate

    file = validate(GrainMotorFile, data, path)
    return _opened(path, file, data, Folder.of(path.parent, trusted))


def _opened(path: Path, file: GrainMotorFile, data: Any, folder: Folder) -> GrainMotor:
    from downrange.project.validating import line_of_key

    try:
        motor = build_grain_motor(file, folder, path.stem)
    except InputError as error:
        if error.file is not None:
            raise
        raise type(error)(error.message, file=str(path), line=line_of_key(data, error.key), key=error.key) from None
    return GrainMotor(path, motor, file.level, (), file)


def grains_in_place(file: GrainMotorFile, folder: Folder) -> GrainMotor:
    """The motor of grains that stands in a launch itself, its drawings in `folder`. Raises `InputError` with the key below the motor's."""
    return GrainMotor(folder.root / "motor", build_grain_motor(file, folder, "motor"), file.level, (), file)


def at_values(opened: GrainMotor, values: dict[str, float]) -> GrainMotor:
    """The motor with some quantities of its file (by their paths, SI) at other values than their centres."""
    from downrange.project.schema import with_quantity

    file = opened.file
    assert file is not None, "only a motor.yaml has quantities that vary"
    for path, value in values.items():
        file = with_quantity(file, path, value)
    return replace(
        opened, file=file, motor=build_grain_motor(file, Folder.of(opened.path.parent, True), opened.path.stem)
    )


def flown_motor(opened: GrainMotor) -> Motor:
    """What flies: the firing of a motor at its own level as thrust, mass and centre of gravity. Raises `InputError` without its empty mass."""
    from downrange.motor.ballistics import as_motor, fire

    return as_motor(fire(opened.motor, opened.level))


def pressure_of(text: str, key: str) -> float:
    """Pa, of a pressure in words like `5 MPa`, without a spread. Raises `InputError` with the key."""
    from downrange.units import parse_quantity

    try:
        quantity = parse_quantity(text, "pressure")
    except InputError as error:
        raise type(error)(error.message, key=key) from None
    if quantity.distribution is not None:
        raise InputError(f"{seen(text, 40)} has a spread; give one pressure, like '5 MPa'", key=key)
    if not 0 < quantity.value < _MOST:
        raise InputError(f"{seen(text, 40)} is no pressure of a motor: above 0, below 1000 MPa", key=key)
    return quantity.value


def build_grain_motor(file: GrainMotorFile, folder: Folder, name: str) -> SolidMotor:
    """The motor of a model, at the centres of its quantities. Raises `InputError` with the key."""
    from downrange.project.models import to_domain

    of = {k: _under(f"propellants.{k}", build_propellant, p, k) for k, p in file.propellants.items()}
    if file.propellant is not None:
        of[""] = _under("propellant", build_propellant, file.propellant, "propellant")
    segments = tuple(s for k, g in enumerate(file.grains) for s in _segments(g, f"grains[{k}]", of, folder))
    return SolidMotor(
        name=file.name or name, manufacturer=file.manufacturer, segments=segments, nozzle=_under("nozzle", build_nozzle, file.nozzle),
        case=_under("case", to_domain, file.case, Case), igniter=None if file.igniter is None else _under("igniter", to_domain, file.igniter, Igniter),
        limits=_under("limits", to_domain, file.limits, Limits), ambient=float(file.ambient),
        temperature=None if file.temperature is None else float(file.temperature), delays=tuple(float(d) for d in file.delays),
    )  # fmt: skip


def _segments(g: Any, key: str, of: dict[str, Propellant], folder: Folder) -> Iterator[Segment]:
    from downrange.motor.grains import GRAIN_TYPES
    from downrange.project.models import to_domain

    if g.propellant not in of:
        known = ", ".join(of)
        message = f"this grain's propellant {seen(g.propellant, 40)} is none of {known}"
        if "" in of:
            message = "there is one propellant for all grains; leave this out, or name several under propellants"
        raise InputError(message, key=f"{key}.propellant")
    if g.type == "custom":
        grain = _under(key, _custom, g, folder)
    else:
        grain = _under(key, to_domain, g, GRAIN_TYPES[g.type])
    for _ in range(g.count):
        yield Segment(grain, of[g.propellant], float(g.gap))


def _custom(g: Any, folder: Folder) -> Any:
    from downrange.motor.grains import Custom

    if bool(g.outline) == bool(g.outlines):
        raise InputError(
            "a custom grain needs outline, a .dxf file, or outlines, lists of points; one of the two", key="outline"
        )
    if g.outline:
        from downrange.formats.dxf import read_outlines

        loops, islands = read_outlines(folder.file(g.outline, "outline"), _UNITS[g.unit])
    else:
        scale = _UNITS[g.unit]
        loops, islands = tuple(tuple((scale * x, scale * y) for x, y in loop) for loop in g.outlines), ()
    return Custom(
        diameter=float(g.diameter), length=float(g.length), outlines=loops, islands=islands, inhibited=g.inhibited
    )


def build_nozzle(n: NozzleFile) -> Nozzle:
    """The nozzle of a model. Raises `InputError` with the key."""

    def maybe(q: Any) -> float | None:
        return None if q is None else float(q)

    return Nozzle(
        throat=float(n.throat), exit=float(n.exit), divergence=float(n.divergence), convergence=maybe(n.convergence),
        throat_length=maybe(n.throat_length), efficiency=float(n.efficiency), erosion=float(n.erosion_at_1_MPa) / _MPA,
        slag=float(n.slag_at_1_MPa) * _MPA, separation=n.separation, two_phase=float(n.two_phase),
    )  # fmt: skip


def build_propellant(p: PropellantFile, name: str) -> Propellant:
    """The propellant of a model, called `name` where it does not say. Raises `InputError` with the key."""
    erosive = None if p.erosive is None else _erosive(p.erosive)
    if p.record is not None:
        if p.record not in RECORDS:
            from downrange.errors import suggest

            raise InputError(
                f"no record {seen(p.record, 60)}{suggest(p.record[:60], RECORDS)}; known: {', '.join(RECORDS)}",
                key="record",
            )
        base = RECORDS[p.record]
        changes: dict[str, Any] = {"name": p.name or base.name, "efficiency": float(p.efficiency) * base.efficiency}
        if p.density is not None:
            changes["density"] = float(p.density)
        if erosive is not None:
            changes["erosive"] = erosive
        if "sensitivity" in p.model_fields_set:
            changes |= {"sensitivity": float(p.sensitivity), "temperature": float(p.temperature)}
        return replace(base, **changes).faster(float(p.rate_factor))
    assert p.gas is not None and p.density is not None
    gas = _under("gas", _gas, p.gas)
    if p.burn_rate:
        pieces = tuple(_under(f"burn_rate[{k}]", _piece, q) for k, q in enumerate(p.burn_rate))
    else:
        pieces = pieces_of_table([float(q.pressure) for q in p.rate_table], [float(q.rate) for q in p.rate_table])
    try:
        made = Propellant(
            name=p.name or name, density=float(p.density), pieces=pieces, gas=gas, efficiency=float(p.efficiency),
            sensitivity=float(p.sensitivity), temperature=float(p.temperature), erosive=erosive, source=p.source,
        )  # fmt: skip
    except InputError as error:
        key = (error.key or "").replace("pieces", "burn_rate" if p.burn_rate else "rate_table").replace(".low", ".from")
        raise InputError(error.message, key=key) from None
    return made.faster(float(p.rate_factor))


def _erosive(e: Any) -> Erosive:
    return Erosive(law=e.law, **{k: float(v) for k in ("alpha", "beta") if (v := getattr(e, k)) is not None})


def _gas(g: Any) -> Gas:
    return Gas(heat_ratio=float(g.heat_ratio), molar_mass=float(g.molar_mass), temperature=float(g.temperature))


def _piece(q: Any) -> Piece:
    n = float(q.exponent)
    gas = None if q.gas is None else _under("gas", _gas, q.gas)
    return Piece(
        low=float(q.from_), high=float(q.to), coefficient=float(q.at_1_MPa) * math.pow(_MPA, -n), exponent=n, gas=gas
    )


def _under(place: str, make: Callable[..., T], *given: Any) -> T:
    """What `make` gives; where it raises, with `place` before the key."""
    try:
        return make(*given)
    except InputError as error:
        if error.file is not None:
            raise
        raise type(error)(error.message, key=f"{place}.{error.key}" if error.key else place) from None
