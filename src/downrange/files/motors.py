"""Thrust-curve files: RASP `.eng`, RockSim `.rse`, two-column `.csv`, and writing `.eng`.

Formats: RASP, as J. Coker describes it at thrustcurve.org/info/raspformat.html; RockSim XML by its elements.
"""

from __future__ import annotations

import csv
import math
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from downrange.errors import InputError, MotorFileError, suggest
from downrange.files.reading import guarded
from downrange.motor import Motor

__all__ = ["pick_motor", "read_curve_csv", "read_eng", "read_motors", "read_rse", "write_eng"]

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
        raise MotorFileError(f"{what} should be a number, seen {word!r}", file=file, line=line) from None
    if not math.isfinite(value):
        raise MotorFileError(f"{what} is {word[:60]}", file=file, line=line)
    return value


@guarded("a motor file")
def read_eng(path: str | Path) -> list[Motor]:
    """All motors of a RASP `.eng` file. Raises `MotorFileError` with the line."""
    path = Path(path)
    name = str(path)
    motors: list[Motor] = []
    header: tuple[int, list[str]] | None = None
    samples: list[tuple[float, float]] = []

    def close() -> None:
        if header is None:
            return
        line, h = header
        if not samples:
            raise MotorFileError(f"{h[0]} has a header but no samples", file=name, line=line)
        numbers = [
            _number(h[i], w, name, line)
            for i, w in ((1, "diameter"), (2, "length"), (4, "propellant mass"), (5, "total mass"))
        ]
        times, thrust = [t for t, _ in samples], [f for _, f in samples]
        if times[0] > 0:
            times, thrust = [0.0, *times], [0.0, *thrust]
        delays, plugged = _delays(h[3])
        try:
            motors.append(
                Motor(
                    designation=h[0],
                    manufacturer=" ".join(h[6:]),
                    time=np.array(times),
                    thrust=np.array(thrust),
                    diameter=numbers[0] / 1e3,
                    length=numbers[1] / 1e3,
                    propellant_mass=numbers[2],
                    dry_mass=round(numbers[3] - numbers[2], 9),
                    delays=delays,
                    plugged=plugged,
                    source=path.name,
                )  # fmt: skip
            )
        except MotorFileError as error:
            raise MotorFileError(error.message, file=name, line=line) from None

    for number, raw in enumerate(_text(path).splitlines(), 1):
        line_text = raw.split(";", 1)[0].strip()
        if not line_text:
            continue
        words = line_text.split()
        if len(words) == 2 and header is not None:
            t, f = (_number(w, k, name, number) for w, k in zip(words, ("time", "thrust"), strict=True))
            if samples and t <= samples[-1][0]:
                raise MotorFileError(
                    f"time must increase, but {t:g} s follows {samples[-1][0]:g} s", file=name, line=number
                )
            samples.append((t, f))
        elif len(words) >= 6:
            close()
            header, samples = (number, words), []
        else:
            raise MotorFileError(
                f"expected a header (name, diameter, length, delays, propellant mass, total mass, maker) or a sample "
                f"(time, thrust), seen {line_text[:60]!r}", file=name, line=number,
            )  # fmt: skip
    close()
    if not motors:
        raise MotorFileError("no motor in this file", file=name)
    return motors


