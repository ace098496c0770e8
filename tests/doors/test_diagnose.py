"""What went wrong with a flight: synthetic faults are found, logs that hold none are refused, and the doors say the same."""

import io
import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

import downrange as dr
import flightlogs as fl
from downrange.cli.main import main
from downrange.errors import InputError
from downrange.learning.diagnosis import diagnose_logs, fly_library
from downrange.learning.diagnosis_likelihood import WIDTH, Way, kernel_of
from downrange.learning.diagnosis_seen import Air, look_at, see
from downrange.project import open_project
from downrange.project.campaigns import plan_campaign
from downrange.report.diagnosis import diagnosis_summary, diagnosis_view, write_diagnosis
from downrange.tracking import Channel, FlightLog
from faults import ALTIMETER, FULL, cut, fault_logs

ROOT = __import__("pathlib").Path(__file__).resolve().parents[2]
LAUNCH = ROOT / "examples" / "genesis" / "launch.yaml"


@pytest.fixture(scope="module")
def library():
    return fly_library(plan_campaign(open_project(LAUNCH)), flights=64)


def mode(library, name):
    return next(m for m, _, _ in library.flown if m.name == name)


def asked(library, log):
    return diagnose_logs(library, [log], air_error=5.0)


@pytest.fixture(scope="module")
def ballistic(library):
    return fault_logs(library.plan, mode(library, "no deployment"), ALTIMETER, count=1, block=3)[0]


@pytest.fixture(scope="module")
def nominal(library):
    return fault_logs(library.plan, mode(library, "nominal"), FULL, count=1, block=3)[0]


@pytest.mark.parametrize(
    ("name", "sensors"),
    [("drogue only", ALTIMETER), ("main at apogee", ALTIMETER), ("drogue fails", ALTIMETER), ("separation without canopy", ALTIMETER),
     ("motor bursts", ALTIMETER), ("cord breaks", FULL),],
)  # fmt: skip
def test_a_fault_is_found(library, name, sensors):
    """Each of two flights of faults that change the flight much: first, and by the campaign's own priors."""
    for log in fault_logs(library.plan, mode(library, name), sensors, count=2, block=3):
        d = asked(library, log)
        assert d.best.name == name
        assert d.best.probability > 0.5
        assert d.fits


def test_probabilities_are_those_of_bayes(library, ballistic, nominal):
    for log in (ballistic, nominal):
        d = asked(library, log)
        p = [h.probability for h in d.hypotheses]
        assert sum(p) == pytest.approx(1)
        assert p == sorted(p, reverse=True)
        assert sum(h.if_failed for h in d.hypotheses if math.isfinite(h.if_failed)) == pytest.approx(1)
    # Of two failures the ratio does not hang on whether it is known that something failed.
    a, b = [h for h in d.hypotheses if math.isfinite(h.if_failed)][:2]
    assert b.probability > 0
    assert a.probability / b.probability == pytest.approx(a.if_failed / b.if_failed, rel=1e-6)
    assert asked(library, nominal).best.name == "nominal"
    assert asked(library, ballistic).best.name == "no deployment"
    assert sum(h.prior for h in d.hypotheses) == pytest.approx(1, abs=1e-6)


def test_who_saw_it_fail_is_answered_too(library, nominal, ballistic):
    """Of a log that looks as planned the answer names what is most probable if something failed, at every door; of one that does not it is the same as the answer."""
    d = asked(library, nominal)
    order = [h.if_failed for h in d.failures]
    assert order == sorted(order, reverse=True) and len(order) == len(d.hypotheses) - 1
    first = d.failures[0]
    assert f"If you saw that something failed: {first.name}" in " ".join(diagnosis_text(d).replace("│", " ").split())
    said = diagnosis_summary(d)
    assert (said["most_probable"], said["most_probable_if_something_failed"]) == ("nominal", first.name)
    fell = asked(library, ballistic)
    assert "If you saw" not in diagnosis_text(fell)
    assert diagnosis_summary(fell)["most_probable_if_something_failed"] == fell.best.name == fell.failures[0].name


