"""The data sheet of an experiment: written with the columns to fill, read back by its headings and units.

A CSV file. Lines that begin with `#` say what the plan knows (`# question: ...`); they may be deleted. A heading is a name with its unit
behind it: `apogee (m)`, `apogee [ft]`, `apogee, m`, `apogee_m`. A cell may carry a unit of its own; empty cells, `-`, `lost` and the like are
flights without a value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from downrange.design.experiments import Trials
from downrange.errors import NotFoundError, seen, suggest
from downrange.formats.reading import guarded
from downrange.formats.trials.cells import CELL, NOTHING, SheetCells, kind_of, named, numbers, open_sheet, order_of
from downrange.text import plain

__all__ = ["Read", "read_trials"]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "flight": ("flight", "trial", "run", "no", "nr", "number", "planned", "flight no", "flight number"),
    "block": ("block", "pair", "round"),
    "design": ("design", "arm", "treatment", "group", "version", "variant", "configuration", "rocket"),
    "order": ("flown", "order", "order flown", "flown order", "sequence"),
    "lot": ("motor lot", "lot", "batch", "motor batch"),
    "date": ("date", "day"),
    "clock": ("time of day", "clock", "launched at", "local time", "launch time"),
    "notes": ("notes", "note", "remarks", "comment", "comments", "what happened"),
}
_BESIDE = {
    "wind": "speed",
    "wind speed": "speed",
    "temperature": "temperature",
    "pressure": "pressure",
    "humidity": "number",
}
_FEET = (3.0, 3.6)  # between which a ratio of two heaps of numbers looks like feet beside metres


@dataclass(frozen=True, eq=False)
class Read:
    """A sheet that was read: its trials, what its `#` lines say, and what to know of how it was read."""

    trials: Trials
    said: Mapping[str, str]
    unit: str
    notes: tuple[str, ...] = ()


def _outcome(sheet: SheetCells, said: Mapping[str, str], of: str | None, used: set[int]) -> int:
    """The column of what was measured."""
    wanted = of or said.get("outcome")
    names = [name for name, _, _ in sheet.heads]
    left = [k for k in range(len(names)) if k not in used and names[k]]
    if wanted:
        name = named(wanted)[0]
        for fits in (lambda n: n == name, lambda n: n.startswith(name), lambda n: name in n):
            hits = [k for k in left if fits(names[k])]
            if len(hits) == 1:
                return hits[0]
            if len(hits) > 1:
                raise sheet.error(
                    f"{seen(wanted, 40)} may be {', '.join(seen(sheet.heads[k][2], 40) for k in hits[:4])}: write one in full",
                    key="--of",
                )
        listed = ", ".join(sheet.heads[k][2] for k in left)
        raise NotFoundError(
            f"no column {seen(wanted, 40)}{suggest(name, [names[k] for k in left])}; those left to be measured: {seen(listed, 120)}",
            file=str(sheet.path), key="--of",
        )  # fmt: skip
    measured = [k for k in left if _mostly_numbers(sheet, k)]
    if len(measured) == 1:
        return measured[0]
    if not measured:
        raise sheet.error(
            "no column holds what was measured: head one with its name and unit, like 'apogee (m)', and fill it"
        )
    raise sheet.error(
        f"which column was measured? Say --of with one of: {', '.join(sheet.heads[k][2] for k in measured[:8])}",
        key="--of",
    )


def _mostly_numbers(sheet: SheetCells, k: int) -> bool:
    cells = [c.strip().lstrip("'") for c in sheet.cells(k)]
    good = [c for c in cells if c.lower() not in NOTHING]
    return (
        bool(good)
        and sum(bool(CELL.fullmatch(c.replace(",", ".") if sheet.comma else c)) for c in good) > len(good) / 2
    )


def _designs(
    sheet: SheetCells, i: int, said: Mapping[str, str], control: str | None
) -> tuple[tuple[str, ...], np.ndarray]:
    """The designs, the one that others are compared with first, and each flight's (n,)."""
    given = [" ".join(c.lstrip("'").split()) for c in sheet.cells(i)]
    known = {
        " ".join(d.split()).casefold(): " ".join(d.split()) for d in said.get("designs", "").split("|") if d.strip()
    }
    names = dict(known)
    for k, name in enumerate(given):
        if not name:
            raise sheet.error("a flight without a design: which was it?", sheet.rows[k][0], "design")
        names.setdefault(name.casefold(), name[:80])
    counts = {key: sum(g.casefold() == key for g in given) for key in names}
    for key, n in counts.items():
        others = [o for o in names if o != key and counts[o] > n]
        near = suggest(key, others)
        if n == 1 and near and (not known or key not in known):
            line = next(sheet.rows[k][0] for k, g in enumerate(given) if g.casefold() == key)
            raise sheet.error(
                f"only this flight is of the design {seen(names[key], 40)}{near}; write one design in one way",
                line,
                "design",
            )
    there = [key for key in names if counts[key]]
    if control is not None:
        if control.casefold() not in there:
            raise NotFoundError(
                f"no design {seen(control, 40)}{suggest(control.casefold(), there)}; designs: {seen(', '.join(names[k] for k in there), 120)}",
                key="--against",
            )
        there = [control.casefold(), *(k for k in there if k != control.casefold())]
    return tuple(names[k] for k in there), np.array([there.index(g.casefold()) for g in given])


