"""Stages, pods, boosters, clusters and their motors, as a file says them and as Python does."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import downrange as dr
from downrange.project import open_project
from vehicles import two_stager

ROCKET = """
name: two
stages:
  - name: sustainer
    parts:
      - {type: nose cone, shape: ogive, length: 11 cm, diameter: 42 mm, wall: 2 mm}
      - type: body tube
        length: 31 cm
        wall: 0.7 mm
        parts:
          - {type: trapezoidal fins, count: 3, root_chord: 6 cm, tip_chord: 3 cm, span: 4 cm, sweep: 3 cm, thickness: 3 mm, position: bottom}
          - {type: inner tube, name: upper, length: 7 cm, diameter: 18.7 mm, wall: 0.5 mm, motor_mount: true, position: bottom}
  - name: booster
    separation: {event: ignition, delay: 0.1 s, impulse: 0.5 N s}
    measured: {mass: 80 g}
    parts:
      - type: body tube
        length: 17 cm
        wall: 0.7 mm
        parts:
          - {type: trapezoidal fins, count: 3, root_chord: 6 cm, tip_chord: 3 cm, span: 6 cm, sweep: 3 cm, thickness: 3 mm, position: bottom}
          - {type: inner tube, name: lower, length: 7 cm, diameter: 18.7 mm, wall: 0.5 mm, motor_mount: true, position: bottom, cluster: double}
          - type: boosters
            name: strap-on
            count: 2
            position: bottom
            separation: burn-out
            parts:
              - {type: nose cone, shape: conical, length: 4 cm, diameter: 22 mm}
              - {type: body tube, name: side, length: 15 cm, wall: 0.7 mm, motor_mount: true}
"""
LAUNCH = """
rocket: rocket.yaml
site: {latitude: 50 deg, longitude: 8 deg, elevation: 100 m}
motors:
  - {mount: lower, tubes: [1], motor: Estes C6-0}
  - {mount: lower, tubes: [2], motor: {name: Estes C6, delay: 0 s}}
  - {mount: side, motor: Estes A8-3}
  - {mount: upper, motor: Estes C6-5, ignition: {event: burn-out, delay: 0.2 s, tilt_below: 20 deg}}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rocket.yaml").write_text(ROCKET)
    (tmp_path / "launch.yaml").write_text(LAUNCH)
    return tmp_path


def edit(folder, name, old, new):
    text = (folder / name).read_text()
    assert text.count(old) >= 1
    (folder / name).write_text(text.replace(old, new))
    return folder / "launch.yaml"


def in_python(**more):
    def fins(span):
        return dr.TrapezoidalFins(
            3, root_chord="6 cm", tip_chord="3 cm", span=span, sweep="3 cm", thickness="3 mm", position="bottom"
        )

    def tube(name, **more):
        return dr.InnerTube(name=name, length="7 cm", diameter="18.7 mm", wall="0.5 mm", position="bottom", **more)

    side = dr.BodyTube(name="side", length="15 cm", wall="0.7 mm", motor_mount=True)
    strap_on = dr.Boosters(
        2, name="strap-on", position="bottom", separation="burn-out",
        parts=[dr.NoseCone("conical", length="4 cm", diameter="22 mm"), side],
    )  # fmt: skip
    nose = dr.NoseCone("ogive", length="11 cm", diameter="42 mm", wall="2 mm")
    return dr.Rocket(
        "two",
        stages=[
            dr.Stage("sustainer", [nose, dr.BodyTube(length="31 cm", wall="0.7 mm", parts=[fins("4 cm"), tube("upper", motor_mount=True)])]),
            dr.Stage(
                "booster",
                [dr.BodyTube(length="17 cm", wall="0.7 mm", parts=[fins("6 cm"), tube("lower", cluster=dr.Cluster("double"), motor_mount=True), strap_on])],
                separation=dr.Separation("ignition", delay="0.1 s", impulse="0.5 N s"), measured=dr.Measured(mass_g=80),
            ),
        ],
    )  # fmt: skip


