"""`downrange checklist` and `downrange card`: lines come from the design's own parts, rules name their code, ticks stay on the tablet."""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import downrange as dr
from downrange.cli.main import main
from downrange.errors import InputError
from downrange.project import open_project
from downrange.report.documents import texts
from downrange.report.range.facts import gathered
from downrange.report.range.lists import checklist_of
from downrange.report.range.papers import card_document, checklist_document, tablet_html

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def first():
    return gathered(open_project(EXAMPLES / "first_rocket" / "launch.yaml"))


@pytest.fixture(scope="module")
def two():
    return gathered(open_project(EXAMPLES / "high_power_two_stage" / "launch.yaml"), ("nar-hpr",))


def part(made, name: str) -> list[str]:
    (found,) = [p for p in made.parts if p.name.startswith(name)]
    return [b.text for b in found.boxes]


def test_a_small_rocket_has_its_own_lines_and_no_others(first):
    made = checklist_of(first)
    table, pad = " ".join(part(made, "Assembly")), " ".join(part(made, "At the pad"))
    assert (
        "all 3 straight" in table
        and "ejection charge of the motor (C6, delay 5 s)" in table
        and "C6: delay of 5 s" in table
    )
    every = " ".join(b.text for p in made.parts for b in p.boxes)
    assert not any(w in every for w in ("altimeter", "electronics", "lit in flight", "armed", "Switch", "inhibits"))
    assert "Igniter into C6" in pad and made.notes == ()


def test_the_balance_line_is_the_design_s(first):
    f = first.flight.figures
    (line,) = [t for t in part(checklist_of(first), "Assembly") if t.startswith("Balance")]
    cg, cp, least = (
        float(re.search(p, line).group(1)) for p in (r"says ([\d.]+) mm", r"CP ([\d.]+) m", r"Aft of ([\d.]+) m")
    )
    assert cg == pytest.approx(1e3 * f["liftoff_cg"], abs=0.1)
    scale = 1e3 if cp > 1 else 1.0
    assert cp == pytest.approx(scale * f["cp"], rel=1e-3)
    assert least == pytest.approx((f["cp"] - 0.0248) * (1e3 if least > 1 else 1), rel=1e-3), (
        "one calibre of 24.8 mm before the CP"
    )


def test_an_air_start_is_armed_last_and_disarmed_first(two):
    made = checklist_of(two)
    pad, away = part(made, "At the pad"), part(made, "Disarm")
    lit = next(k for k, t in enumerate(pad) if "sustainer mount is lit in flight" in t)
    on = [k for k, t in enumerate(pad) if t.startswith("Switch on")]
    igniter = [k for k, t in enumerate(pad) if t.startswith("Igniter into")]
    assert ["J350W" in pad[igniter[0]], "K550W" in pad[igniter[1]]] == [True, True] and "shorted" in pad[igniter[0]]
    assert igniter[0] < min(on) and max(on) < lit < igniter[1], (
        "what can light by itself has its igniter while all is off; the pad's own comes last"
    )
    assert "if it leans less than 20°" in pad[lit] and "if above 200 m" in pad[lit]
    assert "Disarm what lights sustainer mount first" in away[1] and away.index("Switch off electronics.") > 1
    table = " ".join(part(made, "Assembly"))
    assert all(f"{name}: charge ______ g" in table for name in ("main", "drogue", "booster canopy"))
    assert "falling through 200 m above the pad" in table and any("powder" in n for n in made.notes)


def test_rules_name_their_code_and_practice_does_not(two):
    made = checklist_of(two)
    rules = {b.text: b.rule for p in made.parts for b in p.boxes if b.rule}
    assert rules["Wait 60 seconds after the last try before anybody goes near."] == "NAR safety codes, misfires"
    (wind,) = [t for t in rules if t.startswith("Surface wind")]
    assert "8.94 m/s" in wind and rules[wind] == "NAR High Power Rocket Safety Code"
    (people,) = [t for t in rules if t.startswith("Distance to people who are not needed at the pad, of several")]
    # K550W and J350W together: 2,277 N s, so 300 ft.
    assert "91.4 m" in people


