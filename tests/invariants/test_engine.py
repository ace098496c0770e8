"""One engine: stops and goes on, rests on the foot of the rail, sees the wind near the ground, thins its track."""

from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import build_aero
from downrange.atmosphere import Weather, Wind, sound_speed
from downrange.earth import Pad
from downrange.errors import FlightCode, InputError
from downrange.flight import (
    Launch,
    PlainBody,
    Rail,
    around,
    compile_body,
    compile_launch,
    fly,
    fly_rows,
    fly_single,
    packing,
)
from downrange.flight.drivers import rail_ride
from downrange.flight.kernel.layout import CDS0, DEV_EVENT, RECORD, STOP, O
from downrange.flight.named import named_rows
from downrange.flight.stepper import Stepper
from downrange.motor import Motor, motor_from_catalogue
from downrange.rocket import Deploy, Parachute, TrapezoidalFins

FLAT = Pad(0.7, 0.1, 100.0, "constant", 9.80665, rotating=False)
KEYS = ("apogee", "apogee_time", "max_speed", "landing_time", "landing_east", "landing_north", "landing_speed")


def launch(**changes) -> Launch:
    nose, body = alpha_iii().parts
    main = Parachute(
        name="main", mass=0.001, cd_area=0.05, inflation_time=3.0, deploy=Deploy(event="altitude", altitude=40.0)
    )
    rocket = replace(alpha_iii(), parts=(nose, replace(body, parts=(*body.parts, main))))
    wind = Wind.power_law(4.0, np.radians(250), elevation=100.0)
    values = dict(pad=FLAT, weather=Weather(wind=wind), rail=Rail(1.0, np.radians(84), 0.3))
    return Launch(rocket, motor_from_catalogue("Estes A8"), **{**values, **changes})


@pytest.mark.parametrize("when", [0.3, 1.5, 5.2, 9.0, 14.0])
def test_a_flight_goes_on_where_it_stopped(when):
    """On the way up, between apogee and ejection, while a canopy fills, and under it: as if it had never stopped."""
    p = compile_launch(launch())
    whole = fly_single(p, tolerance=1e-9)
    first = fly_single(p, tolerance=1e-9, stop_time=when)
    assert first.out["code"] == FlightCode.STOPPED and first.track[-1, 0] == pytest.approx(when, abs=1e-9)
    second = fly_single(p, tolerance=1e-9, start=first.end)
    assert second.out["code"] == FlightCode.LANDED
    for key in ("landing_time", "landing_east", "landing_north", "landing_speed"):
        assert second.out[key] == pytest.approx(whole.out[key], rel=1e-5, abs=1e-4), key
    releases = [tuple(e) for e in np.concatenate([first.events, second.events])[:, (0, 2)].tolist()]
    assert releases == [tuple(e) for e in whole.events[:, (0, 2)].tolist()]  # nothing opens twice, nothing is forgotten


def test_lanes_stop_and_go_on_under_canopies_too():
    p = compile_launch(launch())
    rows = np.repeat(p.compiled.row[None], 5, axis=0)
    whole = fly_rows(p, rows, tolerance=1e-9, threads=1)
    rows[:, STOP] = [0.3, 5.2, 9.0, 14.0, 1e30]
    ends = np.zeros((5, RECORD))
    out = fly_rows(p, rows, tolerance=1e-9, threads=1, ends=ends)
    assert out[:, 0].tolist() == [FlightCode.STOPPED] * 4 + [FlightCode.LANDED]
    assert ends[:4, 0] == pytest.approx([0.3, 5.2, 9.0, 14.0])
    rows[:, STOP] = 1e30
    out = fly_rows(p, rows[:4], tolerance=1e-9, threads=1, starts=ends[:4])
    for key in ("landing_time", "landing_east", "landing_north"):
        assert out[:, O[key]] == pytest.approx(whole[:4, O[key]], rel=1e-5, abs=1e-4), key