MOTORS = [
    dr.MountedMotor("Estes C6-0", mount="lower", tubes=[1]),
    {"motor": {"name": "Estes C6", "delay": "0 s"}, "mount": "lower", "tubes": [2]},
    dr.MountedMotor("Estes A8-3", mount="side"),
    dr.MountedMotor("Estes C6-5", mount="upper", ignition=dr.Ignition("burn-out", delay_s=0.2, tilt_below="20 deg")),
]


def test_both_doors_lead_to_one_vehicle(folder):
    a = open_project(folder / "launch.yaml").launch
    b = dr.Launch(in_python(), motors=MOTORS, site=dr.Site("50 deg", "8 deg", "100 m")).values
    for v in (a, b):
        assert [(m.mount, m.tubes, m.motor.designation, m.delay) for m in v.motors] == [
            ("lower", (1,), "C6", None), ("lower", (2,), "C6", 0.0), ("side", (), "A8", None), ("upper", (), "C6", None),
        ]  # fmt: skip
        assert len(v.filled) == 5 and v.motors[3].lit.delay == 0.2 and v.motors[3].lit.conditional
        assert v.rocket.stages[1].separation.impulse == 0.5 and v.rocket.stages[1].measured.mass == 0.08
    assert a.loaded.mass == b.loaded.mass and (a.loaded.inertia == b.loaded.inertia).all() and a.schedule == b.schedule
    # what was weighed, and what the catalogue says of three C6 and two A8
    c6, a8 = a.motors[0].motor.total_mass, a.motors[2].motor.total_mass
    sides = a.rocket.boosters[0].without_motor.mass
    assert a.loaded.mass == pytest.approx(a.rocket.stage_masses[0].mass + 0.080 + sides + 3 * c6 + 2 * a8)


def test_a_launch_of_several_motors_is_saved_and_changed(folder):
    launch = dr.load(folder)
    again = dr.load(launch.save(folder / "again.yaml"))
    assert again.values.loaded.mass == launch.values.loaded.mass and len(again.values.motors) == 4
    later = launch.with_({"motors[3].ignition.delay": "0.5 s", "sustainer.parts[0].length": "12 cm"})
    assert later.values.motors[3].lit.delay == 0.5 and later.values.rocket.length == pytest.approx(0.60)


