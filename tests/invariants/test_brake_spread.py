"""Air brakes in a campaign: the spread falls by what a linear estimate says, a predictor brings the apogee to its target, each flight has its own
sensors, and many flights at once under a vectorised controller fly as they do one by one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.steered import EXAMPLE, Does, brake_bird

import downrange as dr
from downrange.control import steer
from downrange.errors import FlightCode, InputError
from downrange.flight.named import named_outputs, named_rows
from downrange.flight.rows import AT_STOP_APOGEE

THRUST = 0.03  # 1 σ
COAST = 4.5  # s


def apogees(controllers, thrust, seed: int = 2, **values):
    """Apogees (n,) of flights whose thrust is off by factors (n,)."""
    program = brake_bird()
    rows = np.repeat(program.compiled.row[None], len(thrust), axis=0)
    row = named_rows(rows)
    row["stop"] = AT_STOP_APOGEE
    row["thrust"] *= 1 + thrust
    crew = steer(controllers, seed=seed).crew(program, len(rows), keep=False)
    out, ends, _ = crew.fly(program.compiled, rows, None)
    assert (named_outputs(out)["code"] == FlightCode.STOPPED).all()
    return named_outputs(out)["apogee"]


class Linear(dr.Controller):
    """Opens, once it coasts, in proportion to how much more than planned was felt up to then: feed-forward, a straight line."""

    rate_hz = 10.0
    before_s = 0.0
    sensors = dr.SensorSuite(None, dr.Accelerometer(rate_hz=10.0), None)

    def __init__(self, gain: float, planned: float, level: float = 0.4, vectorised: bool = False) -> None:
        self.gain, self.planned, self.level, self.vectorised = gain, planned, level, vectorised

    def begin(self, flights):
        self.felt, self.count = 0.0, 0

    def step(self, now):
        if now.time_s < COAST - 1e-9:
            self.felt = self.felt + now.acceleration_m_s2[0] * 0.1
            return None
        return {"brakes": self.level + self.gain * (self.felt - self.planned)}


class Watch(Linear):
    """The same, and keeps what it saw."""

    def end(self):
        Watch.last = self.felt


def measured(thrust: float) -> tuple[float, float]:
    """Apogee with the brakes at their middle level, and what was felt, of one flight."""
    program = brake_bird()
    watch = Watch(0.0, 0.0)
    row = program.compiled.row[None].copy()
    named_rows(row)["stop"], named_rows(row)["thrust"] = AT_STOP_APOGEE, 1 + thrust
    crew = steer([watch]).crew(program)
    out, _, _ = crew.fly(program.compiled, row, None)
    crew.end()
    return float(named_outputs(out)["apogee"][0]), watch.felt


def test_a_linear_law_brings_the_spread_down_as_a_linear_estimate_says():
    (high, seen_high), (low, seen_low) = measured(THRUST), measured(-THRUST)
    planned = measured(0.0)[1]
    a, m = (high - low) / (2 * THRUST), (seen_high - seen_low) / (2 * THRUST)
    opened, shut = (
        apogees([Linear(0.0, planned, 0.45)], np.zeros(1)),
        apogees([Linear(0.0, planned, 0.35)], np.zeros(1)),
    )
    b = float(opened[0] - shut[0]) / 0.1
    gain = -0.7 * a / (b * m)  # leaves three tenths
    thrust = THRUST * np.linspace(-1.8, 1.8, 13)
    free = apogees([Linear(0.0, planned)], thrust)
    steered = apogees([Linear(gain, planned)], thrust)
    assert free.std() == pytest.approx(abs(a) * thrust.std(), rel=0.02)
    assert steered.std() / free.std() == pytest.approx(abs(1 + b * gain * m / a), abs=0.05)
    together = apogees([Linear(gain, planned, vectorised=True)], thrust)
    assert np.array_equal(together, steered)


def test_a_predictor_brings_every_flight_to_its_target():
    brake = dr.ApogeeBrake.of(brake_bird(), 1_700.0, rate_hz=20.0, brakes=dr.AirBrakes(rate=2.0, delay_s=0.05))
    thrust = np.array([-0.06, 0.0, 0.06])
    free, steered = apogees([Does(lambda now: None, {"brakes": dr.AirBrakes()})], thrust), apogees([brake], thrust)
    shown = [float(brake_bird().launch.weather.air.altimeter(400 + h, 400)) for h in steered]
    assert np.ptp(free) > 250 and np.allclose(shown, 1_700.0, atol=12)


def test_a_campaign_hangs_on_its_seed_and_each_flight_has_its_own_sensors():
    sensors = dr.SensorSuite(dr.Barometer(rate_hz=20.0, noise=4.0), dr.Accelerometer(rate_hz=20.0, bias=1.0), None)
    brake = dr.ApogeeBrake.of(brake_bird(), 1_700.0, rate_hz=20.0, sensors=sensors)
    same = np.zeros(4)
    first, again = apogees([brake], same), apogees([brake], same)
    assert np.array_equal(first, again) and len(set(first.tolist())) == 4
    assert not np.array_equal(first, apogees([brake], same, seed=3))
    assert first[:2].tolist() == apogees([brake], same[:2]).tolist()


def test_disperse_flies_controllers_and_their_spread_is_less(tmp_path):
    brake = dr.ApogeeBrake.of(brake_bird(), 1_800.0, rate_hz=5.0)
    effect = dr.control_effect(EXAMPLE, [brake], flights=64, seed=4)
    free, steered = effect.free, effect.steered
    assert free.flights == steered.flights == 64

    def spread(campaign):
        planned = campaign["apogee_agl_m"][campaign.first & (campaign["mode"] == 0)]
        return float(np.std(planned)), float(np.mean(planned))

    (wide, high), (narrow, low) = spread(free), spread(steered)
    assert wide > 80 and narrow < 0.4 * wide and high > low
    assert (effect.spread_free_m, effect.spread_steered_m) == pytest.approx((wide, narrow)) and effect.share < 0.4
    assert np.array_equal(free["mode"], steered["mode"])
    effect.plot(tmp_path / "spread.png")
    flight = dr.fly(EXAMPLE, controllers=[brake])
    flight.plot(tmp_path / "control.png", kind="control")
    assert all((tmp_path / f"{name}.png").stat().st_size > 10_000 for name in ("spread", "control"))
    assert flight.apogee_band is None and flight.summary()["control"]["actuators"]["brakes"]["most"] > 0.1
    with pytest.raises(InputError, match="no controller flew it"):
        dr.fly(EXAMPLE, controllers=[]).plot(kind="control")


def test_a_vectorised_controller_flies_alone_and_answers_for_each_flight():
    one, two = Linear(0.0, 0.0, vectorised=True), Does(lambda now: None, {"other": dr.Event("main")})
    with pytest.raises(InputError, match="flies alone"):
        apogees([one, two], np.zeros(2))

    class Short(Linear):
        def step(self, now):
            assert now.acceleration_m_s2[0].shape == (2,) and now.flying.shape == (2,)
            return {"brakes": np.zeros(3)}

    bad = Short(0.0, 0.0, vectorised=True)
    bad.on_fault = "stop"
    program = brake_bird()
    rows = np.repeat(program.compiled.row[None], 2, axis=0)
    out = steer([bad]).crew(program, 2, keep=False).fly(program.compiled, rows, None)[0]
    assert (named_outputs(out)["code"] == FlightCode.CONTROLLER).all()


def test_a_regulator_of_roll_holds_its_rate_against_canted_fins():
    from tests.steered import with_row

    canted = with_row(brake_bird(), roll=0.02, stop=AT_STOP_APOGEE)
    fins = dr.RollFins(slope=0.9, least=-0.1, most=0.1, rate=3.0)

    def rate(controllers):
        crew = steer(controllers).crew(canted)
        raw = crew.fly(canted.compiled, canted.compiled.row[None].copy(), None)[2]
        at = raw.track[(raw.track[:, 0] > 6.0) & (raw.track[:, 0] < 10.0)]
        return np.abs(at[:, 11]).mean()

    assert rate([Does(lambda now: None, {"f": fins})]) > 2
    assert rate([dr.RollPid(fins, p=0.02, i=0.05, rate_hz=50.0)]) < 0.2