def test_it_rests_on_the_foot_until_thrust_exceeds_weight():
    """Half a newton too little for a second after a first kick: OpenRocket's starters on an A8 stood still for it."""
    rocket = alpha_iii()
    weight = (rocket.without_motor.mass + 0.02) * 9.80665
    time = np.array([0.0, 0.02, 0.04, 1.0, 1.02, 2.0, 2.02])
    thrust = np.array([0.0, 1.2 * weight, 0.5 * weight, 0.5 * weight, 8 * weight, 8 * weight, 0.0])
    motor = Motor(
        designation="kick",
        time=time,
        thrust=thrust,
        propellant_mass=0.01,
        dry_mass=0.01,
        diameter=0.018,
        length=0.07,
        delays=(4.0,),
    )
    f = fly(Launch(rocket, motor, FLAT, rail=Rail(1.0)))
    assert f.code == FlightCode.LANDED and f.apogee > 30
    # It left for good when the thrust rose through what it then weighed, between 1.00 and 1.02 s.
    left = np.interp(1.0, motor.time, motor.propellant_at_samples)
    want = 1.0 + 0.02 * ((rocket.without_motor.mass + 0.01 + left) * 9.80665 / weight - 0.5) / 7.5
    assert f.raw.out["liftoff_time"] == pytest.approx(want, abs=2e-4)
    lanes = fly_rows(f.program, f.program.compiled.row[None], threads=1)
    assert lanes[0, O["apogee"]] == pytest.approx(f.apogee, rel=1e-9)


def test_what_never_leaves_the_rail_says_so():
    weak = Motor(designation="weak", time=np.array([0.0, 0.05, 1.0]), thrust=np.array([0.0, 0.4, 0.0]), propellant_mass=0.002, dry_mass=0.01, diameter=0.018, length=0.07, delays=(4.0,))  # fmt: skip
    f = fly(Launch(alpha_iii(), weak, FLAT, rail=Rail(1.0)))
    assert f.code == FlightCode.NO_LIFTOFF
    assert np.isnan(f.raw.out["liftoff_time"]) and np.isnan(f.raw.out["apogee"])


@pytest.mark.parametrize("speed", [3.0, 8.0])
@pytest.mark.parametrize("name", ["Estes A8", "K300"])
def test_the_wind_at_rail_exit_is_that_of_its_height(name, speed):
    """Whatever the motor, and with it the height of the tables: atan(wind(h) / v)."""
    wind = Wind.power_law(speed, np.radians(90), elevation=100.0)
    base = launch(weather=Weather(wind=wind), rail=Rail(1.0))
    p = compile_launch(base)
    if name == "K300":  # the tables of a flight to 5 km
        tables = packing.pack_tables(base.pad, base.weather, p.aero, mach_max=2.0, top=8000.0)
        c = replace(p.compiled, tables=tables)
    else:
        c = p.compiled
    out = fly_single(c).out
    h, v = p.guides.upper_travel, out["rail_exit_speed"]
    want = np.arctan2(float(np.hypot(wind.east(100 + h), wind.north(100 + h))), v)
    assert np.degrees(np.arccos(out["rail_exit_cosine"])) == pytest.approx(np.degrees(want), abs=0.1)


def test_more_cells_of_air_change_nothing(monkeypatch):
    """Profile with a jet of 60 m thickness near the ground: apogee, drift and rail exit converge in the number of cells."""
    z = 100.0 + np.array([0.0, 2.0, 10.0, 30.0, 60.0, 90.0, 150.0, 400.0])
    speed = np.array([0.5, 2.0, 5.0, 9.0, 12.0, 6.0, 4.0, 5.0])
    base = launch(weather=Weather(wind=Wind.from_levels(z, speed, 0.3 * speed, elevation=100.0)))
    seen = {}
    for cells in (512, 4096):
        monkeypatch.setattr(around, "AIR_CELLS", cells)
        program = compile_launch(base)
        assert program.compiled.tables.air_cells == cells
        seen[cells] = fly_single(program, tolerance=1e-8).out
    for key, scale in (("apogee", 0.02), ("landing_east", 0.2), ("landing_north", 0.1), ("rail_exit_cosine", 1e-4)):
        assert seen[512][key] == pytest.approx(seen[4096][key], abs=scale), key