def test_tubes_with_motors_tell_the_launch(folder):
    def tube(name, motor):
        return dr.InnerTube(name=name, length="7 cm", diameter="18.7 mm", wall="0.5 mm", position="bottom", motor=motor)

    late = dr.MountedMotor("Estes C6-5", ignition="separation")
    nose = dr.NoseCone("ogive", length="11 cm", diameter="42 mm")
    top = dr.Stage("top", [nose, dr.BodyTube(length="20 cm", wall="1 mm", parts=[tube("upper", late)])])
    low = dr.Stage(
        "low", [dr.BodyTube(length="9 cm", wall="1 mm", parts=[tube("lower", "Estes C6-0")])], separation="burn-out"
    )
    v = dr.Launch(dr.Rocket("two", stages=[top, low]), site=dr.Site("50 deg", "8 deg")).values
    assert [(m.mount, m.lit.event) for m in v.motors] == [("upper", "separation"), ("lower", "launch")]
    assert v.schedule[0].of == "low"


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "says"),
    [
        ("rocket.yaml", "stages:\n", "parts: []\nstagess:\n", r"rocket.yaml:4 \[stagess\]", "did you mean 'stages'"),
        ("rocket.yaml", "name: two\n", "name: two\nparts: [{type: body tube, length: 1 m, diameter: 5 cm, wall: 1 mm}]\n", r"rocket.yaml:\d+ \[stages\]", "keep one"),
        ("rocket.yaml", "    separation: {event: ignition, delay: 0.1 s, impulse: 0.5 N s}\n", "", r"rocket.yaml:\d+ \[stages\[1\].separation\]", "say when the stage 'booster' leaves"),
        ("rocket.yaml", "event: ignition,", "event: burnout,", r"rocket.yaml:14 \[stages.1.separation.event\]", "did you mean 'burn-out'"),
        ("rocket.yaml", "impulse: 0.5 N s", "impulse: 0.5 N", r"rocket.yaml:14 \[stages.1.separation.impulse\]", "N"),
        ("rocket.yaml", "separation: burn-out", "separation: burn out", r"rocket.yaml:27 .*separation", "burn-out"),
        ("rocket.yaml", "cluster: double", "cluster: 4-row", r"rocket.yaml:22 .*cluster\]", "off the axis"),
        ("rocket.yaml", "cluster: double", "cluster: {pattern: double, wide: 2}", r"rocket.yaml:22 .*wide\]", "unknown key 'wide'"),
        ("rocket.yaml", "name: strap-on", "name: booster", r"rocket.yaml:23 ", "its own name"),
        ("rocket.yaml", "count: 2", "count: 2\n            radial_distance: 2 cm", r"rocket.yaml:26 .*radial_distance\]", "stands in the body"),
        ("launch.yaml", "motors:", "motor: Estes C6-5\nmotors:", r"launch.yaml:\d+ \[motors\]", "keep one"),
        ("launch.yaml", "tubes: [2]", "tubes: [3]", r"launch.yaml:6 \[motors\[1\].tubes\]", "numbered 1 to 2"),
        ("launch.yaml", "tubes: [2]", "tubes: [1]", r"launch.yaml:6 \[motors\[1\].tubes\]", "has two motors"),
        ("launch.yaml", "mount: side", "mount: sid", r"launch.yaml:7 \[motors\[2\].mount\]", "did you mean 'side'"),
        ("launch.yaml", "Estes A8-3", "Estes QQ8-3", r"launch.yaml:7 \[motors\[2\]", "QQ8"),
        ("launch.yaml", "tilt_below: 20 deg", "tilt_blow: 20 deg", r"launch.yaml:8 \[motors.3.ignition.tilt_blow\]", "did you mean 'tilt_below'"),
        ("launch.yaml", "event: burn-out, delay", "of: side, event: time, delay", r"launch.yaml:8 \[motors\[3\].*\]", "needs the time"),
        ("launch.yaml", "event: burn-out,", "event: burn-out, of: nobody,", r"launch.yaml:8 \[motors\[3\].ignition.of\]", "known: sustainer, booster"),
        ("launch.yaml", "event: burn-out,", "event: separation,", r"launch.yaml:\d+ ", "a circle of events"),
        ("launch.yaml", "{name: Estes C6, delay: 0 s}", "{name: Estes C6, delay: 0 s}, delay: 3 s", r"launch.yaml:6 \[motors.1.delay\]", "said twice"),
        ("launch.yaml", "motors:", "motor:", r"launch.yaml:4 \[motor\]", "4 motors under 'motor'"),
    ],
)  # fmt: skip
def test_the_file_says_where_and_why(folder, name, old, new, place, says):
    path = edit(folder, name, old, new)
    with pytest.raises(dr.InputError, match=place) as caught:
        open_project(path)
    assert says in caught.value.message


def test_python_says_the_same(folder):
    with pytest.raises(dr.InputError, match="say when the stage 'low' leaves"):
        dr.Rocket(
            "r",
            stages=[
                dr.Stage("top", [dr.NoseCone("ogive", length="9 cm", diameter="5 cm")]),
                dr.Stage("low", [dr.BodyTube(length="9 cm", wall="1 mm")]),
            ],
        )
    with pytest.raises(dr.InputError, match="needs the altitude"):
        dr.Boosters(
            2, separation={"event": "altitude"}, parts=[dr.BodyTube(length="9 cm", diameter="2 cm", wall="1 mm")]
        )
    with pytest.raises(dr.InputError, match="unknown pattern"):
        dr.InnerTube(length="7 cm", diameter="18 mm", wall="1 mm", cluster="7-heap")
    with pytest.raises(dr.InputError, match="keep one"):
        dr.Launch(in_python(), "Estes C6-5", motors=MOTORS, site=dr.Site("50 deg", "8 deg"))


