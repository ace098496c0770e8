"""Where a lost rocket lies: the campaign conditioned on what was seen.

Each flight of a campaign is weighted with how well it agrees with every observation (a Gaussian of the stated error);
what is left is the distribution of landings that could have been seen so. With a last position, every flight's way from
there on is laid at that position: the wind that carried it further is what the flight says.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from downrange.dispersion import Campaign
from downrange.earth import Pad
from downrange.errors import InputError
from downrange.safety.footprint import Density, density

__all__ = ["Fix", "Found", "Seen", "condition", "parse_fix", "parse_seen", "search_route"]

_EXAMPLES = "'apogee at 21.4 s', 'apogee 2950 m ± 40 m', 'landing at 160 s ± 5 s', 'bearing 240° ± 5° at landing from pad', 'no canopy', 'canopy'"


@dataclass(frozen=True)
class Seen:
    """An observation: a column of the campaign with its value and standard error (SI; bearings in radians)."""

    what: str
    value: float
    sigma: float
    text: str


@dataclass(frozen=True)
class Fix:
    """A last position: east, north and up of the pad (m), the time from ignition (s, None: not known), the error (m)."""

    east: float
    north: float
    up: float
    time: float | None
    sigma: float


_SEEN = (
    (r"apogee\s+at\s+(?P<q>.+)", "time_to_apogee_s", "time", 0.5), (r"landing\s+at\s+(?P<q>.+)", "flight_time_s", "time", 3.0),
    (r"apogee\s+(?P<q>.+)", "apogee_agl_m", "length", 50.0),
    (r"bearing\s+(?P<q>.+?)(\s+at\s+landing)?(\s+from\s+(the\s+)?pad)?", "bearing", "angle", math.radians(5)),
    (r"distance\s+(?P<q>.+?)(\s+at\s+landing)?(\s+from\s+(the\s+)?pad)?", "landing_distance_m", "length", 50.0),
)  # fmt: skip


def parse_seen(text: str) -> Seen:
    """Read an observation; without ± it gets a usual error (0.5 s, 3 s, 50 m, 5°).

    text: what the user wrote. Raises `InputError` for a text that cannot be read.
    """
    from downrange.units import parse_quantity

    plain = text.strip().lower()
    if plain in ("no canopy", "no parachute", "ballistic"):
        return Seen("canopy", 0.0, 0.0, text)
    if plain in ("canopy", "parachute", "under canopy"):
        return Seen("canopy", 1.0, 0.0, text)
    for pattern, what, kind, usual in _SEEN:
        m = re.fullmatch(pattern, plain)
        if m:
            q = parse_quantity(m.group("q"), kind)
            sigma = q.distribution.spread if q.distribution is not None else usual
            return Seen(what, q.value, max(sigma, 1e-6), text)
    raise InputError(f"cannot read what was seen, {text!r}; write it like {_EXAMPLES}", key="--seen")


def parse_fix(text: str, pad: Pad, sigma: float = 15.0) -> Fix:
    """Read `lat,lon,alt[,time]`: degrees, metres above sea level (or `120 m agl`), seconds from ignition.

    text: what the user wrote. sigma: error of the fix each way, m.
    Raises `InputError` for a text that cannot be read, and for a place far from the pad.
    """
    words = [w.strip() for w in text.split(",")]
    try:
        lat, lon = float(words[0]), float(words[1])
        agl = words[2].lower().endswith("agl")
        alt = float(re.sub(r"[^0-9.+-]", "", words[2]))
        time = float(re.sub(r"[^0-9.+-]", "", words[3])) if len(words) > 3 and words[3] else None
    except (IndexError, ValueError):
        raise InputError(
            f"cannot read the position {text!r}; write it like 39.389,-8.288,850,95 (degrees, m above sea level, s from ignition)",
            key="--last-fix",
        ) from None
    height = alt + (pad.elevation if agl else 0.0)
    e, n, u = pad.position_enu(math.radians(lat), math.radians(lon), height)
    if math.hypot(e, n) > 300e3:
        raise InputError(
            f"that position is {math.hypot(e, n) / 1e3:,.0f} km from the pad: are latitude and longitude in the right order?",
            key="--last-fix",
        )
    return Fix(float(e), float(n), float(u), time, sigma)


@dataclass(frozen=True, eq=False)
class Found:
    """Landings that could have been: points (n, 2) with weights, their density, and how many flights speak for it."""

    points: np.ndarray
    weight: np.ndarray
    effective: float
    density: Density
    modes: dict[str, float]

    def share_at(self, point: np.ndarray) -> float:
        """Share of the smallest area that just holds a place: 0.3 lies well inside, 1 lies beyond everything.

        point: (2,), m east and north of the pad.
        """
        here = float(self.density.at(np.atleast_2d(point))[0])
        held = self.density.value[self.density.value > here].sum() * self.density.cell
        return float(min(held / self.density.inside, 1.0))

    def nearest(self, point: np.ndarray) -> float:
        """Distance (m) from a place to the nearest landing with any weight.

        point: (2,), m east and north of the pad.
        """
        live = self.weight > self.weight.max() * 1e-6
        return float(np.hypot(*(self.points[live] - point).T).min())


def _likelihood(campaign: Campaign, seen: Seen) -> np.ndarray:
    """Logarithm of how well each row agrees."""
    if seen.what == "canopy":
        opened = np.isfinite(campaign["deployment_time_s"])
        return np.where(opened == bool(seen.value), 0.0, -np.inf)
    if seen.what == "bearing":
        at = campaign.landing
        off = np.arctan2(at[:, 0], at[:, 1]) - seen.value
        d = (off + np.pi) % (2 * np.pi) - np.pi
    else:
        d = campaign[seen.what] - seen.value
    return np.where(np.isfinite(d), -0.5 * (d / seen.sigma) ** 2, -np.inf)


def condition(
    campaign: Campaign, seen: tuple[Seen, ...] = (), fix: Fix | None = None, body: str | None = None
) -> Found:
    """The landings that agree with what was seen. A campaign for a `fix` must have watched its time (`Plan.watch`).

    What was seen is of one body: of the one called `body`, else of the one with the nose, or of what is left of it. Raises
    `InputError` where no flight agrees, and where no such body comes down.
    """
    mine = _mine(campaign, body)
    log = np.where(campaign.landed & mine, np.log(np.maximum(campaign.weight, 1e-300)), -np.inf)
    for s in seen:
        log = log + _likelihood(campaign, s)
    points = campaign.landing.copy()
    if fix is not None:
        log, points = _from_fix(campaign, fix, log, points)
    top = float(np.max(log)) if log.size else -np.inf
    if not np.isfinite(top):
        raise InputError(
            "no flight of the campaign agrees with what was seen; check the observations, or fly more (-n)",
            key="--seen",
        )
    weight = np.exp(log - top)
    weight /= weight.sum()
    effective = float(1 / (weight**2).sum())
    keep = weight > 1e-9
    p, w = points[keep], weight[keep]
    middle = w @ p
    spread = np.sqrt(w @ (p - middle) ** 2)
    h = np.maximum(spread * max(effective, 2.0) ** (-1 / 6), 5.0)
    half = float(max(np.sqrt(w @ (p - middle) ** 2).max() * 6, 6 * h.max(), 60.0))
    d = density(
        p,
        w,
        half=half,
        cell=half / 250,
        centre=(float(middle[0]), float(middle[1])),
        bandwidth=(float(h[0]), float(h[1])),
    )
    modes = {m.mode.name: float(weight[campaign["mode"] == k].sum()) for k, m in enumerate(campaign.modes)}
    return Found(p, w, effective, d, dict(sorted(modes.items(), key=lambda item: (-round(item[1], 3), item[0]))))


def _mine(campaign: Campaign, body: str | None) -> np.ndarray:
    """The rows (n,) that are searched: of a vehicle that comes apart those of one body, of a rocket that does not all that is left."""
    if body is not None:
        return campaign.of_body(body)
    planned = campaign.planned_bodies
    if len(planned) < 2:
        return np.ones(len(campaign["flight"]), bool)
    return ~np.any([campaign.of_body(name) for name in planned[1:]], axis=0)


def _from_fix(campaign: Campaign, fix: Fix, log: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights by the last position, and landings carried from there instead of from where each flight was.

    The height decides with its own error; the place with the spread that the flights have there, because each flight's
    further way is laid at the fix itself.
    """
    if "watch_east_m" not in campaign.columns:
        raise InputError(
            "the campaign has not noted positions at the time of the fix; find flies one that does", key="--last-fix"
        )
    here = np.stack([campaign["watch_east_m"], campaign["watch_north_m"]], axis=1)
    up = campaign["watch_up_m"]
    good = np.isfinite(up) & np.isfinite(log)
    if not good.any():
        raise InputError("no flight is in the air at the time of the fix; check its time", key="--last-fix")
    w = np.exp(log[good] - log[good].max())
    w /= w.sum()
    middle = w @ here[good]
    spread = np.maximum(np.sqrt(w @ (here[good] - middle) ** 2), fix.sigma)
    off = np.array([fix.east, fix.north]) - here
    tall = max(2 * fix.sigma, 0.03 * abs(fix.up), 20.0)
    with np.errstate(invalid="ignore"):
        log = log - 0.5 * ((off / spread) ** 2).sum(axis=1) - 0.5 * ((fix.up - up) / tall) ** 2
        # A flight that is a little lower or higher has that much less or more of its way to go.
        scale = np.clip((fix.up - campaign["landing_up_m"]) / np.maximum(up - campaign["landing_up_m"], 1.0), 0.2, 5.0)
    moved = np.array([fix.east, fix.north]) + scale[:, None] * (points - here)
    return np.where(good, log, -np.inf), np.where(good[:, None], moved, points)


