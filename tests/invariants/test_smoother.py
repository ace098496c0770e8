"""The smoother: it is the batch least squares' answer, its bands hold the truth, spikes and shocks do not move it."""

import numpy as np
import pytest

import flightlogs as fl
from downrange.atmosphere import pressure_altitude
from downrange.errors import InputError
from downrange.formats.logs import read_log
from downrange.tracking import reconstruct
from downrange.tracking.smoother import Measurement, smooth
from simulated_sensors import G, flight


def test_it_is_batch_least_squares():
    """Both passes give what one solution of all equations at once gives: states and covariances of a short sequence to 1e-9."""
    rng = np.random.default_rng(3)
    n, m, dt = 12, 3, 0.3
    f = np.array([[1, dt, dt**2 / 2], [0, 1, dt], [0, 0, 1]])
    q = np.diag([0.02, 0.05, 0.4])
    steps = [(f, rng.normal(0, 0.1, m), q)] * (n - 1)
    measured = [
        [Measurement(float(z), 0.7, np.array([1.0, 0, 0]), 0)] if k % 3 else []
        for k, z in enumerate(rng.normal(0, 1, n))
    ]
    spread = np.diag([2.0, 3.0, 1.5])
    found = smooth(np.zeros(m), spread, steps, measured)
    rows, rights = [np.linalg.cholesky(np.linalg.inv(spread)).T @ np.eye(m, n * m)], [np.zeros(m)]
    whiten = np.linalg.cholesky(np.linalg.inv(q)).T
    for k in range(n - 1):
        a = np.zeros((m, n * m))
        a[:, k * m : (k + 1) * m], a[:, (k + 1) * m : (k + 2) * m] = -f, np.eye(m)
        rows.append(whiten @ a)
        rights.append(whiten @ steps[k][1])
    for k, one in enumerate(measured):
        for z in one:
            a = np.zeros((1, n * m))
            a[0, k * m : (k + 1) * m] = z.h / np.sqrt(z.r)
            rows.append(a)
            rights.append(np.array([z.z / np.sqrt(z.r)]))
    a, b = np.vstack(rows), np.concatenate(rights)
    cov = np.linalg.inv(a.T @ a)
    assert np.allclose(found.state.ravel(), cov @ a.T @ b, atol=1e-7)
    for k in range(n):
        assert np.allclose(found.covariance[k], cov[k * m : (k + 1) * m, k * m : (k + 1) * m], atol=1e-7)


def test_a_wild_reading_is_gated_and_a_wrong_model_is_not_defended():
    f, q = np.eye(1), np.eye(1) * 1e-4
    one = np.ones(1)
    steady = [[Measurement(0.0, 0.01, one, 0)] for _ in range(40)]
    steady[20] = [Measurement(50.0, 0.01, one, 0)]
    found = smooth(np.zeros(1), np.eye(1), [(f, np.zeros(1), q)] * 39, steady)
    assert np.abs(found.state).max() < 0.05 and found.residuals[:, 4].sum() == 1
    moved = [[Measurement(0.0 if k < 20 else 5.0, 0.01, one, 0)] for k in range(40)]
    found = smooth(np.zeros(1), np.eye(1), [(f, np.zeros(1), q)] * 39, moved)
    assert found.residuals[:, 4].sum() == 8 and found.state[-1, 0] > 2.5  # eight in a row, then it is heard


@pytest.mark.parametrize("accelerometer", [False, True], ids=["barometer", "accelerometer"])
def test_bands_hold_the_truth(accelerometer):
    """Three flights; builders/smoother_coverage.py flies 200. Pressure altitude, in which the day's unknown temperature has no part; and the true top in its wider band."""
    inside, tops, biases = [], [], []
    for seed in range(3):
        truth = flight(seed, accelerometer=accelerometer)
        r = reconstruct([truth.log])
        h = np.interp(r.time + r.clock, truth.time, truth.height)
        flying = (r.time > 0.3) & (r.time < truth.landing - 1)
        inside.append(
            np.mean(
                np.abs(r.pressure_altitude - h / (1 + truth.day))[flying] < 1.645 * r.pressure_altitude_sigma[flying]
            )
        )
        top, sigma = r.apogee
        tops.append(abs(top - truth.height.max()) < 1.645 * sigma)
        seen, own = r.apogee_pressure_altitude
        assert (
            abs(seen - truth.height.max() / (1 + truth.day)) < 4 * own + 1.5
        )  # the spike of 250 m at the opening is no apogee
        biases.append(seen - truth.height.max() / (1 + truth.day))
        assert r.event("apogee").time == pytest.approx(truth.top, abs=0.3)
        assert r.event("burn-out").time == pytest.approx(
            truth.burnout, abs=0.15 if accelerometer else 3 * r.event("burn-out").error
        )
    assert np.mean(inside) > 0.75 and np.sum(tops) >= 2
    assert abs(np.mean(biases)) < 0.5 + 1e-3 * 800


