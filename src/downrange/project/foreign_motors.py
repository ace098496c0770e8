"""The motors that a foreign file names, in our catalogue or beside the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from downrange.errors import DownrangeError
from downrange.formats.foreign import Design, ForeignMotor
from downrange.formats.foreign.digest import motor_digest
from downrange.formats.motors import READERS
from downrange.motor.catalogue import catalogue_entries, motor_from_catalogue
from downrange.motor.names import match_entry, plain, printed
from downrange.rocket import Cluster

__all__ = ["UNKNOWN", "another_curve", "found_motor"]

_MAKERS = {
    "kbakosdonbyaerotech": "kosdonbyaerotech",
    "amw": "animalmotorworks",
    "cti": "cesaronitechnology",
    "at": "aerotech",
    "aerotechrcs": "aerotech",
}
_SLACK = 0.0025  # m; how far apart the diameters of one motor in two lists may be
_ALIKE = 0.02  # share of the impulse, between two curves of one motor that need no word
Rank = tuple[bool, bool, int, bool, bool, int, bool]
UNKNOWN = "is not in the catalogue"
_MOST = 200  # motor files looked at beside a design


def _same_maker(said: str, entry: dict[str, Any]) -> bool:
    """Whether a maker's name in a file is that of a catalogue entry: one begins as the other does."""
    word = plain(said)
    word = _MAKERS.get(word, word)
    known = [plain(entry["maker"]), plain(entry["maker_short"])]
    return any(word and k and (word.startswith(k) or k.startswith(word)) for k in known)


def found_motor(motor: ForeignMotor, folder: Path | None = None) -> tuple[str | dict[str, Any], str | None]:
    """What a launch says under `motor` for it, and what is to be told about it, or None.

    Looked for among the motor files beside the design by its designation, then in the catalogue by OpenRocket's fingerprint of the curve,
    by maker and designation, then by the designation alone. A name that nothing answers to is returned as it stands: opening the launch then says so.
    """
    beside = _beside(motor, folder)
    if beside is not None:
        return {"file": beside[0], "name": beside[1]}, f"{motor.called} was found in {beside[0]}, beside the design"
    return _in_catalogue(motor)


@lru_cache(maxsize=256)
def _in_catalogue(motor: ForeignMotor) -> tuple[str, str | None]:
    """Name in the catalogue and what is to be told; remembered, since a file names a motor in every configuration."""
    ranked = _by_digest(motor) or next((r for n in _names(motor.designation) if (r := _ranked(n, motor))), [])
    if not ranked:
        return motor.called, f"{motor.called} {UNKNOWN}{_nearest(motor)}"
    rank, entry = min(ranked, key=lambda pair: pair[0])
    name = f"{entry['maker_short']} {entry['designation']}"
    told = None
    if rank[0] and motor.maker:
        told = f"{motor.called}: the catalogue has none of that maker; {name} is taken"
    elif rank[1]:
        told = f"{motor.called} is {1e3 * (motor.diameter or 0):g} mm wide in the file, {name} in the catalogue {1e3 * entry['diameter_m']:g} mm"
    elif plain(entry["designation"]) != plain(motor.designation):
        told = f"{motor.called} was taken for {name}"
    return name, told


def _by_digest(motor: ForeignMotor) -> list[tuple[Rank, dict[str, Any]]]:
    """The catalogue's entry whose curve and masses have the fingerprint in the file, whatever it is called."""
    if not motor.digest:
        return []
    alike = (
        e for e in catalogue_entries()
        if "time_s" in e and "propellant_kg" in e and "total_kg" in e
        and (motor.diameter is None or abs(motor.diameter - e["diameter_m"]) <= _SLACK)
    )  # fmt: skip
    for e in alike:
        if motor_digest(e["time_s"], e["thrust_n"], e["total_kg"], e["total_kg"] - e["propellant_kg"]) == motor.digest:
            return [((False, False, 0, False, False, 0, False), e)]
    return []


