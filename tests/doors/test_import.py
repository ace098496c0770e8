"""Designs of OpenRocket: what their tags become, what is told, and what is refused."""

import json
import math
import zipfile
from math import pi, radians

import pytest
from click.testing import CliRunner

from downrange.cli.main import main
from downrange.errors import FlightCode, InputError, NotFoundError
from downrange.flight import fly
from downrange.formats.designs import read_design
from downrange.project import load_rocket, open_project
from downrange.project.foreign import open_foreign
from downrange.project.foreign_files import write_project
from downrange.rocket import FINISHES, part_mass
from foreign_designs import CONDITIONS, FINS, MASS, MOUNT, NOSE, PARACHUTE, RINGS, TUBE, gzipped, ork, zipped


def mass_of(rocket, name):
    q = next(q for q in rocket.placed if q.part.name == name)
    return part_mass(q.part, q.at)


def told(path):
    return " | ".join(str(n) for n in open_foreign(path).notes)


@pytest.mark.parametrize("pack", [lambda d: d, gzipped, zipped], ids=["plain", "gzip", "zip"])
def test_every_part_as_the_file_has_it(write, pack):
    """Masses by hand: density times volume; positions by the reference frames."""
    launch = open_project(write(pack(ork()))).launch
    r = launch.rocket
    where = {q.part.name: q for q in r.placed}
    assert r.length == pytest.approx(0.55) and r.diameter == pytest.approx(0.05)
    assert where["Nose"].part.diameter == pytest.approx(0.05), (
        "an automatic radius is the next part's, not the number behind it"
    )
    assert where["Nose"].part.shape == "haack" and where["Nose"].part.shape_parameter == 0.0
    assert (
        r.roughness == pytest.approx(60e-6)
        and FINISHES[where["Nose"].part.finish] == pytest.approx(20e-6)
        and where["Tube"].part.finish is None
    )
    assert mass_of(r, "Tube").mass == pytest.approx(680 * pi * (0.025**2 - 0.024**2) * 0.4, rel=1e-9)
    assert where["Fins"].front == pytest.approx(0.55 - 0.08 - 0.01)
    fin = where["Fins"].part
    assert (fin.count, fin.cant, fin.angle) == (4, pytest.approx(radians(2)), pytest.approx(pi / 4))
    assert fin.tab_offset == pytest.approx(0.5 * (0.08 - 0.05) + 0.002)
    fillet = 2 * 2.7449278e-6 * 0.08 * 1100  # m2 between fin, body of 50 mm and a circle of 4 mm: integrated
    assert mass_of(r, "Fins").mass == pytest.approx(
        4 * (630 * (0.5 * (0.08 + 0.04) * 0.05 * 0.003 + 0.05 * 0.01 * 0.003) + fillet), rel=1e-6
    )
    assert where["Mount"].aft == pytest.approx(0.555) and launch.nozzle == pytest.approx(0.558)
    ring = where["Front ring"]
    assert (ring.at.outer, ring.at.inner) == (pytest.approx(0.024), pytest.approx(0.0145))
    altimeter = where["Высотомер"]
    assert altimeter.front == pytest.approx(0.2)
    body = mass_of(r, "Высотомер")
    assert body.mass == 0.02 and body.cg[1:] == pytest.approx([0, 0.005], abs=1e-12)


def test_nose_and_canopy(write):
    r = load_rocket(write(ork()))
    nose, chute = (next(q.part for q in r.placed if q.part.name == n) for n in ("Nose", "Chute"))
    assert nose.material.name == "My resin" and nose.material.density == 1200 and nose.shoulder_capped
    assert chute.cd == 0.8, "automatic is written out as OpenRocket means it"
    canopy = pi / 4 * 0.5**2 * 0.067 + 6 * 0.4 * 0.0018
    assert mass_of(r, "Chute").mass == pytest.approx(canopy, rel=1e-9)
    assert "drag coefficient is automatic: OpenRocket's 0.8" in told(write(ork()))


