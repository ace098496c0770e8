"""Every quantity has bounds and every word is checked, in Python as in the files; real things are within them."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from downrange.aero import AeroOptions, Brakes
from downrange.atmosphere import Air, Wind
from downrange.bounds import BOUNDS, bound_of, check
from downrange.earth import Pad
from downrange.errors import InputError, MotorFileError
from downrange.flight import Launch, Rail, Section, ThrustLine
from downrange.motor import Motor
from downrange.rocket import (
    PART_TYPES,
    BodyTube,
    Bulkhead,
    CentringRing,
    Deploy,
    EllipticalFins,
    FreeformFins,
    InnerTube,
    LaunchLug,
    MassObject,
    Measured,
    NoseCone,
    Parachute,
    Protuberance,
    Rocket,
    Streamer,
    Transition,
    TrapezoidalFins,
    TubeCoupler,
)
from downrange.tables import Table1D, Table2D

FINS = {"count": 3, "root_chord": 0.1, "tip_chord": 0.05, "span": 0.06, "sweep": 0.05, "thickness": 0.003}


def motor(**given: object) -> Motor:
    base = {
        "designation": "T", "time": np.array([0, 0.1, 1.0]), "thrust": np.array([0, 50, 0.0]), "diameter": 0.029, "length": 0.1,
        "propellant_mass": 0.02, "dry_mass": 0.03,
    }  # fmt: skip
    return Motor(**{**base, **given})


def rocket(*, mount: float | None = None, length: float = 0.6) -> Rocket:
    inner = (
        (InnerTube(length=0.1, diameter=mount + 0.001, wall=0.0005, motor_mount=True, position="bottom"),)
        if mount
        else ()
    )
    tube = BodyTube(length=length, wall=0.001, parts=(TrapezoidalFins(**FINS, position="bottom"), *inner))
    return Rocket("r", (NoseCone(shape="ogive", length=0.15, diameter=0.05), tube))


def straight(y: float, x: tuple[float, ...] = (0.0, 1.0)) -> Table1D:
    return Table1D(np.array(x), np.full(len(x), y))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: BodyTube(length=-0.2, wall=0.001), r"\[length\]: -0.2 m must be above 0"),
        (lambda: BodyTube(length=0.2, wall=-0.001), r"\[wall\]"),
        (lambda: BodyTube(length=1e27, wall=0.001), r"1e\+27 m must be above 0 and at most 100 m"),
        (lambda: BodyTube(length=math.nan, wall=0.001), "nan m must be"),
        (lambda: BodyTube(length=math.inf, wall=0.001), "inf m must be"),
        (lambda: BodyTube(length="200 mm", wall=0.001), "'200 mm' is not a number"),
        (lambda: BodyTube(length=0.2, wall=0.03, diameter=0.05), "thicker than the radius"),
        (lambda: NoseCone(shape="ogiv", length=0.1, diameter=0.05), "unknown shape 'ogiv' - did you mean 'ogive'"),
        (lambda: NoseCone(shape="power", shape_parameter=1.5, length=0.1, diameter=0.05), "at most 1"),
        (lambda: NoseCone(shape="ogive", length=0.1, diameter=0.05, wall=0.026), "thicker than the radius"),
        (lambda: Transition(length=0.1, fore_diameter=0.05, aft_diameter=0.03, wall=0.03), "thicker than the radius"),
        (lambda: InnerTube(length=0.1, diameter=0.02, wall=0.011), "thicker than the radius"),
        (lambda: LaunchLug(length=0.1, diameter=0.004, wall=0.003), "thicker than the radius"),
        (lambda: CentringRing(length=0.003, diameter=0.05, inner_diameter=0.05), "not smaller than the ring"),
        (lambda: TrapezoidalFins(**FINS, section="squar"), "unknown section 'squar' - did you mean 'square'"),
        (lambda: TrapezoidalFins(**FINS, position="botom"), "did you mean 'bottom'"),
        (lambda: TrapezoidalFins(**FINS, finish="shiny"), "unknown finish"),
        (lambda: TrapezoidalFins(**FINS, cant=1.0), r"57.2958 ° must be at least -30 and at most 30°"),
        (lambda: TrapezoidalFins(**FINS, misalignments=(0.0, 2.0)), r"\[misalignments\]"),
        (lambda: TrapezoidalFins(**{**FINS, "count": 101}), r"\[count\]: 101 must be at least 1 and at most 100"),
        (lambda: TrapezoidalFins(**FINS, angle=133.0), "whole turn"),
        (lambda: EllipticalFins(count=3, root_chord=0.1, span=0.0, thickness=0.003), r"\[span\]"),
        (lambda: MassObject(), "needs its mass"),
        (lambda: MassObject(mass=0.0), "weighs nothing"),
        (lambda: MassObject(mass=1e9), "at most 100000 kg"),
        (lambda: Deploy(event="apogeee"), "unknown event 'apogeee' - did you mean 'apogee'"),
        (lambda: Deploy(event="altitude"), "needs the altitude"),
        (lambda: Deploy(event="altitude", altitude=1e9), r"\[altitude\]"),
        (lambda: Deploy(delay=-1.0), r"\[delay\]"),
        (lambda: Parachute(diameter=0.6, spill_hole=0.61), "spill hole of 610 mm is not smaller than the canopy of 600 mm"),
        (lambda: Parachute(diameter=0.6, spill_hole=0.6), "not smaller"),
        (lambda: Parachute(cd_area=0.5, spill_hole=0.1), "a canopy without a diameter"),
        (lambda: Parachute(diameter=0.6, cd=101.0), r"\[cd\]"),
        (lambda: Streamer(length=1.0, width=-0.1), r"\[width\]"),
        (lambda: Protuberance(length=0.1, width=0.01, height=0.01, cd=-1.0), r"\[cd\]"),
        (lambda: Measured(mass=-1.0), r"\[mass\]"),
        (lambda: Measured(cg=1e12), r"\[cg\]"),
        (lambda: Rail(1.0, np.radians(85), 133.0), r"rail.azimuth\]: 7620.34 ° must be .* in Python angles are in radians"),
        (lambda: Rail(0.0), r"rail.length"),
        (lambda: Rail(201.0), r"rail.length"),
        (lambda: Rail(1.0, 0.1), "between 30° and 90°"),
        (lambda: ThrustLine(angle_y=np.pi / 2), r"thrust_line.angle_y\]: 90 ° must be"),
        (lambda: Section("a", 0.0, math.nan), "sections"),
        (lambda: Pad(46.5, 7.1), "latitude"),
        (lambda: Pad(0.5, 0.1, 9e9), "elevation"),
        (lambda: Wind.constant(1e9, 0.0), "strongest jet streams"),
        (lambda: Air.from_site(0.0, 400.0), "air temperature 400 K"),
        (lambda: AeroOptions(drag_off=straight(-0.1)), "drag coefficients run from -0.1"),
        (lambda: AeroOptions(drag_on=straight(21)), "power-on drag coefficients"),
        (lambda: AeroOptions(drag_off=straight(0.5, (-0.1, 1.0))), "Mach numbers of drag coefficients run from -0.1"),
        (lambda: AeroOptions(normal_slope=straight(1e4)), "CNα run from 10000"),
        (lambda: AeroOptions(centre_of_pressure=straight(1e308)), "centres of pressure run from 1e\\+308"),
        (lambda: AeroOptions(drag_factor=0.0), r"\[drag_factor\]"),
        (lambda: Brakes(Table2D(np.array([0, 100.0]), np.array([0, 1.0]), np.zeros((2, 2))), straight(0.5)), "brake levels run from 0 to 100"),
        (lambda: Brakes(Table2D(np.array([0, 1.0]), np.array([0, 1.0]), np.zeros((2, 2))), straight(100)), "brake levels run from 100"),
        (lambda: motor(length=-0.1), r"T: length of -0.1 m must be above 0"),
        (lambda: motor(thrust=np.array([0, 2e302, 0])), "check the units"),
        (lambda: motor(propellant_mass=math.nan), "propellant_mass"),
        (lambda: motor(nozzle_exit_area=1e99), "nozzle_exit_area"),
        (lambda: motor(delays=(1000.0,)), "delays"),
        (lambda: Launch(rocket(), motor(), time_limit=-1.0), r"\[time_limit\]"),
        (lambda: Launch(rocket(), motor(), motor_delay=-1.0), r"\[motor_delay\]"),
        (lambda: Launch(rocket(), motor(), guides=(0.1, 9.0)), "rail guides lie on the rocket"),
        (lambda: Launch(rocket(), motor(), thrust_line=ThrustLine(offset_y=0.03)), "larger than the rocket's radius of 25 mm"),
        (lambda: Launch(rocket(), motor(length=0.9)), "it would reach 150 mm out of the nose tip"),
        (lambda: Launch(rocket(), motor(diameter=0.054)), "54 mm wide but the rocket is 50.0 mm"),
        (lambda: Launch(rocket(mount=0.029), motor(diameter=0.0302)), "30.2 mm wide but the mount"),
        (lambda: Launch(rocket(), motor(), motor_position=1.0), "lies behind the rocket"),
        (lambda: Launch(rocket(), motor(), aero=AeroOptions(centre_of_pressure=straight(40.0))), "are they in metres"),
        (lambda: Rocket("r", rocket().parts, finish="shiny"), "unknown finish"),
        (lambda: Rocket("r", (NoseCone(shape="ogive", length=0.1, diameter=0.05), BodyTube(length=0.2, wall=0.001, parts=(MassObject(mass=0.1, offset=90.0),)))),
         "mass lies outside the rocket"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_reason(make, says):
    with pytest.raises(InputError, match=says) as caught:
        make()
    assert len(str(caught.value)) < 600


def test_the_motors_own_error():
    with pytest.raises(MotorFileError):
        motor(diameter=0.0)


def outline(*points: tuple[float, float]) -> FreeformFins:
    return FreeformFins(count=3, thickness=0.003, points=points)


@pytest.mark.parametrize(
    ("points", "says"),
    [
        (
            ((0, 0), (0.1, 0.06), (0, 0.06), (0.1, 0)),
            "crosses itself: the edge from point 1 to 2 meets that from point 3 to 4",
        ),
        (((0, 0), (0, 0.06), (0.1, 0.02), (0, 0.02), (0.1, 0.06), (0.1, 0)), "crosses itself"),
        (((0, 0), (0.05, 0.06), (0.1, 0.06), (0.05, 0.06), (0.1, 0)), "doubles back on itself at point 3"),
        (((0, 0), (0.05, 0.06), (0.05, 0.03), (0.05, 0.05), (0.1, 0)), "doubles back"),
        (((0, 0), (0.05, 0.05), (0.02, 0.06), (0.05, 0.05), (0.1, 0)), "doubles back|crosses"),
        (((0, 0), (0.02, 0.06), (0.05, 0.03), (0.08, 0.06), (0.05, 0.03), (0.1, 0)), "crosses|doubles"),
        (((0, 0), (0.04, 0.06), (0.1, 0.06), (0.02, 0.03), (0.1, 0)), "meets that from point 3 to 4"),  # touches
        (((0, 0), (0.1, 0)), "at least three points"),
        ((), "at least three points"),
        (((0, 0), (0.05, 0), (0.1, 0)), "encloses no area"),
        (((0, 0), (0.05, 0.05), (0, 0)), "last point must lie aft of its first"),
        (((0, 0), (0.05, 0.05), (0.05, 0.05), (0.1, 0)), "points 2 and 3 of the fin are the same"),
        (((0, 0), (0.05, -0.05), (0.1, 0)), "point 2 of the fin lies inside the body"),
        (((0, 0), (0.05, 0.05), (0.1, 0.01)), "starts and ends on the body"),
        (((0, 0), (0.05, math.nan), (0.1, 0)), "nan"),
        (((0, 0), (0.2, 0), (0.15, 0.05), (0.1, 0)), "doubles back|crosses"),
    ],
)
def test_outlines_that_are_no_fin(points, says):
    with pytest.raises(InputError, match=says):
        outline(*points)


@pytest.mark.parametrize(
    "points",
    [
        ((0, 0), (0.05, 0.05), (0.1, 0)),
        ((0, 0), (0.02, 0.05), (0.15, 0.05), (0.1, 0)),
        ((0, 0), (-0.02, 0.05), (0.05, 0.05), (0.1, 0)),  # swept forward
        ((0, 0), (0.02, 0.06), (0.05, 0.02), (0.08, 0.06), (0.1, 0)),  # a swallow's tail
        ((0, 0), (0.01, 0.06), (0.05, 0.0), (0.09, 0.06), (0.1, 0)),  # a notch down to the body
        ((0, 0), (0.0, 0.03), (0.0, 0.06), (0.1, 0.06), (0.1, 0)),  # points in a line
        tuple((0.05 - 0.05 * math.cos(a), 0.06 * math.sin(a)) for a in np.linspace(0, math.pi, 200)),
    ],
)
def test_outlines_that_are_fins(points):
    points = [(float(x), max(float(y), 0.0)) for x, y in points]
    points[-1] = (points[-1][0], 0.0)
    assert outline(*points).points


def test_real_things_are_within():
    """What people build and where they fly it: a 12 m rocket, a 3 mm tube, 0.2 g, a 60 m canopy, 100 kN, the Dead Sea, 6,000 m, 20 km/h, Mach 6."""
    BodyTube(length=12.0, diameter=0.6, wall=0.003)
    BodyTube(length=0.05, diameter=0.003, wall=0.0002)
    MassObject(mass=0.0002)
    Parachute(diameter=60.0, spill_hole=6.0, line_count=96, line_length=60.0)
    Parachute(cd_area=3000.0)
    Deploy(event="altitude", altitude=100_000.0)
    TubeCoupler(length=0.02, wall=0.0003)
    Rail(0.3, np.radians(60), np.radians(-359))
    Pad(np.radians(31.5), np.radians(35.5), -430.0)
    Pad(np.radians(-22), np.radians(-68), 6000.0)
    Wind.constant(20 / 3.6, 1.0)
    AeroOptions(drag_off=straight(0.5, (0.0, 6.0)), normal_slope=straight(12, (0.0, 6.0)))
    motor(
        thrust=np.array([0, 1e5, 0.0]),
        diameter=0.4,
        length=5.0,
        propellant_mass=900.0,
        dry_mass=200.0,
        reference_pressure=0.0,
    )
    motor(diameter=0.006, length=0.026, propellant_mass=0.0004, dry_mass=0.0006, thrust=np.array([0, 0.3, 0]))
    for pressure, elevation in (
        (87_000, 0.0),
        (108_500, 0.0),
        (106_600, -430.0),
        (47_000, 6000.0),
        (74_000, 2500.0),
        (84_000, 1500.0),
    ):
        Air.from_site(elevation, None, float(pressure))  # records, and ordinary days
    Launch(rocket(mount=0.029), motor(diameter=0.029))
    Launch(rocket(mount=0.0174), motor(diameter=0.018))  # the Alpha III's mount as OpenRocket's example has it
    Brakes(
        Table2D(np.array([0, 1.0]), np.array([0, 1.0]), np.full((2, 2), -0.0163)), straight(0.5)
    )  # Camões 2023, measured


def test_sea_level_pressure_on_a_mountain_is_refused():
    with pytest.raises(
        InputError, match="1020 hPa does not occur at 2500 m above sea level, where 747 hPa is usual.*QNH"
    ):
        Air.from_site(2500.0, None, 102_000.0)
    with pytest.raises(InputError, match="does not occur"):
        Air.from_site(0.0, None, 60_000.0)
    with pytest.raises(InputError, match="does not occur"):
        Air.from_levels(np.array([2500.0, 5000.0]), np.array([270.0, 255.0]), elevation=2500.0, pad_pressure=102_000.0)


def test_every_kind_of_quantity_has_a_bound_and_every_part_checks_itself():
    from downrange.units import DIMENSIONS

    assert set(DIMENSIONS) <= set(BOUNDS)
    for kind, bound in BOUNDS.items():
        for bad in (math.nan, math.inf, -math.inf, bound.high * 1.01 + 1):
            with pytest.raises(InputError):
                check(bad, bound)
        check(0.5 * (max(bound.low, -1.0) + min(bound.high, 2.0)) if kind != "temperature" else 288.0, bound)
    for cls in PART_TYPES.values():
        names = [f.name for f in dataclasses.fields(cls) if f.metadata.get("kind") == "length" and f.name != "points"]
        assert "offset" in names
        for name in names:
            given = {
                f.name: 0.05
                for f in dataclasses.fields(cls)
                if f.metadata.get("kind") in ("length", "speed") and f.default is dataclasses.MISSING
            }
            words = {
                f.name: "ogive"
                for f in dataclasses.fields(cls)
                if f.name == "shape" and f.default is dataclasses.MISSING
            }
            counts = {f.name: 3 for f in dataclasses.fields(cls) if f.name == "count"}
            with pytest.raises(InputError):
                cls(
                    **{**given, **words, **counts, "points": ((0, 0), (1, 1), (2, 0))} | {name: 1e30}
                    if cls is FreeformFins
                    else {**given, **words, **counts, name: 1e30}
                )


def test_a_bound_says_value_limits_and_reason():
    with pytest.raises(InputError) as caught:
        check(-0.2, bound_of("length", above=0.0), key="wall")
    assert (
        str(caught.value)
        == "[wall]: -0.2 m must be above 0 and at most 100 m (a part is no longer than a rocket; check the unit)"
    )
    with pytest.raises(InputError, match="inf m must be"):
        check(10**400, BOUNDS["length"])


def test_a_part_outside_its_parent_is_a_note():
    """A coupler that joins two tubes, a screw eye on a bulkhead's far side: flown, and said."""
    nose = NoseCone(shape="ogive", length=0.15, diameter=0.05)
    coupler = TubeCoupler(length=0.1, wall=0.001, position="bottom", offset=0.06)
    eye = MassObject(mass=0.003, offset=-0.01, name="screw eye")
    inside = Bulkhead(length=0.005, offset=0.02)
    r = Rocket(
        "r",
        (
            nose,
            BodyTube(length=0.3, wall=0.001, parts=(coupler, inside)),
            BodyTube(length=0.3, wall=0.001, parts=(eye,)),
        ),
    )
    assert len(r.notes) == 2
    assert r.notes[0].startswith(
        "tube coupler lies outside body tube: its middle is 460 mm behind the nose tip, its parent runs from 150 to 450"
    )
    assert "screw eye" in r.notes[1]