def _names(designation: str) -> list[str]:
    """A designation as it is, then the common name in it (`N1975` in `Pro98-6G-N1975GR`)."""
    m = re.findall(r"(?:1/[248])?[A-O]\d+(?:\.\d+)?", designation.upper())
    return [designation, *m[-1:]]


def another_curve(design: Design, motors: Mapping[str, str], stored: float) -> str | None:
    """What is to be told where the motors (mount: name in the catalogue) give another impulse than the flight stored in the file (N s).

    None where they agree within 2 % (stored rows may be coarse), or where that cannot be compared: stages, pods and boosters have flights of their own.
    """
    if len(design.stages) > 1 or any(p["type"] in ("pods", "boosters") for p in design.parts()) or not motors:
        return None
    clusters = {p.get("name", ""): Cluster(**p["cluster"]) for p in design.parts() if "cluster" in p}
    try:
        each = {mount: motor_from_catalogue(name).impulse for mount, name in motors.items()}
    except DownrangeError:
        return None  # opening the launch says so
    ours = sum(impulse * len(clusters.get(mount, Cluster()).tubes(1.0)) for mount, impulse in each.items())
    if not stored > 0 or abs(ours / stored - 1) < _ALIKE:
        return None
    return (
        f"the flight stored in the file had {stored:.4g} N s, {' and '.join(dict.fromkeys(motors.values()))} here {ours:.4g} N s "
        f"({100 * (ours / stored - 1):+.1f} %): another curve of it, and so another height; a motor file beside the design is taken first"
    )


def _ranked(name: str, motor: ForeignMotor) -> list[tuple[Rank, dict[str, Any]]]:
    """Entries that answer to a name; smaller ranks are better: the same maker, the same width, then how much of the name it is."""
    asked, out = printed(name), []
    for entry in catalogue_entries():
        if "time_s" not in entry or "propellant_kg" not in entry:
            continue
        match = match_entry(entry, asked)
        if match is not None:
            wide = motor.diameter is not None and abs(motor.diameter - entry["diameter_m"]) > _SLACK
            long = motor.length is not None and abs(motor.length - entry["length_m"]) > 0.3 * entry["length_m"]
            out.append(((not _same_maker(motor.maker, entry), wide, match.rank[1], long, *match.rank), entry))
    return out


def _nearest(motor: ForeignMotor) -> str:
    """Motors of the same class, nearest in width and then in mean thrust."""
    m = re.search(r"([A-Z])(\d+)", motor.designation.upper())
    if m is None:
        return ""
    thrust, wide = float(m[2]), motor.diameter
    alike = [e for e in catalogue_entries() if "time_s" in e and e["class"] == m[1]]

    def far(e: dict[str, Any]) -> tuple[float, float]:
        return (0.0 if wide is None else round(abs(e["diameter_m"] - wide), 3), abs(e["average_thrust_n"] - thrust))

    names = ", ".join(
        f"{e['maker_short']} {e['designation']}" + ("" if far(e)[0] == 0 else f" ({1e3 * e['diameter_m']:.0f} mm)")
        for e in sorted(alike, key=far)[:3]
    )
    return f"; nearest: {names}" if names else ""


def _beside(motor: ForeignMotor, folder: Path | None) -> tuple[str, str] | None:
    """File and name of a motor among the motor files of a folder: that with its fingerprint, else the first of its name."""
    if folder is None or not folder.is_dir() or not motor.designation:
        return None
    wanted, named = printed(motor.designation), None
    files = sorted(p for p in folder.iterdir() if READERS.knows(p) and p.is_file() and not p.is_symlink())[:_MOST]
    for path in files:
        try:
            motors, _ = READERS.of(path)(path)
        except DownrangeError:
            continue
        for m in motors:
            if plain(m.designation) not in (wanted.whole, *wanted.bases):
                continue
            if not motor.digest or motor_digest(m.time, m.thrust, m.total_mass, m.dry_mass) == motor.digest:
                return path.name, m.designation
            named = named or (path.name, m.designation)
    return named
