"""`downrange predict`: registered predictions, their board, and the notes that commands leave in a notebook."""

import json
import math
import re
import shutil
from pathlib import Path

import pytest

import downrange as dr
from downrange.errors import InputError, NotFoundError
from downrange.project import open_project
from downrange.project.board import luck, minutes_before, read_board
from downrange.project.notebook import begin, design_hash, notes_of, numbers_in, record
from downrange.project.register import REGISTER, _append, newest_check, read_register
from downrange.report.composing import Material
from downrange.report.composing.material import Missing
from downrange.report.composing.season import changes_told, register_table, season_scores
from downrange.report.documents import plain_text
from downrange.report.predictions import board_document, board_summary, scores_table, write_board

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script> #panic() *x*"


def foretold(path, rocket, mean, sigma):
    """A prediction with the bands of a normal distribution."""
    half, most = ([mean - k * sigma, mean + k * sigma] for k in (0.6745, 1.6449))
    said = {"mean": mean, "sigma": sigma, "half": half, "most": most}
    text = _append(path, {"kind": "prediction", "rocket": rocket, "inputs": "0" * 64, "forecast": said})
    return next(e.id for e in read_register(path) if e.when == json.loads(text)["when"] and e.forecast.mean == mean)


def came(path, of, measured):
    _append(path, {"kind": "answer", "of": of, "measured": measured, "flight": "log.csv"})


