"""Every number of a document is the command's, and every word of its data stands on paper, in Word, on the page and in the folder."""

import contextlib
import csv
import html
import io
import json
import math
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from downrange.cli.main import run
from downrange.design import find_output
from downrange.project import open_project
from downrange.project.campaigns import read_campaign
from downrange.report.composing import Material, compose, read_kind
from downrange.report.composing import making as composing
from downrange.report.documents import Heading, Listing, Note, Paragraph, Picture, References, Table, plain_text, texts
from downrange.report.documents.folder import folder_files

LAUNCH = Path(__file__).resolve().parents[2] / "examples" / "genesis" / "launch.yaml"
KINDS = [
    ("nasa-sl", "us"), ("nasa-sl", "metric"), ("safety-case", "metric"), ("irec", "us"), ("flight", "metric"), ("l3", "us"), ("tarc", "metric"),
]  # fmt: skip
SHARED = ("flight", "campaign", "band", "drift", "reach")  # what no document of a launch has of its own
SI = {
    "m": 1, "ft": 0.3048, "in": 0.0254, "m/s": 1, "ft/s": 0.3048, "mph": 0.44704, "kg": 1, "g": 1e-3, "lb": 0.45359237, "oz": 0.028349523125,
    "J": 1, "ft·lbf": 1.3558179483314004, "m/s²": 1, "ft/s²": 0.3048, "Pa": 1, "psi": 6894.757293168361, "s": 1, "cal": 1, "N s": 1, "N": 1,
    "°": 1, "%": 0.01, "": 1, "lbf·s": 4.4482216152605,
}  # fmt: skip
"""Of the units that documents show, from their definitions and not from the package's table."""


def command(*args):
    """What a command prints as JSON."""
    out, before = io.StringIO(), sys.argv
    sys.argv = ["downrange", *map(str, args)]
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(io.StringIO()),
            contextlib.suppress(SystemExit),
        ):
            run()
    finally:
        sys.argv = before
    return json.loads(out.getvalue())


