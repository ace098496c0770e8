"""Sights: the rule book's printed values, and the likelihood's answer with the covariance that it states."""

import math

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.tracking.sights import Place, Sight, Station, geodesic, locate, vertical_midpoint

RAD = math.radians


@pytest.mark.parametrize(
    ("angles", "geo", "closure", "vm", "vm_closure"),
    [
        ((45, 45, 45, 45), 212.132, 0.0, 212.132, 0.0),
        ((30, 50, 70, 62), 324.600, 0.07312, 313.804, 0.08713),
        ((52, 41, 47, 43), 207.353, 0.09356, 208.151, 0.07229),
        ((80, 60, 75, 55), 969.376, 0.09627, 1093.002, 0.08657),
    ],
)
def test_check_values_of_the_reductions(angles, geo, closure, vm, vm_closure):
    """Baseline 300 m; the values were reckoned from the formulas of the Pink Book's appendix E."""
    found = geodesic(*map(RAD, angles), 300.0)
    assert (
        found.height == pytest.approx(geo, abs=6e-4)
        and found.closure == pytest.approx(closure, abs=6e-6)
        and found.closed
    )
    other = vertical_midpoint(*map(RAD, angles), 300.0)
    assert other.height == pytest.approx(vm, abs=6e-4) and other.closure == pytest.approx(vm_closure, abs=6e-6)


def test_over_the_baseline():
    with pytest.raises(InputError, match="over the baseline"):
        vertical_midpoint(0.0, RAD(60), 0.0, RAD(60), 300.0)
    assert geodesic(0.0, RAD(60), 0.0, RAD(60), 300.0).height == pytest.approx(150 * math.tan(RAD(60)))
    with pytest.raises(InputError, match="parallel"):
        geodesic(RAD(90), 0.0, RAD(90), 0.0, 300.0)
    assert not geodesic(RAD(30), RAD(50), RAD(70), RAD(45), 300.0).closed


STATIONS = (Station("a", 0, -400, 3.0), Station("b", 420, 100, -2.0), Station("c", -300, 250))


def sights(target, rng, sigma, *, elevation_only=()):
    out = []
    for s in STATIONS:
        d = np.asarray(target) - (s.east, s.north, s.up)
        e = math.atan2(d[2], math.hypot(d[0], d[1]))
        a = math.atan2(d[0], d[1])
        seen_a = None if s.name in elevation_only else a + rng.normal(0, sigma) / math.cos(e)
        out.append(Sight(s.name, seen_a, e + rng.normal(0, sigma), sigma))
    return out


@pytest.mark.parametrize("blind", [(), ("a", "b", "c"), ("c",)], ids=["theodolites", "elevations only", "mixed"])
def test_without_error_the_place_is_exact(blind):
    rng = np.random.default_rng(1)
    found = locate(STATIONS, sights((40, 70, 650), rng, 1e-5, elevation_only=blind))
    assert np.allclose(found.position, (40, 70, 650), atol=0.2)


def test_bands_hold_and_chi_square_is_what_it_should_be():
    """300 times half a degree: the 90 % band of height holds 85-95 %, and the mean of chi² is the degrees of freedom."""
    rng = np.random.default_rng(7)
    inside, chi2 = 0, []
    for _ in range(300):
        target = np.array([rng.normal(0, 60), rng.normal(0, 60), rng.uniform(200, 900)])
        found = locate(STATIONS, sights(target, rng, RAD(0.5)))
        height, sigma = found.height
        inside += abs(height - target[2]) < 1.645 * sigma
        chi2.append(found.chi2)
        assert found.freedom == 3
    assert 0.85 * 300 <= inside <= 0.95 * 300 and np.mean(chi2) == pytest.approx(3, rel=0.12)


def test_a_flight_past_the_stations_tells_its_speed_and_their_clocks():
    """Bearings of a rocket on a straight line; one phone's clock is 0.7 s late."""
    rng = np.random.default_rng(3)
    start, velocity, sigma = np.array([20.0, -30.0, 300.0]), np.array([12.0, 5.0, 80.0]), RAD(0.1)
    stations = (*STATIONS[:2], Station("c", -300, 250, offset=True))
    seen = []
    for t in np.arange(0, 4, 0.25):
        for s in stations:
            d = start + velocity * (t + (0.7 if s.name == "c" else 0.0)) - (s.east, s.north, s.up)
            e = math.atan2(d[2], math.hypot(d[0], d[1]))
            seen.append(
                Sight(
                    s.name,
                    math.atan2(d[0], d[1]) + rng.normal(0, sigma) / math.cos(e),
                    e + rng.normal(0, sigma),
                    sigma,
                    float(t),
                )
            )
    found = locate(stations, seen, moving=True)
    ((name, offset, error),) = found.offsets
    assert name == "c" and abs(offset - 0.7) < 4 * error and error < 0.05
    assert np.allclose(found.velocity, velocity, atol=1.5) and np.allclose(found.position, start, atol=3)