def test_electronics_that_no_part_stands_for_are_asked_for():
    rocket = {
        "name": "r", "parts": [
            {"type": "nose cone", "shape": "ogive", "length": "100 mm", "diameter": "25 mm", "wall": "2 mm"},
            {"type": "body tube", "length": "300 mm", "wall": "0.4 mm", "parts": [
                {"type": "parachute", "name": "main", "diameter": "400 mm", "deploy": {"event": "apogee"}},
                {"type": "trapezoidal fins", "position": "bottom", "count": 3, "root_chord": "60 mm", "tip_chord": "40 mm", "span": "45 mm", "sweep": "20 mm", "thickness": "2 mm", "material": "balsa"}]},
        ],
    }  # fmt: skip
    made = checklist_of(
        gathered(
            dr.Launch(
                rocket=rocket,
                motor="Estes C6-5",
                site={"latitude": "46 deg", "longitude": "7 deg", "elevation": "450 m"},
                rail={"length": "1 m"},
            ).project
        )
    )
    assert any("no mass of the design is called altimeter" in n for n in made.notes)
    assert "Switch on the recovery electronics" in " ".join(part(made, "At the pad"))


def test_the_tablet_page_runs_its_own_script_only(first):
    page = tablet_html(checklist_document(checklist_of(first)))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    assert f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert not re.search(r"(src|href)=\"(?!#|data:)", page) and "http" not in script
    assert page.count('type="checkbox"') == sum(len(p.boxes) for p in checklist_of(first).parts)


def test_hostile_names_stay_words_on_paper():
    bad = "<script>alert(1)</script> #panic() $x$"
    rocket = {"name": bad, "parts": [
        {"type": "nose cone", "shape": "ogive", "length": "100 mm", "diameter": "25 mm", "wall": "2 mm", "name": bad},
        {"type": "body tube", "length": "300 mm", "wall": "0.4 mm", "parts": [
            {"type": "trapezoidal fins", "name": bad, "position": "bottom", "count": 3, "root_chord": "60 mm", "tip_chord": "40 mm", "span": "45 mm", "sweep": "20 mm", "thickness": "2 mm", "material": "balsa"}]},
    ]}  # fmt: skip
    told = gathered(
        dr.Launch(
            rocket=rocket,
            motor="Estes C6-5",
            site={"latitude": "46 deg", "longitude": "7 deg", "elevation": "450 m"},
            rail={"length": "1 m"},
        ).project
    )
    page = tablet_html(checklist_document(checklist_of(told)))
    assert page.count("<script>") == 1 and "alert(1)" in page.replace("&lt;script&gt;", "")
    from downrange.report.documents.pdf import pdf_bytes

    assert pdf_bytes(card_document(told)).startswith(b"%PDF")


def test_the_card_is_one_page_with_the_numbers_of_check(first, two, tmp_path):
    from downrange.report.documents.pdf import pdf_bytes

    for told in (first, two):
        document = card_document(told)
        said = texts(document.blocks)
        assert f"{told.flight.figures['static_margin']:.2f} cal" in said and told.figure("apogee_agl", "length") in said
        assert all(i.rule.title in said for i in told.answers)
        data = pdf_bytes(document)
        assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1
    assert "sustainer mount\nignition" in texts(card_document(two).blocks)


def test_the_data_sheet_has_every_part(two):
    said = texts(card_document(two, sheet=True).blocks)
    assert all(name in said for name in ("interstage", "booster fins", "sustainer mount", "TAP or L3CC"))


def test_the_doors(tmp_path):
    run, launch = CliRunner(), str(EXAMPLES / "first_rocket" / "launch.yaml")
    out = tmp_path / "list.html"
    done = run.invoke(main, ["checklist", launch, "--out", str(out), "--json"])
    said = json.loads(done.stdout)
    assert done.exit_code == 0 and said["files"] == [{"path": str(out), "bytes": out.stat().st_size}]
    assert [p["name"] for p in said["parts"]][-1] == "After landing"
    wrong = run.invoke(main, ["card", launch, "--out", str(tmp_path / "card.xls")])
    assert isinstance(wrong.exception, InputError) and "none of .pdf, .html and .docx" in str(wrong.exception)
    assert dr.checklist(launch).parts[0].boxes and "Flight card" in dr.card(launch).title
