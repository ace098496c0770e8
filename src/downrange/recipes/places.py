"""What a launch file says beside its rocket and its site.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from downrange import rocket
from downrange.project import schema, schema_campaign, schema_weather
from downrange.recipes.base import UNSET, Given, Recipe
from downrange.recipes.special import MotorRecipe, RailRecipe, WeatherRecipe

__all__ = [
    "Aero",
    "Altimeter",
    "Brakes",
    "Conditions",
    "Correlated",
    "Deploy",
    "Guides",
    "Measured",
    "Modes",
    "Motor",
    "MountedMotor",
    "OwnMode",
    "Rail",
    "Record",
    "Section",
    "ThrustLine",
    "Uncertainty",
    "Weather",
    "Wind",
    "WindLayer",
]


class Rail(RailRecipe):
    """The rail or rod; its zero is its foot, where the rocket's aft end stands.

    length: length (length, like '54 mm')
    elevation: above the horizon; 90 deg is vertical (angle, like '84 deg')
    azimuth: clockwise from true north (angle, like '84 deg')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.RailFile

    def __init__(
        self, length: Given = UNSET, elevation: Given = UNSET, azimuth: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Weather(WeatherRecipe):
    """The air and wind of the day; an ensemble wins over a profile, and a profile over the other keys, for what they hold.

    wind: wind
    temperature: at the pad (temperature, like '15 degC')
    pressure: at the pad, not reduced to sea level (pressure, like '1013.25 hPa')
    profile: a CSV of levels
    ensemble: a folder of CSV profiles, an Open-Meteo JSON or a NetCDF: a flight meets one of its winds
    hour: of the ensemble, like '2026-06-21T14:00'
    turbulence: Dryden; light, moderate, severe aloft, by the wind at 6 m near the ground; 'none' where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_weather.WeatherFile

    def __init__(
        self, wind: Any = UNSET, *, temperature: Given = UNSET, pressure: Given = UNSET, profile: str = UNSET,
        ensemble: str = UNSET, hour: str = UNSET, turbulence: Literal["none", "light", "moderate", "severe"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Wind(Recipe):
    """Wind: a speed and direction at a height, growing by a power law; or layers.

    speed: speed (speed, like '5 m/s')
    from_direction: where it comes from (angle, like '84 deg')
    reference_height: above the ground (length, like '54 mm')
    exponent: of the power law; 0 is the same wind everywhere
    layers: layers
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_weather.WindFile

    def __init__(
        self, speed: Given = UNSET, from_direction: Given = UNSET, *, reference_height: Given = UNSET,
        exponent: Given = UNSET, layers: Any = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class WindLayer(Recipe):
    """One level of wind.

    height: above the ground (length, like '54 mm') - required
    speed: speed (speed, like '5 m/s') - required
    from_direction: where it comes from, clockwise from north (angle, like '84 deg') - required
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_weather.WindLayer

    def __init__(
        self, height: Given = UNSET, speed: Given = UNSET, from_direction: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Motor(MotorRecipe):
    """A motor: by `name` from the catalogue, from a `file` (.eng, .rse), or from a `curve` (CSV) with its data.

    name: catalogue name, or the motor's name in the file
    file: an .eng or .rse file
    curve: a CSV of time (s) and thrust (N)
    flow: a CSV of time and what flows out, or what the tanks hold: of a hybrid or liquid
    delay: of the ejection charge after burn-out (time, like '1.5 s')
    position: the motor's aft end, aft of the nose tip (length, like '54 mm')
    diameter: diameter (length, like '54 mm')
    length: length (length, like '54 mm')
    propellant_mass: propellant mass (mass, like '250 g')
    dry_mass: of the casing without propellant (mass, like '250 g')
    nozzle_exit_diameter: lets thrust grow with height (length, like '54 mm')
    reference_pressure: air pressure of the thrust curve (pressure, like '1013.25 hPa')
    grain_diameter: grain diameter (length, like '54 mm')
    grain_bore: grain bore (length, like '54 mm')
    grain_length: grain length (length, like '54 mm')
    grain_centre: of the propellant, forward of the nozzle end (length, like '54 mm')
    impulse_factor: multiplies the thrust
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.MotorFile

    def __init__(
        self, name: str = UNSET, *, file: str = UNSET, curve: str = UNSET, flow: str = UNSET, delay: Given = UNSET,
        position: Given = UNSET, diameter: Given = UNSET, length: Given = UNSET, propellant_mass: Given = UNSET,
        dry_mass: Given = UNSET, nozzle_exit_diameter: Given = UNSET, reference_pressure: Given = UNSET,
        grain_diameter: Given = UNSET, grain_bore: Given = UNSET, grain_length: Given = UNSET,
        grain_centre: Given = UNSET, impulse_factor: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class MountedMotor(Recipe):
    """A motor in a mount of the rocket: which, where, and when it is lit.

    motor: a catalogue name, an .eng or .rse file, a motor.yaml, or the motor's data or its grains - required
    mount: name of its mount; may be left out where the rocket has one only
    tubes: numbers of the mount's tubes that hold one, from 1; 'all' where not said
    ignition: when it is lit; left out: at launch, in the lowest stage and its boosters
    delay: of its ejection charge after burn-out (time, like '1.5 s')
    position: its aft end, aft of the nose tip, instead of the mount's (length, like '54 mm')
    ejects_casing: whether its ejection charge throws out the empty motor, which nothing holds in its tube; False where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.MountedMotorFile

    def __init__(
        self, motor: Any = UNSET, *, mount: str = UNSET, tubes: Literal["all"] = UNSET, ignition: Any = UNSET,
        delay: Given = UNSET, position: Given = UNSET, ejects_casing: bool = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Aero(Recipe):
    """What you know better than the geometry.

    method: of normal force and centre of pressure; 'full' where not said
    table: CSV of coefficients from RASAero, OpenRocket or DATCOM, or a plain one
    moment_centre: of the table's CM, aft of the nose tip (DATCOM) (length, like '54 mm')
    reference_length: of the table's CM (DATCOM) (length, like '54 mm')
    drag: CSV of Mach, drag coefficient power off[, power on]
    drag_power_on: CSV of Mach, drag coefficient power on
    drag_factor: multiplies all drag
    base_beside_jet: base drag beside the burning jet, over that of the same ring without a jet
    normal_slope: CSV of Mach, CNα per radian
    centre_of_pressure: CSV of Mach, m aft of the nose tip
    fin_airfoil: CSV of angle of attack (rad), lift coefficient of the fins' aerofoil
    brakes: brakes
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.AeroFile

    def __init__(
        self, *, method: Literal["full", "barrowman"] = UNSET, table: str = UNSET, moment_centre: Given = UNSET,
        reference_length: Given = UNSET, drag: str = UNSET, drag_power_on: str = UNSET, drag_factor: Given = UNSET,
        base_beside_jet: Given = UNSET, normal_slope: str = UNSET, centre_of_pressure: str = UNSET,
        fin_airfoil: str = UNSET, brakes: Any = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Brakes(Recipe):
    """Air brakes.

    table: CSV of level, Mach, drag coefficient - required
    schedule: CSV of time (s), level (0-1); shut where not said, for controllers to open
    replaces: the table is the whole rocket's drag while the level is above zero; False where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.BrakesFile

    def __init__(
        self, table: str = UNSET, schedule: str = UNSET, *, replaces: bool = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class ThrustLine(Recipe):
    """How the thrust misses the axis.

    angle_y: angle y (angle, like '84 deg')
    angle_z: angle z (angle, like '84 deg')
    offset_y: offset y (length, like '54 mm')
    offset_z: offset z (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.ThrustLineFile

    def __init__(
        self, *, angle_y: Given = UNSET, angle_z: Given = UNSET, offset_y: Given = UNSET, offset_z: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Guides(Recipe):
    """Rail guides, where the rocket's buttons or lugs do not say.

    upper: upper (length, like '54 mm') - required
    lower: lower (length, like '54 mm') - required
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.GuidesFile

    def __init__(
        self, upper: Given = UNSET, lower: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Section(Recipe):
    """A section into which the rocket comes apart, up to `to` aft of the nose tip.

    name: name - required
    to: its aft end; the last one's is the rocket's (length, like '54 mm')
    mass: as it lands (mass, like '250 g')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_campaign.SectionFile

    def __init__(
        self, name: str = UNSET, to: Given = UNSET, *, mass: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Uncertainty(Recipe):
    """What is not known beyond the quantities of the files: factors like '1 ± 3 %', errors like '0 ± 15 m'.

    defaults: take the package's own for what is not said; True where not said
    thrust: thrust
    drag: drag
    normal_force: normal force
    centre_of_pressure: centre of pressure (length, like '54 mm')
    mass: mass
    tilt: of the rail against where it was set, each of two directions (angle, like '84 deg')
    tip_off: direction in which the rocket leaves the rail against the rail (play of the guides, a rail that whips), each of two directions (angle, like '84 deg')
    thrust_angle: thrust angle (angle, like '84 deg')
    canopy_drag: canopy drag
    lag: lag (time, like '1.5 s')
    release_altitude: release altitude (length, like '54 mm')
    delay: delay
    density: density
    wind: each of two directions, like '0 ± 1.5 m/s' (speed, like '5 m/s')
    wind_correlation: height over which the wind's errors are alike (length, like '54 mm')
    correlated: correlated
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_campaign.UncertaintyFile

    def __init__(
        self, *, defaults: bool = UNSET, thrust: Given = UNSET, drag: Given = UNSET, normal_force: Given = UNSET,
        centre_of_pressure: Given = UNSET, mass: Given = UNSET, tilt: Given = UNSET, tip_off: Given = UNSET,
        thrust_angle: Given = UNSET, canopy_drag: Given = UNSET, lag: Given = UNSET, release_altitude: Given = UNSET,
        delay: Given = UNSET, density: Given = UNSET, wind: Given = UNSET, wind_correlation: Given = UNSET,
        correlated: Any = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Correlated(Recipe):
    """Quantities that vary together, with one coefficient between every two.

    quantities: quantities - required
    correlation: correlation - required
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_campaign.CorrelatedFile

    def __init__(
        self, quantities: Any = UNSET, correlation: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Modes(Recipe):
    """What goes wrong, and how often.

    probability: instead of the shipped prior
    own: own
    record: record
    strength: how many flights the prior is worth
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_campaign.ModesFile

    def __init__(
        self, *, probability: Given = UNSET, own: Any = UNSET, record: Any = UNSET, strength: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class OwnMode(Recipe):
    """A mode of your own: changes that happen together.

    name: name - required
    changes: changes - required
    probability: probability - required
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_campaign.OwnModeFile

    def __init__(
        self, name: str = UNSET, changes: Any = UNSET, probability: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Record(Recipe):
    """A club's own record: how many flights, and in how many of them each mode was seen.

    flights: flights - required
    failures: failures
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_campaign.RecordFile

    def __init__(
        self, flights: int = UNSET, failures: Any = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Conditions(Recipe):
    """What is known of the day and the field, for the rules; what is not said is not evaluated.

    time: of the launch, UTC, like '2026-06-21T14:00Z'
    cloud_cover: share of the sky
    cloud_base: above the ground (length, like '54 mm')
    visibility: visibility (length, like '54 mm')
    cleared_radius: cleared of what burns, about the pad (length, like '54 mm')
    people_distance: of the nearest people who are not needed at the pad (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_campaign.ConditionsFile

    def __init__(
        self, *, time: str = UNSET, cloud_cover: Given = UNSET, cloud_base: Given = UNSET, visibility: Given = UNSET,
        cleared_radius: Given = UNSET, people_distance: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Measured(Recipe):
    """What was weighed and measured, without the motor (no casing, no propellant).

    mass: mass without motor (mass, like '250 g')
    cg: centre of gravity without motor, aft of the nose tip (length, like '54 mm')
    pitch_inertia: about the transverse axis through that point (inertia, like '7.5 kg m^2')
    roll_inertia: about the rocket's axis (inertia, like '7.5 kg m^2')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.Measured)

    def __init__(
        self, *, mass: Given = UNSET, cg: Given = UNSET, pitch_inertia: Given = UNSET, roll_inertia: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Altimeter(Recipe):
    """What fires a recovery device: a known unit, or how one's own detects apogee. What is left out is as the unit's manual says.

    unit: a known unit, like RRC3 or Raven3; left out: a plain barometric detector
    detects: what knows apogee; left out: that of the unit, or the barometer
    interval: from one reading to the next (time, like '1.5 s')
    smoothing: time constant of the filter of the height (time, like '1.5 s')
    falling_for: for how long it must fall before it is apogee (time, like '1.5 s')
    arms_above: height above the pad below which nothing fires (length, like '54 mm')
    lockout_time: the barometer is not believed for so long after it is armed (Mach delay) (time, like '1.5 s')
    lockout_speed: the barometer is not believed above this speed of its own reckoning (speed, like '5 m/s')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.Altimeter)

    def __init__(
        self, unit: str = UNSET, *, detects: Literal["barometer", "accelerometer"] = UNSET, interval: Given = UNSET,
        smoothing: Given = UNSET, falling_for: Given = UNSET, arms_above: Given = UNSET, lockout_time: Given = UNSET,
        lockout_speed: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Deploy(Recipe):
    """When a recovery device opens.

    event: what releases it; `separation`: the stage below leaves; 'apogee' where not said
    altitude: height above the pad, falling, for `altitude` (length, like '54 mm')
    delay: time after the event (time, like '1.5 s')
    lag: from release to line stretch (time, like '1.5 s')
    pilot_delay: for the pilot to open and pull, before the lag (time, like '1.5 s')
    bag_delay: for the canopy to leave its bag, before the lag (time, like '1.5 s')
    pressure_altitude: `altitude` is what a barometric altimeter shows, zeroed at the pad; False where not said
    altimeter: what fires it, and how that knows apogee: a unit's name, or its settings
    backup_delay: a second altimeter fires as long after the first (time, like '1.5 s')
    backup_time: a timer fires at the latest, from ignition (time, like '1.5 s')
    backup_ejection: the motor's ejection charge fires at the latest; False where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.Deploy)

    def __init__(
        self, event: Literal["apogee", "altitude", "ejection", "separation", "time", "never"] = UNSET, *,
        altitude: Given = UNSET, delay: Given = UNSET, lag: Given = UNSET, pilot_delay: Given = UNSET,
        bag_delay: Given = UNSET, pressure_altitude: bool = UNSET, altimeter: Any = UNSET,
        backup_delay: Given = UNSET, backup_time: Given = UNSET, backup_ejection: bool = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