def test_what_leaves_no_trace_is_said_and_its_prior_is_the_nominal_flights(library):
    assert [n for n, _ in library.unseen] == ["late ignition"]
    plan = library.plan
    prior = {m.mode.name: m.probability for m in plan.modes}
    mine = {m.name: p for m, p, _ in library.flown}
    assert mine["nominal"] == pytest.approx(prior["nominal"] + prior["late ignition"] - mine["drogue fails"])


def test_a_recording_that_ends_in_the_air_under_the_drogue(library, nominal):
    d = asked(library, cut(nominal, 60.0))
    assert d.cut
    assert d.best.name == "recording cut"
    assert not asked(library, nominal).cut


def test_a_ballistic_flight_that_ends_its_recording_in_the_air(library, ballistic):
    """Cut 12 s behind the top, where a canopy would long be open."""
    d = asked(library, cut(ballistic, 38.0))
    assert d.cut
    assert d.best.name == "no deployment"


def test_the_log_of_another_rocket_fits_nothing(library):
    t = np.arange(-3, 130, 0.05)
    h = np.interp(t, [0, 4, 20, 120], [0, 150, 1500, 0])
    log = FlightLog(
        "other.csv",
        "",
        "simulated",
        1.0,
        "",
        "",
        (Channel("altitude_agl", t, h, np.zeros(len(t), np.uint8), "Alt", ""),),
    )
    d = asked(library, log)
    assert not d.fits
    assert d.improbable < 0.005
    assert "fits none" in diagnosis_text(d)


def diagnosis_text(d):
    from rich.console import Console

    console = Console(width=80, record=True, file=io.StringIO())
    console.print(diagnosis_view(d))
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    return text


def altitude(t, h):
    return FlightLog(
        "a.csv", "", "simulated", 1.0, "", "", (Channel("altitude_agl", t, h, np.zeros(len(t), np.uint8), "Alt", ""),)
    )


@pytest.mark.parametrize(
    ("t", "h", "words"),
    [
        (np.arange(-20, 0.5, 0.05), lambda t: 0 * t, "before lift-off"),
        (np.arange(-2, 60, 0.05), lambda t: 2 * np.sin(t), "shows no flight"),
        (np.arange(0, 60, 0.05), lambda t: np.maximum(1000 - 20 * t, 0), "does not hold the climb"),
    ],
)
def test_logs_without_a_flight_are_refused_in_words(library, t, h, words):
    with pytest.raises(InputError, match=words):
        asked(library, altitude(t, h(t)))


def test_a_log_without_heights(library):
    t = np.arange(-2, 30, 0.02)
    log = FlightLog(
        "a.csv",
        "",
        "simulated",
        1.0,
        "",
        "",
        (Channel("acceleration_axial", t, 9.8 + 0 * t, np.zeros(len(t), np.uint8), "A", ""),),
    )
    with pytest.raises(InputError, match="no log tells a height"):
        asked(library, log)


def test_hostile_names_stay_words(library, ballistic, tmp_path):
    from dataclasses import replace

    evil = "<script>alert(1)</script>#set\x1b[31m$x_{"
    d = replace(asked(library, replace(ballistic, file=evil)), rocket=evil)
    write_diagnosis(d, tmp_path / "d.html")
    page = (tmp_path / "d.html").read_text()
    assert "<script>" not in page
    assert "\x1b" not in page + json.dumps(diagnosis_summary(d)) + diagnosis_text(d)


def test_the_command_and_the_python_door_say_the_same(tmp_path, library, ballistic):
    c = ballistic.get("pressure")
    log = fl.write(tmp_path, fl.table(["time (s)", "pressure (Pa)"], c.time, c.raw))
    found = dr.diagnose(LAUNCH, log, flights=40)
    ran = CliRunner().invoke(
        main,
        ["diagnose", str(LAUNCH), "--log", str(log), "--flights", "40", "--json", "--out", str(tmp_path / "d.html")],
    )
    assert ran.exit_code == 0
    said = json.loads(ran.stdout)
    assert said == json.loads(json.dumps(found.summary()))
    assert said["hypotheses"][0]["name"] == found.name == "no deployment"
    assert (tmp_path / "d.html").stat().st_size > 10_000
    assert said["hypotheses"][0]["look_at"]