def test_configurations_and_conditions(write):
    path = write(ork())
    one, two = open_project(path).launch, open_project(path, configuration="big").launch
    assert (one.motor.designation, one.motor_delay) == ("D12", 5.0)
    assert two.motor.designation == "E12" and two.motor.plugged and two.motor_delay is None
    events = [next(q.part.deploy for q in x.rocket.placed if q.part.name == "Chute") for x in (one, two)]
    assert events[0].event == "ejection"
    assert (events[1].event, events[1].altitude, events[1].delay) == ("altitude", 150, 1.0)
    assert one.rail.length == 1.5
    assert (one.rail.elevation, one.rail.azimuth) == (pytest.approx(radians(85)), pytest.approx(radians(210)))
    assert (one.pad.latitude, one.pad.elevation) == (pytest.approx(radians(47)), 250)
    assert float(one.weather.air.pressure(250.0)) == pytest.approx(98000)
    air = one.weather.wind
    wind = (float(air.east(260.0)), float(air.north(260.0)))
    assert (wind[0], wind[1]) == (pytest.approx(-3.0), pytest.approx(0.0, abs=1e-12)), "it comes from the east"
    for name in ("two", "2", "E12", "estes e12"):
        assert open_foreign(path, name).configuration.id == "two"
    with pytest.raises(NotFoundError, match="no configuration 'three'; there are 1: D12-5; 2: big"):
        open_foreign(path, "three")


def test_stored_results(write):
    sim = read_design(write(ork())).simulations[0]
    assert sim.stored.figures == {"apogee_agl_m": 250.5, "max_speed_m_s": 70.0}
    assert sim.stored.state == {"mass_kg": 0.15, "cg_m": 0.33, "cp_m": 0.44} and sim.current


def test_zero_is_not_missing(write):
    """A transition to nothing, a wall of nothing, a height of zero: said, and so."""
    after = """<transition><name>Tail</name><material type="bulk" density="1000.0">x</material><length>0.05</length><thickness>filled</thickness>
    <shape>conical</shape><foreradius>auto</foreradius><aftradius>0.0</aftradius></transition>"""
    path = write(ork(after=after, inside=MOUNT, extra="<overridemass>0.0</overridemass>"))
    r = load_rocket(path)
    assert r.base_radius == 0.0
    assert mass_of(r, "Tail").mass == pytest.approx(1000 * pi * 0.025**2 * 0.05 / 3, rel=1e-4)
    assert next(q.part.mass for q in r.placed if q.part.name == "Tube") == 0.0
    bare = write(ork(inside=MOUNT.replace("<thickness>0.0005", "<thickness>0.0")), "bare.ork")
    assert (
        mass_of(load_rocket(bare), "Mount").mass == 0
        or next(q.part.mass for q in load_rocket(bare).placed if q.part.name == "Mount") == 0.0
    )


def test_automatic_radii_look_through_their_neighbours(write):
    """Tube after tube of automatic radius takes the first that says one, from before, else from behind; a transition between takes both."""
    tube = "<bodytube><name>{0}</name><material type='bulk' density='680'>c</material><length>0.1</length><thickness>0.001</thickness><radius>{1}</radius></bodytube>"
    transition = """<transition><name>T</name><material type="bulk" density="680">c</material><length>0.05</length><thickness>0.001</thickness>
    <shape>conical</shape><foreradius>auto</foreradius><aftradius>auto</aftradius></transition>"""
    after = tube.format("B", "auto") + transition + tube.format("C", "auto 0.9") + tube.format("D", "0.03")
    r = load_rocket(write(ork(after=after, inside="")))
    radii = {q.part.name: (q.at.outer, q.at.aft_outer) for q in r.placed}
    assert radii["B"] == (0.025, 0.025) and radii["T"] == (0.025, 0.03) and radii["C"] == (0.03, 0.03)


