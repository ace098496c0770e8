"""How altimeters know apogee, and when they do not look: known units as their manuals say, and one's own.

What a unit's manual does not say is not invented: it is what a plain barometric detector does, and `Unit.unsaid` tells of it.
Derivation of the delay: docs/theory/recovery.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Literal

from downrange.bounds import Limits, check_fields, spec
from downrange.errors import InputError, seen, suggest

__all__ = ["UNITS", "Altimeter", "Unit"]

_FT = 0.3048  # m
_WAIT: Limits = {"low": 0, "high": 3600, "why": "an hour"}


@dataclass(frozen=True, kw_only=True)
class Altimeter:
    """What fires a recovery device: a known unit, or how one's own detects apogee. What is left out is as the unit's manual says."""

    unit: str = spec("", "a known unit, like RRC3 or Raven3; left out: a plain barometric detector", "")
    detects: Literal["barometer", "accelerometer"] | None = spec(
        "", "what knows apogee; left out: that of the unit, or the barometer", None
    )
    interval: float | None = spec(
        "time", "from one reading to the next", None, above=0, high=10, why="readings are many a second"
    )
    smoothing: float | None = spec(
        "time", "time constant of the filter of the height", None, low=0, high=60, why="a minute"
    )
    falling_for: float | None = spec(
        "time", "for how long it must fall before it is apogee", None, low=0, high=60, why="a minute"
    )
    arms_above: float | None = spec(
        "length", "height above the pad below which nothing fires", None, low=0, high=1e4, why="10 km"
    )
    lockout_time: float | None = spec(
        "time", "the barometer is not believed for so long after it is armed (Mach delay)", None, **_WAIT
    )
    lockout_speed: float | None = spec("speed", "the barometer is not believed above this speed of its own reckoning", None, above=0, high=1e4, why="faster than any rocket of this kind")  # fmt: skip

    def __post_init__(self) -> None:
        check_fields(self)
        if self.unit and self.unit not in UNITS:
            raise InputError(
                f"no altimeter called {seen(self.unit, 60)} is known{suggest(self.unit, UNITS)}; known: {', '.join(UNITS)}. Say how yours works "
                "instead, like 'altimeter: {smoothing: 0.5 s, lockout_speed: 150 m/s}'", key="unit",
            )  # fmt: skip

    @property
    def name(self) -> str:
        """Of the unit, or that it is one's own."""
        return self.unit or "your own altimeter"

    @property
    def settled(self) -> Altimeter:
        """With everything said: its own, else the unit's, else that of a plain barometric detector."""
        unit = dict(UNITS[self.unit].says) if self.unit else {}
        said = {f.name: v for f in fields(self) if (v := getattr(self, f.name)) is not None}
        return Altimeter(**{**_PLAIN, **unit, **said})

    @property
    def assumed(self) -> dict[str, float]:
        """What of its logic neither its owner nor its unit's manual says, and what is taken, SI; zeros are left out."""
        unit = UNITS[self.unit] if self.unit else None
        manual = set(unit.says) - unit.taken if unit else set()
        s = self.settled
        counts = ("interval", "arms_above") if s.detects == "accelerometer" else _NUMBERS
        taken = {k: float(getattr(s, k) or 0.0) for k in counts if getattr(self, k) is None and k not in manual}
        return {k: v for k, v in taken.items() if v}

    @property
    def locks(self) -> bool:
        """Whether a pressure spike near Mach 1 is kept from opening anything."""
        s = self.settled
        return s.detects == "accelerometer" or bool(s.lockout_time) or s.lockout_speed is not None

    @property
    def detection_delay(self) -> float:
        """How long after apogee it knows (s): the filter's lag, how long it must fall, and half a reading more.

        A height that falls as H - g t²/2 comes out of a first-order filter with its summit one time constant late. An accelerometer's error
        has no such bound: 0.
        """
        s = self.settled
        if s.detects == "accelerometer":
            return 0.0
        assert s.smoothing is not None and s.falling_for is not None and s.interval is not None
        return s.smoothing + s.falling_for + 0.5 * s.interval

    @property
    def height_delay(self) -> float:
        """How long after a height is passed at a steady speed it knows, s."""
        s = self.settled
        assert s.smoothing is not None and s.interval is not None
        return s.smoothing + 0.5 * s.interval