def test_bad_flags():
    with pytest.raises(InputError, match="40 to 5,000"):
        dr.diagnose(LAUNCH, "x.csv", flights=3)
    with pytest.raises(InputError, match="needs a log"):
        dr.diagnose(LAUNCH, [])


# ---- the likelihood -------------------------------------------------------------------------------------------------


def test_the_kernel_is_the_scatter_of_the_nominal_flights():
    """Of normal numbers its scatter is WIDTH² of theirs, as far as a t of five degrees makes the core of a normal: smaller, by no more than a third."""
    rng = np.random.default_rng(1)
    a = np.array([[2.0, 0.0], [1.5, 0.5]])
    x = rng.normal(size=(4000, 2)) @ a.T
    kernel = kernel_of(x, np.full(2, 1e-6))
    got = kernel.factor @ kernel.factor.T / WIDTH**2
    want = a @ a.T
    assert np.all(got / want > 0.6) and np.all(got / want < 1.0)
    assert got[0, 1] / math.sqrt(got[0, 0] * got[1, 1]) == pytest.approx(
        want[0, 1] / math.sqrt(want[0, 0] * want[1, 1]), abs=0.03
    )


def test_the_share_that_fits_as_badly_is_uniform_for_its_own_and_small_far_off():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(300, 3))
    way = Way(x, x, np.zeros(300))
    own = np.array([way.improbable(y) for y in rng.normal(size=(300, 3))])
    assert abs(own.mean() - 0.5) < 0.08
    far = [way.improbable(np.full(3, r)) for r in (8.0, 80.0, 800.0)]
    assert far[0] > far[1] > far[2]
    assert far[2] < 1e-6


def test_a_flight_that_counts_double_weighs_double():
    x = np.array([[0.0], [0.0]])
    a = Way(x, x, np.log([1.0, 1.0])).likelihood(np.array([0.3]))
    b = Way(x, x, np.log([2.0, 2.0])).likelihood(np.array([0.3]))
    assert b - a == pytest.approx(math.log(2))


def test_kernels_keep_what_varies_and_what_a_failure_does():
    """Centres and kernel together scatter as the nominal flights do; a failure that adds a constant moves them by all of it, whatever its flights' own draws."""
    rng = np.random.default_rng(4)
    x = rng.normal(3.0, 2.0, size=(4000, 1))
    kernel = kernel_of(x, np.full(1, 1e-6))
    nominal, failed = kernel.way(x, x, np.zeros(4000)), kernel.way(x + 5.0, x, np.zeros(4000))
    whole = (nominal.centres * kernel.factor[0, 0]).var() + kernel.factor[0, 0] ** 2
    assert (1 - WIDTH**2) * 4.0 < whole < 1.05 * 4.0
    assert nominal.centres.var() * kernel.factor[0, 0] ** 2 == pytest.approx((1 - WIDTH**2) * x.var(), rel=1e-6)
    assert (failed.centres - nominal.centres) * kernel.factor[0, 0] == pytest.approx(5.0)
    alone = kernel.way(x + 5.0, np.full_like(x, np.nan), np.zeros(4000))  # no twin flew: they stand where they are
    assert np.array_equal(alone.centres, alone.white)


def test_a_flight_and_its_twin_are_seen_with_the_same_errors(library, nominal):
    """Whichever others of its way left the pad."""
    own = library.flown[0][2]
    looks = look_at([nominal], library.plan.program.launch.pad, 40.0)[0]
    air = Air(library.plan.altimeter, 0.01)
    all_of_them, few = (see(c, looks, air, np.random.default_rng(5)) for c in (own, [own[k] for k in (3, 17, 50)]))
    for k in ("height", "felt", "lean", "place"):
        assert np.array_equal(getattr(all_of_them, k)[[3, 17, 50]], getattr(few, k))
