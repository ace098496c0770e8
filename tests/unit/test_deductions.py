"""What a reconstructed flight says of drag, thrust, canopies and wind, against flights that were computed with known ones; and the simulated sensors themselves."""

import numpy as np
import pytest

import flown
from downrange.atmosphere import pressure_altitude
from downrange.earth import Pad
from downrange.tracking import (
    Channel,
    FlightLog,
    Lean,
    boost_thrust,
    coast_drag,
    coast_factor,
    descents,
    drift_winds,
    ground_track,
    reconstruct,
)

G = 9.80665
KNOWN = {"mass_error": 0.001, "density_error": 0.001}


def flight_of(log):
    launch = flown.project().launch
    return reconstruct([log], air=launch.weather.air, elevation=launch.pad.elevation, temperature_error=0.5)


@pytest.fixture(scope="module")
def felt():
    return flight_of(flown.log(accelerometer_bias=0.15, accelerometer_scale=0.005))


@pytest.fixture(scope="module")
def barometer():
    return flight_of(flown.log(seed=2, accelerometer_rate=0.0))


def test_drag_of_the_coast_with_an_accelerometer(felt):
    """The table says 0.55 at every Mach number and the flight had 1.2 times that."""
    d = coast_drag(felt, flown.program(), flown.lean(), mass=flown.truth().landing_mass, **KNOWN)
    assert d.predicted == pytest.approx(0.55) and d.mach[0] < 0.4 and d.mach[-1] > 0.75
    assert d.factor[0] == pytest.approx(flown.DRAG, abs=1.645 * d.factor[1]) and d.factor[1] < 0.06
    inside = np.abs(d.value - 0.55 * flown.DRAG) < 1.645 * d.error
    assert inside.mean() >= 0.8 and np.abs(d.value[d.mach > 0.5] / 0.66 - 1).max() < 0.06


def test_drag_hangs_on_mass_area_and_lean_as_it_should(felt):
    """Twice the mass is twice the coefficient; a lean of 30° on a vertical flight takes 13 % off it."""
    mass = flown.truth().landing_mass
    upright = Lean(np.array([0.0, 30.0]), np.zeros(2), np.zeros(2))
    leaning = Lean(np.array([0.0, 30.0]), np.full(2, np.pi / 6), np.zeros(2))
    one, two = (coast_drag(felt, flown.program(), upright, mass=m, **KNOWN) for m in (mass, 2 * mass))
    assert two.value == pytest.approx(2 * one.value, rel=1e-4)
    over = coast_drag(felt, flown.program(), leaning, mass=mass, **KNOWN)
    assert over.factor[0] / one.factor[0] == pytest.approx(np.cos(np.pi / 6), abs=0.02)


def test_drag_of_the_coast_by_heights_alone(barometer):
    """To what mass and air are known to; what a static port may be off is in the error."""

    def factor(port):
        known = {"mass": flown.truth().landing_mass, "mass_error": 0.015, "density_error": 0.01}
        return coast_factor(barometer, flown.program(), flown.lean(0.02), port_error=port, **known)

    found, error = factor(0.0)
    assert found == pytest.approx(flown.DRAG, abs=1.645 * error) and error < 0.04
    unsure = factor(0.06)
    assert unsure[0] == found and unsure[1] > 1.5 * error


def test_thrust_of_the_boost(felt):
    start = flown.truth().raw.out["liftoff_time"]
    x = boost_thrust(felt, flown.program(), flown.lean(), liftoff=start, mass_error=0.001, drag_factor=flown.DRAG)
    assert x.impulse[0] == pytest.approx(flown.THRUST * x.maker_impulse, abs=1.645 * x.impulse[1] + 1)
    assert x.impulse[1] < 0.03 * x.impulse[0]
    steady = (x.time > 0.3) & (x.time < 3.0)
    assert x.thrust[steady] / x.maker[steady] == pytest.approx(flown.THRUST, abs=0.03)
    assert x.burn_time[0] == pytest.approx(x.maker_burn_time, abs=0.15)


def _log(t, h, lat=None, lon=None):
    p = 101_325 * (1 - h / 44_330.77) ** 5.25588
    rows = [("pressure", t, p)] + ([("latitude", t, lat), ("longitude", t, lon)] if lat is not None else [])
    return FlightLog(
        "made", "", "made", 1.0, "", "", tuple(Channel(n, x, v, np.zeros(len(x), np.uint8), n, "") for n, x, v in rows)
    )


