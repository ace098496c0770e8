"""The bundled catalogue of commercial motors, read on first use.

Made by `builders/motors.py` from the npm package thrustcurve-db (data of thrustcurve.org; see NOTICE). What the
builder had to mend in a curve is in the motor's `flags`.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from downrange.errors import NotFoundError, seen, suggest
from downrange.motor.motor import Motor
from downrange.motor.names import Match, Printed, match_entry, printed

__all__ = ["catalogue_entries", "find_motors", "flown_impulse", "motor_from_catalogue"]

_OFF = 0.03  # share; how far a curve's impulse may be off the certified one: static tests of one type scatter so (NFPA 1125: 6.7 %)


@lru_cache(maxsize=1)
def catalogue_entries() -> tuple[dict[str, Any], ...]:
    """All entries of the catalogue as the builder wrote them (SI)."""
    packed = resources.files("downrange.motor").joinpath("data/motors.json.xz").read_bytes()
    return tuple(json.loads(lzma.decompress(packed)))


def flown_impulse(entry: dict[str, Any]) -> float:
    """∫F dt of an entry's curve, N s: what flies. The certified figure where there is no curve."""
    if "time_s" not in entry:
        return float(entry["impulse_n_s"])
    return float(np.trapezoid(entry["thrust_n"], entry["time_s"]))


def _impulse_flag(entry: dict[str, Any]) -> str | None:
    """A doubt where the curve's impulse is off the certified one by more than `_OFF`."""
    off = flown_impulse(entry) / entry["impulse_n_s"] - 1
    if abs(off) <= _OFF:
        return None
    return f"the curve has {flown_impulse(entry):.4g} N s and flies so, {off:+.0%} off the certified {entry['impulse_n_s']:g} N s"


def _motor(entry: dict[str, Any]) -> Motor:
    if "time_s" not in entry or "propellant_kg" not in entry:
        raise NotFoundError(
            f"{entry['designation']} ({entry['maker']}) is in the catalogue, but without a usable thrust curve"
        )
    flags = [f for f in entry.get("flags", ()) if not f.startswith("the curve's impulse")]
    if (flag := _impulse_flag(entry)) is not None:
        flags.append(flag)
    total = entry.get("total_kg")
    if total is None:
        # The median of casing over propellant mass in the catalogue is 1.04; said in the flags and shown with the motor.
        total = 2.04 * entry["propellant_kg"]
        flags.append("total mass not in the catalogue: casing taken as 1.04 times the propellant's mass; weigh it")
    return Motor(
        designation=entry["designation"], manufacturer=entry["maker"], common_name=entry["name"],
        time=np.array(entry["time_s"]), thrust=np.array(entry["thrust_n"]),
        diameter=entry["diameter_m"], length=entry["length_m"],
        propellant_mass=entry["propellant_kg"], dry_mass=max(total - entry["propellant_kg"], 0.0),
        delays=tuple(entry.get("delays_s", ())), plugged=entry.get("plugged", False),
        flags=tuple(flags), kind=entry.get("kind", ""), propellant_name=entry.get("propellant", ""),
        source=f"thrustcurve.org motor {entry['id']}",
    )  # fmt: skip


@lru_cache(maxsize=64)
def motor_from_catalogue(name: str) -> Motor:
    """The motor called `name`: as printed on it (`C6-5`, `J350W-14A`), a designation or a common name (`K550`), with or without maker.

    A delay in the name is the motor's only one then. What is in production comes first; where the name could mean another motor,
    or the delay is not sold, the motor's `flags` say so. Raises `NotFoundError` where there is none, or where several
    answer alike: the message lists them.
    """
    asked = printed(name)
    found = sorted(_matches(asked), key=lambda pair: pair[0].rank)
    if not found:
        usable = [e for e in catalogue_entries() if "time_s" in e]
        hint = suggest(name, [e["designation"] for e in usable] + [e["name"] for e in usable])
        raise NotFoundError(f"no motor called {seen(name)} in the catalogue{hint}; look with: downrange motor find")
    match, entry = found[0]
    same = [e for m, e in found if m.rank == match.rank]
    if len(same) > 1:
        delay = "" if asked.delay is None else f"-{asked.delay:g}"
        choices = "; ".join(_described(e, delay) for e in same[:8])
        raise NotFoundError(f"{seen(name)} is the name of {len(same)} motors; write one of {choices}")
    others = [e for m, e in found[1:] if match.rank[1] > 0 or m.rank[1] <= 1] if match.rank[1] >= 0 else []
    motor = _motor(entry)
    return replace(
        motor,
        flags=(*motor.flags, *_choice_flags(name, entry, others), *_delay_flags(asked, match, entry)),
        **_delay(asked, match, entry),
    )


