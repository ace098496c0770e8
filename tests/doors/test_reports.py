"""Documents of a launch say what the commands say; what nobody gave is not stated; no text of anybody's is more than text."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

import downrange as dr
from downrange.design import find_output
from downrange.errors import InputError
from downrange.project import open_project
from downrange.report.composing import Material, compose, compose_project, copy_kind, kind_names, read_issue, read_kind
from downrange.report.composing.material import shown
from downrange.report.documents import Note, Picture, Table, plain_text, texts
from downrange.units import column

ROOT = Path(__file__).resolve().parents[2]
VALIDATION = ROOT.parent / "shared" / "validation"
SMALL = """
name: A report on paper
about: For tests.
title: "{{rocket}}"
blocks:
  - heading: Numbers
  - text: "It rises to {{apogee}}, at {{max_mach}}, and lands at {{landing speed}}."
  - numbers: [apogee, max speed, rail exit speed, liftoff mass, static margin, flight time, landing energy, liftoff cg, thrust weight, landing latitude]
  - table: events
  - table: energies
  - include: words.md
    ask: Say something.
"""


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "examples" / "tarc", tmp_path / "tarc")
    return tmp_path / "tarc"


def kind_of(folder, text=SMALL):
    folder.mkdir(exist_ok=True)
    (folder / "kind.yaml").write_text(text)
    return read_kind(folder)


def rows_of(made, name):
    return next(b for b in made.document.blocks if isinstance(b, Table) and b.name == name).rows


def first_number(text):
    return float(re.match(r"-?[\d,]+(?:\.\d+)?(?:e-?\d+)?", text)[0].replace(",", ""))


def words_of(path):
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        return " ".join(" ".join(p.extract_text() for p in PdfReader(path).pages).split())
    import docx

    d = docx.Document(str(path))
    cells = (c.text for t in d.tables for row in t.rows for c in row.cells)
    return " ".join(" ".join((*(p.text for p in d.paragraphs), *cells)).split())


def test_pdf_and_word_have_the_numbers_of_fly(project, tmp_path, call):
    code, out, _ = call("fly", str(project), "--json", "--units", "metric")
    said = json.loads(out)
    made = compose_project(open_project(project / "launch.yaml"), kind_of(tmp_path / "own"), units="metric")
    pdf, word = made.write(tmp_path / "o.pdf"), made.write(tmp_path / "o.docx")
    wanted = {
        "apogee_agl_m": "m", "max_speed_m_s": "m/s", "rail_exit_speed_m_s": "m/s", "liftoff_mass_kg": "kg", "static_margin_cal": "cal",
        "flight_time_s": "s", "landing_energy_j": "J", "thrust_to_weight": "",
    }  # fmt: skip
    for text in (words_of(pdf), words_of(word)):
        for key, unit in wanted.items():
            meaning = find_output(key).meaning
            where = text.index(meaning[:40])
            row = re.findall(rf"([\d,]+(?:\.\d+)?) ?{re.escape(unit)}", text[max(where - 60, 0) : where])[
                -1 if unit else -1
            ]
            assert float(row.replace(",", "")) == pytest.approx(
                said[key], rel=6e-3 if key == "thrust_to_weight" else 2e-3
            ), key
        assert f"{said['landing_latitude_deg']:.5f}" in text
        landing = next(e for e in said["events"] if e["name"] == "landing")
        assert f"landing {landing['time_s']:.2f} s" in text
    assert made.issue.numbers["apogee_agl_m"] == said["apogee_agl_m"]


def test_us_units_are_the_metric_ones_times_a_factor(project, tmp_path):
    kind, opened = kind_of(tmp_path / "own"), open_project(project / "launch.yaml")
    metric, us = (compose_project(opened, kind, units=u) for u in ("metric", "us"))
    for a, b in zip(rows_of(metric, "events"), rows_of(us, "events"), strict=True):
        if first_number(a[2]) > 10:
            assert first_number(b[2]) == pytest.approx(first_number(a[2]) / 0.3048, rel=2e-3)
    a, b = (rows_of(m, "energies")[0] for m in (metric, us))
    assert first_number(b[5]) == pytest.approx(first_number(a[5]) * 0.7375621, rel=1e-2)
    mass, speed = first_number(a[1]) / (1e3 if a[1].endswith(" g") else 1), first_number(a[3])
    assert first_number(a[5]) == pytest.approx(0.5 * mass * speed**2, rel=1e-2)
    assert first_number(a[4]) == pytest.approx(0.5 * mass * first_number(a[2]) ** 2, rel=1e-2)


@pytest.fixture(scope="module")
def material():
    return Material(open_project(ROOT / "examples" / "genesis" / "launch.yaml"), "metric", 192)


@pytest.fixture(autouse=True)
def without_band(request, monkeypatch):
    """The band of the apogee takes seconds: one test asks for it."""
    if not {"band", "every_kind"} & {w for w in ("band", "every_kind") if w in request.node.name}:
        monkeypatch.setattr(Material, "band", None)


def test_the_band_of_the_apogee_is_that_of_fly(project, tmp_path, call):
    said = json.loads(call("fly", str(project), "--json")[1])["apogee_band"]
    made = compose_project(
        open_project(project / "launch.yaml"),
        kind_of(tmp_path / "own", SMALL + "  - table: uncertainty\n"),
        units="metric",
    )
    row = next(r for r in rows_of(made, "numbers") if r[0] == "apogee")
    low, high = (first_number(x) for x in plain_text(row[2]).split(" to "))
    assert (low, high) == (pytest.approx(said["p5_m"], rel=2e-3), pytest.approx(said["p95_m"], rel=2e-3))
    assert first_number(rows_of(made, "uncertainty")[-1][2]) == pytest.approx(said["sigma_m"], rel=6e-3)


def small_picture(figure, name, alt, caption="", *, units="metric", share=1.0, larger=1.0):
    out = io.BytesIO()
    Image.new("RGB", (40, 20)).save(out, "PNG")
    return Picture(out.getvalue(), alt, caption, name, share)


@pytest.mark.parametrize("name", kind_names())
def test_every_kind_is_made_and_states_what_it_can(name, material, monkeypatch):
    from downrange.report.composing import making as composing

    monkeypatch.setattr(
        composing, "figure_picture", small_picture
    )  # drawing them all takes a minute; the test below draws
    material.__dict__.pop("assessment", None)
    made = compose(read_kind(name), material)
    text = texts(made.document.blocks)
    assert (
        "Genesis" in made.document.title + made.document.footer and "{{" not in text and len(made.document.blocks) > 8
    )
    kind = read_kind(name).file
    asked = [b.table or b.figure for b in kind.blocks if (b.table or b.figure) and not b.when]
    missing = [line for line in made.not_stated if not line.startswith("reports/")]
    allowed = {
        "motor alternatives",
        "subscale",
        "score",
        "comparison",
        "to do",
        "warnings",
        "practice log",
        "predictions",
        "designs",
        "register",
        "scores",
        "notebook",
        "review",
        "experiment",
        "experiment means",
        "experiment assumptions",
    }
    assert {line.split(":")[0] for line in missing} <= allowed | {"flown"} and len(asked) > len(missing)


def test_tables_do_not_contradict_figures(material):
    made = compose(read_kind("nasa-sl"), material)
    pictures = {b.name: b for b in made.document.blocks if isinstance(b, Picture)}
    stability = {plain_text(r[0]): plain_text(r[1]) for r in rows_of(made, "stability")}
    assert f"{stability['at rail exit'].split()[0]} calibres at rail exit" in pictures["stability"].alt
    drift = rows_of(made, "drift")
    assert plain_text(drift[-1][2]) in pictures["drift"].alt and plain_text(drift[-1][3]) in pictures["drift"].alt
    apogee = next(r for r in rows_of(made, "events") if plain_text(r[0]) == "apogee")
    assert plain_text(apogee[2]) in pictures["flight"].alt
    assert all(len(p.data) > 10_000 and p.svg().startswith(b"<?xml") for p in pictures.values())


def test_drift_by_hand_is_wind_times_descent_time(material):
    for row in rows_of(compose(read_kind_with("drift"), material), "drift"):
        mph, seconds, feet = first_number(row[0]), first_number(row[1]), first_number(row[2])
        assert feet == pytest.approx(mph * 0.44704 * seconds, rel=2e-3, abs=0.1)


def test_masses_close_and_areas_are_three_sigma(material):
    import numpy as np

    rows = rows_of(compose(read_kind_with("mass closure"), material), "mass_closure")
    parts, total, off = [first_number(r[1]) for r in rows[:-3]], first_number(rows[-2][1]), rows[-1][1]
    assert sum(parts) == pytest.approx(total, rel=1e-3) and off == "0 kg" and len(parts) == 3
    area = rows_of(compose(read_kind_with("impact areas"), material), "impact_areas")[0]
    c = material.campaign
    at = c.landing[c.landed & (c["mode"] == 0) & c.first]
    a, b = (first_number(x) for x in area[2].split(" x "))
    assert a * b == pytest.approx(9 * np.sqrt(np.linalg.det(np.cov(at.T))), rel=5e-3)
    turn = np.radians(first_number(area[3]))
    along = at @ np.array([np.sin(turn), np.cos(turn)])
    assert 3 * along.std(ddof=1) == pytest.approx(a, rel=1e-2)


def read_kind_with(table):
    from downrange.report.composing.kind import Kind, KindFile

    file = KindFile.model_validate({"name": "One", "about": "-", "title": "One", "blocks": [{"table": table}]})
    return Kind("one", file, ROOT)


def test_what_nobody_gave_is_not_stated(project, tmp_path):
    text = SMALL + "  - table: risks\n  - table: subscale\n  - figure: flown\n  - table: score\n"
    made = compose_project(open_project(project / "launch.yaml"), kind_of(tmp_path / "own", text))
    notes = [f"{b.title} {b.text}" for b in made.document.blocks if isinstance(b, Note)]
    assert len(notes) == 5 and len(made.not_stated) == 5 and all("not stated" in n.lower() for n in notes)
    assert any("no campaign was flown" in n for n in notes) and any("no log of the flight" in n for n in notes)
    assert any("reports/own/words.md" in n for n in notes)


def test_people_s_words_are_included_and_never_written(project, tmp_path):
    kind = kind_of(tmp_path / "own")
    own = project / "reports" / "own"
    own.mkdir(parents=True)
    (own / "words.md").write_text("We saw <b>{{apogee}}</b> #eval\n\n![the pad](pad.png)\n")
    small_png = io.BytesIO()
    Image.new("RGB", (30, 20)).save(small_png, "PNG")
    (own / "pad.png").write_bytes(small_png.getvalue())
    before = {p: p.read_bytes() for p in own.iterdir()}
    made = compose_project(open_project(project / "launch.yaml"), kind)
    apogee = plain_text(made.issue.said["apogee"])
    assert f"We saw <b>{apogee}</b> #eval" in texts(made.document.blocks)
    assert any(isinstance(b, Picture) and b.alt == "the pad" for b in made.document.blocks)
    made.write(tmp_path / "out")
    assert {p: p.read_bytes() for p in own.iterdir()} == before
    (own / "words.md").write_text("![etc](../../../../etc/passwd)")
    with pytest.raises(InputError, match="leaves the project folder"):
        compose_project(open_project(project / "launch.yaml"), kind)
    (own / "words.md").write_text("a\n\n{{apoge}}")
    with pytest.raises(InputError, match="'apogee'") as caught:
        compose_project(open_project(project / "launch.yaml"), kind)
    assert caught.value.line == 3 and caught.value.file.endswith("words.md")


def test_an_abstract_is_counted(project, tmp_path):
    kind = kind_of(tmp_path / "own", SMALL + "    at_most: 5\n")
    own = project / "reports" / "own"
    own.mkdir(parents=True)
    (own / "words.md").write_text("It rises to {{apogee}}, no more.\n")  # seven words: a number and its unit are two
    made = compose_project(open_project(project / "launch.yaml"), kind)
    assert made.not_stated == ("reports/own/words.md has 7 words; at most 5 are allowed",)
    (own / "words.md").write_text("Five words, and no more.\n")
    assert compose_project(open_project(project / "launch.yaml"), kind).not_stated == ()


def test_what_changed_since_the_last_issue_is_marked(project, tmp_path):
    kind = kind_of(tmp_path / "own")
    first = compose_project(open_project(project / "launch.yaml"), kind)
    (tmp_path / "issue.json").write_text(json.dumps({"issue": first.issue.summary()}))
    last = read_issue(tmp_path / "issue.json")
    same = compose_project(open_project(project / "launch.yaml"), kind, since=last)
    assert "(was " not in texts(same.document.blocks)
    changed = open_project(project / "launch.yaml", elevation=1.3)
    second = compose_project(changed, kind, since=last)
    text = texts(second.document.blocks)
    assert f"(was {first.issue.said['apogee']})" in text
    assert second.issue.design == first.issue.design  # the rail is the day's, not the design's
    marked = [
        r
        for b in second.document.blocks
        if isinstance(b, Table)
        for row in b.rows
        for c in row
        if not isinstance(c, str)
        for r in c
    ]
    assert len(marked) > 5 and all(r.marked for r in marked)
    mass = next(r for r in rows_of(second, "numbers") if r[0] == "mass at lift-off")
    assert "was" not in plain_text(mass[1])
    with pytest.raises(InputError, match="last issue was in us units"):
        compose_project(changed, kind, since=last, units="metric")
    with pytest.raises(InputError, match="no issue of a document"):
        (tmp_path / "no.json").write_text("[1]")
        read_issue(tmp_path / "no.json")


def test_a_club_s_own_kind_is_a_copy(tmp_path, project):
    folder = copy_kind("l1", tmp_path / "ours")
    text = (folder / "kind.yaml").read_text()
    (folder / "kind.yaml").write_text(
        text.replace("language: en", "").replace("name: Level 1", "language: de\nname: Unsere Stufe 1")
    )
    made = compose_project(open_project(project / "launch.yaml"), read_kind(folder), flights=0)
    assert "Abbildung 1" in made.document.labels and made.document.language == "de"
    with pytest.raises(InputError, match="there already"):
        copy_kind("l1", folder)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ("  - table: drfit\n", "no table 'drfit' - did you mean 'drift'"),
        ("  - figure: flihgt\n", "did you mean 'flight'"),
        ("  - numbers: [apoge]\n", "did you mean 'apogee'"),
        ("  - include: ../../secret.md\n", "no name of a Markdown file"),
        ("  - heading: a\n    text: b\n", "a block is one of"),
        ("  - headin: a\n", "headin"),
        ("page: b7\n", "no page 'b7'"),
        ("words: {figur: x}\n", "did you mean 'figure'"),
        ("columns: 99\n", "99 columns"),
        ("rules: [nope]\n  \n", None),
    ],
)
def test_a_wrong_template_is_told_in_words(change, match, tmp_path, project):
    text = SMALL + change if change.startswith("  ") else change + SMALL
    if match is None:
        kind = kind_of(tmp_path / "own", text.replace("table: events", "table: requirements"))
        with pytest.raises(InputError, match="no rule pack 'nope'"):
            compose_project(open_project(project / "launch.yaml"), kind)
        return
    with pytest.raises(InputError, match=re.escape(match)) as caught:
        compose_project(open_project(project / "launch.yaml"), kind_of(tmp_path / "own", text))
    assert caught.value.file and caught.value.file.endswith("kind.yaml")


def test_hostile_names_are_only_names(tmp_path, project):
    name = '"<script>alert(1)</script> #eval(\\"2\\") {{apogee}} *b* ]("'
    rocket = (project / "rocket.yaml").read_text()
    (project / "rocket.yaml").write_text(re.sub(r"^name:.*$", f"name: {name}", rocket, flags=re.M))
    made = compose_project(open_project(project / "launch.yaml"), kind_of(tmp_path / "own"))
    assert made.document.title.startswith('<script>alert(1)</script> #eval("2") {{apogee}} *b*')
    assert "<script>" not in made.write(tmp_path / "o.html").read_text()
    assert '#eval("2")' in words_of(made.write(tmp_path / "o.pdf"))


def test_the_command_writes_and_says(project, tmp_path, call):
    code, out, err = call("report", str(project), "--kind", "tarc", "-n", "0", "-o", str(tmp_path / "o.html"), "--json")
    said = json.loads(out)
    assert code == 0 and (tmp_path / "o.html").stat().st_size > 50_000 and said["issue"]["kind"] == "tarc"
    assert any("reports/tarc/practice.md" in line for line in said["not_stated"]) and "not stated: reports" in err
    code, _, err = call("report", str(project), "--kind", "tarcs", "-o", str(tmp_path / "p.pdf"))
    assert code == 2 and "did you mean 'tarc'" in err
    code, _, err = call("report", str(project), "-o", str(tmp_path / "p.txt"))
    assert code == 2 and "none of .pdf" in err
    code, out, _ = call("report", "--list")
    assert code == 0 and all(k in out for k in kind_names())


def test_the_python_door_and_an_imported_design(tmp_path):
    found = sorted((VALIDATION / "ork").glob("*.ork")) if VALIDATION.is_dir() else []
    if not found:
        pytest.skip("no designs of OpenRocket beside the project (../shared/validation)")
    made = None
    for path in found:
        try:
            made = dr.document(path, "l1", flights=0)
            break
        except InputError:
            continue
    assert made is not None and made.write(tmp_path / "o.pdf").read_bytes()[:4] == b"%PDF"
    with pytest.raises(InputError, match="0 to 1,000,000"):
        dr.document(found[0], flights=-1)


def test_panels_of_failures_have_whole_names(material):
    from downrange.report.dispersion import modes_figure

    titles = {
        " ".join(a.get_title().split("\n")[:-1]) for a in modes_figure(material.campaign, material.project.ground).axes
    }
    assert "nominal" in titles and titles - {""} <= {m.mode.name for m in material.campaign.modes}


def test_a_motor_in_a_tube_that_nobody_drew_has_alternatives():
    from downrange.design import Want
    from downrange.project.choosing import rank_motors

    project = open_project(ROOT / "examples" / "ndrt" / "launch.yaml")  # 75 mm in a body of 203 mm
    near = Want(find_output("impulse"), 0.97 * 4895, 1.03 * 4895, text="impulse")
    found = rank_motors(project, "75 mm", (near,))
    assert "Cesaroni 4895L1395-P" in found.names and all(f.launch.motor.diameter == 0.075 for f in found.flights)


def test_shown_is_what_it_was_given():
    apogee = find_output("apogee")
    assert shown(apogee, 457.2, "us") == "1,500 ft" and shown(apogee, float("nan"), "us") == "-"
    assert first_number(shown(apogee, 1234.5, "metric")) == pytest.approx(
        1234.5 * column("length", "metric")[1], rel=1e-3
    )


def test_nine_of_ten_planned_flights_lie_between(material):
    low, high = material.spread(find_output("apogee"))
    c = material.campaign
    x = c.of_flights("apogee_agl_m")[c.mode == 0]
    assert ((x < low).mean(), (x > high).mean()) == (pytest.approx(0.05, abs=0.02), pytest.approx(0.05, abs=0.02))
    assert plain_text(material.said("apogee low")) == shown(find_output("apogee"), low, "metric")
    assert material.spread(find_output("rocket length")) is None
