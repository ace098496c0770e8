"""The bundled catalogue of commercial motors, read on first use.

Made by `builders/motors.py` from the npm package thrustcurve-db (data of thrustcurve.org; see NOTICE). What the
builder had to mend in a curve is in the motor's `flags`.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from downrange.errors import NotFoundError, suggest
from downrange.motor.motor import Motor

__all__ = ["catalogue_entries", "find_motors", "motor_from_catalogue"]


@lru_cache(maxsize=1)
def catalogue_entries() -> tuple[dict[str, Any], ...]:
    """All entries of the catalogue as the builder wrote them (SI)."""
    packed = resources.files("downrange.motor").joinpath("data/motors.json.xz").read_bytes()
    return tuple(json.loads(lzma.decompress(packed)))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", text.lower())


def _motor(entry: dict[str, Any]) -> Motor:
    if "time_s" not in entry or "propellant_kg" not in entry:
        raise NotFoundError(
            f"{entry['designation']} ({entry['maker']}) is in the catalogue, but without a usable thrust curve"
        )
    flags = list(entry.get("flags", ()))
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


def motor_from_catalogue(name: str) -> Motor:
    """The motor called `name` (designation like `K550W`, or common name like `K550`), optionally after its maker.

    Raises `NotFoundError` where there is none, or more than one: the message lists them.
    """
    wanted = _plain(name)

    def keys(e: dict[str, Any]) -> set[str]:
        names = {_plain(e["designation"]), _plain(e["name"])}
        return names | {_plain(m) + n for m in (e["maker"], e["maker_short"]) for n in names}

    usable = [e for e in catalogue_entries() if "time_s" in e]
    exact = [e for e in usable if wanted == _plain(e["designation"])]
    found = exact or [e for e in usable if wanted in keys(e)]
    if not found:
        # A reload's designation often carries impulse before and delay after the name: 3618L995-P.
        found = [e for e in usable if re.fullmatch(rf"\d*{re.escape(wanted)}(\d+a|p|m)?", _plain(e["designation"]))]
    if len(found) == 1:
        return _motor(found[0])
    if found:
        choices = ", ".join(f"'{e['maker_short']} {e['designation']}'" for e in found[:8])
        raise NotFoundError(f"{name!r} is the name of {len(found)} motors; write one of {choices}")
    hint = suggest(name, [e["designation"] for e in usable] + [e["name"] for e in usable])
    raise NotFoundError(f"no motor called {name!r} in the catalogue{hint}; look with: downrange motor find")


def find_motors(query: str) -> Iterator[dict[str, Any]]:
    """Entries that match every word of a query like `54 mm K`, `AeroTech I`, `K550`, `white lightning`.

    A word is a diameter (with `mm`), an impulse class, or part of a name, maker, case or propellant.
    """
    text = re.sub(r"(\d+(?:\.\d+)?)\s*mm\b", r"\1mm", query.lower())
    words = text.split()
    for entry in catalogue_entries():
        hay = " ".join(
            str(entry.get(k, "")) for k in ("designation", "name", "maker", "maker_short", "propellant", "case", "kind")
        )
        for word in words:
            if word.endswith("mm") and word[:-2].replace(".", "").isdigit():
                if abs(entry["diameter_m"] * 1e3 - float(word[:-2])) > 0.5:
                    break
            elif len(word) == 1 and word.isalpha():
                if entry["class"].lower() != word:
                    break
            elif word not in hay.lower():
                break
        else:
            yield entry
