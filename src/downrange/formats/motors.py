"""Thrust-curve files: RASP `.eng`, RockSim `.rse`, and writing `.eng`.

Formats: RASP, as J. Coker describes it at thrustcurve.org/info/raspformat.html; RockSim XML by its elements.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from downrange.errors import InputError, MotorFileError, seen, suggest
from downrange.formats.reading import guarded
from downrange.motor import Motor

__all__ = ["pick_motor", "read_eng", "read_motors", "read_rse", "thinned", "write_eng"]

_MOST_SAMPLES = 200_000
_KNOTS = 2000  # a curve of two thousand samples is as good as one of thirty thousand, and the flight stops at each
_LIMIT = 20_000_000  # bytes; a motor file of this size is no motor file


def _text(path: Path) -> str:
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else [])
        raise MotorFileError(f"no such file{near}", file=str(path))
    raw = path.read_bytes()
    if len(raw) > _LIMIT:
        raise MotorFileError(f"{len(raw) / 1e6:.0f} MB is too large for a motor file", file=str(path))
    if b"\x00" in raw[:4096]:
        raise MotorFileError("this is a binary file, not a thrust curve", file=str(path))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _delays(text: str) -> tuple[tuple[float, ...], bool]:
    """Delays of a RASP header: `6-10-14`, `6,10,14`, `P`, `0`, `plugged`, `14A`."""
    values, plugged = [], False
    for word in re.split(r"[-,/\s]+", text.strip()):
        if word.lower() in ("p", "plugged", "none"):
            plugged = True
        elif match := re.match(r"^(\d+(?:\.\d+)?)[a-z]*$", word.lower()):
            values.append(float(match.group(1)))
    if values == [1000.0]:  # RASP's old mark for a plugged motor
        return (), True
    return tuple(values), plugged


def _number(word: str, what: str, file: str, line: int) -> float:
    try:
        value = float(word)
    except ValueError:
        raise MotorFileError(f"{what} should be a number, seen {seen(word, 80)}", file=file, line=line) from None
    if not math.isfinite(value):
        raise MotorFileError(f"{what} is {seen(word, 80)}, not a finite number", file=file, line=line)
    return value


def thinned(time: np.ndarray, thrust: np.ndarray) -> tuple[np.ndarray, np.ndarray, str | None]:
    """A curve (n,) s, N of at most `_KNOTS` samples with the same impulse, and what was done to it, None if nothing.

    The thrust at a knot is the mean over the half cells beside it; the ends stay.
    """
    if time.size > _MOST_SAMPLES:
        raise MotorFileError(f"{time.size} samples; more than {_MOST_SAMPLES} are refused: thin the curve")
    if time.size <= _KNOTS or time[-1] <= time[0]:
        return time, thrust, None
    so_far = np.concatenate([[0.0], np.cumsum(0.5 * (thrust[1:] + thrust[:-1]) * np.diff(time))])
    knots = np.linspace(time[0], time[-1], _KNOTS)
    edges = np.concatenate([knots[:1], 0.5 * (knots[1:] + knots[:-1]), knots[-1:]])
    mean = np.diff(np.interp(edges, time, so_far)) / np.diff(edges)
    mean[0], mean[-1] = thrust[0], thrust[-1]
    impulse = float(np.trapezoid(mean, knots))
    scale = so_far[-1] / impulse if impulse > 0 else 1.0
    return knots, mean * scale, f"its {time.size} samples were thinned to {_KNOTS}, the impulse kept"


@dataclass
class _Block:
    """One motor of a `.eng` file as its lines say it, and the first thing that is wrong with it."""

    line: int
    header: list[str]
    samples: list[tuple[int, str, str]]
    commas: bool | None = None  # whether commas stand between time and thrust
    problem: MotorFileError | None = None

    def wrong(self, message: str, file: str, line: int) -> None:
        """Keep the first problem."""
        self.problem = self.problem or MotorFileError(message, file=file, line=line)


def _words(text: str) -> tuple[list[str], bool]:
    """The words of a line, and whether commas (not blanks) separate them."""
    words = text.split()
    if len(words) == 1 and "," in words[0]:
        return [w for w in words[0].split(",") if w], True
    return [w for w in (w.strip(",") for w in words) if w], False


def _blocks(path: Path) -> list[_Block]:
    """The motors of a `.eng` file, line by line; what belongs to no motor raises."""
    file, blocks = str(path), list[_Block]()
    for number, raw in enumerate(_text(path).splitlines(), 1):
        text, _, comment = raw.partition(";")
        text = text.strip()
        if not text:
            continue
        words, commas = _words(text)
        if len(words) == 2 and blocks:
            block = blocks[-1]
            if commas and re.match(r"[-+.\d]", comment) and not raw.partition(";")[0].endswith((" ", "\t")):
                block.wrong(
                    "a semicolon begins a comment in this format; write a blank between time and thrust", file, number
                )
            if block.commas not in (None, commas):
                block.wrong("commas and blanks between time and thrust in one curve; use blanks", file, number)
            block.commas = commas
            block.samples.append((number, words[0], words[1]))
        elif len(words) >= 6:
            blocks.append(_Block(number, words, []))
        else:
            message = (
                "expected a header (name, diameter, length, delays, propellant mass, total mass, maker) or a sample "
                f"(time, thrust), seen {seen(text, 60)}"
            )
            if not blocks:
                raise MotorFileError(message, file=file, line=number)
            blocks[-1].wrong(message, file, number)
    return blocks


def _decimal_point(block: _Block, file: str) -> _Block:
    """The block with decimal commas written as points; refused where both stand in one motor."""
    header = block.header
    where = [(block.line, header[i]) for i in (1, 2, 4, 5)] + [(n, w) for n, *pair in block.samples for w in pair]
    with_comma = next((n for n, w in where if "," in w), None)
    if with_comma is None:
        return block
    if any("." in w for _, w in where):
        raise MotorFileError(
            "decimal commas and decimal points in one motor: what a comma means is not clear",
            file=file,
            line=with_comma,
        )
    fixed = [w.replace(",", ".") if i in (1, 2, 4, 5) else w for i, w in enumerate(header)]
    return replace(
        block, header=fixed, samples=[(n, t.replace(",", "."), f.replace(",", ".")) for n, t, f in block.samples]
    )


def _eng_motor(block: _Block, path: Path) -> Motor:
    """The motor of a block. Raises `MotorFileError` with the line."""
    file = str(path)
    if block.problem is not None:
        raise block.problem
    block = _decimal_point(block, file)
    line, h = block.line, block.header
    if not block.samples:
        raise MotorFileError(f"{h[0][:60]} has a header but no samples", file=file, line=line)
    diameter, length, propellant, total = (
        _number(h[i], w, file, line)
        for i, w in ((1, "diameter"), (2, "length"), (4, "propellant mass"), (5, "total mass"))
    )
    times, thrust = list[float](), list[float]()
    for number, *pair in block.samples:
        t, f = (_number(w, k, file, number) for w, k in zip(pair, ("time", "thrust"), strict=True))
        if times and t <= times[-1]:
            raise MotorFileError(f"time must increase, but {t:g} s follows {times[-1]:g} s", file=file, line=number)
        times.append(t)
        thrust.append(f)
    if times[0] > 0:
        times, thrust = [0.0, *times], [0.0, *thrust]
    delays, plugged = _delays(h[3])
    try:
        time, force, note = thinned(np.array(times), np.array(thrust))
        return Motor(
            designation=h[0], manufacturer=" ".join(h[6:]), time=time, thrust=force, diameter=diameter / 1e3,
            length=length / 1e3, propellant_mass=propellant, dry_mass=round(total - propellant, 9), delays=delays,
            plugged=plugged, source=path.name, flags=() if note is None else (note,),
        )  # fmt: skip
    except MotorFileError as error:
        raise MotorFileError(error.message, file=file, line=line) from None


Problems = list[tuple[str, MotorFileError]]


def _read_eng(path: Path) -> tuple[list[Motor], Problems]:
    motors, problems = [], Problems()
    for block in _blocks(path):
        try:
            motors.append(_eng_motor(block, path))
        except MotorFileError as error:
            problems.append((block.header[0], error))
    return motors, problems


def _good(motors: list[Motor], problems: Problems, file: str, what: str) -> list[Motor]:
    """The motors that can be read, each with a flag for those that cannot. Raises the first problem where none can."""
    if not motors and problems:
        raise problems[0][1]
    if not motors:
        raise MotorFileError(f"no {what} in this file", file=file)
    notes = tuple(
        f"{seen(who, 40)} of the same file cannot be read (line {error.line}: {error.message})" if error.line else
        f"{seen(who, 40)} of the same file cannot be read ({error.message})" for who, error in problems[:3]
    )  # fmt: skip
    return [replace(m, flags=(*m.flags, *notes)) for m in motors] if notes else motors


@guarded("a motor file")
def read_eng(path: str | Path) -> list[Motor]:
    """The motors of a RASP `.eng` file. One that cannot be read is told in the flags of the others; alone it raises, with the line.

    Time and thrust stand apart by blanks or one comma; decimal commas are read where no decimal point stands in the same motor.
    """
    return _good(*_read_eng(Path(path)), str(path), "motor")


def _rse_motor(engine: ET.Element, path: Path) -> Motor:
    a, file = engine.attrib, str(path)
    who = a.get("code", "?")[:60]

    def num(key: str, node: dict[str, str] = a, default: str | None = None) -> float:
        raw = node.get(key, default)
        if raw is None:
            raise MotorFileError(f"{who}: no {key}", file=file)
        return _number(raw, f"{who}: {key}", file, 0)

    rows = [d.attrib for d in engine.iter("eng-data")]
    t, f = (np.array([num(k, r) for r in rows]) for k in ("t", "f"))
    propellant = num("propWt") / 1e3
    mass, cg = (
        np.array([num(k, r) for r in rows]) / 1e3 if rows and all(k in r for r in rows) else None for k in ("m", "cg")
    )
    if mass is not None and (np.any(np.diff(mass) > 1e-9) or abs(mass[0] - propellant) > 0.05 * propellant):
        mass = None
    exit_diameter = num("exitDia", default="0") / 1e3
    delays, plugged = _delays(a.get("delays", ""))
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


def _read_rse(path: Path) -> tuple[list[Motor], Problems]:
    text = _text(path)
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
    return _good(*_read_rse(Path(path)), str(path), "engine")


def _read(path: Path) -> tuple[list[Motor], Problems]:
    suffix = path.suffix.lower()
    if suffix == ".eng":
        return _read_eng(path)
    if suffix == ".rse":
        return _read_rse(path)
    raise InputError(
        f"cannot tell the format of {seen(suffix, 40)}; motor files are .eng, .rse, or .csv with the masses",
        file=str(path),
    )


@guarded("a motor file")
def read_motors(path: str | Path) -> list[Motor]:
    """The motors of a `.eng` or `.rse` file; those that cannot be read as in `read_eng`."""
    return _good(*_read(Path(path)), str(path), "motor")


@guarded("a motor file")
def pick_motor(path: str | Path, name: str | None = None) -> Motor:
    """The motor called `name` in a file, or the only one in it. One that cannot be read raises only where it is asked for."""
    found, problems = _read(Path(path))
    for who, error in problems:
        if name is not None and who.lower() == name.lower():
            raise error
    motors = _good(found, problems, str(path), "motor")
    if name is None and len(motors) + len(problems) == 1:
        return motors[0]
    names = [m.designation for m in motors]
    listed = ", ".join(seen(n, 40) for n in names[:12]) + (" ..." if len(names) > 12 else "")
    if name is None:
        raise MotorFileError(f"{len(motors) + len(problems)} motors here; say which: {listed}", file=str(path))
    for motor in motors:
        if motor.designation.lower() == name.lower():
            return motor
    raise MotorFileError(f"no motor {seen(name, 60)} here{suggest(name, names)}; it holds {listed}", file=str(path))


def write_eng(path: str | Path, motors: list[Motor]) -> None:
    """Write motors as a RASP `.eng` file."""
    lines = []
    for m in motors:
        delays = "P" if m.plugged or not m.delays else "-".join(f"{d:g}" for d in m.delays)
        name, maker = m.designation.replace(" ", "_"), (m.manufacturer or "unknown").replace(" ", "_")
        lines.append(
            f"{name} {m.diameter * 1e3:g} {m.length * 1e3:g} {delays} {m.propellant_mass:g} {m.total_mass:g} {maker}"
        )
        samples = list(zip(m.time, m.thrust, strict=True))
        lines += [f"   {t:.6g} {f:.6g}" for t, f in samples if not (t == 0 and f == 0)]
        lines.append(";")
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
