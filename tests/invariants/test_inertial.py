"""The climb by gyros and accelerometers: simulated sensors of computed flights, whose attitude and velocity are known."""

import dataclasses

import numpy as np
import pytest

import flown
from downrange.errors import InputError
from downrange.frames import matrix_from_quaternion
from downrange.tracking import Channel, climb_of, ground_track, inertial_climb, reconstruct
from downrange.tracking.heights import height_sensors, rocket_axis
from downrange.tracking.inertial import _turned

AS_ASSUMED = {"axes": 3, "gyro_rate": 100.0, "gyro_bias": 0.02, "accelerometer_bias": 0.3, "accelerometer_scale": 0.01}


def top():
    o = flown.truth().raw.out
    return o["apogee_time"] - o["liftoff_time"]


def climb(log, **more):
    launch = flown.project().launch
    heights = height_sensors(log, launch.weather.air, launch.pad.elevation)
    return inertial_climb(log, heights, top=top(), rail=(launch.rail.azimuth, launch.rail.elevation), **more)


def truth_at(c):
    f = flown.truth()
    return f.sample(np.clip(c.time + f.raw.out["liftoff_time"], f.raw.out["liftoff_time"], None))


def lean_of(t):
    return np.arccos(matrix_from_quaternion(t.quaternion)[:, 2, 0])


def test_perfect_sensors_give_the_flight_back():
    c = climb(
        flown.log(
            axes=3,
            gyro_rate=200.0,
            accelerometer_rate=200.0,
            gyro_noise=1e-5,
            accelerometer_noise=1e-3,
            barometer_noise=0.5,
        )
    )
    t = truth_at(c)
    flying = c.time > 0.3
    assert np.degrees(np.abs(c.lean - lean_of(t))[flying]).max() < 0.25
    assert np.abs(c.velocity - t.velocity_enu)[flying].max() < 1.5 and c.left_out == 0


def test_bands_hold_attitude_velocity_and_place():
    """Six flights with errors drawn from what is assumed of them: per flight the errors go together, so that the mean over flights is what counts."""
    leans, velocities, places, errors = [], [], [], []
    for seed in range(6):
        c = climb(flown.log(seed=seed, **AS_ASSUMED))
        t = truth_at(c)
        on = c.time > 0.3
        leans.append(np.mean(np.abs(c.lean - lean_of(t))[on] < 1.645 * c.lean_sigma[on]))
        velocities.append(np.mean(np.abs(c.velocity - t.velocity_enu)[on] < 1.645 * c.velocity_sigma[on]))
        places.append(np.mean(np.abs(c.position - t.position_enu)[on] < 1.645 * c.position_sigma[on]))
        errors.append(np.degrees(np.abs(c.lean - lean_of(t))[on]).max())
    assert np.mean(leans) > 0.7 and np.mean(velocities) > 0.7 and np.mean(places) > 0.7
    assert np.mean(errors) < 3 and 0.3 < np.degrees(np.median(c.lean_sigma)) < 3


def test_positions_tell_the_heading():
    """A rail azimuth that is wrong by 17° is found out by GPS."""
    launch = flown.project().launch
    log = flown.log(seed=3, gps_rate=5.0, gps_noise=2.0, axes=3, gyro_rate=100.0, accelerometer_bias=0.05)
    heights = height_sensors(log, launch.weather.air, launch.pad.elevation)
    errors = []
    for track in (None, ground_track([log], launch.pad)):
        c = inertial_climb(
            log, heights, top=top(), rail=(launch.rail.azimuth + 0.3, launch.rail.elevation), track=track
        )
        errors.append(np.abs(c.velocity - truth_at(c).velocity_enu)[-1, :2].max())
    assert errors[0] > 4 and errors[1] < 0.4 * errors[0], errors


def test_the_board_may_lie_any_way():
    """Axes turned about, z down along the rocket: the same lean; and a board that lies askew is said to."""
    log = flown.log(seed=2, axes=3, gyro_rate=100.0)
    straight = climb(log)

    def turned(m):
        out = [c for c in log.channels if c.name == "pressure"]
        for stem in ("acceleration", "rate"):
            v = np.stack([log.get(f"{stem}_{a}").raw for a in "xyz"], axis=1) @ np.asarray(m, float).T
            c = log.get(f"{stem}_x")
            out += [Channel(f"{stem}_{a}", c.time, v[:, k], c.quality, a, "") for k, a in enumerate("xyz")]
        return dataclasses.replace(log, channels=tuple(out))

    other = climb(turned([[0, 1, 0], [0, 0, -1], [-1, 0, 0]]))
    assert np.degrees(np.abs(other.lean - straight.lean)).max() < 0.2 and "z axis" in other.notes[0]
    half = np.sqrt(0.5)
    askew = climb(turned([[half, -half, 0], [half, half, 0], [0, 0, 1]]))
    assert "askew" in askew.notes[0]
    wrong = [dataclasses.replace(c, raw=c.raw + 0.4 * (c.time > 0)) if c.name == "rate_y" else c for c in log.channels]
    with pytest.raises(InputError, match="do not fit"):
        climb(dataclasses.replace(log, channels=tuple(wrong)))


