"""The shop window: what the files say, said in Python, must be the same launch, checked alike."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from test_cli import EXAMPLES

import downrange as dr
from downrange import recipes
from downrange.dispersion import Campaign
from downrange.project import disperse as project_campaign
from downrange.project import load_rocket, open_project
from downrange.project.manifest import inputs_state
from downrange.project.schema import LaunchFile, RocketFile, model_of
from downrange.recipes.base import PART_CLASSES, SUFFIXES, Recipe, quantity_keys
from downrange.rocket import PART_TYPES
from downrange.units import DIMENSIONS, parse_quantity

ROOT = Path(__file__).resolve().parents[2]

FINS = {"root_chord": "50 mm", "tip_chord": "30 mm", "span": "50 ± 1 mm", "sweep": "20 mm", "thickness": "3 mm"}

YAML = """
rocket:
  name: Alpha
  parts:
    - {type: nose cone, shape: ogive, length: 70 mm, diameter: 24 mm, wall: 2 mm}
    - type: body tube
      length: 0.2 m
      wall: 0.3 mm
      parts:
        - {type: trapezoidal fins, name: fins, count: 3, root_chord: 5 cm, tip_chord: 30 mm, span: 50 ± 1 mm, sweep: 20 mm, thickness: 3 mm, position: bottom}
        - {type: inner tube, length: 70 mm, diameter: 18.5 mm, wall: 0.3 mm, offset: 133 mm, motor_mount: true}
        - {type: parachute, diameter: 30 cm, deploy: {event: ejection}}