def test_it_is_flown_as_the_bodies_that_it_becomes(folder):
    flown = dr.fly(folder, interpreted=True)
    assert flown.result == "landed" and len(flown.bodies) == len(flown.flown) > 1
    assert sum(b["mass_kg"] for b in flown.bodies) < flown.liftoff_mass_kg
    assert any(e.name.endswith(": separation") for e in flown.events)


def test_check_tells_of_every_configuration(folder, call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call("check", str(folder / "launch.yaml"), "--json")
    told = json.loads(out)
    found = [(c["name"], c["dropped"]) for c in told["configurations"]]
    assert found == [("sustainer + booster + strap-on", False), ("sustainer + booster", False), ("strap-on", True), ("sustainer", False), ("booster", True)]  # fmt: skip
    whole, _, side, top, low = told["configurations"]
    assert (
        whole["mass_kg"] == pytest.approx(told["liftoff_mass_kg"])
        and side["thrust_to_weight"] is None
        and low["open_front"]
    )
    assert top["front_m"] == 0 and low["front_m"] == pytest.approx(0.42)
    assert told["schedule"][3] == {
        "kind": "ignition",
        "name": "upper",
        "when": "burn-out of booster + 0.2 s, if it leans less than 20°",
    }
    assert code == (0 if told["fit_to_fly"] else 1)
    _, shown, _ = call("check", str(folder / "launch.yaml"))
    assert "sustainer + booster + strap-on" in shown and all(len(line) <= 80 for line in shown.splitlines())


def test_one_body_has_no_table_of_configurations(project, call):
    _, out, _ = call("check", project, "--json")
    assert "configurations" not in json.loads(out)


@pytest.mark.parametrize("example", ["two_stage", "cluster", "strap_on"])
def test_sums_and_loads_are_told_of_several_motors(example, call, monkeypatch):
    """Of every configuration that climbs, at 80 columns, and as JSON with the worst of all above them."""
    monkeypatch.setenv("COLUMNS", "80")
    launch = Path(__file__).resolve().parents[2] / "examples" / example / "launch.yaml"
    code, out, err = call("explain", "mass", launch)
    assert code == 0 and "error" not in err and max(map(len, out.splitlines())) <= 80 and "propellant of" in out
    code, out, _ = call("loads", launch)
    told = json.loads(call("loads", launch, "--json")[1])
    assert max(map(len, out.splitlines())) <= 80
    parts = told.get("configurations", [])
    assert [p["configuration"] for p in parts] == {
        "two_stage": ["sustainer + booster", "sustainer"], "strap_on": ["Strap-on + strap-on", "Strap-on"], "cluster": [],
    }[example]  # fmt: skip
    assert all(p["configuration"] in out for p in parts)
    for key in ("largest_n_m", "largest_shear_n", "largest_compression_n"):
        assert told["bending"][key] == max((p["bending"][key] for p in parts), default=told["bending"][key])
    least = [
        min(f["flutter_margin"] for p in parts for f in p["fins"] if f["name"] == fin["name"])
        for fin in told["fins"]
        if parts
    ]
    assert [f["flutter_margin"] for f in told["fins"]] == (least or [f["flutter_margin"] for f in told["fins"]])
    assert code == (1 if min(f["flutter_margin"] for f in told["fins"]) < 1 else 0)
    made = json.loads(call("check", launch, "--json", "--explain")[1])
    assert made["explained"][0]["answer"] == made["liftoff_mass_kg"]


def test_a_file_says_that_a_casing_is_thrown_out(call, tmp_path):
    root = Path(__file__).resolve().parents[2] / "examples" / "two_stage"
    text = (
        (root / "launch.yaml")
        .read_text(encoding="utf-8")
        .replace("motor: Estes C6-5,", "motor: Estes C6-5, ejects_casing: true,")
    )
    (tmp_path / "rocket.yaml").write_text((root / "rocket.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "launch.yaml").write_text(text, encoding="utf-8")
    kept, thrown = (json.loads(call("fly", f / "launch.yaml", "--json")[1]) for f in (root, tmp_path))
    masses = [{b["name"]: b["mass_kg"] for b in told["bodies"]} for told in (kept, thrown)]
    assert masses[0]["sustainer"] - masses[1]["sustainer"] == pytest.approx(0.0133, abs=1e-9)  # the empty C6
    assert masses[0]["booster"] == pytest.approx(masses[1]["booster"], abs=1e-12)
    assert any("throws out its casing, 13 g" in w for w in thrown["warnings"])
    assert kept["apogee_agl_m"] == pytest.approx(
        thrown["apogee_agl_m"], abs=1.0
    )  # the charge fires half a second before


def test_the_map_and_the_figures_of_a_flight_show_every_body(tmp_path):
    from xml.etree import ElementTree

    from downrange.flight import fly
    from downrange.formats.export import write_kml
    from downrange.formats.foreign.flights import write_gpx
    from downrange.report.figures import flight_figure, ground_figure

    flight = fly(two_stager(), interpreted=True)
    sustainer, booster = flight.flown
    write_kml(flight, tmp_path / "f.kml")
    space = "{http://www.opengis.net/kml/2.2}"
    places = list(ElementTree.parse(tmp_path / "f.kml").iter(f"{space}Placemark"))
    named = {p.findtext(f"{space}name"): p for p in places}
    assert len(named) == len(places)
    assert {"sustainer", "booster", "booster: separation", "upper mount: ignition", "booster: landing", "landing"} <= set(named)
    for body in (sustainer, booster):
        line = named[body.name].find(f"{space}LineString/{space}coordinates").text.split()
        lon, lat, _ = (float(x) for x in line[-1].split(","))
        here = np.degrees(body.landing_place)
        assert (lat, lon) == (pytest.approx(here[0], abs=1e-6), pytest.approx(here[1], abs=1e-6))
    top = named["booster"].find(f"{space}LineString/{space}coordinates").text.split()
    heights = [float(p.split(",")[2]) for p in top]
    assert max(heights) == pytest.approx(booster.raw.out["apogee"], abs=0.5)
    write_gpx(flight, tmp_path / "f.gpx")
    text = (tmp_path / "f.gpx").read_text(encoding="utf-8")
    assert text.count("<trk>") == 2 and "<name>booster: landing</name>" in text
    (height, *_) = flight_figure(flight).axes
    assert "booster" in [t.get_text() for t in height.get_legend().get_texts()]
    (ground,) = ground_figure(flight).axes
    ends = [line.get_xydata()[-1] for line in ground.lines if line.get_label() == "booster"]
    assert ends[0] == pytest.approx([booster.raw.out["landing_east"], booster.raw.out["landing_north"]], abs=1e-6)


def test_the_map_tells_the_openings_of_both_boosters(tmp_path):
    from downrange.formats.export import write_kml

    flight = dr.fly(dr.load(Path(__file__).parents[2] / "examples" / "strap_on" / "launch.yaml"))
    write_kml(flight, tmp_path / "f.kml")
    text = (tmp_path / "f.kml").read_text(encoding="utf-8")
    assert text.count(": streamer: opening</name>") == 2 and text.count("strap-on: separation</name>") == 1


def test_a_stage_that_never_leaves_is_told(tmp_path):
    example = Path(__file__).parents[2] / "examples" / "two_stage"
    rocket = Path(shutil.copytree(example, tmp_path / "two_stage")) / "rocket.yaml"
    assert not any("NEVER LEAVES" in w for w in dr.fly(dr.load(rocket.parent / "launch.yaml")).warnings)
    text = rocket.read_text()
    rocket.write_text(text.replace("separation: {event: ejection} ", "separation: {event: altitude, altitude: 90 km} "))
    assert rocket.read_text() != text
    said = [w for w in dr.fly(dr.load(rocket.parent / "launch.yaml")).warnings if "NEVER LEAVES" in w]
    assert len(said) == 1 and said[0].startswith("'booster'") and "'sustainer + booster'" in said[0]