def small_picture(figure, name, alt, caption="", *, units="metric", share=1.0, larger=1.0):
    out = io.BytesIO()
    Image.new("RGB", (40, 20)).save(out, "PNG")
    return Picture(out.getvalue(), alt, caption, name, share)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the commands say of the launch, and the one campaign that they and all documents share."""
    folder = tmp_path_factory.mktemp("told") / "campaign"
    dispersed = command("disperse", LAUNCH, "-n", 192, "-o", folder, "--no-report", "--json")
    packs = [x for k, _ in KINDS for x in read_kind(k).file.rules or open_project(LAUNCH).file.rules]
    rules = command(
        "safety", LAUNCH, "--campaign", folder, "--json", *(w for p in dict.fromkeys(packs) for w in ("--rules", p))
    )
    return SimpleNamespace(
        folder=folder, fly=command("fly", LAUNCH, "--json"), check=command("check", LAUNCH, "--json"), aim=command("aim", LAUNCH, "--json"),
        disperse=dispersed, safety=rules,
    )  # fmt: skip


@pytest.fixture(scope="module")
def composed(told):
    """Documents by kind and units, of one flight and one campaign."""
    base = Material(open_project(LAUNCH), "metric", 192, campaign_given=read_campaign(told.folder))
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "figure_picture", small_picture)
        for name, units in KINDS:
            kind = read_kind(name)
            m = replace(base, units=units, packs=tuple(kind.file.rules), contest=kind.file.contest)
            m.__dict__.update({k: v for k, v in base.__dict__.items() if k in SHARED})
            made[name, units] = compose(kind, m)
            base.__dict__.update({k: v for k, v in m.__dict__.items() if k in SHARED})
    return made


def number(cell):
    """A number of a cell with its unit: SI, and by how much the digits that are shown may hide."""
    m = re.fullmatch(r"(?:[≤≥±] )?(-?[\d,]+)(?:\.(\d+))?(?:e([-+]?\d+))? ?(\D.*)?", cell)
    assert m, cell
    value = float(re.sub("[,≤≥± ]", "", cell[: m.start(4)] if m[4] else cell))
    step = 10.0 ** (int(m[3] or 0) - len(m[2] or ""))
    digits = len((m[1] + (m[2] or "")).replace(",", "").replace("-", "").lstrip("0"))
    if digits > 3 and not m[2]:  # 10,000 ft are shown in four digits
        step = max(step, 10.0 ** (math.floor(math.log10(abs(value))) - 3))
    return value * SI[m[4] or ""], 0.51 * step * SI[m[4] or ""]


def same(cell, value):
    """Whether a cell shows a number of a command, as far as its digits go."""
    if value is None or not math.isfinite(value):
        return plain_text(cell) == "-"
    shown, hidden = number(plain_text(cell))
    return abs(shown - value) <= hidden + 1e-9 * abs(value)


def tables(made, name):
    return [b for b in made.document.blocks if isinstance(b, Table) and b.name == name]


def table(made, name):
    return tables(made, name)[0].rows


def test_numbers_of_the_flight_are_those_of_fly_and_check(composed, told):
    keys = {find_output(k).name: (k, w[k]) for w in (told.check, told.fly) for k in w if known(k)}
    seen = set()
    for (name, _), made in composed.items():
        asked = [b for b in read_kind(name).file.blocks if b.numbers]
        whole = [
            t for t in made.document.blocks if isinstance(t, Table) and t.heads[0] == "" and t.heads[-1] == "what it is"
        ]
        assert len(whole) == len(asked) > 0 or name == "safety-case"
        for block, made_table in zip(asked, whole, strict=True):
            for word, row in zip(block.numbers, made_table.rows, strict=True):
                output = find_output(word)
                assert row[-1] == output.meaning.replace("; null where", "; none where")
                if output.name in keys:
                    key, value = keys[output.name]
                    assert same(row[1], value), (name, key, row[1], value)
                    seen.add(output.name)
    assert len(seen) >= 25, sorted(seen)


def known(key):
    try:
        return find_output(key) is not None
    except Exception:
        return False


def test_nine_of_ten_are_those_of_the_campaign_s_rows(composed, told):
    import pyarrow.parquet as pq

    rows = pq.read_table(sorted(told.folder.glob("*.parquet"))[0]).to_pydict()
    first = np.unique(np.array(rows["flight"]), return_index=True)[1]
    planned = first[np.array(rows["mode"])[first] == "nominal"]
    seen = 0
    for made in composed.values():
        for t in made.document.blocks:
            if not (isinstance(t, Table) and t.heads == ("", "value", "9 of 10 flights", "what it is")):
                continue
            for row in t.rows:
                key = {
                    "apogee": "apogee_agl_m",
                    "largest speed": "max_speed_m_s",
                    "speed at rail exit": "rail_exit_speed_m_s",
                }.get(row[0])
                if key is None:
                    continue
                low, _, high = plain_text(row[2]).partition(" to ")
                unit = high.split(" ", 1)[1]
                for end, share in ((f"{low} {unit}", 0.05), (high, 0.95)):
                    assert same(end, float(np.quantile(np.array(rows[key])[planned], share))), row
                    seen += 1
    assert seen > 20


def test_events_energies_and_stability_are_those_of_fly_and_check(composed, told):
    for key, made in composed.items():
        for t in tables(made, "events"):
            for row, e in zip(t.rows, told.fly["events"], strict=True):
                assert row[0] == e["name"] and same(row[1], e["time_s"]) and same(row[3], e["speed_m_s"]), (key, row)
                assert same(row[2], e["altitude_agl_m"] if abs(e["altitude_agl_m"]) > 0.005 else 0.0), (key, row)
        for t in tables(made, "energies"):
            for row, b in zip(t.rows, told.fly["bodies"], strict=True):
                assert row[0] == b["name"] and same(row[1], b["mass_kg"]) and same(row[3], b["ground_hit_speed_m_s"])
                assert number(row[5])[0] == pytest.approx(b["landing_energy_j"], rel=5e-3)
        for t in tables(made, "stability"):
            for row, k in zip(t.rows, ("static_margin_cal", "static_margin_barrowman_cal", "rail_exit_stability_cal", "min_stability_cal", "burnout_margin_cal"), strict=True):  # fmt: skip
                assert same(row[1], told.check[k]), (key, row)
            assert same(t.rows[2][2], told.fly["rail_exit_time_s"]) and same(
                t.rows[3][2], told.fly["min_stability_time_s"]
            )
        for t in tables(made, "uncertainty"):
            most = {w["what"]: w["sigma_m"] for w in told.fly["apogee_band"]["moved_most_by"]}
            for what, sigma in most.items():
                cell = next(r[2] for r in t.rows if plain_text(r[0]) == what)
                assert number(plain_text(cell))[0] == pytest.approx(sigma, rel=6e-3)
            assert number(plain_text(t.rows[-1][2]))[0] == pytest.approx(told.fly["apogee_band"]["sigma_m"], rel=6e-3)
    assert sum(len(tables(m, n)) for m in composed.values() for n in ("events", "energies", "stability")) >= 12


def test_requirements_are_those_of_safety(composed, told):
    words = {"pass": "go", "fail": "NO-GO", "not evaluated": "not evaluated", "open": "not evaluated"}
    compared = 0
    for (name, units), made in composed.items():
        for t in tables(made, "requirements"):
            rules = [
                r
                for p in read_kind(name).file.rules or open_project(LAUNCH).file.rules
                for r in told.safety["rules"]
                if r["pack"] == p
            ]
            assert len(t.rows) == len(rules)
            for row, r in zip(t.rows, rules, strict=True):
                assert row[0].removesuffix(" (unconfirmed)") == r["title"]
                assert row[0].endswith("(unconfirmed)") is not r["confirmed"] and words[r["verdict"]] == row[5], (
                    row,
                    r,
                )
                p = r["probability_of_compliance"]
                assert row[4] == ("-" if p is None else f"{100 * p:.1f}%"), (name, row)
                turned = 180 / math.pi if r["kind"] == "angle" else 1.0
                for cell, value in ((row[1], r["value"]), (row[2], r["limit"]), (row[3], r["margin"])):
                    if cell == "-":
                        assert value is None or not math.isfinite(value)
                    elif not cell.endswith(("°C", "°F")):  # three digits beside a limit
                        assert number(cell)[0] == pytest.approx(value * turned, rel=6e-3, abs=number(cell)[1] * 2), (
                            name,
                            units,
                            row[0],
                            cell,
                            value,
                        )
                        compared += 1
    assert compared > 100


def test_hazards_and_risks_are_those_of_disperse_and_safety(composed, told):
    modes = {r["mode"]: r for r in told.disperse["modes"]}
    hazards = risks = 0
    for made in composed.values():
        for t in tables(made, "hazards"):
            assert [r[0] for r in t.rows] == list(modes)
            for row in t.rows:
                r = modes[row[0]]
                assert number(row[2].split(" ")[0])[0] == pytest.approx(r["probability"], abs=5.1e-5)
                for cell, key in zip(row[4:], ("distance_p95_m", "distance_max_m", "energy_median_j"), strict=True):
                    assert (cell == "-") is (r[key] is None)
                    if r[key] is not None:
                        assert number(cell)[0] == pytest.approx(r[key], rel=5.1e-3), row
                hazards += 1
        for t in tables(made, "risks"):
            said = {plain_text(r[0]): r for r in t.rows}
            risk = told.safety["risk"]
            wanted = {
                "something lands outside the site": risk["leaves_site"],
                "rises above the ceiling": risk["above_ceiling"],
            }
            wanted |= {
                f"lands on {p['name']}": p for p in risk["places"] if p["kind"] not in ("boundary", "keep in", "field")
            }
            for what, r in wanted.items():
                assert number(said[what][1])[0] == pytest.approx(r["probability"], abs=5.1e-5), what
                assert number(said[what][3])[0] == pytest.approx(r["upper_95"], rel=0.06, abs=5.1e-5), what
                risks += 1
            assert number(said["expected casualties"][1])[0] == pytest.approx(risk["expected_casualties"], rel=0.06)
    assert hazards > 20 and risks > 6


def test_drift_and_range_are_those_of_aim(composed, told):
    for made in composed.values():
        for t in tables(made, "drift"):
            for row, d in zip(t.rows, told.aim["drift"], strict=True):
                assert number(row[0].split(" (")[0])[0] == pytest.approx(d["wind_m_s"], abs=1e-3)
                assert (
                    same(row[1], d["descent_time_s"])
                    and same(row[2], d["by_hand_m"])
                    and same(row[3], d["simulated_m"])
                ), row
                assert number(row[4])[0] == pytest.approx(max(d["energy_speed_j"]), rel=5.1e-3)
        for t in tables(made, "maximum_range"):
            for row, r in zip(t.rows, told.aim["reach"], strict=True):
                assert same(row[1], r["distance_m"]) and number(row[2])[0] == pytest.approx(
                    r["elevation_deg"], abs=0.51
                )
    assert tables(composed["nasa-sl", "us"], "drift") and tables(composed["safety-case", "metric"], "maximum_range")


def test_checklists_are_those_of_checklist(composed):
    said = command("checklist", LAUNCH, "--units", "us", "--json")
    blocks = composed["irec", "us"].document.blocks
    at = [b for b in blocks if isinstance(b, Listing) and b.boxes]
    assert len(at) == len(said["parts"]) == 6
    for listing, part in zip(at, said["parts"], strict=True):
        wanted = [b["text"] + (f"  [{b['rule']}]" if b["rule"] else "") for b in part["boxes"]]
        assert [plain_text(i) for i in listing.items] == wanted
        assert part["name"] in [h.text for h in blocks if isinstance(h, Heading)]
    assert " ft" in texts(tuple(at)) and {n for n in said["notes"]} <= {
        plain_text(b.text) for b in blocks if isinstance(b, Note)
    }


def test_the_motor_is_no_alternative_of_its_own(composed):
    rows = table(composed["nasa-sl", "us"], "motor_alternatives")
    assert rows[0][0] == "this one: 3618L995-P" and len(rows) > 4
    assert all("3618L995" not in plain_text(r[0]) for r in rows[1:])


def squeezed(text):
    """Letters without the white space and the breaks that a page puts between them."""
    return re.sub(r"[\s\u200b]+", "", text)


def stands(blocks):
    """All that a reader must find: rows of tables, each whole, and sentences."""
    for b in blocks:
        match b:
            case Table():
                yield from (squeezed("".join(map(plain_text, row))) for row in b.rows)
                yield squeezed("".join(b.heads))
            case Listing():
                yield from (squeezed(plain_text(i)) for i in b.items)
            case Paragraph() | Note():
                yield squeezed(plain_text(b.text))
            case References():
                yield from map(squeezed, b.entries)


@pytest.mark.parametrize(("name", "units"), KINDS)
def test_every_row_is_read_back(name, units, composed, tmp_path):
    import docx
    from pypdf import PdfReader

    made = composed[name, units]
    pages = [p.extract_text() for p in PdfReader(made.write(tmp_path / "o.pdf")).pages]
    footed = re.escape(squeezed(made.document.footer)) + r"page\d+of\d+"
    paper = re.sub(footed, "", squeezed("".join(pages)))  # so that a sentence goes on over a page
    d = docx.Document(str(made.write(tmp_path / "o.docx")))
    word = squeezed("".join(t.text or "" for t in d.element.body.iter() if t.tag.endswith("}t")))
    page = squeezed(html.unescape(re.sub(r"<[^>]*>", "", made.write(tmp_path / "o.html").read_text(encoding="utf-8"))))
    wanted = list(stands(made.document.blocks))
    assert len(wanted) > 20
    for where, text in (("PDF", paper), ("Word", word), ("page", page)):
        assert [w for w in wanted if w not in text] == [], where
    files = folder_files(made.document)
    spread = [list(csv.reader(io.StringIO(v.decode("utf-8-sig")))) for k, v in files.items() if k.endswith(".csv")]
    cells = {squeezed(c).removeprefix("'") for rows in spread for row in rows for c in row}
    for t in (b for b in made.document.blocks if isinstance(b, Table)):
        assert {squeezed(plain_text(c)).removeprefix("'") for row in t.rows for c in row} <= cells