motor: Estes C6-5
site: {latitude: 46.5 deg, longitude: 7.1 deg, elevation: 450 m}
rail: {length: 1 m, elevation: 88 ± 1 deg}
weather: {wind: {speed: 3 m/s, from: 270 deg}}
"""


def alpha(**fins: object) -> dr.Rocket:
    return dr.Rocket(
        "Alpha",
        [
            dr.NoseCone("ogive", length="70 mm", diameter="24 mm", wall="2 mm"),
            dr.BodyTube(
                length="200 mm",
                wall="0.3 mm",
                parts=[
                    dr.TrapezoidalFins(3, position="bottom", name="fins", **(FINS | fins)),
                    dr.InnerTube(
                        length="70 mm", diameter="18.5 mm", wall="0.3 mm", offset="133 mm", motor="Estes C6-5"
                    ),
                    dr.Parachute(diameter="30 cm", deploy="ejection"),
                ],
            ),
        ],
    )


@pytest.fixture(scope="module")
def launch() -> dr.Launch:
    return dr.Launch(
        alpha(),
        site=dr.Site(latitude_deg=46.5, longitude_deg=7.1, elevation_m=450),
        rail=dr.Rail(length="1 m", elevation="88 ± 1 deg"),
        weather=dr.Weather(wind="3 m/s from 270 deg"),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "launch.yaml"
    path.write_text(YAML, encoding="utf-8")
    return path


# ---- both doors ---------------------------------------------------------------------------------------------------


def test_python_and_yaml_fly_the_same(launch, file):
    here, there = dr.fly(launch).summary(), dr.fly(file).summary()
    assert here == there and here["result"] == "landed"
    assert 150 < here["apogee_agl_m"] < 350  # a C6 lifts a model of 50 g to some 250 m


def test_saving_is_read_by_the_command_line(launch, tmp_path):
    changed = launch.with_({"fins.span_mm": 0.1 + 47.3, "weather.temperature": "281.3 K", "name": "no: 1 # yes"})
    path = changed.save(tmp_path / "alpha.yaml")
    again = dr.load(path)
    assert again.said == changed.said
    run = subprocess.run(
        [sys.executable, "-m", "downrange.cli.main", "fly", str(path), "--json"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["apogee_agl_m"] == pytest.approx(dr.fly(changed).apogee_agl_m, rel=1e-9)


@pytest.mark.parametrize("name", ["genesis", "first_rocket"])
def test_loading_is_the_file(name, tmp_path):
    path = EXAMPLES / name / "launch.yaml"
    loaded, project = dr.load(path), open_project(path)
    assert dr.fly(loaded).summary() == dr.fly(project).summary()
    assert set(loaded.uncertain) == set(project.uncertain)
    again = loaded.with_({})  # from its words, no longer from the files
    assert dr.fly(again).summary() == dr.fly(loaded).summary() and again == loaded


def test_saved_paths_reach_their_files(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "motors").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "motors/my.eng").write_text(
        "X10 18 70 5 0.012 0.024 Me\n 0.1 10\n 1.0 8\n 1.5 0\n;\n", encoding="ascii"
    )
    site = dr.Site(latitude_deg=1, longitude_deg=2)
    made = dr.Launch(alpha_without_motor(), "motors/my.eng", site=site, folder=tmp_path)
    path = made.save(tmp_path / "out/x.yaml")
    assert dr.load(path).values.motor.designation == "X10" and "../motors/my.eng" in path.read_text(encoding="utf-8")
    elsewhere = tmp_path / "out/deep"
    elsewhere.mkdir()
    (elsewhere / ".git").mkdir()
    with pytest.raises(dr.InputError, match="leaves the project folder"):
        made.save(elsewhere / "x.yaml")
    assert not (elsewhere / "x.yaml").exists()


def alpha_without_motor() -> dict:
    said = alpha().said
    return said | {"name": "own"}


# ---- refused when made --------------------------------------------------------------------------------------------

REFUSED = {
    "word": (lambda: alpha(section="squar"), "section", "did you mean 'square'"),
    "negative": (lambda: dr.BodyTube(length="-200 mm", wall="1 mm"), "length", "must be above 0"),
    "thickness": (lambda: alpha(thickness="-3 mm"), "thickness", "must be above 0"),
    "event": (lambda: dr.Parachute(deploy="apogeee"), "deploy.event", "did you mean 'apogee'"),
    "event alone": (lambda: dr.Deploy("apogeee"), "event", "did you mean 'apogee'"),
    "radians": (lambda: dr.Rail("1 m", azimuth_rad=133), "azimuth", "a whole turn"),
    "lying rail": (lambda: dr.Rail("1 m", "10 deg"), "rail.elevation", "between 30"),
    "bare": (lambda: dr.BodyTube(length=200, wall="1 mm"), "length", "has no unit"),
    "bare place": (lambda: dr.Site(46.5, 7.1), "latitude", "has no unit"),
    "wrong unit": (lambda: dr.BodyTube(length="200 g", wall="1 mm"), "length", "not a unit of the right kind"),
    "wrong key's unit": (lambda: dr.BodyTube(length_kg=2, wall="1 mm"), "length", "not a unit of the right kind"),
    "text in a unit's key": (lambda: dr.BodyTube(length_mm="2", wall="1 mm"), "length_mm", "takes a number"),
    "twice": (lambda: dr.BodyTube(length_mm=2, length="2 mm", wall="1 mm"), "length", "said twice"),
    "missing": (lambda: dr.BodyTube(wall="1 mm"), "length", "missing"),
    "unknown key": (lambda: dr.BodyTube(length="1 m", wal_mm=1), "wal_mm", "did you mean 'wall'"),
    "thick wall": (lambda: dr.BodyTube(length="1 m", diameter="20 mm", wall="11 mm"), "wall", "thicker than the radius"),
    "part": (lambda: dr.Rocket("x", [{"type": "bodytube"}]), "parts[0]", "did you mean 'body tube'"),
    "inner key": (
        lambda: dr.Rocket("x", [{"type": "body tube", "length": "1 m", "wall": "1 mm", "colour": "red"}]),
        "parts[0].colour", "unknown key",
    ),
    "no parts": (lambda: dr.Rocket("x", "nose"), "parts", "a list"),
    "north of the pole": (lambda: dr.Site(latitude_deg=91, longitude_deg=0), "latitude", "the poles"),
    "wind": (lambda: dr.Weather(wind="strong"), "wind", "5 m/s from 270 deg"),
    "wind's unit": (lambda: dr.Weather(wind="3 m from 270 deg"), "wind.speed", "not a unit"),
    "nothing": (lambda: dr.Launch(alpha(), site=dr.Site(latitude_deg=1, longitude_deg=1), rail=object()), None, "nothing that a project file"),
    "two motors": (lambda: dr.Launch(alpha(), "Estes B6-4", site=dr.Site(latitude_deg=1, longitude_deg=1)), "motor", "keep one"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_nonsense_is_refused_when_it_is_made(case):
    make, key, words = REFUSED[case]
    with pytest.raises(dr.InputError, match=re.escape(words)) as caught:
        make()
    assert caught.value.key == key and caught.value.file is None and len(caught.value.message) < 700


@pytest.mark.parametrize(
    ("key", "text"),
    [("section", "squar"), ("thickness", "-3 mm"), ("span", "50"), ("span", "50 kg"), ("missing", "[4]"), ("cant", "40 deg"), ("spam", "1 mm")],
)  # fmt: skip
def test_both_doors_refuse_in_the_same_words(key, text, file):
    value = json.loads(text) if text.startswith("[") else text
    with pytest.raises(dr.InputError) as here:
        alpha(**{key: value})
    line = next(w for w in file.read_text(encoding="utf-8").splitlines() if "trapezoidal" in w)
    fins = re.sub(rf" {key}: [^,}}]*,", "", line).replace("{", f"{{{key}: {text}, ", 1)
    file.write_text(file.read_text(encoding="utf-8").replace(line, fins), encoding="utf-8")
    with pytest.raises(dr.InputError) as there:
        dr.load(file)
    assert here.value.message == there.value.message
    assert here.value.key.endswith(key) and there.value.key.endswith(key)


# ---- other values -------------------------------------------------------------------------------------------------


def test_a_path_by_name_is_the_path_of_the_file(launch):
    named = launch.with_({"fins.span": "60 mm", "nose cone.length": "80 mm", "Parachute.deploy": "apogee"})
    place = launch.with_(
        {
            "rocket.parts[1].parts[0].span": "60 mm", "rocket.parts[0].length_cm": 8,
            "rocket.parts[1].parts[2].deploy.event": "apogee",
        }
    )  # fmt: skip
    fins = named.values.rocket.placed[2].part
    assert fins.span == pytest.approx(0.06) and named.values.rocket.length == pytest.approx(0.28)
    assert dr.fly(named).apogee_agl_m == dr.fly(place).apogee_agl_m
    assert launch.values.rocket.length == pytest.approx(0.27)  # the first is as it was
    assert {"rocket.parts[1].parts[0].span"} == set(launch.uncertain) - set(named.uncertain)


def test_other_values_of_all_kinds(launch):
    other = launch.with_(
        {
            "motor": "Estes B6-4", "rail.elevation": "85 deg", "rail.azimuth_deg": 90, "site.elevation": "1000 m",
            "weather.wind": "5 m/s from 180 deg", "weather.temperature": "30 degC", "uncertainty.wind": "0 ± 2 m/s",
        }
    )  # fmt: skip
    v = other.values
    assert v.motor.designation.startswith("B6") and v.motor.delays == (4.0,)
    assert np.degrees([v.rail.elevation, v.rail.azimuth]) == pytest.approx([85, 90])
    assert v.pad.elevation == 1000 and float(v.weather.air.temperature(1000.0)) == pytest.approx(303.15)
    assert float(v.weather.wind.north(1010.0)) == pytest.approx(5.0)
    assert launch.with_({"motor.delay": "3 s"}).values.motor_delay == 3.0
    assert launch.with_({"weather": None}).values.weather.wind.north(500.0) == 0
    assert (
        launch.with_(
            {"fins": dr.EllipticalFins(4, root_chord="5 cm", span="4 cm", thickness="3 mm", position="bottom")}
        )
        != launch
    )
    swapped = launch.with_({"motor": None, "rocket": alpha(span="40 mm")})
    assert swapped.values.motor.designation == launch.values.motor.designation
    tube = dr.InnerTube(length="70 mm", diameter="18.5 mm", wall="0.3 mm", offset="133 mm", motor="Estes A8-3")
    assert launch.with_({"inner tube": tube}).values.motor.designation.startswith("A8")
    with pytest.raises(dr.InputError, match="keep one"):
        launch.with_({"inner tube": tube, "motor": "Estes B6-4"})
    with pytest.raises(AttributeError, match="would not be flown"):
        launch.rail = dr.Rail("2 m")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("fin.span", "60 mm", "did you mean 'fins'"), ("fins.spam", "60 mm", "did you mean 'span'"),
        ("rail.elevaton", "60 deg", "did you mean 'elevation'"), ("rial.elevation", "60 deg", "did you mean 'rail'"),
        ("fins.span", "-60 mm", "must be above 0"), ("fins.span", 60, "has no unit"), ("motor", "Estes Q9-99", "no motor"),
        ("rocket.parts[9].length", "1 m", "there are 2"), ("fins.span.deep", "1 m", "leads into"), ("fins.count", "three", "count"),
    ],
)  # fmt: skip
def test_a_path_that_is_not_there_suggests(launch, path, value, words):
    with pytest.raises(dr.InputError) as caught:
        launch.with_({path: value})
    assert words in str(caught.value)


def test_a_name_that_two_parts_have_is_refused(launch):
    said = launch.said
    said["rocket"]["parts"][0]["name"] = "fins"
    with pytest.raises(dr.InputError, match=r"could be rocket\.parts\[0\], rocket\.parts\[1\]\.parts\[0\]"):
        dr.Launch.from_mapping(said).with_({"fins.length": "1 m"})


# ---- campaigns and answers ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def campaign(launch):
    return dr.disperse(launch, 512, seed=3)


def test_a_campaign_without_files_is_that_of_the_file(campaign, file):
    there = project_campaign(open_project(file), 512, seed=3)
    assert np.array_equal(campaign["apogee_agl_m"], there["apogee_agl_m"], equal_nan=True)
    assert np.array_equal(campaign["landing_north_m"], there["landing_north_m"], equal_nan=True)


def test_what_was_said_with_a_spread_is_sampled(campaign, launch):
    varied = {v["name"]: v for v in campaign.notes["varied"]}
    assert "sigma=0.001" in varied["rocket.parts[1].parts[0].span"]["distribution"]
    assert "rail.elevation" in varied and not varied["rail.elevation"]["assumed"]
    certain = dr.disperse(launch.with_({"fins.span": "50 mm"}), 64, seed=3)
    assert "rocket.parts[1].parts[0].span" not in {v["name"] for v in certain.notes["varied"]}


def test_the_rules_answer(campaign, tmp_path):
    verdict = dr.assess(campaign, rules=["nar-model"])
    assert not verdict.go and any("nar-model/tilt: 2°" in line for line in verdict.lines)  # a boundary is not said
    assert len(verdict.lines) == len(verdict.answers) and "NO-GO" in repr(verdict)
    page = verdict.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Alpha on C6" in page and "<svg" in page or "base64" in page
    with pytest.raises(dr.InputError, match="a list"):
        dr.assess(campaign, rules="nar-model")


def test_a_bare_campaign_needs_its_launch(campaign, launch):
    read = Campaign(
        campaign.columns, campaign.modes, campaign.bodies, campaign.pad, campaign.name, campaign.seed,
        dict(campaign.notes, inputs=inputs_state(launch.project)),
    )  # fmt: skip
    with pytest.raises(dr.InputError, match="give launch"):
        dr.assess(read)
    assert dr.assess(read, launch=launch).answers
    with pytest.raises(dr.InputError, match="flown of other inputs"):
        dr.assess(read, launch=launch.with_({"rail.length": "2 m"}))


def test_check_and_aero(launch):
    assert dr.check(launch) and dr.check(launch).fit_to_fly
    tailless = dr.check(launch.with_({"fins.span": "5 mm"}))
    assert not tailless and "NOT fit" in repr(tailless)
    assert tailless.figures["static_margin"] < 0 and tailless.flight.result == "landed"
    rows = dr.aero(launch, [0.2, 0.6]).rows
    assert [r["mach"] for r in rows] == [0.2, 0.6] and rows[0]["margin_loaded_cal"] < rows[0]["margin_empty_cal"]
    assert dr.aero(launch.values and alpha(), 0.3).rows[0]["cn_alpha_per_rad"] == pytest.approx(
        dr.aero(launch, 0.3).rows[0]["cn_alpha_per_rad"], rel=1e-6
    )
    import downrange.aero

    assert callable(dr.aero) and downrange.aero.build_aero  # the name of a package too
    with pytest.raises(dr.InputError, match="0 to 8"):
        dr.aero(launch, 9)


def test_motors(tmp_path):
    c6 = dr.find_motor("Estes C6-5")
    assert c6.impulse_n_s == pytest.approx(8.8, rel=0.02) and c6.delays_s == (5.0,)  # NAR's test: 8.82 N s
    assert c6.impulse_n_s == pytest.approx(np.trapezoid(c6.thrust_n, c6.time_s), rel=1e-6)
    with pytest.raises(dr.NotFoundError, match="3 motors"):
        dr.find_motor("C6")
    path = tmp_path / "two.eng"
    path.write_text("A1 18 70 5 .01 .02 M\n .1 9\n 1 0\n;\nB2 18 70 5 .01 .02 M\n .1 9\n 2 0\n;\n", encoding="ascii")
    assert dr.read_motor(path, "B2").burn_time_s > dr.read_motor(path, "A1").burn_time_s
    with pytest.raises(dr.MotorFileError, match="say which"):
        dr.read_motor(path)


# ---- results ------------------------------------------------------------------------------------------------------


def test_every_figure_is_an_attribute(launch):
    flight = dr.fly(launch)
    quick = flight.apogee_agl_m, flight.max_speed_m_s, flight.landing_east_m
    summary = flight.summary()
    assert quick == tuple(summary[k] for k in ("apogee_agl_m", "max_speed_m_s", "landing_east_m"))
    for again in (flight, dr.fly(launch)):
        for key, value in summary.items():
            if key in ("events", "warnings"):
                continue
            assert getattr(again, key) == value, key
            again.__dict__.pop("_summary", None)
    assert [e.name for e in flight.events] == [e["name"] for e in summary["events"]]
    assert flight.landing.north_m == summary["landing_north_m"] and flight.landing.time_s == summary["flight_time_s"]


def test_figures_of_a_flight_that_did_not_land(launch):
    heavy = dr.fly(launch.with_({"rocket.measured.mass": "5 kg", "rocket.measured.cg": "150 mm"}))
    assert heavy.result == "no_liftoff" and heavy.max_speed_m_s is None and heavy.landing.east_m is None
    for key, value in heavy.summary().items():
        if key not in ("events", "warnings"):
            fresh = dr.Flight(heavy)
            assert getattr(fresh, key) == value, key


def test_tables_of_other_libraries(launch, campaign, monkeypatch):
    flight = dr.fly(launch)
    table = flight.trajectory.to_arrow()
    assert table["altitude_agl_m"].to_numpy().max() == pytest.approx(flight.apogee_agl_m, abs=0.01)
    assert campaign.to_arrow().num_rows == len(campaign["flight"])
    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(DataFrame=lambda columns: ("frame", columns)))
    kind, columns = flight.sample([1.0, 2.0]).to_pandas()
    assert kind == "frame" and columns["time_s"].tolist() == [1.0, 2.0]
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(dr.InputError, match="pip install polars"):
        campaign.to_polars()


def test_figures_are_written(launch, campaign, tmp_path):
    flight = dr.fly(launch)
    for kind in ("flight", "stability", "ground", "rocket"):
        flight.plot(tmp_path / f"{kind}.png", kind)
    for kind in ("landings", "modes", "histograms", "sensitivity", "convergence"):
        campaign.plot(tmp_path / f"{kind}.png", kind)
    assert all(p.stat().st_size > 5000 for p in tmp_path.glob("*.png")) and len(list(tmp_path.glob("*.png"))) == 9
    for thing in (flight, campaign):
        with pytest.raises(dr.InputError, match="there are"):
            thing.plot(kind="pie")


def test_cards_are_short_and_escaped(launch, campaign):
    evil = launch.with_({"rocket.name": "<script>\x1b[31m", "name": "<b>"})
    assert len(repr(launch).splitlines()) <= 4 and "88 ± 1 deg" in repr(launch) and "\x1b" not in repr(evil)
    for thing in (evil, dr.fly(evil), dr.assess(campaign, rules=["nar-model"]), campaign):
        assert "<script>" not in thing._repr_html_() and "\x1b" not in thing._repr_html_()
        assert len(repr(thing).splitlines()) < 20
    assert "image/svg+xml" in evil._repr_html_()


# ---- the window itself --------------------------------------------------------------------------------------------


def test_all_is_what_is_there():
    source = ast.parse(Path(dr.__file__).read_text(encoding="utf-8"))
    checked = [n for n in source.body if isinstance(n, ast.If)][0]
    typed = {a.asname or a.name for n in checked.body if isinstance(n, ast.ImportFrom) for a in n.names} - {"Any"}
    assert typed == set(dr.__all__) and len(dr.__all__) == len(set(dr.__all__))
    assert set(recipes.__all__) | set(dr._OTHERS) == set(dr.__all__)
    reference = (ROOT / "docs/reference/index.md").read_text(encoding="utf-8")
    for name in dr.__all__:
        made = getattr(dr, name)
        assert inspect.getdoc(made) and not inspect.getdoc(made).startswith(f"{name}("), name
        assert re.search(rf"\b{name}\b", reference), f"{name} is not on the reference page"
    public = {n for n in dir(dr) if not n.startswith("_")} - {"Any", "TYPE_CHECKING", "import_module"}
    loaded = {n for n, m in vars(dr).items() if isinstance(m, types.ModuleType)}
    assert public - loaded == set(dr.__all__) - loaded


def test_signatures_are_those_of_the_models():
    sys.path.insert(0, str(ROOT / "builders"))
    try:
        import make_recipes
    finally:
        sys.path.pop(0)
    for module, text in make_recipes.texts().items():
        path = ROOT / "src/downrange/recipes" / f"{module}.py"
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(path.read_text(encoding="utf-8"))), module
    assert {PART_CLASSES[w].__name__ for w in PART_TYPES} == {c.__name__ for c in PART_TYPES.values()}
    for word, cls in PART_TYPES.items():
        names = set(inspect.signature(PART_CLASSES[word].__init__).parameters) - {"self", "in_units", "motor"}
        assert names == set(model_of(cls).model_fields) - {"type"}, word
    for made, model, more in (
        (dr.Launch, LaunchFile, {"folder", "trusted"}),
        (dr.Rocket, RocketFile, set()),
    ):
        assert set(inspect.signature(made.__init__).parameters) - {"self"} == set(model.model_fields) | more


def test_every_unit_of_a_key_is_a_unit_of_some_kind():
    for suffix, unit in SUFFIXES.items():
        kinds = []
        for kind in DIMENSIONS:
            try:
                parse_quantity(f"280 {unit}", kind)
                kinds.append(kind)
            except dr.InputError:
                continue
        assert kinds, suffix
    si = {
        "mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3, "in": 0.0254, "ft": 0.3048, "g": 1e-3, "kg": 1, "oz": 0.028349523125, "lb": 0.45359237,
        "s": 1, "ms": 1e-3, "m_s": 1, "km_h": 1 / 3.6, "mph": 0.44704, "ft_s": 0.3048, "deg": np.pi / 180, "rad": 1, "pa": 1, "hpa": 100,
        "m2": 1, "cm2": 1e-4, "gpa": 1e9, "mpa": 1e6, "kg_m2": 1, "g_cm2": 1e-7, "m_s2": 1, "per_m2": 1, "per_km2": 1e-6,
        "mm_s": 1e-3, "kg_m3": 1, "n": 1,
    }  # fmt: skip
    for suffix, factor in si.items():  # the units' own definitions
        found = [_si(f"3 {SUFFIXES[suffix]}", kind) for kind in DIMENSIONS]
        assert [v for v in found if v is not None][0] == pytest.approx(3 * factor, rel=1e-12), suffix
    assert set(SUFFIXES) - set(si) == {"k", "degc", "degf"}
    assert [_si(f"50 {SUFFIXES[t]}", "temperature") for t in ("degc", "degf")] == pytest.approx([323.15, 283.15])
    assert dr.Rail(length_ft=10).said == {"length": "10 ft"}
    assert "length" in quantity_keys(model_of(PART_TYPES["body tube"]))


def _si(text: str, kind: str) -> float | None:
    try:
        return parse_quantity(text, kind).value
    except dr.InputError:
        return None


def test_short_words_of_a_deployment():
    at = dr.Parachute(diameter="30 cm", deploy="300 m").said["deploy"]
    assert at == {"event": "altitude", "altitude": "300 m"}
    assert dr.Parachute(diameter="30 cm", deploy=dr.Deploy("apogee", delay_s=1)).said["deploy"] == {
        "event": "apogee",
        "delay": "1 s",
    }


def test_two_tubes_with_motors_are_refused():
    tube = dr.InnerTube(length="70 mm", diameter="18.5 mm", wall="0.3 mm", motor="Estes C6-5")
    rocket = dr.Rocket(
        "two",
        [
            dr.NoseCone("ogive", length="7 cm", diameter="5 cm"),
            dr.BodyTube(length="20 cm", wall="1 mm", parts=[tube, tube]),
        ],
    )
    with pytest.raises(dr.InputError, match="needs a name, by which the launch knows it"):
        dr.Launch(rocket, site=dr.Site(latitude_deg=1, longitude_deg=1))


def test_a_site_in_a_folder_of_its_own_keeps_its_files(tmp_path, file):
    (tmp_path / ".git").mkdir()
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/people.csv").write_text("latitude_deg,longitude_deg,people\n46.51,7.1,12\n", encoding="utf-8")
    (tmp_path / "sites/site.yaml").write_text(
        "{latitude: 46.5 deg, longitude: 7.1 deg, elevation: 450 m, ground: {population: people.csv}}\n",
        encoding="utf-8",
    )
    file.write_text(re.sub(r"site: .*", "site: sites/site.yaml", YAML), encoding="utf-8")
    there, changed = dr.load(file), dr.load(file).with_({"fins.span": "49 mm"})
    again = dr.load(changed.save(tmp_path / "again.yaml"))
    grounds = [x.project.ground for x in (there, changed, again)]
    assert [[s.people for s in g.shapes] for g in grounds] == [[12]] * 3
    assert "sites/people.csv" in (tmp_path / "again.yaml").read_text(encoding="utf-8")


def test_recipes_are_values():
    a, b = alpha(), alpha()
    assert a == b and hash(a) == hash(b) and a != alpha(span="51 mm")
    a.said["parts"].clear()
    assert a == b and a.said["parts"]
    for thing, name in ((a, "parts"), (a.parts[1].parts[0], "span"), (dr.Rail("1 m"), "length")):
        with pytest.raises(AttributeError, match="would not be flown"):
            setattr(thing, name, "60 mm")
    assert isinstance(dr.Rail("1 m"), Recipe) and "Rail(length='1 m')" in repr(dr.Rail("1 m"))


def test_a_rocket_is_the_one_of_its_file(tmp_path):
    text = YAML.split("motor:")[0].replace("rocket:\n", "")
    (tmp_path / "rocket.yaml").write_text("\n".join(line[2:] for line in text.splitlines()), encoding="utf-8")
    there = load_rocket(tmp_path / "rocket.yaml")
    assert alpha().value.without_motor.mass == pytest.approx(there.without_motor.mass, rel=1e-12)


def _blocks(path: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "docs/python.md", "docs/tutorial.md"])
def test_the_code_of_the_pages_runs(page, tmp_path):
    blocks = _blocks(ROOT / page)
    assert blocks
    (tmp_path / "examples").symlink_to(EXAMPLES)
    for name in ("rocket.yaml", "site.yaml", "launch.yaml"):
        (tmp_path / name).write_text((EXAMPLES / "first_rocket" / name).read_text(encoding="utf-8"), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks)], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    if page == "docs/python.md":
        assert (tmp_path / "report.html").stat().st_size > 50_000 and (tmp_path / "alpha.yaml").exists()
        assert "parts:" in (tmp_path / "alpha.yaml").read_text(encoding="utf-8")