@pytest.mark.parametrize("seed", [2, 11])
def test_a_port_that_hides_the_climb_is_in_the_band(seed):
    """A static port that reads 6 and 9 % of q too much hides the boost from a lone barometer: its own speed is no measure of what that port may be off."""
    truth = flight(seed, accelerometer=False)
    r = reconstruct([truth.log])
    clock = r.time + r.clock
    h = np.interp(clock, truth.time, truth.height) / (1 + truth.day)
    boost = (clock > 0.3) & (clock < truth.burnout)
    assert (h - r.pressure_altitude)[boost].max() > 10
    assert np.all(np.abs(r.pressure_altitude - h)[boost] < 2 * r.pressure_altitude_sigma[boost])
    v = np.interp(clock, truth.time, truth.speed)
    assert np.mean(np.abs(r.speed - v)[boost] < 2 * r.speed_sigma[boost]) > 0.8


def test_a_transonic_barometers_error_is_recovered_not_believed():
    errors, believed = [], []
    for seed in range(1):
        truth = flight(seed, accelerometer=True, fast=True, air_error=0.0)
        assert truth.speed.max() > 355
        r = reconstruct([truth.log], temperature_error=1.0, elevation=1.0)
        h = np.interp(r.time + r.clock, truth.time, truth.height)
        fast = np.interp(r.time + r.clock, truth.time, truth.speed) > 300
        errors.append(np.abs(r.height - h)[fast].max())
        c = truth.log.get("pressure")
        quick = np.interp(c.time, truth.time, truth.speed) > 300
        believed.append(np.abs(pressure_altitude(c.raw) - np.interp(c.time, truth.time, truth.height))[quick].max())
        assert r.port_error is not None and r.port_error[1].min() < 0.03
    assert np.mean(believed) > 150 and np.mean(errors) < 0.12 * np.mean(believed)


@pytest.mark.parametrize("seed", [5, 13])
def test_a_bay_that_lags_is_found_and_does_not_bend_the_climb(seed):
    """0.12 s late: 15 m at the greatest speed. The lag lies in its band, the height of the climb too; one that is not late is not said to be."""
    truth = flight(seed, accelerometer=True, lag=0.12)
    r = reconstruct([truth.log])
    (_, lag, sigma), clock = r.lags[0], r.time + r.clock
    assert sigma < 0.025 and abs(lag - 0.12) < 2.5 * sigma
    h = np.interp(clock, truth.time, truth.height) / (1 + truth.day)
    climb = (clock > 0.1) & (clock < truth.top)
    assert np.mean(np.abs(r.pressure_altitude - h)[climb] < 1.645 * r.pressure_altitude_sigma[climb]) > 0.8
    assert np.abs(r.pressure_altitude - h)[climb].max() < 2.5
    prompt = reconstruct([flight(seed, accelerometer=True, lag=0.0).log])
    assert abs(prompt.lags[0][1]) < 2 * prompt.lags[0][2]
    assert prompt.lags[0][1] < lag - 0.08


def test_a_lone_barometer_may_lag_and_its_band_says_so():
    """Towards the top, where the port has little to say: 0.08 s late there is up to 2 m, with nothing but the band to tell of it."""
    truth = flight(12, accelerometer=False, lag=0.08)
    r = reconstruct([truth.log])
    clock = r.time + r.clock
    off = np.abs(r.pressure_altitude - np.interp(clock, truth.time, truth.height) / (1 + truth.day))
    slow = (clock > truth.burnout) & (clock < truth.top) & (r.speed > 8) & (r.speed < 25)
    assert r.lags == () and off[slow].max() > 1.0
    assert np.mean(off[slow] < 1.645 * r.pressure_altitude_sigma[slow]) > 0.8


def test_true_height_and_pressure_altitude_are_apart(tmp_path):
    """A day warmer by 15 K: the true height is 5 % more than what an altimeter shows, and the file of the day's air says so."""
    from downrange.atmosphere import Air

    t = fl.clock(20, 1, 20)
    log = read_log(fl.write(tmp_path, fl.table(["time (s)", "pressure (Pa)"], t, fl.pressure(t, 101_325))))
    warm = reconstruct([log], air=Air.from_site(0.0, temperature=303.15, pressure=101_325), elevation=0.0)
    assert warm.apogee[0] / warm.apogee_pressure_altitude[0] == pytest.approx(1.05, abs=0.004)
    assert warm.apogee_pressure_altitude[0] == pytest.approx(fl.TOP, abs=2)
    plain = reconstruct([log])
    assert plain.apogee[1] > 4 * warm.apogee[1] and any("± 10 K" in n for n in plain.notes)  # what not knowing costs


def test_a_second_logger_is_shifted_to_the_first():
    truth = flight(2, accelerometer=False)
    from dataclasses import replace

    from downrange.tracking import Channel

    c = truth.log.channels[0]
    late = replace(truth.log, file="late", channels=(Channel(c.name, c.time + 0.6, c.raw, c.quality, c.source, c.why),))
    r = reconstruct([truth.log, late])
    ((name, shift, error),) = r.shifts
    assert name == "late" and shift == pytest.approx(0.6, abs=0.1) and error < 0.5
    assert len(r.residuals) == 2 and r.apogee[0] == pytest.approx(truth.height.max(), rel=0.12)


def test_without_a_height_there_is_no_reconstruction(tmp_path):
    t = fl.clock(20)
    log = read_log(fl.write(tmp_path, fl.table(["time (s)", "axial accel (m/s2)"], t, fl.net(t) + G)))
    with pytest.raises(InputError, match="no log tells a height"):
        reconstruct([log])