def _one_unit(sheet: SheetCells, trials: Trials, i: int) -> None:
    """Refuse a column in which feet stand among metres: two heaps of numbers, one 3.28 times the other, in both designs."""
    if trials.kind not in ("length", "speed") or any((m := CELL.fullmatch(c)) and m[2].strip() for c in sheet.cells(i)):
        return
    good = np.flatnonzero(trials.measured)
    x = np.sort(trials.values[good])
    if x.size < 4 or x[0] <= 0:
        return
    cut = int(np.argmax(x[1:] / x[:-1])) + 1
    ratio = float(np.median(x[cut:]) / np.median(x[:cut]))
    high = trials.values[good] >= x[cut]
    if not (_FEET[0] < ratio < _FEET[1] and x[cut] / x[cut - 1] > 1.5):
        return
    heaps = {(int(a), bool(h)) for a, h in zip(trials.arm[good], high, strict=True)}
    if len(heaps) > len(trials.names):
        lines = [sheet.rows[k][0] for k in good[high if high.sum() <= high.size / 2 else ~high]]
        listed = ", ".join(map(str, lines[:6]))
        raise sheet.error(
            f"feet among metres? Some values of {sheet.heads[i][0]} are {ratio:.2f} times the others (lines {listed}): write the unit into each of "
            "those cells, like '395 ft'", lines[0], sheet.heads[i][0],
        )  # fmt: skip


@guarded("a data sheet")
def read_trials(
    path: str | Path,
    *,
    of: str | None = None,
    control: str | None = None,
    dose: str | None = None,
    blocks: bool = True,
    kind: str | None = None,
) -> Read:
    """Read a filled sheet.

    of: the column that was measured; left out, what the sheet says, or the only one. control: the design that others are compared with. dose: the
    column of what was changed, where it is a number and a line is wanted. blocks: whether the sheet's blocks count. kind: of what was measured;
    left out, by its unit. Raises `InputError` with the line for what cannot be read: no unit, units that contradict, a design spelt in two ways, ...
    """
    path = Path(path)
    sheet, said = open_sheet(path)
    places = {what: i for what, names in _COLUMNS.items() if (i := sheet.find(names)) is not None}
    beside = {name: i for i, (name, _, _) in enumerate(sheet.heads) if name in _BESIDE}
    used = {*places.values(), *beside.values()}
    series = dose or said.get("changed")
    dosed = None
    if series:
        hits = [
            k for k, (name, _, _) in enumerate(sheet.heads) if name == named(series)[0] and k not in places.values()
        ]
        if not hits:
            raise NotFoundError(
                f"no column {seen(series, 40)}{suggest(named(series)[0], [h[0] for h in sheet.heads])}",
                file=str(path),
                key="--dose",
            )
        dosed = hits[0]
        used.add(dosed)
    at = _outcome(sheet, said, of, used)
    if at in used:
        raise sheet.error(
            f"{seen(sheet.heads[at][2], 40)} cannot be both what was measured and what was changed", key="--of"
        )
    kind, unit = kind_of(sheet, at, kind)
    names, arm = _arms(sheet, places, said, control, dosed)
    labels = _labels(sheet, places)
    block, block_names = _blocks(sheet, places if blocks else {})
    notes = [
        f"column {seen(w, 40)} was not used" for k, (_, _, w) in enumerate(sheet.heads) if k not in {*used, at} and w
    ]
    values = numbers(sheet, at, kind)
    dose_kind, doses = ("number", None) if dosed is None else _doses(sheet, dosed)
    trials = Trials(
        sheet.heads[at][0], kind, values, names, arm, labels, block, block_names, doses, dose_kind, "" if dosed is None else sheet.heads[dosed][0],
        order_of(sheet, places), _planned(sheet, places), tuple(sheet.cells(places["lot"])) if "lot" in places and any(sheet.cells(places["lot"])) else (),
        {sheet.heads[i][0]: (_BESIDE[n], _beside(sheet, i, _BESIDE[n])) for n, i in beside.items() if any(sheet.cells(i))},
    )  # fmt: skip
    if not trials.measured.any():
        raise sheet.error(
            f"no flight has a value of {sheet.heads[at][0]}: fill the sheet first", key=sheet.heads[at][0]
        )
    _one_unit(sheet, trials, at)
    return Read(trials, said, unit, (*sheet.notes, *notes))


