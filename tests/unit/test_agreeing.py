"""Two and three barometers in one rocket: which of them is wrong, and what is said where nothing tells."""

from dataclasses import replace

import numpy as np
import pytest

import flightlogs as fl
from downrange.formats.logs import read_log
from downrange.tracking import Claim, reconstruct

T = np.arange(-10, 30, 0.05)


def log(folder, name, scale=1.0, off=0.0, noise=0.3, claim=None):
    """A logger whose altitude is `scale` times the flight's and `off` too high."""
    h = scale * fl.height(T) + off + np.random.default_rng(len(name)).normal(0, noise, T.size)
    found = read_log(fl.write(folder, fl.table(["time (s)", "altitude (m)"], T, h), name))
    return found if claim is None else replace(found, claims=(Claim("apogee above the pad", claim, "m", "said"),))


def told(*logs):
    found = reconstruct(logs)
    return found, [n for n in found.notes if "wrong" in n]


def test_those_that_agree_are_fused_and_nothing_is_said(tmp_path):
    found, said = told(log(tmp_path, "a.csv"), log(tmp_path, "bb.csv", 1.006))
    top, error = found.apogee_pressure_altitude
    assert said == [] and len(found.residuals) == 2
    assert error == pytest.approx(0.003 * top, rel=0.15), "both lie in the band"


def test_one_of_three_is_wrong_and_left_out(tmp_path):
    found, said = told(log(tmp_path, "a.csv", 1.1), log(tmp_path, "bb.csv"), log(tmp_path, "ccc.csv", 1.004))
    assert len(said) == 1 and said[0].startswith("a.csv: altitude (m) is wrong and left out: it says 9")
    assert "the others agree without it" in said[0] and len(found.residuals) == 2
    assert found.apogee_pressure_altitude[0] == pytest.approx(fl.TOP, rel=0.004)


@pytest.mark.parametrize(
    "odd, why",
    [
        ({"scale": 1.04, "claim": fl.TOP}, "its own device states 854 m"),
        ({"off": 60.0}, r"it stands \+60 m off the pad"),
    ],
)
def test_of_two_the_one_is_wrong_that_speaks_against_itself(odd, why, tmp_path):
    found, said = told(log(tmp_path, "a.csv", **odd), log(tmp_path, "bb.csv", claim=fl.TOP))
    assert len(said) == 1 and said[0].startswith("a.csv: altitude (m) is wrong and left out")
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(said[0])
    assert found.apogee_pressure_altitude[0] == pytest.approx(fl.TOP, rel=0.004)


def test_of_two_of_which_nothing_tells_both_are_in_the_band(tmp_path):
    found, said = told(log(tmp_path, "a.csv", 1.1), log(tmp_path, "bb.csv"))
    assert len(said) == 1 and "they disagree, and nothing here tells which is wrong" in said[0]
    top, error = found.apogee_pressure_altitude
    assert top - 1.7 * error < fl.TOP and top + 1.7 * error > 1.1 * fl.TOP
    assert error == pytest.approx(0.05 * top / 1.1, rel=0.1), "half of what they differ by"
    k = int(np.argmax(found.speed))
    assert found.speed_sigma[k] > 0.045 * found.speed[k]


def test_a_log_tells_its_doubts_in_the_reconstruction(tmp_path):
    t = np.arange(-20, 125, 0.1)
    both = fl.height(t) + fl.height(t - 100)
    found = reconstruct([read_log(fl.write(tmp_path, fl.table(["time (s)", "altitude (m)"], t, both), "two.csv"))])
    assert any(n.startswith("two.csv: another flight leaves at 100 s") for n in found.notes)


def test_a_time_that_was_misread_makes_no_day_of_it(tmp_path):
    """One row of 1,600 says 95,815 s, and is the highest: the flight is that of the others, and soon."""
    t, h = T.copy(), fl.height(T)
    t[-1], h[-1] = 95_815.0, 2000.0
    found = reconstruct([read_log(fl.write(tmp_path, fl.table(["time (s)", "altitude (m)"], t, h), "odd.csv"))])
    assert found.time[-1] < 100 and found.apogee_pressure_altitude[0] == pytest.approx(fl.TOP, rel=0.005)