def test_positions_and_copies(write):
    """OpenRocket places the first of several copies by its own length, from whichever end."""
    lug = """<launchlug><name>Lug</name><instancecount>2</instancecount><instanceseparation>0.2</instanceseparation><angleoffset method="relative">90.0</angleoffset>
    <axialoffset method="{0}">{1}</axialoffset><material type="bulk" density="680.0">Cardboard</material><radius>0.003</radius><length>0.03</length>
    <thickness>0.0005</thickness></launchlug>"""
    for method, offset, front in (
        ("top", 0.01, 0.16),
        ("middle", 0.0, 0.15 + 0.185),
        ("bottom", -0.2, 0.55 - 0.03 - 0.2),
        ("absolute", 0.3, 0.3),
    ):
        r = load_rocket(write(ork(inside=MOUNT + lug.format(method, offset))))
        q = next(q for q in r.placed if q.part.name == "Lug")
        assert q.front == pytest.approx(front), method
        assert (q.part.count, q.part.spacing, q.part.angle) == (2, 0.2, pytest.approx(pi / 2))


@pytest.mark.parametrize(("method", "offset"), [("top", 0.3), ("middle", 0.1), ("bottom", -0.02), ("absolute", 0.4)])
@pytest.mark.parametrize("apart", [0.08, -0.08], ids=["aft", "forward"])
def test_buttons_spaced_forward(write, method, offset, apart):
    """The first stands where one alone would, the others aft of it, or forward of it where their distance is negative."""
    button = """<railbutton><name>Buttons</name><instancecount>{0}</instancecount><instanceseparation>{1}</instanceseparation>
    <axialoffset method="{2}">{3}</axialoffset><angleoffset method="relative">0</angleoffset><material type="bulk" density="1420.0">Delrin</material>
    <outerdiameter>0.0097</outerdiameter><innerdiameter>0.0058</innerdiameter><height>0.0097</height><baseheight>0.002</baseheight>
    <flangeheight>0.002</flangeheight></railbutton>"""

    def fronts(count):
        rocket = load_rocket(write(ork(inside=MOUNT + button.format(count, apart, method, offset))))
        q = next(q for q in rocket.placed if q.part.name == "Buttons")
        return [q.front + k * q.part.spacing for k in range(q.part.count)]

    (alone,) = fronts(1)
    assert fronts(3) == pytest.approx(sorted(alone + k * apart for k in range(3)))


@pytest.mark.parametrize(("flag", "whole"), [("<overridesubcomponents>true</overridesubcomponents>", True),
                                             ("<overridesubcomponentsmass>true</overridesubcomponentsmass>", True),
                                             ("<overridesubcomponentsmass>false</overridesubcomponentsmass>", False)])  # fmt: skip
def test_override_flags(write, flag, whole):
    """Of old files and new ones: a weighed tube is all in it, or the tube alone."""
    r = load_rocket(write(ork(extra=f"<overridemass>0.5</overridemass>{flag}")))
    nose = mass_of(r, "Nose").mass
    rest = sum(part_mass(q.part, q.at).mass for q in r.placed if q.depth == 1)
    assert r.structure.mass == pytest.approx(nose + 0.5 + (0 if whole else rest), rel=1e-9)


def test_a_stage_that_was_weighed(write):
    """Mass and CG of a stage with all in it are what was measured; of the stage alone they come on top, in its middle."""
    flags = "<overridesubcomponentsmass>{0}</overridesubcomponentsmass><overridesubcomponentscg>true</overridesubcomponentscg>"
    whole = load_rocket(
        write(ork(stage="<overridemass>0.25</overridemass><overridecg>0.3</overridecg>" + flags.format("true")))
    )
    assert (whole.without_motor.mass, whole.without_motor.cg[0]) == (0.25, 0.3)
    plain = load_rocket(write(ork()))
    extra = load_rocket(write(ork(stage="<overridemass>0.25</overridemass>" + flags.format("false"))))
    assert extra.without_motor.mass == pytest.approx(plain.without_motor.mass + 0.25)
    moment = extra.without_motor.mass * extra.without_motor.cg[0] - plain.without_motor.mass * plain.without_motor.cg[0]
    assert moment == pytest.approx(0.25 * 0.275)