def test_weighing_keeps_the_moment_of_what_stands_off_the_axis():
    """0.14 kg of parts with 0.02 kg at 4.48 mm: 0.64 mm; weighed at 0.30 kg the moment is the same, 0.30 mm."""
    battery = MassObject(mass=0.02, radial_offset=0.00448, angle=0.7)
    rest = MassObject(mass=0.12, name="rest")
    tube = BodyTube(length=0.3, diameter=0.05, wall=1e-9, parts=(battery, rest))
    parts = Rocket("r", (tube,))
    assert np.hypot(*parts.without_motor.cg[1:]) == pytest.approx(0.64e-3, rel=1e-3)
    weighed = Rocket("r", (tube,), measured=Measured(mass=0.30)).without_motor
    assert np.hypot(*weighed.cg[1:]) == pytest.approx(0.02 * 0.00448 / 0.30, rel=1e-3)  # 0.30 mm
    assert np.arctan2(weighed.cg[2], weighed.cg[1]) == pytest.approx(0.7)
    assert weighed.cg[0] == pytest.approx(parts.without_motor.cg[0])
    whole = dataclasses.replace(tube, mass=0.30, override_children=True)
    assert np.hypot(*Rocket("r", (whole,)).structure.cg[1:]) == pytest.approx(0.02 * 0.00448 / 0.30, rel=1e-3)
