"""The shop window, the floors, and how quickly the door opens."""

import subprocess
import sys

import pytest
from test_cli import EXAMPLES

import downrange as dr
from downrange.project import open_project


def test_every_exported_name_is_there_and_documented():
    for package in (
        "aero",
        "atmosphere",
        "dispersion",
        "earth",
        "failures",
        "flight",
        "formats",
        "motor",
        "project",
        "report",
        "rocket",
        "safety",
        "tracking",
    ):
        module = __import__(f"downrange.{package}", fromlist=["*"])
        for name in module.__all__:
            assert hasattr(module, name), f"{package}.{name}"


def test_python_api_of_the_readme():
    flight = dr.fly(dr.load(EXAMPLES / "genesis" / "launch.yaml"))
    assert 2900 < flight.apogee_agl_m < 3200
    assert "<table>" in flight._repr_html_() and "apogee" in repr(flight)


def test_uncertainties_are_kept_for_sampling():
    project = open_project(EXAMPLES / "first_rocket" / "launch.yaml")
    assert set(project.uncertain) == {
        "weather.temperature",
        "weather.wind.speed",
        "weather.wind.from_direction",
        "rail.elevation",
    }
    genesis = open_project(EXAMPLES / "genesis" / "launch.yaml").uncertain
    (name,) = genesis
    assert name.startswith("rocket.parts[1].parts[") and genesis[name].distribution.sigma == pytest.approx(1e-3)


def test_help_does_not_import_what_is_heavy():
    code = "import sys; sys.argv = ['downrange', '--help']\nfrom downrange.cli.main import run\ntry:\n    run()\nexcept SystemExit:\n    pass\nprint([m for m in ('numpy', 'numba', 'matplotlib', 'pydantic', 'pint', 'pyarrow', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
