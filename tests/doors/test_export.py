"""Designs out and in again, flights for maps and tables, and two designs side by side."""

import csv
import json
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from downrange.aero import AeroOptions, build_aero
from downrange.cli.main import main
from downrange.errors import InputError
from downrange.flight import compile_launch, fly
from downrange.formats.foreign.flights import write_gpx, write_openrocket_csv, write_rasaero_csv
from downrange.formats.foreign.ork_file import ork_bytes
from downrange.project import open_project
from downrange.project.comparing import compare, side_of, stored_side
from downrange.project.foreign import open_foreign
from downrange.rocket import CentringRing, part_mass
from foreign_designs import FINS, MOUNT, NOSE, RINGS, TUBE, ork

PODS = """<podset><name>Pods</name><instancecount>2</instancecount><radiusoffset method="free">0.05</radiusoffset><angleoffset method="relative">30.0</angleoffset>
<axialoffset method="bottom">0.0</axialoffset><subcomponents>""" + NOSE.replace("auto 0.02", "0.01").replace("0.023", "0.009") + """</subcomponents></podset>"""  # fmt: skip
CLUSTER = "<clusterconfiguration>3-ring</clusterconfiguration><clusterscale>1.0</clusterscale><clusterrotation>20.0</clusterrotation><motormount>"
BOOSTER = f"""<stage><name>Booster</name><separationevent>burnout</separationevent><separationdelay>0.5</separationdelay><subcomponents>
{TUBE.format(radius="auto", inside=FINS + MOUNT.replace("Mount", "Booster mount"), extra="").replace("Tube", "Booster tube")}</subcomponents></stage>"""


def _same(a, b, aero=True):
    """The same rocket, to 1e-9: masses, positions, centres of pressure, and every part."""
    assert b.without_motor.mass == pytest.approx(a.without_motor.mass, rel=1e-9)
    assert np.abs(a.without_motor.cg - b.without_motor.cg).max() < 1e-9
    assert np.abs(a.without_motor.inertia - b.without_motor.inertia).max() < 1e-9
    for x, y in zip(a.placed, b.placed, strict=True):
        assert type(x.part) is type(y.part) and abs(x.front - y.front) < 1e-9 and abs(x.aft - y.aft) < 1e-9
        assert x.at.outer == pytest.approx(y.at.outer, abs=1e-12) and x.at.inner == pytest.approx(y.at.inner, abs=1e-9)
    for method in ("full", "barrowman") if aero else ():
        first, second = (build_aero(r, options=AeroOptions(method=method)) for r in (a, b))
        assert second.centre_of_pressure(0.3) == pytest.approx(first.centre_of_pressure(0.3), abs=1e-9)
        assert second.drag(0.3, 7e6) == pytest.approx(first.drag(0.3, 7e6), rel=1e-9)


def _again(launch, write):
    data, lost = ork_bytes(launch.rocket, [launch])
    return open_project(write(data, "again.ork")).launch, lost


@pytest.mark.parametrize("inside", [None, FINS + MOUNT + PODS, FINS + MOUNT.replace("<motormount>", CLUSTER).replace("0.0145", "0.011").replace("D12", "A8")],
                         ids=["plain", "pods", "cluster"])  # fmt: skip
def test_round_trip(write, inside):
    first = open_project(write(ork() if inside is None else ork(inside=inside))).launch
    second, lost = _again(first, write)
    _same(first.rocket, second.rocket, aero=inside is None or "podset" not in inside)
    assert lost == ()
    assert np.abs(first.loaded.cg - second.loaded.cg).max() < 1e-9
    assert second.motor.designation == first.motor.designation and second.motor_delay == first.motor_delay
    assert second.rail.length == first.rail.length and second.rail.azimuth == pytest.approx(first.rail.azimuth)


def test_a_ring_on_a_cluster_keeps_openrockets_weight_and_its_own_holes(write):
    """There one hole is counted, 9.4 mm thick; with us the ring is drawn with four, and weighs what it does there. Ours keeps ours."""
    cluster = (
        MOUNT.replace("<motormount>", CLUSTER)
        .replace("0.0145", "0.01")
        .replace("D12", "A8")
        .replace("<length>0.1<", "<length>0.3<")
    )
    first = open_project(write(ork(inside=FINS + cluster + RINGS)))
    (q,) = first.launch.rocket.find(CentringRing)
    assert len(q.at.holes) == 3
    assert q.part.mass == pytest.approx(630 * np.pi * (0.024**2 - 0.01**2) * 0.003, rel=1e-6)
    assert any("a hole for each tube" in n.text for n in first.foreign.notes)
    second, _ = _again(first.launch, write)
    _same(first.launch.rocket, second.rocket, aero=False)

    ours = replace(first.launch.rocket, parts=tuple(_bare(x) for x in first.launch.rocket.parts))
    (q,) = ours.find(CentringRing)
    assert part_mass(q.part, q.at).mass == pytest.approx(630 * np.pi * (0.024**2 - 3 * 0.01**2) * 0.003, rel=1e-6)
    third, lost = _again(replace(first.launch, rocket=ours), write)
    _same(ours, third.rocket, aero=False)
    assert any("3 holes" in line for line in lost)