def test_a_long_track_thins_itself(monkeypatch):
    p = compile_launch(launch())
    whole = fly_single(p, tolerance=1e-10)
    monkeypatch.setattr("downrange.flight.drivers._KEPT_STEPS", 64)
    thin = fly_single(p, tolerance=1e-10)
    assert whole.out == pytest.approx(thin.out, nan_ok=True, rel=0, abs=0) and len(whole.track) > 500
    assert 16 < len(thin.track) <= 64
    assert thin.track[0].tolist() == whole.track[0].tolist()
    assert thin.track[-1, 0] == whole.out["landing_time"]
    assert np.all(np.diff(thin.track[:, 0]) >= 0)
    kept = np.isin(thin.track[:, 0], whole.track[:, 0])
    assert kept.all()


@pytest.mark.parametrize("area", [2e3, 5e4])
def test_huge_canopies_land_in_one_flight_as_in_lanes(area):
    """Many steps: 40,000 rows of track ended such a flight where lanes landed it."""
    p = compile_launch(launch())
    row = p.compiled.row.copy()
    row[CDS0 : CDS0 + 2] = area
    limited = replace(p.compiled, time_limit=60.0)
    one = fly_single(limited, row=row)
    many = fly_rows(limited, row[None], threads=1)
    assert one.out["code"] == many[0, 0]
    assert one.track[-1, 0] == pytest.approx(60.0) or one.out["code"] == FlightCode.LANDED


def test_the_least_margin_is_never_above_that_at_rail_exit():
    for speed in (0.0, 6.0, 12.0):
        wind = Wind.power_law(speed, 1.0, elevation=100.0)
        out = fly_single(compile_launch(launch(weather=Weather(wind=wind)))).out
        assert out["min_stability"] <= out["rail_exit_stability"]


def test_a_body_on_its_cord_brakes_beside_its_canopy():
    """Terminal speed under a small canopy: its drag area and that of the body across the flow, by hand."""
    p = compile_launch(launch(weather=Weather()))
    row, c = p.compiled.row.copy(), p.compiled
    devices = c.devices.copy()
    devices[1, DEV_EVENT] = 3.0
    across, along = (
        c.row[list(packing.FLIGHT_FIELDS).index("across")],
        c.row[list(packing.FLIGHT_FIELDS).index("along")],
    )
    assert across > 5 * along > 0
    for canopy in (1e-6, across, 40 * across):
        row[CDS0] = canopy
        out = fly_single(replace(c, devices=devices), row=row).out
        total = canopy + along + (across - along) / (1 + (canopy / across) ** 2)
        rho = float(launch().weather.air.density(100.0))
        want = np.sqrt(2 * p.launch.dry.mass * 9.80665 / (rho * total))
        assert out["landing_sink"] == pytest.approx(want, rel=0.01)


def test_a_plain_body_has_no_body_beside_its_canopy():
    body = compile_body(PlainBody(1.0, np.eye(3)), FLAT, Weather(), top=1000.0)
    names = list(packing.FLIGHT_FIELDS)
    assert body.row[names.index("across")] == body.row[names.index("along")] == 0.0