def test_fin_points(write):
    """A point that stands twice; one on a slope; one that crosses, which is refused by its name."""
    fin = """<freeformfinset><name>Free</name><position type="top">0.1</position><fincount>3</fincount><material type="bulk" density="1000">m</material>
    <thickness>0.002</thickness><crosssection>square</crosssection><finpoints>{0}</finpoints></freeformfinset>"""

    def points(*pairs):
        return fin.format("".join(f"<point x='{x}' y='{y}'/>" for x, y in pairs))

    path = write(ork(inside=MOUNT + points((0, 0), (0.05, 0.04), (0.05, 0.04), (0.1, 0.04), (0.1, 0))))
    assert len(next(q.part.points for q in load_rocket(path).placed if q.part.name == "Free")) == 4
    assert "stood twice" in told(path)
    sloped = write(ork(inside=MOUNT + points((0, 0), (0.05, 0.04), (0.1, 0.04), (0.1, -0.01))))
    part = next(q.part for q in load_rocket(sloped).placed if q.part.name == "Free")
    # The polygon's area, by the shoelace formula: 0.5 |Σ x_i y_(i+1) - x_(i+1) y_i| = 0.0035 m².
    assert part_mass(part, load_rocket(sloped).placed[0].at).mass == pytest.approx(3 * 1000 * 0.002 * 0.0035, rel=1e-3)
    with pytest.raises(InputError, match="crosses itself"):
        load_rocket(write(ork(inside=MOUNT + points((0, 0), (0.05, 0.04), (0.02, 0.04), (0.05, 0.01), (0.1, 0)))))


WIDE = """<{tag}><name>Wide</name><position type="top">0.1</position><material type="bulk" density="500.0">Foam</material><length>0.02</length>
<outerradius>0.04</outerradius>{hole}</{tag}>"""


@pytest.mark.parametrize(("tag", "hole", "inner", "copies"), [
    ("tubecoupler", "<thickness>0.03</thickness>", 0.01, 1), ("bulkhead", "", 0.0, 1), ("engineblock", "<thickness>0.03</thickness>", 0.01, 1),
    ("centeringring", "<innerradius>0.01</innerradius><instancecount>3</instancecount><instanceseparation>0.03</instanceseparation>", 0.01, 3),
])  # fmt: skip
def test_what_is_wider_than_its_bore_keeps_its_mass(write, tag, hole, inner, copies):
    """80 mm in a bore of 48 mm: not as drawn, but as heavy as drawn, with its own hole; and a line says so."""
    path = write(ork(inside=MOUNT + WIDE.format(tag=tag, hole=hole)))
    part = next(q.part for q in open_project(path).launch.rocket.placed if q.part.name == "Wide")
    assert part.mass == pytest.approx(copies * 500 * pi * (0.04**2 - inner**2) * 0.02, rel=1e-9)
    assert part.diameter == pytest.approx(0.048) and "80.0 mm wide in a bore of 48.0 mm" in told(path)
    if tag == "tubecoupler":
        assert part.diameter - 2 * part.wall == pytest.approx(2 * inner)


def test_a_tab_longer_than_its_root(write):
    """By microns, as programs round: read, and flown."""
    path = write(
        ork(
            inside=FINS.replace("<tablength>0.05", "<tablength>0.080002")
            .replace("center", "front")
            .replace(">0.002<", ">-1e-6<")
            + MOUNT
        )
    )
    assert open_project(path).launch.rocket.structure.mass > 0


def test_decimal_comma(write):
    path = write(ork(nose=NOSE.replace("<length>0.15<", "<length>0,15<")))
    assert load_rocket(path).length == pytest.approx(0.55)
    assert "decimal comma" in told(path)


def test_nothing_is_lost_without_a_line(write):
    """A tag and a component that nobody knows; a mass of nothing; a program's code."""
    odd = "<gyroscope><name>Gyro</name></gyroscope>"
    empty = MASS.replace("<mass>0.02", "<mass>0.0")
    simulation = (
        "<simulation status='uptodate'><name>S</name><conditions><configid>one</configid></conditions>"
        "<extension extensionid='x.JavaCode'/></simulation>"
    )
    lines = told(
        write(ork(inside=MOUNT.replace("<length>", "<warp>9</warp><length>", 1) + odd + empty, simulations=simulation))
    )
    for line in ("<warp> of innertube", "component <gyroscope>", "a mass of nothing", "extension JavaCode"):
        assert line in lines, line