def _arms(
    sheet: SheetCells, places: Mapping[str, int], said: Mapping[str, str], control: str | None, dosed: int | None
) -> tuple[tuple[str, ...], np.ndarray]:
    if "design" in places:
        return _designs(sheet, places["design"], said, control)
    if dosed is None:
        raise sheet.error("no column says which design a flight was: head one 'design'", key="design")
    cells = [c.strip() for c in sheet.cells(dosed)]
    names = tuple(dict.fromkeys(cells))
    return names, np.array([names.index(c) for c in cells])


def _labels(sheet: SheetCells, places: Mapping[str, int]) -> tuple[str, ...]:
    cells = sheet.cells(places["flight"]) if "flight" in places else [""] * len(sheet.rows)
    return tuple(
        f"flight {plain(c, 20)}" if c else f"line {line}" for c, (line, _) in zip(cells, sheet.rows, strict=True)
    )


def _blocks(sheet: SheetCells, places: Mapping[str, int]) -> tuple[np.ndarray, tuple[str, ...]]:
    if "block" not in places:
        return np.zeros(len(sheet.rows), int), ("",)
    cells = [c.casefold() for c in sheet.cells(places["block"])]
    if not any(cells):
        return np.zeros(len(sheet.rows), int), ("",)
    if (empty := next((k for k, c in enumerate(cells) if not c), None)) is not None:
        raise sheet.error("a flight without a block: which was it?", sheet.rows[empty][0], "block")
    names = tuple(dict.fromkeys(cells))
    return np.array([names.index(c) for c in cells]), tuple(plain(n, 20) for n in names)


def _planned(sheet: SheetCells, places: Mapping[str, int]) -> np.ndarray | None:
    cells = sheet.cells(places["flight"]) if "flight" in places else []
    return (
        np.array([float(c) if c.isascii() and c.isdigit() and len(c) < 9 else math.nan for c in cells])
        if any(c.isdigit() for c in cells)
        else None
    )


def _doses(sheet: SheetCells, i: int) -> tuple[str, np.ndarray]:
    kind, _ = kind_of(sheet, i, None)
    values = numbers(sheet, i, kind)
    if not np.all(np.isfinite(values)):
        line = sheet.rows[int(np.argmin(np.isfinite(values)))][0]
        raise sheet.error(
            f"a flight without a value of {sheet.heads[i][0]}, which was changed: what was it?", line, sheet.heads[i][0]
        )
    return kind, values


def _beside(sheet: SheetCells, i: int, kind: str) -> np.ndarray:
    if kind == "number" and sheet.heads[i][1] == "%":
        return numbers(sheet, i, "number")
    return numbers(sheet, i, kind)