@pytest.fixture(scope="module")
def two_canopies():
    """Up to 600 m in 10 s as a parabola, 22 m/s down to 200 m, 6 m/s from there; the wind takes it 4 m/s east above 200 m and 3 m/s north below."""
    rng = np.random.default_rng(4)
    t = np.arange(-4, 80, 0.1)
    rise = np.where(t < 0, 0.0, 600 - 600 * (1 - np.clip(t, 0, 10) / 10) ** 2)
    h = np.where(t < 10, rise, 600 - 22 * (t - 10))
    slow = 10 + 400 / 22
    h = np.where(t > slow, 200 - 6 * (t - slow), h)
    h = np.maximum(h, 0.0)
    east = np.interp(t, [10, slow], [0, 4 * 400 / 22])
    north = np.interp(t, [slow, slow + 200 / 6], [0, 3 * 200 / 6])
    pad = Pad(np.radians(40), np.radians(-8), 100.0)
    lat, lon, _ = pad.geodetic(np.stack([east, north, np.zeros_like(t)], axis=1) + [7.0, -3.0, 0.0])
    return (
        pad,
        reconstruct([_log(t, h + rng.normal(0, 0.4, len(t)))], elevation=1.0, temperature_error=0.1),
        _log(t, h, lat, lon),
    )


def test_two_canopies_their_rates_and_areas(two_canopies):
    """A drag area by hand: 2 m g / (ρ v²) with 1.2 kg at the density of the standard atmosphere at 400 and 100 m."""
    from downrange.atmosphere import Air

    _, r, _ = two_canopies
    air = Air.standard()
    first, second = descents(r, air, elevation=0.0, mass=1.2, mass_error=0.0)
    for d, rate, rho in ((first, 22.0, 1.179), (second, 6.0, 1.213)):
        assert d.rate[0] == pytest.approx(rate, abs=1.645 * d.rate[1]) and d.rate[1] < 0.6
        assert d.drag_area[0] == pytest.approx(2 * 1.2 * G / (rho * rate**2), rel=0.05)
    assert first.end == pytest.approx(28.2, abs=1.5) and first.bottom == pytest.approx(200, abs=40)
    one = descents(r, air, elevation=0.0, mass=2.4, mass_error=0.0)[1]
    assert one.drag_area[0] == pytest.approx(2 * second.drag_area[0])


def test_wind_by_the_drift_and_the_track(two_canopies):
    pad, r, log = two_canopies
    track = ground_track([log], pad)
    assert track.pad == pytest.approx([7.0, -3.0], abs=0.01) and track.at_the_pad
    assert track.landing == pytest.approx([72.73, 100.0], abs=0.2)
    layers = drift_winds(track, r, layer=80)
    low = next(w for w in layers if w.top < 190)
    high = next(w for w in layers if w.bottom > 210)
    assert layers[0].bottom < 45 and 0.2 < low.error < 2
    assert (low.east, low.north) == pytest.approx((0, 3), abs=0.2)
    assert (high.east, high.north) == pytest.approx((4, 0), abs=0.2)


def test_a_track_has_gaps_and_no_jumps(two_canopies):
    pad, _, log = two_canopies
    lat, lon = log.get("latitude"), log.get("longitude")
    keep = (lat.time < 15) | (lat.time > 25)
    wild = lat.raw.copy()
    wild[300] += 0.01  # 64 km in a tenth of a second
    cut = [
        Channel(c.name, c.time[keep], v[keep], c.quality[keep], c.source, c.why)
        for c, v in ((lat, wild), (lon, lon.raw))
    ]
    track = ground_track([FlightLog("gap", "", "", 1.0, "", "", tuple(cut))], pad)
    assert np.abs(track.place).max() < 200
    at = track.at(np.array([14.0, 20.0, 30.0, 500.0]))
    assert np.isfinite(at[[0, 2]]).all() and np.isnan(at[[1, 3]]).all()
    far = ground_track([FlightLog("gap", "", "", 1.0, "", "", tuple(cut))], Pad(np.radians(41), np.radians(-8)))
    assert not far.at_the_pad and np.abs(far.place).max() < 200
    assert ground_track([_log(lat.time, 0 * lat.time)], pad) is None


