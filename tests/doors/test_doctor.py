"""`downrange doctor` and what a first flight says."""

import dataclasses
import json

import pytest
from click.testing import CliRunner

from downrange.cli.doctor import command
from downrange.flight import doctor


@pytest.fixture(scope="module")
def found():
    return doctor.examine()


def test_it_flies_right_here(found):
    """The closed forms by hand: 1 + 180²/(2 9.80665) m; with terminal speed² 2 1.3 9.80665/(1.1 0.6 0.004) = 9658.1."""
    assert found.problems == () and found.rate > 0
    checks = {c.what: c for c in found.checks}
    assert checks["apogee of a throw in a vacuum, m"].right == pytest.approx(1652.940, abs=1e-3)
    assert checks["apogee of a throw in air, m"].right == pytest.approx(725.483, abs=1e-3)
    assert all(c.holds for c in found.checks) and len(checks) == 8
    assert checks["landing_east in a vacuum, in lanes and alone"].right > 100  # a side that a sign would show


def test_json_has_what_the_documentation_names(monkeypatch, found):
    monkeypatch.setattr(doctor, "examine", lambda: found)
    done = CliRunner().invoke(command, ["--json"])
    data = json.loads(done.stdout)
    assert done.exit_code == 0
    assert {"processor", "features", "vectors", "cache", "cache_state", "versions", "extras", "blas", "checks", "flights_per_s_a_core", "problems"} <= set(data)  # fmt: skip
    assert data["cache_state"] == "complete"
    assert set(data["versions"]) == {"python", "downrange", "numpy", "scipy", "numba", "llvmlite"}


def test_a_wrong_flight_is_a_problem(monkeypatch, found):
    wrong = dataclasses.replace(found.checks[0], seen=found.checks[0].right + 2e-3)
    nothing = dataclasses.replace(found.checks[0], seen=float("nan"))
    assert found.checks[0].holds and not wrong.holds and not nothing.holds
    monkeypatch.setattr(doctor, "_throws", lambda: ((wrong,), 1.0))
    sick = doctor.examine()
    assert len(sick.problems) == 1 and wrong.what in sick.problems[0]
    monkeypatch.setattr(doctor, "examine", lambda: dataclasses.replace(sick, checks=(nothing,)))
    done = CliRunner().invoke(command, [])
    assert done.exit_code == 1 and "PROBLEM" in done.stdout and "processor" in done.stdout
    assert json.loads(CliRunner().invoke(command, ["--json"]).stdout)["checks"][0]["seen"] is None


def test_another_compiler_than_the_measured_one_is_a_problem(monkeypatch):
    monkeypatch.setattr(doctor, "version", lambda name: "0.1")
    _, problems = doctor._versions()
    assert {p.split()[0] for p in problems} == {"numba", "llvmlite"}