def _bare(part):
    """A part whose rings have no mass of their own."""
    if isinstance(part, CentringRing):
        return replace(part, mass=None)
    return replace(part, parts=tuple(_bare(x) for x in part.parts))


def test_round_trip_of_stages(write):
    text = ork().decode().replace("</stage>", "</stage>" + BOOSTER, 1).encode()
    first = open_project(write(text)).launch
    assert [s.name for s in first.rocket.stages] == ["Sustainer", "Booster"]
    assert first.rocket.stages[1].separation.event == "burn-out" and first.rocket.stages[1].separation.delay == 0.5
    assert first.rocket.length == pytest.approx(0.95) and first.rocket.stages[1].parts[0].diameter in (None, 0.05)
    assert {m.mount for m in first.motors} == {"Mount", "Booster mount"}
    second, _ = _again(first, write)
    _same(first.rocket, second.rocket)
    assert second.rocket.stages[1].separation == first.rocket.stages[1].separation
    assert {m.mount for m in second.motors} == {"Mount", "Booster mount"}


def test_flies_alike(write):
    first = open_project(write(ork())).launch
    second, _ = _again(first, write)
    a, b = (fly(compile_launch(x), interpreted=True).figures["apogee_agl"] for x in (first, second))
    assert b == pytest.approx(a, rel=1e-3)


def test_what_openrocket_cannot_say(tmp_path):
    """Each thing that the target has not is a line, never silence."""
    (tmp_path / "rocket.yaml").write_text(
        "parts:\n  - {type: nose cone, shape: ogive, length: 0.2 m, diameter: 50 mm, tip_radius: 5 mm}\n"
        "  - type: body tube\n    length: 0.6 m\n    wall: 1 mm\n    motor_mount: true\n    parts:\n"
        "      - {type: trapezoidal fins, name: Fins, position: bottom, count: 3, root_chord: 9 cm, tip_chord: 5 cm, span: 6 cm, sweep: 4 cm, thickness: 3 mm, section: double wedge, missing: [2]}\n"
        "      - {type: protuberance, name: Camera, length: 4 cm, width: 2 cm, height: 2 cm}\n"
        "      - {type: parachute, offset: 0.1 m, diameter: 0.5 m, spill_hole: 50 mm}\n"
    )
    (tmp_path / "site.yaml").write_text("latitude: 47 deg\nlongitude: 8 deg\nelevation: 400 m\n")
    (tmp_path / "launch.yaml").write_text(
        "rocket: rocket.yaml\nsite: site.yaml\nmotor: AeroTech F52T\nrail: {length: 2 m}\nthrust_line: {angle_y: 0.5 deg}\n"
    )
    out = CliRunner().invoke(main, ["export", str(tmp_path / "launch.yaml"), "-o", str(tmp_path / "out.ork")])
    assert out.exit_code == 0, out.output
    for line in (
        "rounded tip",
        "'double wedge', written as square",
        "missing fins",
        "Camera: OpenRocket has no such part",
        "spill hole",
        "thrust misses the axis",
    ):
        assert line in out.stderr, line
    back = open_project(tmp_path / "out.ork").launch
    assert back.pad.elevation == 400 and back.rocket.length == pytest.approx(0.8)
    assert float(back.weather.air.density(400.0)) == pytest.approx(
        float(open_project(tmp_path / "launch.yaml").launch.weather.air.density(400.0)), rel=1e-3
    )
    refused = CliRunner().invoke(main, ["export", str(tmp_path / "launch.yaml"), "-o", str(tmp_path / "out.doc")])
    assert isinstance(refused.exception, InputError) and "cannot write 'out.doc'" in str(refused.exception)


def test_flights_for_others(write, tmp_path):
    flight = fly(compile_launch(open_project(write(ork())).launch), interpreted=True)
    write_openrocket_csv(flight, tmp_path / "f.csv")
    lines = (tmp_path / "f.csv").read_text(encoding="utf-8").splitlines()
    heads = next(line for line in lines if line.startswith("# Time"))[2:].split(",")
    rows = np.array([[float(v) for v in row] for row in csv.reader(line for line in lines if not line.startswith("#"))])
    assert rows[:, heads.index("Altitude (m)")].max() == pytest.approx(flight.figures["apogee_agl"], rel=1e-3)
    assert rows[0, heads.index("Mass (g)")] == pytest.approx(1e3 * flight.launch.loaded.mass, rel=1e-3)
    assert any("Event APOGEE" in line for line in lines)
    write_gpx(flight, tmp_path / "f.gpx")
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    root = ET.parse(tmp_path / "f.gpx").getroot()
    heights = [float(e.text) for e in root.findall(".//g:trkpt/g:ele", space)]
    assert max(heights) == pytest.approx(flight.figures["apogee_agl"] + 250, abs=2)
    assert float(root.find(".//g:trkpt", space).get("lat")) == pytest.approx(47, abs=1e-4)
    assert "apogee" in [e.text for e in root.findall("g:wpt/g:name", space)]


