"""Forecasts and ensembles: a folder of profiles, or a file. Each module here is one format.

A forecast has hours, and each hour members: winds over height. Units are read from the file, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from downrange.atmosphere import Wind
from downrange.earth import Pad
from downrange.errors import InputError, seen, suggest
from downrange.formats.reading import guarded
from downrange.formats.registry import Readers
from downrange.formats.weather import read_weather

__all__ = [
    "MOST_HOURS",
    "MOST_LEVELS",
    "READERS",
    "Forecast",
    "check_near",
    "check_size",
    "hour_of",
    "members_at",
    "read_forecast",
    "wind_of",
]

_FAR = 1.0  # degrees; a forecast further from the pad than that is of another place
MOST_HOURS, MOST_MEMBERS, MOST_LEVELS = 2_000, 500, 200  # more than any service sends


@dataclass(frozen=True, eq=False)
class Forecast:
    """Winds by hour (ISO, UTC) and member. `surface` are further quantities by hour, SI: cloud_cover, visibility, gust."""

    hours: tuple[str, ...]
    winds: tuple[tuple[Wind, ...], ...]
    source: str
    surface: dict[str, np.ndarray] | None = None

    def at(self, hour: str | None) -> tuple[Wind, ...]:
        """The members of an hour; the only one where none is named. Raises `InputError` for an hour that is not there."""
        if hour is None:
            if len(self.hours) > 1:
                raise InputError(
                    f"{self.source} holds {len(self.hours)} hours, {self.hours[0]} to {self.hours[-1]}: say which, like 'hour: {self.hours[0]}'",
                    key="weather.hour",
                )
            return self.winds[0]
        wanted = hour_of(hour)
        if wanted not in self.hours:
            raise InputError(
                f"{self.source} has no hour {seen(hour, 60)}{suggest(wanted, self.hours)}; it runs from {self.hours[0]} to {self.hours[-1]}",
                key="weather.hour",
            )
        return self.winds[self.hours.index(wanted)]


def hour_of(text: str) -> str:
    """A time to the minute, UTC, without zone: 2026-06-21T14:00. Raises `InputError` for a text that is no such time."""
    try:
        t = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"cannot read the hour {seen(text, 60)}; write it like '2026-06-21T14:00' (UTC)", key="weather.hour"
        ) from None
    return (t.astimezone(UTC) if t.tzinfo else t).strftime("%Y-%m-%dT%H:%M")


READERS = Readers[Callable[[Path, Pad], Forecast]](
    __name__, "an ensemble is a folder of CSV profiles, or a file like {}"
)


def members_at(winds: tuple[Wind, ...], pad: Pad, heights: np.ndarray) -> np.ndarray:
    """Winds (m, n, 2) at heights (n,) above the pad."""
    z = pad.elevation + heights
    return np.stack([np.stack([w.east(z), w.north(z)], axis=1) for w in winds])


@guarded("a forecast", quiet=True)
def read_forecast(path: Path, pad: Pad) -> Forecast:
    """A forecast or ensemble from a folder of CSV profiles, an Open-Meteo JSON, or a NetCDF of pressure levels.

    Raises `InputError` for what is no forecast, is of another place, or holds more than 2,000 hours, 500 members or
    200 levels.
    """
    if path.is_dir():
        return _folder(path, pad)
    return READERS.of(path)(path, pad)


def _folder(path: Path, pad: Pad) -> Forecast:
    """Each CSV is a member; a folder in it is an hour, named like 2026-06-21T14 (a dash or nothing for the colon)."""
    hours = sorted(p for p in path.iterdir() if p.is_dir())
    groups = [("", sorted(path.glob("*.csv")))] if not hours else [(h.name, sorted(h.glob("*.csv"))) for h in hours]
    check_size(len(groups), max(len(files) for _, files in groups), path)
    names, all_winds = [], []
    for name, files in groups:
        winds = [wind_of(f, pad) for f in files]
        if not winds:
            raise InputError("no CSV profiles in this folder", file=str(path / name))
        names.append(_hour_of_folder(path / name) if name else "")
        all_winds.append(tuple(winds))
    return Forecast(tuple(names), tuple(all_winds), path.name)


def wind_of(path: Path, pad: Pad) -> Wind:
    """The wind of a profile; raises `InputError` where it has none."""
    wind = read_weather(path, pad.elevation)[1]
    if wind is None:
        raise InputError("this profile has no wind", file=str(path))
    return wind


def _hour_of_folder(path: Path) -> str:
    m = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d)[-:]?(\d\d)?", path.name)
    if not m:
        raise InputError(f"name the folder of an hour like 2026-06-21T14, not {seen(path.name, 60)}", file=str(path))
    return f"{m.group(1)}T{m.group(2)}:{m.group(3) or '00'}"


def check_size(hours: int, members: int, path: Path, levels: int = 0) -> None:
    """Refuse what no forecast holds."""
    for n, most, what in (
        (hours, MOST_HOURS, "hours"),
        (members, MOST_MEMBERS, "members"),
        (levels, MOST_LEVELS, "levels"),
    ):
        if n > most:
            raise InputError(f"{n:,} {what} are too many, at most {most:,}", file=str(path))


def check_near(latitude: float, longitude: float, pad: Pad, path: Path) -> None:
    """Refuse weather of another place than the pad's, in degrees."""
    lat, lon = np.degrees(pad.latitude), np.degrees(pad.longitude)
    if not (abs(latitude) <= 90 and abs(longitude) <= 360):
        raise InputError(f"this weather is of {latitude:.4g}°, {longitude:.4g}°, which is no place", file=str(path))
    away = abs((longitude - lon + 180) % 360 - 180)
    if abs(latitude - lat) > _FAR or away > _FAR / max(np.cos(pad.latitude), 0.05):
        raise InputError(
            f"this weather is of {latitude:.2f}°, {longitude:.2f}°, but the pad is at {lat:.2f}°, {lon:.2f}°: another place",
            file=str(path),
        )