@guarded("a motor file")
def read_rse(path: str | Path) -> list[Motor]:
    """All motors of a RockSim `.rse` file, with their mass and centre-of-gravity columns."""
    path = Path(path)
    text = _text(path)
    if "<!ENTITY" in text:
        raise MotorFileError("entity definitions are not allowed in a motor file", file=str(path))
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise MotorFileError(f"not valid XML: {error}", file=str(path)) from None
    motors = []
    for engine in root.iter("engine"):
        a = engine.attrib
        who = a.get("code", "?")

        def num(key: str, node: dict[str, str] = a, default: str | None = None, who: str = who) -> float:
            raw = node.get(key, default)
            if raw is None:
                raise MotorFileError(f"{who}: no {key}", file=str(path))
            return _number(raw, f"{who}: {key}", str(path), 0)

        rows = [(num("t", d.attrib), num("f", d.attrib), num("m", d.attrib, "nan") if "m" in d.attrib else None,
                 num("cg", d.attrib) if "cg" in d.attrib else None) for d in engine.iter("eng-data")]  # fmt: skip
        t = np.array([r[0] for r in rows])
        f = np.array([r[1] for r in rows])
        propellant = num("propWt") / 1e3
        mass = np.array([r[2] for r in rows], float) / 1e3 if rows and all(r[2] is not None for r in rows) else None
        cg = np.array([r[3] for r in rows], float) / 1e3 if rows and all(r[3] is not None for r in rows) else None
        if mass is not None and (np.any(np.diff(mass) > 1e-9) or abs(mass[0] - propellant) > 0.05 * propellant):
            mass = None
        exit_diameter = num("exitDia", default="0") / 1e3
        delays, plugged = _delays(a.get("delays", ""))
        try:
            motors.append(
                Motor(
                    designation=who,
                    manufacturer=a.get("mfg", ""),
                    time=t,
                    thrust=f,
                    diameter=num("dia") / 1e3,
                    length=num("len") / 1e3,
                    propellant_mass=propellant,
                    dry_mass=num("initWt") / 1e3 - propellant,
                    delays=delays,
                    plugged=plugged,
                    propellant_left=None if mass is None else mass - mass[-1],
                    cg_front=cg,
                    source=path.name,
                    nozzle_exit_area=np.pi / 4 * exit_diameter**2 if exit_diameter > 0 else None,
                    kind=a.get("Type", ""),
                )  # fmt: skip
            )
        except MotorFileError as error:
            raise MotorFileError(error.message, file=str(path)) from None
    if not motors:
        raise MotorFileError("no engine in this file", file=str(path))
    return motors


@guarded("a thrust curve")
def read_curve_csv(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Time (n,) s and thrust (n,) N of a two-column CSV; a heading line is allowed."""
    path = Path(path)
    rows: list[tuple[float, float]] = []
    for number, row in enumerate(csv.reader(_text(path).splitlines()), 1):
        cells = [c.strip() for c in row if c.strip()]
        if not cells or cells[0].startswith("#"):
            continue
        if not rows and not re.match(r"^[-+.\d]", cells[0]):
            continue
        if len(cells) < 2:
            raise MotorFileError(f"expected time, thrust; seen {','.join(row)[:60]!r}", file=str(path), line=number)
        t, f = (_number(c, k, str(path), number) for c, k in zip(cells[:2], ("time", "thrust"), strict=True))
        if rows and t <= rows[-1][0]:
            raise MotorFileError(
                f"time must increase, but {t:g} s follows {rows[-1][0]:g} s", file=str(path), line=number
            )
        rows.append((t, f))
    if len(rows) < 2:
        raise MotorFileError("fewer than two samples", file=str(path))
    return np.array([r[0] for r in rows]), np.array([r[1] for r in rows])


def read_motors(path: str | Path) -> list[Motor]:
    """All motors of a `.eng` or `.rse` file."""
    suffix = Path(path).suffix.lower()
    if suffix == ".eng":
        return read_eng(path)
    if suffix == ".rse":
        return read_rse(path)
    raise InputError(
        f"cannot tell the format of {suffix!r}; motor files are .eng, .rse, or .csv with the masses", file=str(path)
    )


def pick_motor(path: str | Path, name: str | None = None) -> Motor:
    """The motor called `name` in a file, or the only one in it."""
    motors = read_motors(path)
    if name is None:
        if len(motors) == 1:
            return motors[0]
        raise MotorFileError(
            f"{len(motors)} motors here; say which: {', '.join(m.designation for m in motors)}", file=str(path)
        )
    for motor in motors:
        if motor.designation.lower() == name.lower():
            return motor
    names = [m.designation for m in motors]
    raise MotorFileError(f"no motor {name!r} here{suggest(name, names)}; it holds {', '.join(names)}", file=str(path))


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