def test_simulated_sensors_read_the_flight():
    """At rest 1 g along a rail at 84°, at burn-out what Newton says; the pressure is that of the height; the fixes land where it did; a lag is late by itself."""
    log = flown.log(
        axes=3,
        accelerometer_noise=0.0,
        barometer_noise=0.0,
        gps_rate=5.0,
        gps_noise=0.01,
        gyro_rate=50.0,
        gyro_noise=0.0,
    )
    t, x = log.get("acceleration_x").good
    assert x[t < -0.1] == pytest.approx(G * np.sin(np.radians(84)), abs=0.01)
    f, o = flown.truth(), flown.truth().raw.out
    at = f.sample(np.array([2.0 + o["liftoff_time"]]))
    push = (
        at.thrust[0] * flown.THRUST - flown.DRAG * 0.55 * at.dynamic_pressure[0] * flown.program().aero.reference_area
    ) / at.mass[0]
    assert np.interp(2.0, t, x) == pytest.approx(push, rel=0.02)
    p = log.get("pressure")
    air, base = f.launch.weather.air, f.launch.pad.elevation
    assert p.raw.min() == pytest.approx(float(air.pressure(base + f.apogee)), abs=1)
    track = ground_track([log], f.launch.pad)
    assert track.landing == pytest.approx(f.landing_enu[:2], abs=0.5)
    late = flown.log(barometer_noise=0.0, lag=0.2).get("pressure")
    k = np.argmin(np.abs(p.time - 6.0))
    climb = (pressure_altitude(p.raw[k + 1]) - pressure_altitude(p.raw[k - 1])) / (p.time[k + 1] - p.time[k - 1])
    assert pressure_altitude(p.raw[k]) - pressure_altitude(late.raw[k]) == pytest.approx(0.2 * climb, rel=0.15)
    same, other = (flown.log(seed=s).get("pressure").raw for s in (1, 2))
    assert np.array_equal(same, flown.log(seed=1).get("pressure").raw) and not np.array_equal(same, other)
    clipped = flown.log(full_scale=50.0).get("acceleration_axial")
    assert clipped is not None and 3 in {int(q) for q in clipped.quality}


def test_three_accelerometers_are_one_along_the_rocket():
    """Of a board with z down along the rocket its -z; of one that lies askew the part along the vertical on the pad; none where one saturates."""
    from downrange.tracking.heights import axial_of

    log = flown.log(axes=3, accelerometer_noise=0.05)
    t, along = axial_of(log)
    assert np.array_equal(along, log.get("acceleration_x").raw)
    half = np.sqrt(0.5)
    x, y, z = (log.get(f"acceleration_{a}") for a in "xyz")

    def board(*values):
        rows = [Channel(f"acceleration_{a}", x.time, v, x.quality, a, "") for a, v in zip("xyz", values, strict=True)]
        return FlightLog("board", "", "", 1.0, "", "", tuple(rows))

    assert np.array_equal(axial_of(board(y.raw, z.raw, -x.raw))[1], x.raw)
    askew = axial_of(board(half * (x.raw - y.raw), half * (x.raw + y.raw), z.raw))[1]
    boost = (t > 0.5) & (t < 2.5)
    assert np.abs(askew / x.raw - 1)[boost].max() < 0.03  # the rail leans by 6°
    assert axial_of(flown.log(axes=3, full_scale=60.0)) is None


def test_an_accelerometer_slower_than_the_steps_is_used():
    """At 12.5 Hz no step of 0.05 s has a reading of its own; a gap of a second is one."""
    log = flown.log(accelerometer_rate=12.5)
    r = flight_of(log)
    climb = (r.time > 0.2) & (r.time < r.event("apogee").time - 1)
    assert r.felt[climb].all()
    a = log.get("acceleration_axial")
    keep = (a.time < 8) | (a.time > 9)
    cut = Channel(a.name, a.time[keep], a.raw[keep], a.quality[keep], a.source, a.why)
    r = flight_of(FlightLog("gap", "", "", 1.0, "", "", (log.get("pressure"), cut)))
    assert not r.felt[(r.time > 8.2) & (r.time < 8.8)].any() and r.felt[(r.time > 10) & (r.time < 15)].all()