def _matches(asked: Printed) -> Iterator[tuple[Match, dict[str, Any]]]:
    for entry in catalogue_entries():
        if "time_s" in entry and (match := match_entry(entry, asked)) is not None:
            yield match, entry


def _described(e: dict[str, Any], delay: str = "") -> str:
    delays = ", ".join(f"{d:g}" for d in e.get("delays_s", ())) or ("plugged" if e.get("plugged") else "none said")
    state = "" if e["available"] else ", out of production"
    return f"'{e['maker_short']} {e['designation']}{delay}' ({flown_impulse(e):.4g} N s, delays {delays}{state})"


def _choice_flags(name: str, entry: dict[str, Any], others: list[dict[str, Any]]) -> Iterator[str]:
    """Says which motor was taken where the name could mean another one of another impulse or maker."""
    if others:
        listed = "; ".join(_described(e) for e in others[:3]) + (
            f" and {len(others) - 3} more" if len(others) > 3 else ""
        )
        yield f"{seen(name, 60)} was taken for {_described(entry)}; it could also be {listed}"


def _delay_flags(asked: Printed, match: Match, entry: dict[str, Any]) -> Iterator[str]:
    """Says so where the delay in a name is not one that is sold."""
    sold = entry.get("delays_s", ())
    if asked.delay is not None and not match.whole and sold and asked.delay not in sold:
        yield f"a delay of {asked.delay:g} s is not sold for it: {', '.join(f'{d:g}' for d in sold)} s are"


def _delay(asked: Printed, match: Match, entry: dict[str, Any]) -> dict[str, Any]:
    """What the delay in a name changes: it is the only one. A whole designation keeps all that are sold."""
    if match.whole or (asked.delay is None and not asked.plugged):
        return {}
    if asked.delay is None:
        return {"delays": (), "plugged": True}
    return {"delays": (asked.delay,), "sold": tuple(entry.get("delays_s", ())), "plugged": False}


def find_motors(query: str) -> Iterator[dict[str, Any]]:
    """Entries that match every word of a query like `54 mm K`, `AeroTech I`, `K550`, `C6-5`, `white lightning`; in production first.

    A word is a diameter (with `mm`), an impulse class, a motor's name as printed on it, or part of a name, maker, case or
    propellant. `impulse_n_s` is that of the curve, which flies; `certified_impulse_n_s` the stated one.
    """
    text = re.sub(r"(\d+(?:\.\d+)?)\s*mm\b", r"\1mm", query.lower())
    words = text.split()[:20]
    names = [printed(word) for word in words]
    whole = printed(query)
    found = [
        e for e in catalogue_entries()
        if all(_has(e, w, n) for w, n in zip(words, names, strict=True)) or match_entry(e, whole) is not None
    ]  # fmt: skip
    for e in sorted(found, key=lambda e: not e["available"]):
        yield {**e, "impulse_n_s": flown_impulse(e), "certified_impulse_n_s": e["impulse_n_s"]}


def _has(entry: dict[str, Any], word: str, name: Printed) -> bool:
    if word.endswith("mm") and word[:-2].replace(".", "", 1).isdigit():
        return abs(entry["diameter_m"] * 1e3 - float(word[:-2])) <= 0.5
    if len(word) == 1 and word.isalpha():
        return bool(entry["class"].lower() == word)
    hay = " ".join(
        str(entry.get(k, "")) for k in ("designation", "name", "maker", "maker_short", "propellant", "case", "kind")
    )
    return word in hay.lower() or match_entry(entry, name) is not None
