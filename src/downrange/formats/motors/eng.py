"""RASP `.eng`, as J. Coker describes it at thrustcurve.org/info/raspformat.html: reading and writing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from downrange.errors import MotorFileError, seen
from downrange.formats.motors import Problems, delays_of, good_motors, motor_number, motor_text, thinned
from downrange.formats.reading import guarded
from downrange.motor import Motor
from downrange.text import plain

__all__ = ["read_eng", "write_eng"]

SUFFIXES = (".eng",)

_FLUID = re.compile(r"\b(hybrid|liquid)\b", re.IGNORECASE)
_HYBRIDS_ONLY = (
    "contrail",
    "hypertek",
    "skyripper",
    "rattworks",
    "westcoasthybrids",
    "propulsionpolymers",
    "alphahybrids",
)
FLOW_UNKNOWN = "what flows out is taken to go with thrust"
_FLOW = (
    "a {}: "
    + FLOW_UNKNOWN
    + ", since the format has no flow; where oxidiser vents or fuel lags, that moves balance and apogee (by 1 %)"
)


@dataclass
class _Block:
    """One motor of a `.eng` file as its lines say it, and the first thing that is wrong with it."""

    line: int
    header: list[str]
    samples: list[tuple[int, str, str]]
    kind: str = ""  # "hybrid" or "liquid", where a comment before or in the header says so
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
    file, blocks, kind = str(path), list[_Block](), ""
    for number, raw in enumerate(motor_text(path).splitlines(), 1):
        text, _, comment = raw.partition(";")
        text = text.strip()
        if found := _FLUID.search(comment):
            kind = found[1].lower()
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
            blocks.append(_Block(number, words, [], kind or _fluid(words)))
            kind = ""
        else:
            message = (
                "expected a header (name, diameter, length, delays, propellant mass, total mass, maker) or a sample "
                f"(time, thrust), seen {seen(text, 60)}"
            )
            if not blocks:
                raise MotorFileError(message, file=file, line=number)
            blocks[-1].wrong(message, file, number)
    return blocks


def _fluid(header: list[str]) -> str:
    """ "hybrid" or "liquid" where the header's name or maker says so, or the maker makes nothing else."""
    if found := _FLUID.search(" ".join([header[0], *header[6:]]).replace("_", " ").replace("-", " ")):
        return found[1].lower()
    maker = re.sub(r"[^a-z]", "", "".join(header[6:]).lower())
    return "hybrid" if maker.startswith(_HYBRIDS_ONLY) or maker == "ratt" else ""


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
        motor_number(h[i], w, file, line)
        for i, w in ((1, "diameter"), (2, "length"), (4, "propellant mass"), (5, "total mass"))
    )
    times, thrust = list[float](), list[float]()
    for number, *pair in block.samples:
        t, f = (motor_number(w, k, file, number) for w, k in zip(pair, ("time", "thrust"), strict=True))
        if times and t <= times[-1]:
            raise MotorFileError(f"time must increase, but {t:g} s follows {times[-1]:g} s", file=file, line=number)
        times.append(t)
        thrust.append(f)
    if times[0] > 0:
        times, thrust = [0.0, *times], [0.0, *thrust]
    delays, plugged = delays_of(h[3])
    try:
        time, force, note = thinned(np.array(times), np.array(thrust))
        return Motor(
            designation=h[0], manufacturer=" ".join(h[6:]), time=time, thrust=force, diameter=diameter / 1e3,
            length=length / 1e3, propellant_mass=propellant, dry_mass=round(total - propellant, 9), delays=delays,
            plugged=plugged, source=path.name, flags=(*([note] if note else ()), *([_FLOW.format(block.kind)] if block.kind else ())),
            kind=block.kind,
        )  # fmt: skip
    except MotorFileError as error:
        raise MotorFileError(error.message, file=file, line=line) from None


def read(path: Path) -> tuple[list[Motor], Problems]:
    """The motors of a file, and what is wrong with those that cannot be read."""
    motors, problems = [], Problems()
    for block in _blocks(path):
        try:
            motors.append(_eng_motor(block, path))
        except MotorFileError as error:
            problems.append((block.header[0], error))
    return motors, problems


@guarded("a motor file")
def read_eng(path: str | Path) -> list[Motor]:
    """The motors of a RASP `.eng` file. One that cannot be read is told in the flags of the others; alone it raises, with the line.

    Time and thrust stand apart by blanks or one comma; decimal commas are read where no decimal point stands in the same motor.
    """
    return good_motors(*read(Path(path)), str(path), "motor")


def write_eng(path: str | Path, motors: list[Motor]) -> None:
    """Write motors as a RASP `.eng` file.

    Its header is words between blanks, and a semicolon begins a comment: both stand as `_` in names.
    """
    lines = []
    for m in motors:
        delays = "P" if m.plugged or not m.delays else "-".join(f"{d:g}" for d in m.delays)
        name, maker = (re.sub(r"[\s;]+", "_", plain(n)) or "_" for n in (m.designation, m.manufacturer or "unknown"))
        lines.append(
            f"{name} {m.diameter * 1e3:g} {m.length * 1e3:g} {delays} {m.propellant_mass:g} {m.total_mass:g} {maker}"
        )
        samples = list(zip(m.time, m.thrust, strict=True))
        lines += [f"   {t:.6g} {f:.6g}" for t, f in samples if not (t == 0 and f == 0)]
        lines.append(";")
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