@pytest.mark.parametrize(
    ("stations", "given", "says"),
    [
        (STATIONS, [Sight("x", 0.1, 0.2, 0.01)], "no station"),
        (STATIONS, [Sight("a", None, None, 0.01)], "azimuth or an elevation"),
        (STATIONS, [Sight("a", 0.1, 0.2, 0.01)], "2 angles cannot tell 3"),
        (STATIONS, [Sight("a", 0.1, 0.2, 0.01), Sight("a", 0.1, 0.2, 0.01)], "cannot tell a place"),
    ],
)
def test_sights_that_tell_nothing_are_refused(stations, given, says):
    with pytest.raises(InputError, match=says):
        locate(stations, given)


def test_positions_of_a_receiver_alone_are_their_weighted_mean():
    """By hand: 2 m and 4 m of error weigh as 4 to 1; the height has its own errors, 10 m twice."""
    found = locate([], [], places=[Place("a", 10, 20, 300, 2, 10), Place("b", 20, 10, 340, 4, 10)])
    assert found.position == pytest.approx([12, 18, 320], abs=1e-4)
    assert np.diag(found.covariance) == pytest.approx([3.2, 3.2, 50], rel=1e-5)
    assert found.freedom == 3 and found.chi2 == pytest.approx(100 / 20 * 2 + 1600 / 200, rel=1e-5)
    assert [(n, k) for n, k, _ in found.place_residuals[:3]] == [("a", "east"), ("a", "north"), ("a", "up")]
    assert [r for *_, r in found.place_residuals] == pytest.approx([2, -2, 20, -8, 8, -20], abs=1e-4)


def test_sights_and_fixes_together_hold_their_bands():
    """300 times elevations alone of two stations, which tell no place, with one fix of 5 m without a height: the 90 % band of height holds, and chi² is its freedom."""
    rng = np.random.default_rng(12)
    inside, chi2 = 0, []
    for _ in range(300):
        target = np.array([rng.normal(0, 60), rng.normal(0, 60), rng.uniform(200, 900)])
        angles = [s for s in sights(target, rng, RAD(0.5), elevation_only=("a", "b")) if s.station != "c"]
        seen = Place("GPS", *(target[:2] + rng.normal(0, 5, 2)), None, 5.0, 5.0)
        found = locate(STATIONS, angles, places=[seen])
        height, sigma = found.height
        inside += abs(height - target[2]) < 1.645 * sigma
        chi2.append(found.chi2)
        assert found.freedom == 1
    assert 0.85 * 300 <= inside <= 0.95 * 300 and np.mean(chi2) == pytest.approx(1, rel=0.2)


def test_a_receiver_whose_clock_is_late_is_found_out():
    rng = np.random.default_rng(5)
    start, velocity = np.array([20.0, -30.0, 300.0]), np.array([12.0, 5.0, 80.0])
    times = np.arange(0, 4, 0.5)
    angles = []
    for t in times:
        for s in STATIONS:
            d = start + velocity * t - (s.east, s.north, s.up)
            angles.append(
                Sight(s.name, math.atan2(d[0], d[1]), math.atan2(d[2], math.hypot(d[0], d[1])), RAD(0.1), float(t))
            )
    fixes = [
        Place("GPS", *(start + velocity * (t - 0.6) + rng.normal(0, 1, 3)), 1.0, 1.0, float(t), True) for t in times
    ]
    found = locate(STATIONS, angles, places=fixes, moving=True)
    ((name, offset, error),) = found.offsets
    assert name == "GPS" and abs(offset + 0.6) < 4 * error and error < 0.02


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ([Place("a", 1, 2, 3, 1, 1)], "station and a receiver"),
        ([Place("g", 1, 2, 3, 0, 1)], "needs its place, and an error"),
        ([Place("g", 1, math.nan, 3, 1, 1)], "needs its place"),
        ([Place("g", 1, 2, None, 1, 1)], "2 angles and distances cannot tell 3"),
    ],
)
def test_fixes_that_tell_nothing_are_refused(places, says):
    with pytest.raises(InputError, match=says):
        locate(STATIONS, [], places=places)