@dataclass(frozen=True)
class Unit:
    """A known unit: what its manual says of its logic, the main altitudes that it can be set to (m), what is not said, and the manual.

    `taken` names what of `says` is judgement and not in the manual.
    """

    says: MappingProxyType[str, float | str]
    source: str
    unsaid: str
    main_altitudes: tuple[float, float] | None = field(default=None)
    taken: frozenset[str] = frozenset()


def _unit(
    source: str, unsaid: str, main_altitudes: tuple[float, float] | None = None, taken: tuple[str, ...] = (), **says: float | str
) -> Unit:  # fmt: skip
    return Unit(MappingProxyType(says), source, unsaid, main_altitudes, frozenset(taken))


_NUMBERS = ("interval", "smoothing", "falling_for", "arms_above", "lockout_time", "lockout_speed")


_PLAIN: dict[str, float | str] = {
    "detects": "barometer", "interval": 0.05, "smoothing": 0.25, "falling_for": 0.0, "arms_above": 30.0, "lockout_time": 0.0,
}  # fmt: skip
"""A plain detector: 20 readings a second as those of the RRC3, a filter of a quarter second and 30 m by judgement."""

_ALTOS = (
    "Altus Metrum, AltOS, firmware sources ao_flight.c, ao_sample.h and ao_kalman.c: 100 samples a second, lift-off above 20 m, no trust in the "
    "barometer above 200 m/s where there is an accelerometer, apogee where the filtered speed is below zero"
)

UNITS: dict[str, Unit] = {
    "RRC3": _unit(
        "Missile Works, RRC3 User Manual, revision 1.60: Specifications, and In-Flight Operational Modes",
        "the filter, and any Mach lock-out: give lockout_time where yours has one set",
        interval=0.05, arms_above=100 * _FT,
    ),
    "Eggtimer": _unit(
        "Eggtimer Rocketry, Eggtimer Flight Computer User's Manual, release 1.45, pages 18, 19 and 27; 1.48b, quick reference",
        "the filter, and the speed at which its lock-out ends",
        (100 * _FT, 2000 * _FT), interval=0.1, falling_for=1.0, arms_above=200 * _FT, lockout_speed=500 * _FT,
    ),
    "Eggtimer Quantum": _unit(
        "Eggtimer Rocketry, Eggtimer Quantum User's Guide, board A12, software 1.01: features",
        "the numbers of its lock-out and of nose-over: those of the Eggtimer are taken",
        (100 * _FT, 2000 * _FT), ("interval", "falling_for", "arms_above", "lockout_speed"),
        interval=0.1, falling_for=1.0, arms_above=200 * _FT, lockout_speed=500 * _FT,
    ),
    "Raven3": _unit(
        "Featherweight Altimeters, Raven User's Manual, 1 June 2012: Liftoff detection and flight, Deployment triggers",
        "the filter, and the speed of its velocity check: 120 m/s (400 ft/s) is taken",
        taken=("interval", "lockout_speed"), interval=0.05, lockout_speed=400 * _FT,
    ),
    "EasyMini": _unit(
        _ALTOS, "its filter's time; its guard, that measured and filtered height agree within 10 m, is flown as a lock above 200 m/s",
        taken=("lockout_speed",), interval=0.01, arms_above=20.0, lockout_speed=200.0,
    ),
    "TeleMetrum": _unit(
        _ALTOS, "its filter's time, by which accelerometer and barometer go together: it is flown by the barometer alone",
        interval=0.01, arms_above=20.0, lockout_speed=200.0,
    ),
}  # fmt: skip
"""Known units. Only what stands in manuals that could be read is said; the rest stands in `unsaid`."""
