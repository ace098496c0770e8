"""Parameters from flights whose truth is known: recovered within their bands, and named where a flight cannot tell them apart."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from downrange.dispersion import BANDS, band_shares
from downrange.dispersion.way import Way
from downrange.dispersion.wide import WIDE
from downrange.errors import InputError
from downrange.flight import compile_launch, fly
from downrange.flight.rows import CDS0, FIELD
from downrange.flight.variants import with_drag, with_mass, with_thrust
from downrange.learning import FlownFlight, Learned, Told, fit_flights, log_forecast, prior_of, replay
from downrange.project import open_project
from downrange.project.bands import varying

MOTOR = "3618L995-P"


@cache
def project():
    return open_project(Path(__file__).parents[2] / "examples" / "genesis" / "launch.yaml", as_drawn=True)


@cache
def prior():
    flight = fly(compile_launch(project().launch), interpreted=False)
    return prior_of(flight.program, varying(project(), flight), motors=[MOTOR], population=None)


def flight(*told, name="one", digest=""):
    return FlownFlight(name, project().launch, tuple(told), digest=digest)


def lesson(rng, truth, k):
    """A flight with a full log: what it tells at the truth, with errors of its own and of its motor and mass."""
    rows = {
        "subsonic drag": {"drag.subsonic": 1.0, "mass": -1.0},
        "impulse": {f"thrust.{MOTOR}": 1.0, "mass": -0.9},
        "main": {"canopy.main": 1.0, "mass": -1.0},
    }
    blank = [
        Told("apogee", 0.0, 0.012),
        Told("time to apogee", 0.0, 0.01),
        *(Told(n, 0.0, 0.04, r) for n, r in rows.items()),
    ]
    here = flight(*blank, name=f"flight {k}", digest=str(k))
    value, slopes = here.predicted(truth)
    seen = value + np.linalg.cholesky(here.errors(slopes, truth.names)) @ rng.normal(size=len(blank))
    return replace(here, told=tuple(replace(t, value=float(v)) for t, v in zip(blank, seen, strict=True)))


def test_seasons_of_five_are_recovered_within_their_bands():
    """Truth drawn from the prior, five flights, five seasons: errors over their standard deviations are those of a unit normal."""
    rng = np.random.default_rng(11)
    p, z, told = prior(), [], []
    for _ in range(5):
        truth = p.at(np.array(p.mean) + np.linalg.cholesky(np.array(p.covariance)) @ rng.normal(size=len(p.names)))
        fit = fit_flights([lesson(rng, truth, k) for k in range(5)], p)
        sigma = np.sqrt(np.diag(np.array(fit.learned.covariance)))
        z.append((np.array(fit.learned.mean) - np.array(truth.mean)) / sigma)
        told.append(fit.told)
        assert fit.sampled > 0.8 and fit.wide == 1.0
    z = np.array(z)
    assert 0.7 < np.sqrt(np.mean(z**2)) < 1.3 and np.abs(z).max() < 4
    assert abs(z.mean()) < 0.6  # a season's mean scatters by 0.53 (of 40 seasons, whose mean is 0.04): its errors hang together
    mean = {n: np.mean([t[n] for t in told]) for n in p.names}
    assert mean["drag.subsonic"] > 0.6 and mean[f"thrust.{MOTOR}"] > 0.5 and mean["canopy.main"] > 0.9
    assert mean["mass"] < 0.5 and mean[f"burn_time.{MOTOR}"] < 0.01 and mean["drag.supersonic"] < 0.7


def test_an_apogee_alone_cannot_part_drag_thrust_and_mass():
    fit = fit_flights([flight(Told("apogee", -0.05, 0.01))], prior())
    assert fit.combinations == 1
    assert max(fit.told.values()) < 0.5  # none alone, though what they do together is known
    assert (
        fit.learned.factor("drag.subsonic") > 1 > fit.learned.factor(f"thrust.{MOTOR}")
        and fit.learned.factor("mass") > 1
    )
    assert set(fit.together["mass"]) <= {f"thrust.{MOTOR}", "drag.subsonic", "drag.transonic", "drag.supersonic"}
    assert "canopy.main" in fit.together and fit.told["canopy.main"] < 1e-6
    j = flight(Told("apogee", -0.05, 0.01)).predicted(fit.learned)[1][0]
    before, after = (float(j @ np.array(x.covariance) @ j) for x in (prior(), fit.learned))
    assert after < 0.6 * before


def test_what_the_kernel_answers_to_is_its_derivative():
    """By building the launch again, with factors applied as files would have them, half a step to either side."""
    names = ("drag.subsonic", "drag.transonic", "drag.supersonic", f"thrust.{MOTOR}", "mass", "canopy.main")
    at = Learned(
        names, (0.05, 0.05, 0.05, -0.01, 0.01, 0.1), tuple(tuple(float(i == j) for j in range(6)) for i in range(6))
    )
    here = flight(Told("apogee", 0.0, 0.01), Told("time to apogee", 0.0, 0.01), Told("time of flight", 0.0, 0.01))
    _, rows = here.predicted(at)
    drag = np.array([1.0, 1.0, 1.0, 0, 0, 0])
    for along, rel in ((drag, 0.01), (np.eye(6)[3], 0.01), (np.eye(6)[4], 0.02), (np.eye(6)[5], 0.06)):
        step = 0.01
        up, down = (here.predicted(at.at(np.array(at.mean) + s * along))[0] for s in (step, -step))
        slope = (up - down) / (2 * step)
        assert rows @ along == pytest.approx(slope, rel=rel, abs=0.004), along


def test_a_factor_is_applied_as_the_launch_would_have_it():
    launch = project().launch
    one = ((1e-4,),)

    def apogee(changed):
        return fly(changed, interpreted=False).apogee

    bands = tuple(f"drag.{b}" for b in BANDS)
    all_drag = Learned(bands, (np.log(1.2),) * 3, tuple(tuple(1e-4 * (i == j) for j in range(3)) for i in range(3)))
    assert apogee(all_drag.apply(launch)) == pytest.approx(apogee(with_drag(launch, 1.2)), rel=1e-9)
    assert apogee(Learned(("mass",), (np.log(0.95),), one).apply(launch)) == pytest.approx(
        apogee(with_mass(launch, 0.95)), rel=1e-9
    )
    assert apogee(Learned((f"thrust.{MOTOR}",), (np.log(1.03),), one).apply(launch)) == pytest.approx(
        apogee(with_thrust(launch, 1.03)), rel=1e-9
    )
    other = Learned(
        ("thrust.C6", "canopy.none"), (0.3, 0.3), tuple(tuple(1e-4 * (i == j) for j in range(2)) for i in range(2))
    )
    assert apogee(other.apply(launch)) == apogee(launch)  # another motor's, another canopy's
    sub = (
        Learned(("drag.subsonic",), (np.log(1.2),), one).apply(launch).aero.factor(np.array([0.3, 0.8, 0.9, 1.0, 2.0]))
    )
    assert sub == pytest.approx([1.2, 1.2, 1.2**0.5, 1.0, 1.0])


def test_shares_of_bands_sum_to_one():
    mach = np.linspace(0, 3, 61)
    shares = band_shares(mach)
    assert shares.sum(axis=0) == pytest.approx(np.ones(61))
    assert shares[:, 0].tolist() == [1, 0, 0] and shares[:, -1].tolist() == [0, 0, 1]


def test_axes_carry_the_covariance():
    """What campaigns draw along the axes has the covariance that was learned, and no other."""
    fit = fit_flights([flight(Told("apogee", -0.05, 0.01))], prior())
    program = flight().nominal.program
    rows = np.stack([i.first for i in fit.learned.known.inputs(program, Way.of(flight().nominal))])
    c, names = np.array(fit.learned.covariance), list(fit.learned.names)
    total = rows.T @ rows
    thrust, axial, main = (
        names.index(f"thrust.{MOTOR}"),
        [names.index(f"drag.{b}") for b in BANDS],
        names.index("canopy.main"),
    )
    assert total[FIELD["thrust"], FIELD["thrust"]] == pytest.approx(c[thrust, thrust])
    w = flight().way.weight @ band_shares(flight().way.mach).T
    assert total[FIELD["axial"], FIELD["axial"]] == pytest.approx(w @ c[np.ix_(axial, axial)] @ w)
    assert total[FIELD["axial"], FIELD["thrust"]] == pytest.approx(w @ c[axial, thrust])
    k = [d.name for d in program.devices].index("main")
    assert total[CDS0 + k, CDS0 + k] == pytest.approx(c[main, main] * program.devices[k].cd_area ** 2)
    assert total.shape == (WIDE, WIDE)


def test_flights_that_contradict_are_named_and_widen():
    good = [flight(Told("apogee", -0.02 + 0.003 * k, 0.012), name=f"good {k}", digest=str(k)) for k in range(4)]
    bad = flight(Told("apogee", -0.35, 0.012), name="bad", digest="bad")
    fit = fit_flights([*good, bad], prior())
    odds = {s.name: s.beside for s in fit.surprises}
    assert odds["bad"] < 1e-4 and min(odds[g.name] for g in good) > odds["bad"]
    assert fit.wide > 1.5
    assert fit_flights(good, prior()).wide == 1.0


def test_one_flight_teaches_once():
    one = flight(Told("apogee", -0.02, 0.012), digest="same")
    with pytest.raises(InputError, match="are one flight: each teaches once"):
        fit_flights([one, replace(one, name="again")], prior())
    with pytest.raises(InputError, match="no flight told anything"):
        fit_flights([flight()], prior())


def test_a_replay_tells_a_flight_from_those_before_it_alone():
    flights = [flight(Told("apogee", v, 0.012), name=str(k)) for k, v in enumerate((-0.10, -0.09, -0.11, 0.2))]
    replayed = replay(flights, prior())
    assert replayed[0].learned.mean == pytest.approx(np.exp(flights[0].drawn[0] + flights[0].predicted(prior())[0][0]))
    assert [r.learned.mean for r in replay(flights[:3], prior())] == [r.learned.mean for r in replayed[:3]]
    assert replayed[0].learned.mean > replayed[1].learned.mean > replayed[2].learned.mean  # it learns that it flies low
    assert replayed[3].learned.sigma < replayed[0].learned.sigma and replayed[3].drawn.mean == replayed[0].drawn.mean
    f = log_forecast(np.log(100.0), 0.1)
    assert f.most == pytest.approx((100 * np.exp(-0.16449), 100 * np.exp(0.16449)), rel=1e-4)
    assert f.half == pytest.approx((100 * np.exp(-0.06745), 100 * np.exp(0.06745)), rel=1e-4)


@pytest.mark.parametrize("bad", [{"mean": (0.1,)}, {"covariance": ((1.0, 2.0), (2.0, 1.0))}, {"mean": (9.0, 0.0)}])
def test_learned_checks_itself(bad):
    with pytest.raises(InputError):
        Learned(
            **{"names": ("mass", "drag.subsonic"), "mean": (0.0, 0.0), "covariance": ((1.0, 0.0), (0.0, 1.0))} | bad
        )