def test_the_margin_of_two_fins_is_that_of_a_body_without_any():
    """In the plane in which they lie they do not steer: the kernel's margin at rail exit is that of the bare body."""
    nose, body = alpha_iii().parts
    is_fins = [isinstance(p, TrapezoidalFins) for p in body.parts]
    assert sum(is_fins) == 1
    two = tuple(replace(p, count=2) if f else p for p, f in zip(body.parts, is_fins))
    none = tuple(p for p, f in zip(body.parts, is_fins) if not f)
    f = fly(
        replace(
            launch(weather=Weather(), rail=Rail(1.0)),
            rocket=replace(alpha_iii(), parts=(nose, replace(body, parts=two))),
        ),
        interpreted=True,
    )
    bare = build_aero(replace(alpha_iii(), parts=(nose, replace(body, parts=none))), mach_max=0.5)
    o, motor = f.raw.out, f.launch.motor
    left = float(np.interp(o["rail_exit_time"], motor.time, motor.propellant_at_samples))
    dry = f.launch.dry
    cg = (dry.mass * dry.cg[0] + left * f.launch.propellant_centre) / (dry.mass + left)
    mach = o["rail_exit_speed"] / float(sound_speed(f.launch.weather.air.temperature(101.0)))
    want = (bare.centre_of_pressure(mach) - cg) / f.launch.rocket.diameter
    assert want < -3
    assert o["rail_exit_stability"] == pytest.approx(want, abs=0.05)
    assert f.summary()["static_margin_cal"] == pytest.approx(want, abs=0.3)  # more propellant, another Mach number


def test_the_margin_of_three_fins_of_four_is_that_of_the_plane_that_steers_least():
    """As the pad's figures have it, by another route; and less than that of the mean of the planes."""
    nose, body = alpha_iii().parts
    lost = tuple(replace(p, count=4, missing=(1,)) if isinstance(p, TrapezoidalFins) else p for p in body.parts)
    f = fly(
        replace(
            launch(weather=Weather(), rail=Rail(1.0)),
            rocket=replace(alpha_iii(), parts=(nose, replace(body, parts=lost))),
        ),
        interpreted=True,
    )
    o, aero = f.raw.out, f.program.aero
    left = float(np.interp(o["rail_exit_time"], f.launch.motor.time, f.launch.motor.propellant_at_samples))
    dry = f.launch.dry
    cg = (dry.mass * dry.cg[0] + left * f.launch.propellant_centre) / (dry.mass + left)
    mach = o["rail_exit_speed"] / float(sound_speed(f.launch.weather.air.temperature(101.0)))
    least = (aero.centre_of_pressure(mach) - cg) / f.launch.rocket.diameter
    mean = (np.interp(mach, aero.mach, aero.a1) / np.interp(mach, aero.mach, aero.a0) - cg) / f.launch.rocket.diameter
    assert 0 < least < mean - 0.2
    assert o["rail_exit_stability"] == pytest.approx(least, abs=0.03)


@pytest.mark.parametrize("name, wrong", [("wind_at", -4), ("wind_at", 4), ("thrust_at", -1), ("thrust_at", 999)])
def test_rows_of_other_tables_are_refused(name, wrong):
    """Compiled code does not look whether a row's wind or thrust lies in the tables: it would read what lies beyond."""
    p = compile_launch(launch())
    rows = np.repeat(p.compiled.row[None], 3, axis=0)
    named_rows(rows)[name][2] = wrong
    for flown in (
        lambda: fly_rows(p, rows, threads=1),
        lambda: fly_single(p, row=rows[2], interpreted=True),
        lambda: rail_ride(replace(p.compiled, row=rows[2]), 0.0, 0.3, interpreted=True),
        lambda: Stepper(p.compiled, rows[2], None),
    ):
        with pytest.raises(InputError, match=f"rows say {name} from"):
            flown()


def test_a_row_names_its_own_wind():
    """The second of two profiles in a table, which are the same: the same flight."""
    c = compile_launch(launch()).compiled
    rows = np.repeat(c.row[None], 2, axis=0)
    named_rows(rows)["wind_at"][1] = len(c.tables.wind)
    twice = replace(c, tables=c.tables._replace(wind=np.tile(c.tables.wind, 2)))
    out = fly_rows(twice, rows, threads=1)
    assert np.array_equal(out[0], out[1], equal_nan=True)