@pytest.mark.parametrize(("text", "match"), [
    (ork(nose=NOSE.replace("<length>0.15<", "<length>NaN<")), r"Nose: <length> is 'NaN', which is not a number"),
    (ork(nose=NOSE.replace("<length>0.15<", "<length>-0.15<")), "must be above 0"),
    (ork(nose=NOSE.replace("<length>0.15</length>", "")), "<length> is missing"),
    (ork()[:1500], "broken"),
    (b"", "empty"),
    (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><openrocket>&a;</openrocket>", "entities are refused"),
    (b"<RockSimDocument/>", "not openrocket"),
    (b"PK\x03\x04" + b"x" * 50, "archive is broken"),
    (zipped(b"<a/>", "readme.txt"), "without a design"),
    (gzipped(ork())[:300], "broken"),
    (b"<openrocket>" + b"<subcomponents>" * 10_000, "nested too deeply"),
    (ork().replace(b"utf-8", b"utf-99"), "broken"),
    (b"\xff\xfe\x00", "broken"),
    (b"<openrocket><rocket><name>x</name></rocket></openrocket>", "no stage"),
    (b"<openrocket/>", "no rocket"),
])  # fmt: skip
def test_what_is_refused_in_a_line(write, text, match):
    with pytest.raises(InputError, match=match) as error:
        load_rocket(write(text))
    assert len(str(error.value).replace(str(error.value.file), "")) < 400 and "\n" not in str(error.value)


def test_bombs(write):
    """What unpacks to gigabytes is refused before it does; a path in an archive opens nothing."""
    bomb = gzipped(b" " * 50_000_000)
    with pytest.raises(InputError, match="unpacks to more than 40 MB"):
        read_design(write(bomb))
    with pytest.raises(InputError, match="unpacks to more than 40 MB"):
        read_design(write(zipped(b" " * 50_000_000)))
    with pytest.raises(InputError, match="without a design"):
        read_design(write(zipped(ork(), "../../rocket.ork")))


def test_import_writes_a_project_that_flies_alike(write, tmp_path):
    path = write(ork())
    foreign = open_foreign(path)
    names = [p.name for p in write_project(foreign, tmp_path / "out")]
    assert names[0] == "launch.yaml" and "rocket.yaml" in names and "rocket-2.yaml" in names, (
        "the canopy opens otherwise in the second"
    )
    ours, theirs = open_project(tmp_path / "out").launch, open_project(path).launch
    assert ours.rocket.structure.mass == pytest.approx(theirs.rocket.structure.mass, rel=1e-12)
    assert ours.rocket.structure.cg == pytest.approx(theirs.rocket.structure.cg, rel=1e-12)
    assert (ours.rail, ours.motor.designation, ours.motor_delay) == (
        theirs.rail,
        theirs.motor.designation,
        theirs.motor_delay,
    )
    assert "# its drag coefficient is automatic" in (tmp_path / "out/rocket.yaml").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="holds rocket.yaml"):
        write_project(foreign, tmp_path / "out")


def test_a_motor_beside_the_file(write, tmp_path):
    """One that no catalogue has is taken from an .eng file in the same folder, and copied into the project."""
    (tmp_path / "ours.eng").write_text("Z99 24 70 3-5 0.02 0.04 CLUB\n0.1 20\n0.5 25\n1.0 0\n", encoding="utf-8")
    path = write(ork(inside=MOUNT.replace("D12", "Z99").replace("Estes", "CLUB")))
    launch = open_project(path).launch
    assert launch.motor.designation == "Z99" and launch.motor_delay == 5.0
    write_project(open_foreign(path), tmp_path / "out")
    assert open_project(tmp_path / "out").launch.motor.designation == "Z99"


