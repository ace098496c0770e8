"""Thrust-curve files. Each module here is one format; `read_motors` and `pick_motor` take any of them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from downrange.errors import MotorFileError, seen, suggest
from downrange.formats.reading import guarded
from downrange.formats.registry import Readers
from downrange.motor import Motor

__all__ = [
    "READERS",
    "Problems",
    "delays_of",
    "good_motors",
    "motor_number",
    "motor_text",
    "pick_motor",
    "read_motors",
    "thinned",
]

_MOST_SAMPLES = 200_000
_KNOTS = 2000  # a curve of two thousand samples is as good as one of thirty thousand, and the flight stops at each
_LIMIT = 20_000_000  # bytes; a motor file of this size is no motor file


def motor_text(path: Path) -> str:
    """The text of a motor file. Raises `MotorFileError` where there is none, or it is too large or binary."""
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


def delays_of(text: str) -> tuple[tuple[float, ...], bool]:
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


def motor_number(word: str, what: str, file: str, line: int) -> float:
    """A finite number from a word of a motor file; raises `MotorFileError`, naming `what` it is."""
    try:
        value = float(word)
    except ValueError:
        raise MotorFileError(f"{what} should be a number, seen {seen(word, 80)}", file=file, line=line) from None
    if not math.isfinite(value):
        raise MotorFileError(f"{what} is {seen(word, 80)}, not a finite number", file=file, line=line)
    return value


def thinned(time: np.ndarray, thrust: np.ndarray) -> tuple[np.ndarray, np.ndarray, str | None]:
    """A curve (n,) s, N of at most `_KNOTS` samples with the same impulse, and what was done to it, None if nothing.

    The thrust at a knot is the mean over the half cells beside it; the ends stay. Raises `MotorFileError` for more samples than any motor has.
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


Problems = list[tuple[str, MotorFileError]]
READERS = Readers[Callable[[Path], tuple[list[Motor], Problems]]](
    __name__, "motor files are {}, or .csv with the masses"
)


def good_motors(motors: list[Motor], problems: Problems, file: str, what: str) -> list[Motor]:
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
def read_motors(path: str | Path) -> list[Motor]:
    """The motors of a file of any format here, by its suffix; those that cannot be read are told in the flags of the others.

    Raises `MotorFileError`, with the line where there is one, where none can be read.
    """
    return good_motors(*READERS.of(Path(path))(Path(path)), str(path), "motor")


@guarded("a motor file")
def pick_motor(path: str | Path, name: str | None = None) -> Motor:
    """The motor called `name` in a file, or the only one in it. One that cannot be read raises only where it is asked for."""
    found, problems = READERS.of(Path(path))(Path(path))
    for who, error in problems:
        if name is not None and who.lower() == name.lower():
            raise error
    motors = good_motors(found, problems, str(path), "motor")
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
