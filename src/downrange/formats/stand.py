"""Records of test stands: tables of whatever a logger, a data-acquisition card or a spreadsheet wrote.

Any delimiter; headings in the languages that teams write, with the unit in them; rows that are columns; clocks of seconds,
milliseconds, dates. What a heading does not say is asked for, not guessed, unless the numbers themselves can be only one thing: then it
is told in the notes of the trace.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np

from downrange.errors import InputError, seen, suggest
from downrange.formats.logs.source import Source, open_source
from downrange.formats.logs.table import Table, is_number, parse_table
from downrange.formats.reading import guarded
from downrange.motor.stand import Figure, Firing, Trace

__all__ = ["Columns", "Record", "read_firings", "read_stand"]

_MOST_ROWS = 2_000_000
_WORDS = {
    "time": "time t zeit temps tiempo tempo tijd tid czas cas время 시간 時間 时间 zaman aika ido datetime timestamp date millis micros elapsed",
    "thrust": "thrust force load f fx schub kraft poussee empuje fuerza empuxo forca spinta forza stuwkracht kracht ciag sila tah тяга сила 추력 힘 推力 "
    "itki kuvvet tyontovoima loadcell lc",
    "pressure": "pressure p pc pch druck pression presion pressao pressione cisnienie tlak давление 압력 圧力 压力 basinc paine chamber",
}  # accents are taken off before they are compared
_KINDS = {kind: tuple(words.split()) for kind, words in _WORDS.items()}
_UNITS: dict[str, dict[str, float]] = {
    "time": {"s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "secs": 1.0, "ms": 1e-3, "msec": 1e-3, "millis": 1e-3, "milliseconds": 1e-3, "us": 1e-6,
             "micros": 1e-6, "microseconds": 1e-6, "min": 60.0, "초": 1.0, "秒": 1.0, "с": 1.0, "сек": 1.0, "мс": 1e-3},
    "thrust": {"n": 1.0, "newton": 1.0, "newtons": 1.0, "kn": 1e3, "mn": 1e-3, "lbf": 4.4482216152605, "lb": 4.4482216152605, "lbs": 4.4482216152605,
               "kgf": 9.80665, "kg": 9.80665, "kp": 9.80665, "gf": 9.80665e-3, "g": 9.80665e-3, "grams": 9.80665e-3, "ozf": 0.27801385095378125, "н": 1.0,
               "кн": 1e3, "кгс": 9.80665, "кг": 9.80665},
    "pressure": {"pa": 1.0, "kpa": 1e3, "mpa": 1e6, "hpa": 100.0, "bar": 1e5, "bara": 1e5, "barg": 1e5, "mbar": 100.0, "psi": 6894.757293168361,
                 "psia": 6894.757293168361, "psig": 6894.757293168361, "atm": 101325.0, "kgf/cm2": 98066.5, "kg/cm2": 98066.5, "kgf/cm²": 98066.5,
                 "бар": 1e5, "мпа": 1e6, "кпа": 1e3, "па": 1.0},
}  # fmt: skip
_RAW = ("v", "mv", "volt", "volts", "counts", "count", "adc", "raw", "bit", "bits", "lsb", "ma")
_PLAIN = (
    "cell",
    "motor",
    "engine",
    "measured",
    "net",
    "total",
    "of",
    "the",
    "in",
    "data",
    "curve",
    "sensor",
    "channel",
    "ch",
    "raw",
)  # words that are no unit
_REST = {"psi": 14.7, "bar": 1.013, "kpa": 101.3, "mpa": 0.1013, "pa": 101_325.0}


@dataclass(frozen=True)
class Columns:
    """What a user says of a record, where it does not say it itself.

    time, value: headings, or numbers of columns from 1. time_unit, unit: of them. scale: newtons or pascals to one unit of the column,
    for volts and counts. rate: samples a second of a record without a time. calibration: relative uncertainty of the scale.
    """

    time: str | None = None
    value: str | None = None
    time_unit: str | None = None
    unit: str | None = None
    scale: float | None = None
    rate: float | None = None
    calibration: float | None = None


@dataclass(frozen=True, eq=False)
class Record:
    """Channels of one file: thrust, pressure or both; `gauge` where a unit says so (psig, barg: True; psia: False)."""

    thrust: Trace | None
    pressure: Trace | None
    gauge: bool | None = None


@guarded("a record of a test stand")
def read_stand(path: str | Path, kind: str | None = None, columns: Columns = Columns()) -> Record:  # noqa: B008
    """Read a file of a test stand. kind: `thrust` or `pressure`, what the file is where no heading says; None lets the headings say.

    Raises `InputError`, with what to say, for a file whose columns or units are not clear, without a time, or that is no table.
    """
    source = open_source(path)
    if source.text is None:
        raise InputError("this is a binary file; save the record as text (CSV)", file=str(path))
    table, notes = _table(source)
    if table.rows > _MOST_ROWS:
        raise InputError(
            f"{table.rows:,} rows; more than {_MOST_ROWS:,} are refused: cut out the firing", file=str(path)
        )
    names = [_headed(n) for n in table.names]
    values = _value_columns(table, names, kind, columns, str(path))
    time, told = _time(table, names, set(values.values()), columns, str(path))
    notes += told
    out: dict[str, Trace] = {}
    gauge = None
    for what, i in values.items():
        raw = table.number(i)
        factor, why, g = _factor(table, names, i, what, columns, raw, str(path))
        gauge = g if g is not None else gauge
        good = np.isfinite(raw) & np.isfinite(time)
        lost = int(good.size - good.sum())
        if lost > 0.2 * good.size:
            k = int(np.argmin(good))
            raise InputError(
                f"{lost} of {good.size} rows have no number of {what} or time",
                file=str(path),
                line=table.first_line + k,
            )
        more = [f"{lost} rows without a number were left out"] if lost else []
        t = time[good]
        out[what] = Trace(
            what, t - t[0] if _is_date(table, columns) else t, raw[good] * factor, columns.calibration,
            tuple(f"{Path(path).name}: {n}" for n in [*notes, *why, *more]), str(path),
        )  # fmt: skip
    return Record(out.get("thrust"), out.get("pressure"), gauge)


def read_firings(
    paths: Sequence[str | Path], *, thrust: Columns = Columns(), pressure: Columns = Columns(), propellant_mass: Figure | None = None,  # noqa: B008
    throat: Figure | None = None, ambient: float | None = None, gauge: bool | None = None,
) -> list[Firing]:  # fmt: skip
    """Firings of motors that are alike, from their files: each record of thrust begins a firing, a record of pressure belongs to the thrust before it.

    Of two files without headings the first is thrust and the second pressure. propellant_mass (kg) and throat (diameter, m) are of every
    firing. gauge: whether pressures count from the air's; None lets the files say. Raises `InputError`.
    """
    out: list[Firing] = []
    more = {} if ambient is None else {"ambient": ambient}
    for k, path in enumerate(paths):
        record = _of_either(path, thrust, pressure, second=k == 1 and len(paths) == 2)
        reference = gauge if gauge is not None else record.gauge
        word: Literal["absolute", "gauge"] | None = None if reference is None else "gauge" if reference else "absolute"
        if record.thrust is None and out and out[-1].pressure is None:
            out[-1] = replace(out[-1], pressure=record.pressure, reference=word)
        elif record.thrust is None and out:
            raise InputError(
                "a second record of pressure for one firing; give thrust and pressure in turn", file=str(path)
            )
        else:
            out.append(
                Firing(
                    record.thrust,
                    record.pressure,
                    propellant_mass,
                    throat,
                    reference=word,
                    name=Path(path).stem,
                    **more,
                )
            )
    return out


def _of_either(path: str | Path, thrust: Columns, pressure: Columns, *, second: bool) -> Record:
    """A file by its headings; one without is pressure where it is the second of two, else thrust."""
    source = open_source(path)
    names = () if source.text is None else _heads(source)
    kinds = {what for what, _ in map(_headed, names)} & {"thrust", "pressure"}
    if kinds == {"thrust", "pressure"} and thrust.value is None:
        both = read_stand(path, "thrust", thrust), read_stand(path, "pressure", pressure)
        return Record(both[0].thrust, both[1].pressure, both[1].gauge)
    kind = kinds.pop() if len(kinds) == 1 else "pressure" if second else "thrust"
    return read_stand(path, kind, pressure if kind == "pressure" else thrust)


def _heads(source: Source) -> tuple[str, ...]:
    """The headings of a table, none where it has none or is no table: `read_stand` says what is wrong."""
    try:
        return _table(source)[0].names
    except InputError:
        return ()


def _table(source: Source) -> tuple[Table, list[str]]:
    """The table of a file, turned where its rows are what should be columns, without the heading of a RASP file."""
    lines = [line for line in source.lines if not line.lstrip().startswith(";")]
    kept = [line for line in lines if line.strip(" ,;\t")]
    if not kept:
        raise InputError("there are no rows in this file")
    mark = next((m for m in (";", "\t", ",") if max(line.count(m) for line in kept[:8]) > 20), None)
    if len(kept) <= 8 and mark:
        return _turned(kept, mark)
    notes = []
    if len(kept[0].split()) >= 7 and all(is_number(w) for i, w in enumerate(kept[0].split()[:6]) if i in (1, 2, 4, 5)):
        lines = ["time_s,thrust_n"] + [",".join(line.split()[:2]) for line in kept[1:]]
        notes.append("a RASP (.eng) heading: seconds and newtons")
    return parse_table(lines), notes


def _turned(kept: list[str], mark: str) -> tuple[Table, list[str]]:
    rows = [[c.strip() for c in next(csv.reader([line], delimiter=mark))] for line in kept]
    width = max(len(r) for r in rows)
    long = [r for r in rows if len(r) > width // 2]
    left = [" ".join(c for c in r if c) for r in rows if len(r) <= width // 2]
    heads = [r[0] if not is_number(r[0]) else "" for r in long]
    body = [r[1:] if h else r for r, h in zip(long, heads, strict=True)]
    size = min(len(r) for r in body)
    if max(len(r) for r in body) - size > 1:
        raise InputError(f"rows of {size} and {max(len(r) for r in body)} numbers: each should have as many")
    notes = ["its rows are channels: it was turned"]
    if left:
        notes.append(f"left out: {seen('; '.join(left), 80)}")
    names = tuple(heads) if all(heads) else ()
    return Table(names, tuple(tuple(r[:size]) for r in body), 1, mark, False), notes


def _plain(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text[:120].lower().replace("ł", "l").replace("ø", "o"))
    return unicodedata.normalize("NFC", "".join(c for c in flat if not unicodedata.combining(c)))


def _headed(name: str) -> tuple[str | None, str]:
    """What a heading is of (`time`, `thrust`, `pressure`, None), and the unit in it, in small letters; empty without one."""
    plain = _plain(name)
    bracket = re.search(r"[\[({<]\s*([^\])}>]*?)\s*[\])}>]", plain)
    unit = bracket.group(1) if bracket else ""
    rest = plain if bracket is None else plain[: bracket.start()] + plain[bracket.end() :]
    words = [w for w in re.split(r"[\s_\-.:/,#*]+", rest) if w]
    for kind in ("pressure", "thrust", "time"):  # `pressure force` is rare; `chamber pressure time` rarer
        for word in words:
            exact = word in _KINDS[kind]
            within = any(k in word for k in _KINDS[kind] if len(k) >= 5 or not k.isascii())
            if exact or within:
                tail = words[-1] if len(words) > 1 else ""
                if unit or (tail != word and (tail in _UNITS[kind] or tail in _RAW)):
                    return kind, unit or tail
                strange = [w for w in words if w != word and w not in _PLAIN and not w.isdigit() and not _of_a_kind(w)]
                return kind, strange[-1] if strange and kind != "time" else ""
    return None, unit


def _of_a_kind(word: str) -> bool:
    """Whether a word is one of those that name a channel, or is made of one (`schubkraft`)."""
    return any(
        word == k or (k in word and (len(k) >= 4 or not k.isascii())) for words in _KINDS.values() for k in words
    )


def _index(table: Table, wanted: str, file: str) -> int:
    """A column by its heading or its number from 1."""
    if wanted.isdigit() and 1 <= int(wanted) <= len(table.cells):
        return int(wanted) - 1
    named = [n.lower() for n in table.names]
    if wanted.lower() in named:
        return named.index(wanted.lower())
    raise InputError(
        f"no column {seen(wanted, 60)}{suggest(wanted, table.names)}; columns: {seen(', '.join(table.names) or f'1 to {len(table.cells)}', 120)}",
        file=file,
    )


def _value_columns(
    table: Table, names: list[tuple[str | None, str]], kind: str | None, columns: Columns, file: str
) -> dict[str, int]:
    """Which column is thrust and which is pressure."""
    if columns.value is not None:
        return {kind or "thrust": _index(table, columns.value, file)}
    found: dict[str, list[int]] = {"thrust": [], "pressure": []}
    for i, (what, _) in enumerate(names):
        if what in found and np.isfinite(table.number(i)).mean() > 0.5:
            found[what].append(i)
    if kind is not None and found[kind]:
        found = {kind: found[kind]}
    for what, hits in found.items():
        if len(hits) > 1:
            both = ", ".join(table.names[i] for i in hits[:4])
            raise InputError(
                f"{len(hits)} columns may be {what}: {seen(both, 120)}; say which with --column", file=file
            )
    if any(found.values()):
        return {what: hits[0] for what, hits in found.items() if hits}
    empty = [table.names[i] for i, (what, _) in enumerate(names) if what in found]
    if empty:
        raise InputError(f"the column {seen(empty[0], 60)} has hardly a number in it", file=file)
    if names and kind is None:
        raise InputError(
            f"no column of thrust or pressure by its heading (seen {seen(', '.join(table.names), 100)}); say which with --column",
            file=file,
        )
    taken = _clock_like(table, columns)
    left = [
        i for i in range(len(table.cells)) if i not in taken and names[i : i + 1] in ([], [(None, "")])
        and np.isfinite(table.number(i)).mean() > 0.8
    ]  # fmt: skip
    if len(left) != 1:
        raise InputError(
            f"{len(left)} columns of numbers besides the time; head one 'thrust_N' or 'pressure_bar', or say which with --column",
            file=file,
        )
    return {kind or "thrust": left[0]}


def _clock_like(table: Table, columns: Columns) -> list[int]:
    """Columns that only ever grow, and more than they repeat; that is what clocks do, and loads do not."""
    if columns.rate is not None:
        return []
    out = []
    for i in range(len(table.cells)):
        if _dates(table.cells[i][:3]):
            out.append(i)
            continue
        v = table.number(i)
        v = v[np.isfinite(v)]
        if v.size > 10 and np.all(np.diff(v) >= 0) and np.mean(np.diff(v) > 0) > 0.3:
            out.append(i)
    return out


def _time(
    table: Table, names: list[tuple[str | None, str]], used: set[int], columns: Columns, file: str
) -> tuple[np.ndarray, list[str]]:
    """Seconds (n,), and what was judged."""
    if columns.rate is not None:
        return np.arange(table.rows) / columns.rate, [f"{columns.rate:g} samples a second, as was said"]
    if columns.time is not None:
        i = _index(table, columns.time, file)
    else:
        headed = [k for k, (what, _) in enumerate(names) if what == "time" and k not in used]
        clocks = headed or [k for k in _clock_like(table, columns) if k not in used]
        if not clocks:
            raise InputError(
                "no column of time; say how often it was sampled with --rate (samples a second)", file=file
            )
        i = (
            clocks[-1] if not headed else clocks[0]
        )  # of two clocks the one that was started for this record stands last
    if _dates(table.cells[i][:3]):
        return _date_seconds(table, i, file)
    unit = (columns.time_unit or (names[i][1] if i < len(names) else "")).lower()
    if unit and unit not in _UNITS["time"]:
        raise InputError(f"{seen(unit, 40)} is no unit of time; units: s, ms, us, min", file=file)
    raw = table.number(i)
    if unit:
        return raw * _UNITS["time"][unit], []
    step = float(np.nanmedian(np.diff(raw))) if raw.size > 1 else 0.0
    if np.nanmax(np.abs(np.diff(raw)), initial=0.0) > 0 and np.all(raw[np.isfinite(raw)] % 1 == 0) and step >= 2:
        scale, word = (1e-3, "milliseconds") if step < 2000 else (1e-6, "microseconds")
        return raw * scale, [f"its time has no unit; whole numbers {step:g} apart: {word}"]
    return raw, ["its time has no unit: seconds"]


def _dates(cells: Sequence[str]) -> bool:
    return bool(cells) and all(re.search(r"\d{1,2}:\d{2}", c) for c in cells if c)


def _is_date(table: Table, columns: Columns) -> bool:
    return columns.rate is None and any(_dates(c[:3]) for c in table.cells)


def _date_seconds(table: Table, i: int, file: str) -> tuple[np.ndarray, list[str]]:
    """Seconds from the first of a column of dates or times of day."""
    out = np.full(table.rows, np.nan)
    first: datetime | None = None
    for k, cell in enumerate(table.cells[i]):
        moment = _moment(cell)
        if moment is None:
            continue
        first = first or moment
        out[k] = (moment - first).total_seconds()
    if first is None or np.isfinite(out).mean() < 0.8:
        raise InputError(f"times like {seen(table.cells[i][0], 40)} are not understood; write seconds", file=file)
    back = np.flatnonzero(np.diff(out) < -43_200)
    for k in back.tolist():  # past midnight, where no date stands
        out[k + 1 :] += 86_400
    return out, [f"its clock says {first:%Y-%m-%d %H:%M:%S}; only the time since then is used"]


def _moment(cell: str) -> datetime | None:
    text = re.sub(r"(\d),(\d)", r"\1.\2", cell.strip().replace("/", "-"))
    text = re.sub(r"(?<=\d)\.(?=\d{1,2}\.)|(?<=\d\.\d)\.|(?<=\d\.\d\d)\.", "-", text) if text.count(".") > 1 else text
    for pattern in (
        "%Y-%m-%d %H:%M:%S.%f",
        "%Y-%m-%d %H:%M:%S",
        "%d-%m-%Y %H:%M:%S",
        "%d-%m-%Y %H:%M:%S.%f",
        "%H:%M:%S.%f",
        "%H:%M:%S",
    ):
        try:
            return datetime.strptime(text.replace("T", " ")[:26], pattern)
        except ValueError:
            continue
    return None


def _factor(
    table: Table, names: list[tuple[str | None, str]], i: int, kind: str, columns: Columns, raw: np.ndarray, file: str
) -> tuple[float, list[str], bool | None]:
    """SI units in one unit of a column, what was judged, and whether it counts from the air's pressure."""
    unit = (columns.unit or (names[i][1] if i < len(names) else "") or table.cell_unit(i)).lower().replace(" ", "")
    gauge = {"psig": True, "barg": True, "psia": False, "bara": False}.get(unit)
    if columns.scale is not None:
        return (
            columns.scale,
            [
                f"{kind}: {columns.scale:.6g} {'N' if kind == 'thrust' else 'Pa'} to one {unit or 'unit'} of the column, as was said"
            ],
            gauge,
        )
    if unit in _UNITS[kind]:
        return _UNITS[kind][unit], [], gauge
    if unit in _RAW:
        raise InputError(
            f"{kind} in {unit}: say how many newtons or pascals one is, with --{kind}-scale (a load cell: capacity / (rated output × "
            "excitation × gain))",
            file=file,
        )
    if unit:
        raise InputError(
            f"{seen(unit, 40)} is no unit of {kind}; units: {', '.join(list(_UNITS[kind])[:14])}", file=file
        )
    if kind == "pressure":
        low, high = float(np.nanpercentile(raw, 1)), float(np.nanmax(raw))
        fits = [u for u, air in _REST.items() if 0.85 < low / air < 1.45 and high > 3 * low]
        if len(fits) == 1:
            u = fits[0]
            return (
                _UNITS[kind][u],
                [f"pressure has no unit; it rests at {low:.3g}, which is the air's pressure in {u}: {u}, absolute"],
                False,
            )
    elif names and names[i][0] == "thrust":
        return 1.0, ["thrust has no unit: newtons"], None
    raise InputError(
        f"the unit of {kind} is not said: head the column like '{'thrust_N' if kind == 'thrust' else 'pressure_bar'}', or say it with --{kind}-unit "
        f"({', '.join(('N', 'kgf', 'gf', 'lbf') if kind == 'thrust' else ('bar', 'psi', 'MPa'))})",
        file=file,
    )