def test_what_tells_no_attitude_is_said():
    launch = flown.project().launch
    air = launch.weather.air
    r = reconstruct([flown.log()], air=air, elevation=launch.pad.elevation)
    assert climb_of([flown.log()], r, air=air, elevation=launch.pad.elevation) == (None, ())
    clipped = flown.log(axes=3, gyro_rate=100.0, full_scale=60.0)
    found, why = climb_of([clipped], r, air=air, elevation=launch.pad.elevation)
    assert found is None and "clipped" in why[0]
    found, why = climb_of([cut(flown.log(axes=3, gyro_rate=100.0), 1.0)], r, air=air, elevation=launch.pad.elevation)
    assert found is None and "too late" in why[0]


def cut(log, begin):
    """A log that begins at a time, s from lift-off."""
    kept = tuple(
        Channel(c.name, c.time[c.time > begin], c.raw[c.time > begin], c.quality[c.time > begin], c.source, c.why)
        for c in log.channels
    )
    return dataclasses.replace(log, channels=kept)


def test_a_log_that_begins_with_the_motion_is_taken_to_leave_upright():
    """Six flights with the assumed errors: the rail leans by 6°, which nobody but the launch file tells; the band is wider, and holds."""
    held, leans = [], []
    for seed in range(6):
        c = climb(cut(flown.log(seed=seed, **{**AS_ASSUMED, "gyro_bias": 0.005}), 0.0))
        off = np.abs(c.lean - lean_of(truth_at(c)))
        held.append(np.mean(off < 1.645 * c.lean_sigma))
        leans.append(np.degrees(off).max())
        assert not c.heading_known and "upright" in c.notes[0]
    assert np.mean(held) > 0.7 and 5 < np.median(leans) < 20, (held, leans)


def test_the_axis_of_a_board_that_lies_askew_is_that_of_the_first_push():
    """By hand: 45° about the axis and a rail that leans by 20°; the push of 60 m/s² along (1, 1, 0)/√2 tells it, the vertical on the pad is 20° off. A bias of 0.5 m/s² has no part in it."""
    nose, side = np.array([1.0, 1.0, 0.0]) / np.sqrt(2), np.array([0.0, 0.0, 1.0])
    rest = 9.80665 * (np.cos(np.radians(20)) * nose + np.sin(np.radians(20)) * side) + [0.5, 0.0, -0.5]
    t = np.arange(-2, 2, 0.01)
    felt = rest + np.where(t < 0, 0.0, 60.0)[:, None] * nose
    axis, words = rocket_axis(rest, t, felt, 0.0)
    assert axis == pytest.approx(nose, abs=1e-9) and "first push" in words
    axis, words = rocket_axis(rest, t, np.repeat(rest[None], t.size, axis=0), 0.0)
    assert axis == pytest.approx(rest / np.linalg.norm(rest)) and "vertical" in words
    turn = np.array([-0.05, 1.0, 0.05])  # 4° beside the board's own y
    axis, words = rocket_axis(9.80665 * turn, t, 9.80665 * turn + np.where(t < 0, 0, 60.0)[:, None] * turn, 0.0)
    assert axis == pytest.approx([0, 1, 0]) and "y axis" in words


def test_air_that_is_not_known_is_told_by_the_accelerometers():
    """Heights of an air that is 4 % too warm: with ± 3.6 % of it the true height comes out, in its band; the lean, too."""
    log = flown.log(seed=4, **AS_ASSUMED)
    launch = flown.project().launch
    heights = [
        dataclasses.replace(h, height=h.height * 0.96)
        for h in height_sensors(log, launch.weather.air, launch.pad.elevation)
    ]
    c = inertial_climb(log, heights, top=top(), rail=(launch.rail.azimuth, launch.rail.elevation), air_error=0.036)
    t = truth_at(c)
    off = c.position[-1, 2] - t.position_enu[-1, 2]
    assert abs(off) < 1.645 * c.position_sigma[-1, 2] and abs(off) < 0.025 * t.position_enu[-1, 2]
    assert c.position_sigma[-1, 2] > 0.006 * t.position_enu[-1, 2]


def test_a_turn_is_a_turn():
    """By 90 degrees about body z, x goes to where y was."""
    m = matrix_from_quaternion(_turned(np.array([1.0, 0, 0, 0]), np.array([0, 0, np.pi / 2])))
    assert m[:, 0] == pytest.approx([0, 1, 0], abs=1e-12)