def test_compare_with_stored_results(write):
    path = write(ork())
    rows = {r.key: r for r in compare(stored_side(open_foreign(path)), side_of(str(path)))}
    assert rows["apogee_agl_m"].values[0] == 250.5 and rows["liftoff_mass_kg"].values[0] == 0.15
    r = rows["apogee_agl_m"]
    assert r.difference == pytest.approx(r.values[1] - 250.5) and r.share == pytest.approx(r.difference / 250.5)
    assert "thrust curve" in r.cause and rows["length_m"].values == (None, pytest.approx(0.55))
    with pytest.raises(InputError, match="holds no results"):
        stored_side(open_foreign(write(ork(simulations=""), "none.ork")))


def test_compare_two_designs(write):
    """Only what differs has a cause: a motor changes the flight and not the balance without it."""
    path = write(ork())
    a, b = side_of(str(path), configuration="1"), side_of(str(path), configuration="2")
    rows = {r.key: r for r in compare(a, b)}
    assert rows["dry_mass_kg"].difference == 0 and rows["dry_mass_kg"].cause == ""
    assert rows["impulse_n_s"].difference > 5 and rows["impulse_n_s"].cause == "motor: D12 and E12"
    out = CliRunner().invoke(main, ["compare", str(path), str(path), "--json"])
    said = json.loads(out.stdout)
    assert out.exit_code == 0 and all(r["difference"] in (0, None) for r in said["rows"])
    assert CliRunner().invoke(main, ["compare", str(path)]).exit_code == 0


def test_compare_revisions(tmp_path):
    """A design's own history: the file as it was in git beside the file as it is."""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    if subprocess.run(["git", "--version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("git is not installed")
    subprocess.run([*git, "init", "-q"], check=True, capture_output=True)
    path = tmp_path / "rocket.ork"
    path.write_bytes(ork())
    subprocess.run([*git, "add", "."], check=True, capture_output=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True, capture_output=True)
    path.write_bytes(ork(nose=NOSE.replace("<length>0.15<", "<length>0.25<")))
    rows = {r.key: r for r in compare(side_of(f"{path}@HEAD"), side_of(str(path)))}
    assert rows["length_m"].difference == pytest.approx(0.1)
    with pytest.raises(InputError, match="git has no 'nothing'"):
        side_of(f"{path}@nothing")


def test_rasaeros_columns_obey_newton(write, tmp_path):
    """Along its path a rocket gains (thrust - drag) / mass - g sin(path): from the columns alone, in feet and pounds."""
    launch = open_project(write(ork())).launch
    flight = fly(compile_launch(launch), interpreted=True)
    write_rasaero_csv(flight, tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    assert list(rows[0])[:6] == [
        "Time (sec)",
        "Stage",
        "Stage Time (sec)",
        "Mach Number",
        "Angle of Attack (deg)",
        "CD",
    ]
    assert len(rows[0]) == 24 and rows[0]["Stage"] == "S" and list(rows[0])[-1] == "Distance (ft)"
    got = {k: np.array([float(r[k] or "nan") for r in rows]) for k in rows[0] if k != "Stage"}
    g, time = 32.174, got["Time (sec)"]
    up = np.sin(np.radians(got["Flight Path Angle (deg)"]))
    along = (got["Thrust (lb)"] - got["Drag (lb)"]) / got["Weight (lb)"] * g - g * up
    climbs = (time > flight.raw.out["rail_exit_time"] + 0.3) & (got["Velocity (ft/sec)"] > 100) & np.isfinite(got["CD"])
    seen = np.gradient(got["Velocity (ft/sec)"], time)
    assert climbs.sum() > 50 and np.median(np.abs(along - seen)[climbs]) < 0.5
    assert np.nanmax(got["Altitude (ft)"]) == pytest.approx(flight.figures["apogee_agl"] / 0.3048, rel=1e-4)
    on_pad = launch.loaded
    assert got["Weight (lb)"][0] == pytest.approx(on_pad.mass / 0.45359237, rel=1e-5)
    assert got["CG (in)"][0] == pytest.approx(on_pad.cg[0] / 0.0254, rel=1e-5)
    margin = (got["CP (in)"] - got["CG (in)"]) * 0.0254 / launch.rocket.diameter
    assert np.nanmax(np.abs(margin - got["Stability Margin (cal)"])) < 1e-3
    assert np.isnan(got["CD"][-1]), "nothing of the rocket itself under a canopy"
    lift = got["Lift (lb)"] * 4.4482216
    q = flight.trajectory.dynamic_pressure * flight.program.aero.reference_area
    assert np.nanmax(np.abs(lift - q * got["CL"])) < 1e-3 * np.nanmax(np.abs(lift))


def test_rasaeros_columns_are_of_one_body(call, tmp_path):
    from pathlib import Path

    staged = Path(__file__).resolve().parents[2] / "examples/two_stage/launch.yaml"
    code, _, err = call("export", staged, "-o", tmp_path / "f.csv", "--columns", "rasaero")
    assert code == 2 and "stays in one piece" in err and not (tmp_path / "f.csv").exists()
    assert call("export", staged, "-o", tmp_path / "f.csv")[0] == 0 and (tmp_path / "f.csv").exists()