def search_route(found: Found, share: float = 0.9, swath: float = 30.0) -> np.ndarray:
    """A walk (n, 2) over the area that holds `share`: strips `swath` m wide (at most 60 of them), from the most probable."""
    d = found.density
    rows, cols = np.nonzero(d.value >= d.level(share))
    if not rows.size:
        return np.empty((0, 2))
    span = float(d.north[rows.max()] - d.north[rows.min()])
    step = max(swath, span / 60)
    lines = []
    n = max(int(round(span / step)), 1)
    for k in range(n + 1):
        y = d.north[rows.min()] + span * k / n
        near = np.abs(d.north[rows] - y) <= max(step / 2, (d.north[1] - d.north[0]))
        if near.any():
            x = d.east[cols[near]]
            mass = float(d.value[rows[near], cols[near]].sum())
            lines.append((y, float(x.min()), float(x.max()), mass))
    peak = int(np.argmax([m for *_, m in lines]))
    order = [*range(peak, len(lines)), *range(peak - 1, -1, -1)]  # from the peak to one end, then back to the other
    walk = []
    for turn, k in enumerate(order):
        y, a, b, _ = lines[k]
        walk += [(a, y), (b, y)] if turn % 2 == 0 else [(b, y), (a, y)]
    return np.array(walk)