def test_commands(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, run = write(ork()), CliRunner()
    out = run.invoke(main, ["import", str(path)])
    assert (
        out.exit_code == 0
        and "wrote launch.yaml" in " ".join(out.stdout.split())
        and (tmp_path / "rocket/launch.yaml").is_file()
    )
    flown = run.invoke(main, ["fly", str(path), "--json", "--configuration", "1"])
    assert flown.exit_code == 0 and json.loads(flown.stdout)["apogee_agl_m"] > 50
    assert "carried over in another way" in flown.stderr
    assert run.invoke(main, ["aero", str(path), "--mach", "0.3", "--json"]).exit_code == 0
    assert isinstance(run.invoke(main, ["fly", str(path), "--configuration", "x"]).exception, NotFoundError)
    table = run.invoke(main, ["import", str(tmp_path), "--fly", "--json"])
    row = json.loads(table.stdout)["files"][0]
    assert table.exit_code == 0 and (row["configurations"], row["flown"], row["why"]) == (2, 2, [])


def test_check_of_a_shape_that_has_no_coefficients(write, monkeypatch):
    """What is refused only when the flight is made ready is an answer too: mass and balance with the reason."""

    def refuses(*_, **__):
        raise InputError("no lift can be computed of Wings", key="rocket.parts[0]")

    monkeypatch.setattr("downrange.flight.compile_launch", refuses)
    out = CliRunner().invoke(main, ["check", str(write(ork(inside=FINS + MOUNT))), "--json"])
    said = json.loads(out.stdout)
    assert (
        out.exit_code == 1 and not said["fit_to_fly"] and "no lift" in said["warnings"][0] and said["dry_mass_kg"] > 0
    )


def test_check_without_a_flight(write):
    """A design without a motor, or with one that nobody knows: the answer is no, with mass, balance and CP."""
    run = CliRunner()
    for data, why in (
        (ork(inside=FINS), "no motor"),
        (ork(inside=FINS + MOUNT.replace("D12", "Q77")), "Estes Q77 is not in the catalogue"),
    ):
        out = run.invoke(main, ["check", str(write(data)), "--json"])
        said = json.loads(out.stdout)
        assert out.exit_code == 1 and not said["fit_to_fly"] and why in said["warnings"][0]
        assert 0 < said["dry_cg_m"] < said["cp_m"] < 0.55 and math.isfinite(said["dry_mass_kg"])
    assert (
        open_project(
            write(
                ork(
                    inside=FINS
                    + TUBE.format(radius=1, inside="", extra="")[:0]
                    + MOUNT.replace("<motor ", "<no ").replace("</motor>", "</no>")
                )
            ),
            motor="Estes D12-5",
        ).launch.motor.designation
        == "D12"
    )


def test_zip_keeps_to_its_design(write):
    """The member that is the design is read, and nothing else is looked at."""
    path = write(zipped(ork()))
    with zipfile.ZipFile(path) as z:
        assert len(z.namelist()) == 2
    assert read_design(path).name == "Test rocket"


def test_a_canopy_that_waits_for_the_stage_below(write):
    """OpenRocket's "lower stage separation": packed in the booster's tube, opened as the ejection charge parts the two."""
    chute = PARACHUTE.replace("<deployevent>ejection<", "<deployevent>lowerstageseparation<", 1)
    chute = chute.replace('<position type="top">0.05<', '<position type="bottom">0.2<')
    lower = (
        "<stage><name>Booster</name><separationevent>ejection</separationevent><separationdelay>0.0</separationdelay><subcomponents>"
        f"{TUBE.format(radius='auto', inside=FINS + MOUNT + PARACHUTE.replace('Chute', 'Low chute'), extra='')}</subcomponents></stage>"
    )
    data = ork(inside=chute + MASS).replace(
        b"</stage></subcomponents></rocket>", f"</stage>{lower}</subcomponents></rocket>".encode()
    )
    path = write(data)
    f = fly(open_project(path, configuration="1").launch, interpreted=True)
    times = {e.name: e.time for e in f.events}
    assert times["Chute: opening"] == pytest.approx(times["Booster: separation"], abs=1e-9)
    assert "lower" not in told(path) and {b.code for b in f.flown} == {FlightCode.LANDED}


def test_fins_on_a_pod_of_no_length(write):
    """A phantom body that only holds fins, which reach far ahead of it: OpenRocket's way of setting winglets."""
    fins = FINS.replace('<position type="bottom">-0.01<', '<position type="bottom">-0.15<').replace(
        "<fincount>4", "<fincount>1"
    )
    phantom = (
        '<podset><name>Winglets</name><instancecount>2</instancecount><radiusoffset method="free">0.05</radiusoffset>'
        '<axialoffset method="top">0.38</axialoffset><subcomponents><bodytube><name>Phantom</name><length>0.0</length>'
        f"<thickness>0.0</thickness><radius>0.0</radius><subcomponents>{fins}</subcomponents></bodytube></subcomponents></podset>"
    )
    path = write(ork(inside=FINS + MOUNT + PARACHUTE + RINGS + MASS + phantom))
    rocket = load_rocket(path)
    (pod,) = rocket.attached
    (fin,) = (q for q in pod.rocket.placed if q.part.name == "Fins")
    assert pod.front + fin.aft == pytest.approx(0.15 + 0.38 - 0.15, abs=1e-4)
    assert fly(open_project(path, configuration="1").launch, interpreted=True).code == FlightCode.LANDED
    with pytest.raises(InputError, match="outside the rocket"):
        load_rocket(write(ork(inside=FINS + MOUNT + phantom.replace("-0.15<", "-0.75<"))))


def test_fins_of_a_foot_that_holds_them_at_a_point_are_refused(write):
    """A root of 4 mm under a wing of 360 mm that reaches ahead: no method holds, and no flight to Mach 1e100 comes of it."""
    ends = [(0, 0), (-0.33, 0.003), (-0.27, 0.018), (-0.05, 0.07), (0.026, 0.083), (0.005, 0.005), (0.004, 0)]
    points = "".join(f'<point x="{x}" y="{y}"/>' for x, y in ends)
    wing = (
        '<freeformfinset><name>Wing</name><position type="bottom">0.0</position><fincount>2</fincount><thickness>0.003</thickness>'
        f"<crosssection>square</crosssection><finpoints>{points}</finpoints></freeformfinset>"
    )
    phantom = (
        '<podset><name>Wings</name><instancecount>1</instancecount><radiusoffset method="free">0.0</radiusoffset>'
        '<axialoffset method="bottom">0.05</axialoffset><subcomponents><bodytube><name>Phantom</name><length>0.0</length>'
        f"<thickness>0.001</thickness><radius>0.0135</radius><subcomponents>{wing}</subcomponents></bodytube></subcomponents></podset>"
    )
    with pytest.raises(InputError, match="no lift can be computed of Wing"):
        fly(open_project(write(ork(inside=MOUNT + PARACHUTE + phantom)), configuration="1").launch, interpreted=True)


def flown(rows: str) -> str:
    """A simulation of the first configuration whose stored rows are `rows`: time, altitude, thrust."""
    points = "".join(f"<datapoint>{r}</datapoint>" for r in rows.split())
    return (
        f"<simulation status='uptodate'><name>First</name>{CONDITIONS}<flightdata maxaltitude='250.5'>"
        f"<databranch name='Sustainer' types='Time,Altitude,Thrust'>{points}</databranch></flightdata></simulation>"
    )


def test_another_thrust_curve_is_told(write):
    """0 to 10 N in 0.5 s, 10 N for 1 s, to nothing in 0.5 s: 15 N s by hand, where the catalogue's D12 has 16.84."""
    path = write(ork(simulations=flown("0,0,0 0.5,1,10 1.5,9,10 2.0,15,0 3.0,20,0")))
    assert open_foreign(path).simulation.stored.state["impulse_n_s"] == pytest.approx(15.0)
    (line,) = [w for w in open_foreign(path).said if "stored in the file" in w]
    assert "15 N s" in line and "16.84 N s (+12.3 %)" in line
    assert "stored in the file" not in told(write(ork(simulations=flown("0,0,0 1,9,16.8 2,15,0")))), "0.2 % apart"
    assert "stored in the file" not in told(write(ork(simulations=flown("0,0,0 0.5,1,x NaN,1,5")))), (
        "no thrust to speak of"
    )
    other = told(write(ork(simulations=flown("0,0,0 1,9,8 2,15,0").replace("<configid>one", "<configid>two"))))
    assert "stored in the file" not in other, "of another configuration"


def test_a_canopy_without_a_charge_never_opens(write):
    """In a stage that has no motor, it waits for an ejection charge: in OpenRocket it stays shut, and so here, with a line."""
    lower = (
        "<stage><name>Booster</name><separationevent>never</separationevent><subcomponents>"
        f"{TUBE.format(radius='auto', inside=FINS + MOUNT + PARACHUTE.replace('Chute', 'Low chute'), extra='')}</subcomponents></stage>"
    )
    data = ork(inside=PARACHUTE + MASS).replace(
        b"</stage></subcomponents></rocket>", f"</stage>{lower}</subcomponents></rocket>".encode()
    )
    path = write(data)
    assert "Chute: it opens at the ejection charge of a stage without a motor: never, then" in told(path)
    f = fly(open_project(path, configuration="1").launch, interpreted=True)
    opened = {e.name for e in f.events if e.name.endswith("opening")}
    assert opened == {"Low chute: opening"}


LOWER = f"""<stage><name>Lower</name><separationevent>burnout</separationevent><subcomponents>
{TUBE.format(radius="auto", inside=FINS.replace("<height>0.05", "<height>0.09") + MOUNT.replace("Mount", "Low mount"), extra="")}</subcomponents></stage>"""


@pytest.mark.parametrize(
    ("idle", "names", "length"), [(1, ["Sustainer"], 0.55), (0, ["Lower"], 0.4), (None, ["Sustainer", "Lower"], 0.95)]
)
def test_stages_that_a_configuration_leaves_on_the_ground(write, idle, names, length):
    """The other stages alone fly: their weight, their fins, their motor lit at launch."""
    asleep = "" if idle is None else f'<stage number="{idle}" active="false"/>'
    text = ork().decode().replace("</stage>", "</stage>" + LOWER, 1)
    text = text.replace(
        '<motorconfiguration configid="one" default="true"/>',
        f'<motorconfiguration configid="one" default="true">{asleep}</motorconfiguration>',
    )
    path = write(text.encode())
    launch = open_project(path).launch
    assert launch.rocket.length == pytest.approx(length)
    assert len(launch.filled) == len(names) and launch.filled[-1].mounted.lit.event == "launch"
    if idle is not None:
        assert not launch.rocket.staged
        assert any("all but" in n.text for n in open_foreign(path).notes)
        whole = open_project(write(text.replace('active="false"', 'active="true"').encode(), "whole.ork")).launch.rocket
        alone = whole.configuration([whole.stages[1 - idle].name])
        assert launch.rocket.without_motor.mass == pytest.approx(alone.without_motor.mass, rel=1e-9)
        assert fly(launch, interpreted=True).apogee > 20


def test_three_stages_without_the_middle_one(write):
    third = LOWER.replace("Lower", "Lowest").replace("Low mount", "Lowest mount")
    text = ork().decode().replace("</stage>", "</stage>" + LOWER + third, 1)
    sleeps = '<motorconfiguration configid="one" default="true"><stage number="1" active="false"/></motorconfiguration>'
    path = write(text.replace('<motorconfiguration configid="one" default="true"/>', sleeps).encode())
    launch = open_project(path).launch
    assert [s.name for s in launch.rocket.stages] == ["Sustainer", "Lowest"] and launch.rocket.length == pytest.approx(
        0.95
    )
    assert any("are joined" in n.text for n in open_foreign(path).notes)


def test_a_motor_that_nobody_knows_is_said_with_the_nearest(write):
    """And what to do; with another motor it flies. Of a width that nobody makes the next one is named with its own."""
    path = write(ork(inside=MOUNT.replace("D12", "D99Z").replace("Estes", "CLUB")))
    said = r"CLUB D99Z is not in the catalogue; nearest: [^(]*D\d+[^(]*\. Lay its .* beside the design.*--motor"
    with pytest.raises(NotFoundError, match=said):
        open_project(path)
    assert open_project(path, motor="Estes D12-5").launch.motor.designation == "D12"
    odd = MOUNT.replace("D12", "D99Z").replace("Estes", "CLUB").replace("<diameter>0.024", "<diameter>0.026")
    with pytest.raises(NotFoundError, match=r"nearest: [^,]*D\d+\S* \(24 mm\)"):
        open_project(write(ork(inside=odd)))
