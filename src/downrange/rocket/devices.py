"""What brings a rocket down slowly, and when it comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from downrange.bounds import Limits, check_fields, spec
from downrange.errors import InputError
from downrange.rocket.altimeters import UNITS, Altimeter
from downrange.rocket.materials import Material
from downrange.rocket.parts import Part

__all__ = ["CanopyName", "Deploy", "Glider", "Parachute", "Recovery", "Streamer", "Tumble"]

CanopyName = Literal[
    "flat circular", "conical", "hemispherical", "extended skirt", "annular", "cruciform", "guide surface", "ringsail", "ringslot",
    "ribbon",
]  # fmt: skip
_WAIT: Limits = {"low": 0, "high": 3600, "why": "an hour"}


@dataclass(frozen=True, kw_only=True)
class Deploy:
    """When a recovery device opens."""

    event: Literal["apogee", "altitude", "ejection", "separation", "time", "never"] = spec(
        "", "what releases it; `separation`: the stage below leaves", "apogee"
    )
    altitude: float | None = spec(
        "length",
        "height above the pad, falling, for `altitude`",
        None,
        above=0,
        high=2e5,
        why="twice the edge of space",
    )
    delay: float = spec("time", "time after the event", 0.0, low=0)
    lag: float = spec("time", "from release to line stretch", 0.0, low=0)
    pilot_delay: float = spec("time", "for the pilot to open and pull, before the lag", 0.0, **_WAIT)
    bag_delay: float = spec("time", "for the canopy to leave its bag, before the lag", 0.0, **_WAIT)
    pressure_altitude: bool = spec("", "`altitude` is what a barometric altimeter shows, zeroed at the pad", False)
    altimeter: Altimeter | None = spec(
        "", "what fires it, and how that knows apogee: a unit's name, or its settings", None
    )
    backup_delay: float | None = spec("time", "a second altimeter fires as long after the first", None, **_WAIT)
    backup_time: float | None = spec("time", "a timer fires at the latest, from ignition", None, above=0, high=1e5)
    backup_ejection: bool = spec("", "the motor's ejection charge fires at the latest", False)

    def __post_init__(self) -> None:
        check_fields(self)
        if self.pressure_altitude and self.event != "altitude":
            raise InputError("'pressure_altitude' belongs to 'event: altitude'", key="pressure_altitude")
        if self.backup_ejection and self.event in ("ejection", "never"):
            raise InputError(
                f"'backup_ejection' stands beside an altimeter or a timer, not 'event: {self.event}'",
                key="backup_ejection",
            )
        if self.event == "altitude" and self.altitude is None:
            raise InputError("deploy at an altitude needs the altitude, like 'altitude: 300 m'", key="altitude")
        if self.altimeter is not None:
            self._check_altimeter(self.altimeter)

    def _check_altimeter(self, altimeter: Altimeter) -> None:
        if self.event not in ("apogee", "altitude"):
            raise InputError(
                f"an altimeter fires at apogee or at an altitude, not at 'event: {self.event}'", key="altimeter"
            )
        reach = UNITS[altimeter.unit].main_altitudes if altimeter.unit else None
        if reach and self.event == "altitude" and not reach[0] - 0.5 <= (self.altitude or 0.0) <= reach[1] + 0.5:
            raise InputError(
                f"{altimeter.unit} fires a main between {reach[0]:.0f} and {reach[1]:.0f} m; seen {self.altitude:g} m",
                key="altitude",
            )

    @property
    def by_pressure(self) -> bool:
        """Whether its height is what a barometric altimeter shows."""
        return self.event == "altitude" and (self.pressure_altitude or self.altimeter is not None)

    @property
    def detection(self) -> float:
        """How much later than what it waits for its altimeter knows, s; 0 where none is said."""
        if self.altimeter is None:
            return 0.0
        return self.altimeter.detection_delay if self.event == "apogee" else self.altimeter.height_delay

    @property
    def deceived(self) -> bool:
        """Whether a pressure spike near Mach 1 may fire it."""
        return self.event == "apogee" and self.altimeter is not None and not self.altimeter.locks


@dataclass(frozen=True, kw_only=True)
class Recovery(Part):
    """What every recovery device has."""

    deploy: Deploy = spec("", "when it opens", Deploy())
    cd_area: float | None = spec("area", "drag coefficient times area, instead of both", None, above=0)
    replaces_others: bool = spec("", "its drag replaces that of the devices before; else it adds to it", False)
    material: str | Material = spec("", "surface material", "ripstop nylon")
    packed_length: float = spec("length", "as packed", 0.025, low=0)
    packed_diameter: float = spec("length", "as packed", 0.0, low=0)


@dataclass(frozen=True, kw_only=True)
class Parachute(Recovery):
    """A parachute."""

    diameter: float | None = spec("length", "of the canopy, as its drag coefficient means it", None, above=0)
    cd: float = spec(
        "number", "drag coefficient on the area of `diameter` (flat circular canopies: 0.75)", 0.75, above=0, high=100
    )
    spill_hole: float = spec("length", "diameter of the spill hole", 0.0, low=0)
    line_count: int = spec("", "number of shroud lines", 6, low=0, high=1000, why="lines of one canopy")
    line_length: float = spec("length", "length of one shroud line", 0.0, low=0)
    line_material: str | Material = spec("", "line material", "braided nylon line")
    canopy: CanopyName = spec("", "kind of canopy: how it fills and how hard it opens", "flat circular")
    fill_constant: float | None = spec(
        "number", "inflation distance in canopy diameters; left out: that of the kind", None, low=0, high=1000
    )
    inflation_time: float | None = spec("time", "from line stretch to full, instead of the fill constant", None, low=0)
    opening_shock: float | None = spec(
        "number", "opening load over drag at that speed, of an endless mass; left out: that of the kind", None, above=0, high=5,
        why="1 to 1.8 are known",
    )  # fmt: skip
    reefed: float | None = spec(
        "number", "share of its drag area while it is reefed, or bundled by a chute release", None, above=0, high=1, why="a share"
    )  # fmt: skip
    disreef_delay: float | None = spec("time", "a cutter opens it so long after line stretch", None, above=0, high=3600)
    disreef_altitude: float | None = spec(
        "length", "a chute release opens it here, above the pad, falling", None, above=0, high=2e5, why="twice the edge of space"
    )  # fmt: skip
    strength: float | None = spec("force", "opening load at which it tears", None, above=0)

    def _check(self) -> None:
        self._check_reefing()
        if self.spill_hole and self.spill_hole >= (self.diameter or 0.0):
            canopy = f"the canopy of {self.diameter * 1e3:g} mm" if self.diameter else "a canopy without a diameter"
            raise InputError(
                f"a spill hole of {self.spill_hole * 1e3:g} mm is not smaller than {canopy}", key="spill_hole"
            )

    def _check_reefing(self) -> None:
        opens = [k for k in ("disreef_delay", "disreef_altitude") if getattr(self, k) is not None]
        if self.reefed is None and opens:
            raise InputError(f"{opens[0]} needs what it is reefed to, like 'reefed: 0.1'", key="reefed")
        if self.reefed is not None and len(opens) != 1:
            raise InputError(
                "a reefed canopy opens at one of disreef_delay ('2 s' after line stretch) and disreef_altitude ('150 m')"
                + (", not both" if opens else "; neither is given"), key="reefed",
            )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Streamer(Recovery):
    """A streamer."""

    length: float = spec("length", "length of the strip", above=0)
    width: float = spec("length", "width of the strip", above=0)
    cd: float | None = spec(
        "number", "drag coefficient on length times width; left out: that of a flat strip", None, above=0, high=100
    )


@dataclass(frozen=True, kw_only=True)
class Tumble(Recovery):
    """No cloth: the nose is blown off, or the rocket comes apart, and it falls flat or tumbles (nose-blow, featherweight, drogueless)."""

    attitude: Literal["tumbling", "flat"] = spec(
        "", "`tumbling` end over end; `flat`: across the flow, as pieces on a long cord fall", "tumbling"
    )

    def _check(self) -> None:
        if self.cd_area is not None:
            raise InputError(
                "what tumbles has the drag of the rocket itself; cd_area belongs to a canopy", key="cd_area"
            )


@dataclass(frozen=True, kw_only=True)
class Glider(Recovery):
    """What was seen to come down at a rate: a helicopter's blades (no glide ratio), a glider or a parafoil."""

    descent_rate: float = spec("speed", "at which it sinks, with all that hangs on it", above=0)
    air_density: float = spec("density", "in which it was seen to", 1.225, above=0, high=2, why="1.225 at sea level")
    glide_ratio: float = spec(
        "number", "how far it flies for what it sinks; 0: it comes straight down", 0.0, low=0, high=20, why="a model's"
    )
    heading: float | None = spec(
        "angle", "towards which it glides, clockwise from north; needed with a glide_ratio", None
    )

    def _check(self) -> None:
        if self.cd_area is not None:
            raise InputError("descent_rate says what cd_area would; keep one", key="cd_area")
        if self.glide_ratio > 0 and self.heading is None:
            raise InputError(
                f"a glide_ratio of {self.glide_ratio:g} carries it away: say towards which it glides, like 'heading: 240 deg', or with "
                "how little is known of it, like 'heading: {uniform: [0 deg, 360 deg]}'",
                key="heading",
            )
