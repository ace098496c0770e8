"""`downrange sweep`: each design is the flight it would be alone."""

import csv
import json

import numpy as np
import pytest

import downrange as dr
from downrange.errors import InputError
from downrange.flight import fly
from downrange.project import open_project
from downrange.project.parameters import settings, varied


def test_a_swept_design_flies_as_it_does_alone(project):
    opened = open_project(project / "launch.yaml")
    s = dr.sweep(opened, ["fins.span=40mm..60mm/3", "ballast=0..20g/2"], ["apogee", "static margin"])
    assert s["apogee"].shape == (3, 2)
    for i, span in enumerate((40, 50, 60)):
        for j, grams in enumerate((0, 20)):
            alone = fly(
                varied(opened, settings(opened, (f"fins.span={span}mm", f"ballast={grams} g"))).launch,
                interpreted=False,
            )
            assert s["apogee"][i, j] == pytest.approx(alone.apogee, rel=1e-12)
            assert s["static margin"][i, j] == pytest.approx(alone.figures["static_margin"], rel=1e-12)
    assert s["apogee"][0, 0] > s["apogee"][2, 0] > s["apogee"][2, 1]
    assert s.landed.all()
    assert s.grid(0) == pytest.approx([0.04, 0.05, 0.06])


def test_the_band_is_that_of_the_flights_band(project):
    """At the design of the file the swept band is that of `downrange fly`, drawn another way."""
    from downrange.project.bands import band_of

    opened = open_project(project / "launch.yaml")
    s = dr.sweep(opened, "fins.span=45mm..55mm/3", "apogee", band=True)
    low, high = s.bands["apogee_agl"][:, 0]
    band = band_of(opened, fly(opened.launch, interpreted=False))
    assert low < s["apogee"][0] < high
    assert high - low == pytest.approx(band.most[1] - band.most[0], rel=0.15)


def test_what_cannot_be_built_is_nan_and_counted(project):
    s = dr.sweep(project / "launch.yaml", "body tube.wall=0.3, 0.5, 13 mm", "apogee")
    assert np.isfinite(s["apogee"]).tolist() == [True, True, False]
    assert sum(s.refused.values()) == 1
    assert "thicker than the radius" in next(iter(s.refused))
    with pytest.raises(InputError, match=r"none of 2 designs.*thicker than the radius"):
        dr.sweep(project / "launch.yaml", "body tube.wall=13, 14 mm", "apogee")


def test_names_can_be_swept(project):
    s = dr.sweep(project / "launch.yaml", "motor: Estes B6-4, Estes C6-5", "apogee")
    assert s["apogee"][1] > s["apogee"][0] > 100
    assert s.grid().tolist() == [0, 1]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "one or two places"),
        (("fins.span=40mm..50mm", "ballast=0..9g", "delay=3,4 s"), "one or two places"),
        (("fins.span=40mm..50mm", "fins.span=40mm..50mm"), "swept twice"),
        (("fins.spam=40mm..50mm",), "did you mean 'fins.span'"),
        (("fins.span=50mm..40mm",), "crossed"),
        (("fins.span=40mm..50mm/1",), "from 2 to"),
        (("fins.span=40mm..50mm/1000", "ballast=0..9g/1000"), "at most 20,000"),
        (("fins.span=40mm..50mm", "--of", "apogy"), "did you mean 'apogee'"),
        (("fins.span=40mm..50mm/2", "--out", "x.doc"), "should end in .png"),
    ],
)
def test_bad_questions_are_refused_in_words(project, call, args, words):
    code, out, err = call("sweep", project / "launch.yaml", *args)
    assert code == 2, (out, err)
    assert words in err


def test_figure_table_and_json_say_the_same(project, call, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    figure, table = tmp_path / "s.png", tmp_path / "s.csv"
    args = (
        "sweep",
        project / "launch.yaml",
        "fins.span=40mm..60mm/3",
        "rail.elevation=80..90 deg/2",
        "--of",
        "apogee",
        "--of",
        "rail_exit_angle_of_attack",
    )
    code, out, _ = call(*args, "--json")
    said = json.loads(out)["outputs"]
    assert code == 0
    code, out, _ = call(*args, "--out", figure, "--out", table)
    assert code == 0
    assert all(len(line) <= 80 for line in out.splitlines())
    with table.open(encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    assert [float(r["apogee_agl_m"]) for r in rows] == [v for row in said["apogee_agl_m"]["values"] for v in row]
    angles = [float(r["rail_exit_angle_of_attack_deg"]) for r in rows]
    assert angles == [v for row in said["rail_exit_angle_of_attack_deg"]["values"] for v in row]
    assert max(angles) > 3  # degrees, as the key says
    assert figure.stat().st_size > 10_000