@pytest.fixture
def season(tmp_path):
    """Two rockets in a folder: four predictions, three flown: off by +10, -4 and 0 %."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    a, b = tmp_path / "one" / REGISTER, tmp_path / "two" / REGISTER
    came(a, foretold(a, HOSTILE, 330.0, 20.0), 300.0)  # z = -1.5: in 90 %
    came(a, foretold(a, HOSTILE, 240.0, 2.0), 250.0)  # z = 5: outside
    came(b, foretold(b, "Two", 500.0, 25.0), 500.0)  # in 50 %
    foretold(b, "Two", 510.0, 25.0)
    return tmp_path


def test_a_board_scores_what_was_registered(season):
    made = dr.prediction_board(season).summary()
    assert len(made["predictions"]) == 4 and made["predictions"][-1]["measured_m"] is None
    s = made["scores"]
    assert (s["flights"], s["in_50_percent_band"], s["in_90_percent_band"]) == (3, 1, 2)
    assert s["bias"] == pytest.approx((0.10 - 0.04 + 0.0) / 3) and s["mean_absolute_error"] == pytest.approx(0.14 / 3)
    assert s["rms_z"] == pytest.approx(math.sqrt((1.5**2 + 5**2) / 3))
    # of a flight right at the mean the CRPS is (sqrt 2 - 1) sigma / sqrt pi
    flat = next(p for p in made["predictions"] if p["apogee_mean_m"] == 500.0)
    assert flat["score"]["crps_m"] == pytest.approx((math.sqrt(2) - 1) * 25 / math.sqrt(math.pi))
    assert [r["file"] for r in made["registers"]] == [f"one/{REGISTER}", f"two/{REGISTER}"]
    assert [r["lines"] for r in made["registers"]] == [4, 3]


def test_luck_is_the_binomial_distribution():
    from scipy.stats import binom

    for n, share in ((1, 0.5), (7, 0.5), (20, 0.9), (60, 0.5)):
        assert luck(n, share) == (binom.ppf(0.05, n, share), binom.ppf(0.95, n, share))


def test_a_changed_register_has_no_board(season):
    path = season / "one" / REGISTER
    before = newest_check(path)
    text = path.read_text()
    path.write_text(text.replace("300.0", "329.0"))
    with pytest.raises(InputError, match="changed or taken out") as caught:
        read_board([season])
    assert caught.value.line == 3
    path.write_text(
        "\n".join(text.splitlines()[:-1]) + "\n"
    )  # the last line taken out: only the check that was given away tells
    assert newest_check(path) != before and len(read_board([season]).answered) == 2


def test_what_was_answered_at_once_is_said(season, call):
    board = read_board([season])
    assert minutes_before(board.entries[-1]) is None and 0 <= minutes_before(board.answered[0]) < 5
    code, out, err = call("predict", "board", str(season), "-o", str(season / "b.html"), "-o", str(season / "b"))
    assert code == 0 and " ".join(out.replace("│", " ").split()).count("hardly flown in between") == 3 and "newest check" in out
    page = (season / "b.html").read_text()
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "What it proves" in page
    assert str(season) not in page  # no paths of this machine on a page that is published
    assert "+10.0 %" in (season / "b" / "document.md").read_text()
    assert write_board(board, season / "b.pdf").read_bytes().startswith(b"%PDF")


def test_tables_and_units_of_a_board(season):
    board = read_board([season])
    rows = {r[0]: r for r in scores_table(board, "us").rows}
    assert rows["CRPS, mean"][1] == f"{board.scores.crps / 0.3048:,.4g} ft"
    assert rows["in the band for 9 of 10 flights"][1:] == ("2 of 3", "about 2.7; by luck 2 to 3")
    document = board_document(board, "us")
    table = next(b for b in document.blocks if getattr(b, "name", "") == "register")
    assert table.rows[0][3:9] == (
        "1,083 ft ± 65.62 ft",
        "974.7 ft to 1,191 ft",
        "984.3 ft",
        "+10.0 %",
        "90 %",
        table.rows[0][8],
    )


def test_nothing_registered_is_told(tmp_path, call):
    with pytest.raises(NotFoundError, match="predict next"):
        read_board([tmp_path])
    with pytest.raises(NotFoundError, match="there is no"):
        read_board([tmp_path / "nowhere.yaml"])
    (tmp_path / "x.jsonl").write_text("{}\n")
    code, _, err = call("predict", "board", str(tmp_path / "x.jsonl"))
    assert code == 2 and "line 1" in err or "x.jsonl:1" in err


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(ROOT / "examples" / "tarc", tmp_path / "tarc")
    return tmp_path / "tarc"


def test_a_season_has_its_register(folder):
    material = Material(open_project(folder / "launch.yaml"), "metric")
    for table in (register_table, season_scores):
        with pytest.raises(Missing):
            table(material)
    came(folder / REGISTER, foretold(folder / REGISTER, "Egg lofter", 242.0, 10.0), 220.0)
    row = [plain_text(c) for c in register_table(material).rows[0]]
    assert row[2] == "242 m ± 10 m" and row[4:6] == ["220 m", "+10.0 %"]
    assert season_scores(material).rows[1][1] == "10.0 %"


def test_predict_next_registers_and_notes(folder, call):
    begin(open_project(folder / "launch.yaml"))
    code, out, err = call("predict", "next", str(folder / "launch.yaml"), "--json")
    said = json.loads(out)
    assert code == 0 and "noted in notebook/" in err
    (entry,) = read_board([folder / "launch.yaml"]).entries
    assert entry.id == said["id"] and entry.forecast.mean == said["apogee_mean_m"]
    note = notes_of(open_project(folder / "launch.yaml"))[-1]
    assert note.what == "registered" and note.words == f"prediction {entry.id}"
    assert note.numbers["apogee_mean_m"] == entry.forecast.mean and set(note.files) == {REGISTER}


COMMANDS = {
    "swept": ("sweep", "fins.span=50mm..60mm/2", "--of", "mass"),
    "judged": ("safety", "-n", "64"),
    "carded": ("card", "-o", "card.html"),
    "dispersed": ("disperse", "-n", "64", "--no-report", "-o", "campaign"),
}


def test_commands_note_what_they_found_and_only_where_there_is_a_notebook(folder, call, monkeypatch):
    monkeypatch.chdir(folder)
    code, _, _ = call("sweep", "launch.yaml", "fins.span=50mm..60mm/2", "--of", "mass")
    assert code == 0 and not (folder / "notebook").exists()
    begin(open_project("launch.yaml"))
    for what, (command, *rest) in COMMANDS.items():
        code, _, err = call(command, "launch.yaml", *rest)
        assert code in (0, 1) and f"-{what}-" in err, (what, err)
    notes = notes_of(open_project("launch.yaml"))
    assert [n.what for n in notes] == ["designed", *COMMANDS]
    assert notes[1].words == "fins.span=50mm..60mm/2; of liftoff_mass" and notes[2].words in (
        "GO",
        "NO-GO",
        "NOT YET: something is not evaluated",
    )
    assert notes[4].numbers["flights"] == 64 and "statistics.apogee_agl_m.mean" in notes[4].numbers
    assert {n.design for n in notes} == {design_hash(open_project("launch.yaml"))}
    call("sweep", "launch.yaml", "fins.span=50mm..60mm/2", "--of", "mass")
    assert len(notes_of(open_project("launch.yaml"))) == len(notes)  # the same again is no news


def test_a_notebook_that_cannot_be_written_stops_no_command(folder, call):
    begin(open_project(folder / "launch.yaml"))
    from downrange.project import notebook

    def broken(*_):
        raise OSError("disk full")

    before = notebook._write
    notebook._write = broken
    try:
        code, out, err = call("sweep", str(folder / "launch.yaml"), "fins.span=50mm..60mm/2", "--of", "mass", "--json")
    finally:
        notebook._write = before
    assert code == 0 and json.loads(out)["outputs"] and "the notebook was not written: disk full" in err


def test_numbers_of_a_note():
    assert numbers_in({"a": {"b": 2, "c": [1]}, "d": True, "e": math.nan, "f": "x", "g": 1.5}) == {"a.b": 2.0, "g": 1.5}


def test_words_of_a_note_are_only_words(folder):
    project = open_project(folder / "launch.yaml")
    begin(project)
    record(project, "swept", {}, (), "a\x1b[31m" + "b" * 500)
    assert re.search(r"\x1b", notes_of(project)[-1].words) is None and len(notes_of(project)[-1].words) <= 300
    record(project, "swept", {}, (), "other")
    assert len(notes_of(project)) == 3


def test_what_flights_taught_is_said_in_words():
    assert changes_told([("command line.learned", "x", "{'mean': ()}"), ("command line.flown", "1", "2"), ("rocket.length", "1 m", "2 m")]) == [
        "learned.yaml: its flights taught it anew", "rocket.length: 1 m to 2 m",
    ]  # fmt: skip


def test_summary_keys_are_as_documented(season):
    page = (ROOT / "docs" / "commands.md").read_text()
    made = board_summary(read_board([season]))
    for key in (*made, *made["scores"], "minutes_before_answer", "newest_check"):
        assert f"`{key}`" in page, key
